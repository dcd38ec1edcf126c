//! One value per link, in as little memory as the values allow.

/// Values of links, in the order of the links.
///
/// Most networks have no weights, and need no array for them: that is half of the memory and a good part of the time.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkValues {
    /// Every link has this value.
    Same(f64),
    /// One value per link: 8 bytes.
    Each(Box<[f64]>),
    /// What the ends of a link send along it: 2 bits, and 8 bytes per row.
    ByEndpoint(EndpointRates),
}

impl LinkValues {
    /// The value of link number `link`, from `row` to `target`.
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
    /// The value of link number `link`, from `row` to `target`.
    fn at(self, row: usize, target: usize, link: usize) -> f64;
}

/// Evaluates an expression with the [`Values`] of [`LinkValues`], compiled once for each kind of them:
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
    /// Without branches: which ways there are cannot be predicted.
    #[inline(always)]
    fn at(self, row: usize, target: usize, link: usize) -> f64 {
        let ways = self.ways.of(link);
        let sent = |by: usize, does: u8| f64::from_bits(self.rate[by].to_bits() & u64::from(does).wrapping_neg());
        sent(row, ways & LinkDirections::OUT) + sent(target, (ways & LinkDirections::IN) >> 1)
    }
}

/// Values of symmetric rows in which every end of a link sends at its own rate, or nothing: the couplings of directed
/// links without weights, along each of which a node sends the same flow.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointRates {
    rate: Box<[f64]>,
    ways: LinkDirections,
}

impl EndpointRates {
    /// From what each row sends along any of its links, and which ways there are along each link.
    pub fn new(rate: Box<[f64]>, ways: LinkDirections) -> Self {
        Self { rate, ways }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rate.len()
    }

    pub(crate) fn has_ways_of(&self, links: usize) -> bool {
        self.ways.links == links
    }

    pub(crate) fn scale(&mut self, factor: f64) {
        self.rate.iter_mut().for_each(|rate| *rate *= factor);
    }

    /// What each row sends, and the ways.
    pub fn into_parts(self) -> (Box<[f64]>, LinkDirections) {
        (self.rate, self.ways)
    }
}

/// Links share a byte.
const PER_BYTE: usize = 4;

/// The ways along each link of symmetric rows: out of its row, into it, or both. 2 bits per link.
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

    /// Of no link yet, with room for so many.
    pub fn with_capacity(links: usize) -> Self {
        Self { packed: Vec::with_capacity(links.div_ceil(PER_BYTE)), links: 0 }
    }

    /// Adds the ways along the next link.
    #[inline(always)]
    pub fn push(&mut self, ways: u8) {
        if self.links.is_multiple_of(PER_BYTE) {
            self.packed.push(0);
        }
        self.packed[self.links / PER_BYTE] |= (ways & 3) << Self::shift(self.links);
        self.links += 1;
    }

    /// The ways along link number `link`.
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
    fn ends_send_at_their_rates_where_there_is_a_way() {
        let mut ways = LinkDirections::default();
        [1, 2, 3, 1, 3, 0].into_iter().for_each(|way| ways.push(way));
        let ends = EndpointRates::new([0.5, 0.25].into(), ways);
        let values: Vec<f64> = (0..6).map(|link| Values::at(&ends, 0, 1, link)).collect();
        assert_eq!(values, [0.5, 0.25, 0.75, 0.5, 0.75, 0.0]);
        let from_other_end: Vec<f64> = (0..6).map(|link| Values::at(&ends, 1, 0, link)).collect();
        assert_eq!(from_other_end, [0.25, 0.5, 0.75, 0.25, 0.75, 0.0]);
        assert!(ends.has_ways_of(6) && !ends.has_ways_of(5));
    }
}
