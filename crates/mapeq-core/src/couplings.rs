//! What couples nodes: listed pair by pair, and told by pools.

use crate::csr::Csr;
use crate::factored_couplings::FactoredCouplings;

/// Symmetric couplings of nodes: flow per step of the walk from one to the other, both directions added. No self-couplings.
///
/// Those of most networks are all listed. Where very many pairs have theirs in common, [`FactoredCouplings`] tell of them; a pair can be listed and
/// be told of, too, and then is coupled by all of that.
#[derive(Clone, Debug, PartialEq)]
pub struct Couplings {
    listed: Csr,
    factored: Option<Box<FactoredCouplings>>,
}

impl From<Csr> for Couplings {
    fn from(listed: Csr) -> Self {
        Self { listed, factored: None }
    }
}

impl Couplings {
    /// Those that are listed, and those that pools tell of, if there are.
    ///
    /// # Panics
    /// If the pools are of other nodes.
    pub fn new(listed: Csr, factored: Option<FactoredCouplings>) -> Self {
        assert!(
            factored.as_ref().is_none_or(|factored| factored.nodes() == listed.rows()),
            "couplings of the same nodes"
        );
        Self { listed, factored: factored.map(Box::new) }
    }

    /// Those that are listed.
    #[inline(always)]
    pub fn listed(&self) -> &Csr {
        &self.listed
    }

    /// What tells of others, if there is anything.
    #[inline(always)]
    pub fn factored(&self) -> Option<&FactoredCouplings> {
        self.factored.as_deref()
    }

    /// Both parts.
    pub fn into_parts(self) -> (Csr, Option<FactoredCouplings>) {
        (self.listed, self.factored.map(|factored| *factored))
    }

    /// Number of nodes.
    pub fn rows(&self) -> usize {
        self.listed.rows()
    }

    /// Number of couplings in the row of `node`, at most; where all are listed, their number.
    #[inline(always)]
    pub fn degree(&self, node: usize) -> usize {
        self.listed.degree(node) + self.factored().map_or(0, |factored| factored.degree(node))
    }

    /// The same of all rows together.
    pub fn links(&self) -> usize {
        self.listed.links() + self.factored().map_or(0, FactoredCouplings::links)
    }

    /// The nodes that `node` is coupled to, and the couplings. A node may come several times, and then all of them count; some may
    /// be 0. `for_each` is faster than a loop where there are pools.
    #[inline]
    pub fn row(&self, node: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.listed.row(node).chain(self.factored().into_iter().flat_map(move |factored| factored.row(node)))
    }

    /// All couplings as (node, other node, coupling), row by row.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        (0..self.rows()).flat_map(|node| self.row(node).map(move |(other, coupling)| (node, other, coupling)))
    }

    /// The same with every coupling multiplied by `factor`. O(listed couplings).
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            listed: self.listed.scaled(factor),
            factored: self.factored.map(|factored| Box::new(factored.scaled(factor))),
        }
    }

    /// Fetches rows ahead of visits, as [`Csr::prefetch`].
    #[inline(always)]
    pub fn prefetch(&self, ahead: impl Fn(usize) -> Option<u32>) {
        self.listed.prefetch(ahead);
    }
}
