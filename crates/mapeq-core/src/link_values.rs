//! Values of links, stored in as little memory as the values allow.

/// Values of links, in the order of the links.
///
/// Unweighted networks need no array, which saves half of the memory and much of the time.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkValues {
    /// One value for all links.
    Same(f64),
    /// One value per link: 8 bytes.
    Each(Box<[f64]>),
    /// Sums of rates of the two endpoints: 2 bits per link, and 8 bytes per row.
    ByEndpoint(EndpointRates),
}

impl LinkValues {
    /// Returns the value of link number `link`, from `row` to `target`.
    #[inline]
    pub fn at(&self, row: usize, target: usize, link: usize) -> f64 {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values[link],
            Self::ByEndpoint(ends) => ends.at(row, target, link),
        }
    }
}

/// Read access to link values, resolved at compile time inside hot loops.
pub trait Values: Copy + Send + Sync {
    /// Returns the value of link number `link`, from `row` to `target`.
    fn at(self, row: usize, target: usize, link: usize) -> f64;
}

/// Evaluates an expression with the [`Values`] of [`LinkValues`], compiled once for each variant:
/// `resolve_values!(csr.values(), values => sum(&csr, values))`.
#[macro_export]
macro_rules! resolve_values {
    ($link_values:expr, $values:ident => $with_values:expr) => {
        match $link_values {
            $crate::LinkValues::Same(value) => {
                let $values = $crate::Uniform(*value);
                $with_values
            }
            $crate::LinkValues::Each(values) => {
                let $values = $crate::PerLink(values);
                $with_values
            }
            $crate::LinkValues::ByEndpoint($values) => $with_values,
        }
    };
}

/// [`Values`] of a network whose links all have the same value.
#[derive(Clone, Copy, Debug)]
pub struct Uniform(pub f64);

impl Values for Uniform {
    #[inline(always)]
    fn at(self, _row: usize, _target: usize, _link: usize) -> f64 {
        self.0
    }
}

/// [`Values`] of a network with one value per link.
#[derive(Clone, Copy, Debug)]
pub struct PerLink<'a>(pub &'a [f64]);

impl Values for PerLink<'_> {
    #[inline(always)]
    fn at(self, _row: usize, _target: usize, link: usize) -> f64 {
        self.0[link]
    }
}

impl Values for &EndpointRates {
    /// Branch-free, because the directions of links are unpredictable.
    #[inline(always)]
    fn at(self, row: usize, target: usize, link: usize) -> f64 {
        let directions = self.directions.of(link);
        let rate = |from: usize, sends: u8| f64::from_bits(self.rate[from].to_bits() & u64::from(sends).wrapping_neg());
        rate(row, directions & LinkDirections::OUT) + rate(target, (directions & LinkDirections::IN) >> 1)
    }
}

/// Values of symmetric rows: the sum of the rates of those endpoints that send along the link.
///
/// These are the couplings of unweighted directed links, along each of which a node sends the same
/// flow.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointRates {
    rate: Box<[f64]>,
    directions: LinkDirections,
}

impl EndpointRates {
    /// Creates values from the rate of each row along any of its links, and the directions of each
    /// link.
    pub fn new(rate: Box<[f64]>, directions: LinkDirections) -> Self {
        Self { rate, directions }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rate.len()
    }

    pub(crate) fn links(&self) -> usize {
        self.directions.links
    }

    pub(crate) fn scale(&mut self, factor: f64) {
        self.rate.iter_mut().for_each(|rate| *rate *= factor);
    }

    /// Returns the rate of each row, and the directions of each link.
    pub fn into_parts(self) -> (Box<[f64]>, LinkDirections) {
        (self.rate, self.directions)
    }
}

/// Number of links in a byte.
const PER_BYTE: usize = 4;

/// Directions of each link of symmetric rows: out of its row, into it, or both. 2 bits per link.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkDirections {
    packed: Vec<u8>,
    links: usize,
}

impl LinkDirections {
    /// From the row to the target.
    pub const OUT: u8 = 1;
    /// From the target to the row.
    pub const IN: u8 = 2;

    /// Creates an empty list with capacity for `links` links.
    pub fn with_capacity(links: usize) -> Self {
        Self { packed: Vec::with_capacity(links.div_ceil(PER_BYTE)), links: 0 }
    }

    /// Appends the directions of the next link.
    #[inline(always)]
    pub fn push(&mut self, directions: u8) {
        if self.links.is_multiple_of(PER_BYTE) {
            self.packed.push(0);
        }
        self.packed[self.links / PER_BYTE] |= (directions & 3) << Self::shift(self.links);
        self.links += 1;
    }

    /// Returns the directions of link number `link`.
    #[inline(always)]
    pub fn of(&self, link: usize) -> u8 {
        self.packed[link / PER_BYTE] >> Self::shift(link) & 3
    }

    #[inline(always)]
    fn shift(link: usize) -> usize {
        2 * (link % PER_BYTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_send_at_their_rates_along_the_directions() {
        let mut directions = LinkDirections::default();
        [1, 2, 3, 1, 3, 0].into_iter().for_each(|direction| directions.push(direction));
        let ends = EndpointRates::new([0.5, 0.25].into(), directions);
        let values: Vec<f64> = (0..6).map(|link| Values::at(&ends, 0, 1, link)).collect();
        assert_eq!(values, [0.5, 0.25, 0.75, 0.5, 0.75, 0.0]);
        let from_other_end: Vec<f64> = (0..6).map(|link| Values::at(&ends, 1, 0, link)).collect();
        assert_eq!(from_other_end, [0.25, 0.5, 0.75, 0.25, 0.75, 0.0]);
        assert_eq!(ends.links(), 6);
    }
}
