//! Compressed sparse rows: for every node, its neighbours and one value per neighbour.

use crate::link_values::LinkValues;
use crate::prefetch::prefetch;

/// Number of visits by which a row is fetched into the caches ahead of its own visit.
const ROWS_AHEAD: usize = 4;

/// Error of arrays that are not the links of a network. It displays the violated rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidLinks(pub(crate) &'static str);

impl std::fmt::Display for InvalidLinks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidLinks {}

/// Returns an error with `rule` unless it holds.
pub(crate) fn check(holds: bool, rule: &'static str) -> Result<(), InvalidLinks> {
    if holds { Ok(()) } else { Err(InvalidLinks(rule)) }
}

/// Compressed sparse rows: row `u` holds the neighbours of node `u`, with a value for each.
///
/// Memory: 8 bytes per row, 4 bytes per link, and the values.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr {
    offsets: Box<[usize]>,
    targets: Box<[u32]>,
    values: LinkValues,
}

impl Csr {
    /// Creates rows from their parts.
    ///
    /// # Complexity
    /// O(rows + links).
    ///
    /// # Panics
    /// If `offsets` does not start at 0, decreases, or does not end at `targets.len()`; if a target
    /// is not a row; or if there is not one value per target.
    pub fn new(offsets: Box<[usize]>, targets: Box<[u32]>, values: LinkValues) -> Self {
        Self::try_new(offsets, targets, values).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Creates rows from parts that may be invalid, such as input.
    ///
    /// # Complexity
    /// O(rows + links).
    ///
    /// # Errors
    /// If [`new`](Self::new) panics.
    pub fn try_new(offsets: Box<[usize]>, targets: Box<[u32]>, values: LinkValues) -> Result<Self, InvalidLinks> {
        let columns = offsets.len().saturating_sub(1);
        Self::try_rectangular(offsets, targets, columns, values)
    }

    fn try_rectangular(
        offsets: Box<[usize]>,
        targets: Box<[u32]>,
        columns: usize,
        values: LinkValues,
    ) -> Result<Self, InvalidLinks> {
        check(offsets.first() == Some(&0), "offsets start at 0")?;
        check(offsets.last() == Some(&targets.len()), "offsets end at the number of links")?;
        check(offsets.is_sorted(), "offsets do not decrease")?;
        // The maximum is vectorized; a search for the first invalid target is not.
        let largest = targets.iter().copied().max();
        check(largest.is_none_or(|largest| (largest as usize) < columns), "targets are rows")?;
        match &values {
            LinkValues::Same(_) => {}
            LinkValues::Each(values) => check(values.len() == targets.len(), "there is one value per link")?,
            LinkValues::ByEndpoint(ends) => {
                check(ends.rows() == offsets.len() - 1, "there is one rate per row")?;
                check(ends.links() == targets.len(), "there are directions of every link")?;
            }
        }
        Ok(Self { offsets, targets, values })
    }

    /// Creates a rectangular matrix, whose targets are `columns` columns and not the rows.
    ///
    /// # Complexity
    /// O(rows + links).
    ///
    /// # Panics
    /// As [`new`](Self::new), except that targets must be less than `columns`.
    pub fn rectangular(offsets: Box<[usize]>, targets: Box<[u32]>, columns: usize, values: LinkValues) -> Self {
        Self::try_rectangular(offsets, targets, columns, values).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Creates `rows` rows without links.
    pub fn empty(rows: usize) -> Self {
        Self { offsets: vec![0; rows + 1].into(), targets: Box::default(), values: LinkValues::Same(1.0) }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Returns the number of links in all rows.
    pub fn links(&self) -> usize {
        self.targets.len()
    }

    /// Returns the link numbers of row `row`.
    #[inline(always)]
    pub fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.offsets[row]..self.offsets[row + 1]
    }

    /// Fetches rows into the caches ahead of visits in random order, without an effect on any
    /// result.
    ///
    /// To be called at each visit. `ahead` returns the row to be visited a given number of visits
    /// later.
    #[inline(always)]
    pub fn prefetch(&self, ahead: impl Fn(usize) -> Option<u32>) {
        // The offset of a row must be in the cache before its targets can be fetched.
        if let Some(row) = ahead(2 * ROWS_AHEAD) {
            prefetch(&self.offsets, row as usize);
        }
        if let Some(row) = ahead(ROWS_AHEAD) {
            prefetch(&self.targets, self.offsets[row as usize]);
        }
    }

    /// Returns the number of links in row `row`.
    pub fn degree(&self, row: usize) -> usize {
        self.range(row).len()
    }

    /// Returns the targets of all links, row by row.
    #[inline(always)]
    pub fn targets(&self) -> &[u32] {
        &self.targets
    }

    /// Returns the index of the first link of each row, followed by the number of links.
    pub fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    /// Returns the values of all links, row by row.
    pub fn values(&self) -> &LinkValues {
        &self.values
    }

    /// Returns the value of link number `link`, which is in row `row`.
    #[inline]
    pub fn value(&self, row: usize, link: usize) -> f64 {
        self.values.at(row, self.targets[link] as usize, link)
    }

    /// Iterates over the targets and values of row `row`.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.range(row).map(move |link| {
            let target = self.targets[link] as usize;
            (target, self.values.at(row, target, link))
        })
    }

    /// Iterates over all links as (source, target, value), row by row.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        (0..self.rows()).flat_map(|row| self.row(row).map(move |(target, value)| (row, target, value)))
    }

    /// Multiplies every value by `factor`.
    ///
    /// # Complexity
    /// O(links), or O(1) if all values are equal.
    pub fn scaled(mut self, factor: f64) -> Self {
        match &mut self.values {
            LinkValues::Same(value) => *value *= factor,
            LinkValues::Each(values) => values.iter_mut().for_each(|value| *value *= factor),
            LinkValues::ByEndpoint(ends) => ends.scale(factor),
        }
        self
    }

    /// Returns offsets, targets and values, the arguments of [`new`](Self::new).
    pub fn into_parts(self) -> (Box<[usize]>, Box<[u32]>, LinkValues) {
        (self.offsets, self.targets, self.values)
    }

    /// Replaces the values of the links.
    ///
    /// # Panics
    /// If there is not one value per link.
    pub fn with_values(self, values: LinkValues) -> Self {
        Self::new(self.offsets, self.targets, values)
    }

    /// Returns the links with the values `value(source, target, old value)`.
    ///
    /// # Complexity
    /// O(links).
    pub fn map_values(&self, value: impl Fn(usize, usize, f64) -> f64) -> Self {
        let values = self.iter().map(|(source, target, old)| value(source, target, old)).collect();
        Self { offsets: self.offsets.clone(), targets: self.targets.clone(), values: LinkValues::Each(values) }
    }

    /// Returns the transpose: row `v` holds every `u` that has `v` in its row, in ascending order
    /// of `u`.
    ///
    /// # Complexity
    /// O(rows + links).
    pub fn transposed(&self) -> Self {
        self.transposed_rectangular(self.rows())
    }

    /// Returns the transpose of a rectangular matrix with `columns` columns.
    pub(crate) fn transposed_rectangular(&self, columns: usize) -> Self {
        let mut offsets = vec![0usize; columns + 1];
        for &target in &self.targets {
            offsets[target as usize + 1] += 1;
        }
        accumulate(&mut offsets);
        let mut cursor = offsets[..columns].to_vec();
        let mut targets = vec![0u32; self.links()];
        let mut values = match &self.values {
            LinkValues::Same(_) => Vec::new(),
            _ => vec![0.0; self.links()],
        };
        for row in 0..self.rows() {
            for link in self.range(row) {
                let target = self.targets[link] as usize;
                let place = &mut cursor[target];
                targets[*place] = row as u32;
                if let Some(value) = values.get_mut(*place) {
                    *value = self.values.at(row, target, link);
                }
                *place += 1;
            }
        }
        let values = match &self.values {
            LinkValues::Same(value) => LinkValues::Same(*value),
            _ => LinkValues::Each(values.into()),
        };
        Self { offsets: offsets.into(), targets: targets.into(), values }
    }
}

/// Replaces numbers by their running sums.
pub(crate) fn accumulate(offsets: &mut [usize]) {
    let mut sum = 0;
    for offset in offsets {
        sum += *offset;
        *offset = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_twice_is_the_identity() {
        let rows = Csr::new([0, 2, 2, 4].into(), [1, 2, 0, 2].into(), LinkValues::Each([1.0, 2.0, 3.0, 4.0].into()));
        let transposed = rows.transposed();
        assert_eq!(transposed.row(2).collect::<Vec<_>>(), [(0, 2.0), (2, 4.0)]);
        assert_eq!(transposed.transposed(), rows);
    }
}
