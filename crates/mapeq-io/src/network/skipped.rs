//! Rows that were read but not kept.

use crate::error::count;
use crate::network::options::ReadOptions;

/// Counts of rows that were not kept, and of repairs.
#[derive(Debug, Default)]
pub(crate) struct SkippedRows {
    zero: u64,
    below_threshold: u64,
    self_links: u64,
    pub(crate) repaired_names: u64,
    extra_rows: u64,
    first_extra: u64,
}

impl SkippedRows {
    /// Returns whether a link is kept, and counts it if not.
    #[inline(always)]
    pub(crate) fn accepts(&mut self, options: &ReadOptions, weight: f64, self_link: bool) -> bool {
        if weight == 0.0 {
            self.zero += 1;
        } else if weight < options.weight_threshold {
            self.below_threshold += 1;
        } else if self_link && !options.self_links {
            self.self_links += 1;
        } else {
            return true;
        }
        false
    }

    /// Counts a row with unused columns at the end, at `line`.
    pub(crate) fn extra_columns(&mut self, line: u64) {
        if self.extra_rows == 0 {
            self.first_extra = line;
        }
        self.extra_rows += 1;
    }

    /// Adds the counts of later rows, which follow line `line`.
    pub(crate) fn append(&mut self, other: &Self, line: u64) {
        if self.extra_rows == 0 {
            self.first_extra = line + other.first_extra;
        }
        self.extra_rows += other.extra_rows;
        self.zero += other.zero;
        self.below_threshold += other.below_threshold;
        self.self_links += other.self_links;
    }

    /// Describes the skipped rows in sentences. `unit` names one row.
    pub(crate) fn notes(&self, options: &ReadOptions, unit: &str) -> Vec<String> {
        let mut notes = Vec::new();
        if self.zero > 0 {
            notes.push(format!("{} of weight 0 ignored", count(self.zero, unit)));
        }
        if self.below_threshold > 0 {
            let threshold = options.weight_threshold;
            notes.push(format!("{} below the weight threshold {threshold} ignored", count(self.below_threshold, unit)));
        }
        if self.self_links > 0 {
            notes.push(format!("{} ignored", count(self.self_links, "self-link")));
        }
        if self.extra_rows > 0 {
            let rows = count(self.extra_rows, "row");
            notes.push(format!("columns after the weight ignored in {rows} (first: line {})", self.first_extra));
        }
        if self.repaired_names > 0 {
            let names = count(self.repaired_names, "name");
            notes.push(format!("invalid UTF-8 replaced in {names}"));
        }
        notes
    }
}
