//! How thoroughly to search for a tree.

use mapeq_search::SearchOptions;

/// How thoroughly to search for a tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultilevelOptions {
    /// Options of the search for the two-level partition that the tree grows from.
    pub two_level: SearchOptions,
    /// Options of the searches for super modules and inside modules, and of those of further
    /// attempts.
    ///
    /// One module is no alternative in searches for super modules and inside modules. In further
    /// attempts it is if `two_level` allows it.
    pub inside: SearchOptions,
    /// Tuning across levels stops when a round gains less than this, in bits.
    ///
    /// Attempts with a smaller gain count as attempts without gain.
    pub min_gain: f64,
    /// Upper bound on the rounds of tuning across levels.
    pub max_tuning_rounds: usize,
    /// Number of couplings that all attempts together may visit. Small networks are searched in
    /// several attempts.
    pub attempt_couplings: usize,
    /// Upper bound on the number of attempts.
    pub max_attempts: usize,
    /// Attempts stop after this number of consecutive attempts that each gain less than `min_gain`.
    pub patience: usize,
    /// Steps to leave out to save time.
    ///
    /// - 0: none.
    /// - 1: further attempts, and all but one round of tuning across levels.
    /// - 2 or more: that round as well, and the division of modules. The tree is then a flat
    ///   partition whose modules are grouped, the groups grouped, and so on.
    pub fast: u8,
}

impl Default for MultilevelOptions {
    fn default() -> Self {
        Self {
            two_level: SearchOptions::default(),
            inside: SearchOptions {
                max_tuning_rounds: 1,
                max_recombinations: 0,
                allow_one_module: false,
                ..SearchOptions::default()
            },
            min_gain: 1e-4,
            max_tuning_rounds: 10,
            attempt_couplings: 1_200_000,
            max_attempts: 10,
            patience: 4,
            fast: 0,
        }
    }
}

impl MultilevelOptions {
    /// Upper bound on the rounds of tuning across levels at this level of effort.
    pub(crate) fn rounds(&self) -> usize {
        match self.fast {
            0 => self.max_tuning_rounds,
            1 => self.max_tuning_rounds.min(1),
            _ => 0,
        }
    }

    /// Returns whether modules are divided.
    pub(crate) fn divides(&self) -> bool {
        self.fast < 2
    }
}
