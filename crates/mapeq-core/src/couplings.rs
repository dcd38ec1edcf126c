//! Symmetric flow between pairs of nodes, stored explicitly or in factored form.

use crate::csr::Csr;
use crate::factored_couplings::FactoredCouplings;

/// Symmetric couplings of nodes: the flow per step between two nodes, both directions added.
///
/// There are no self-couplings. Most networks store all couplings in an explicit list. If very many
/// pairs have couplings of a common form, [`FactoredCouplings`] represent these without a list. The
/// coupling of a pair is the sum of both parts.
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
    /// Combines listed couplings with factored ones.
    ///
    /// # Panics
    /// If the two parts differ in their number of nodes.
    pub fn new(listed: Csr, factored: Option<FactoredCouplings>) -> Self {
        assert!(
            factored.as_ref().is_none_or(|factored| factored.nodes() == listed.rows()),
            "couplings of the same nodes"
        );
        Self { listed, factored: factored.map(Box::new) }
    }

    /// Returns the listed couplings.
    #[inline(always)]
    pub fn listed(&self) -> &Csr {
        &self.listed
    }

    /// Returns the couplings in factored form, or `None` if all are listed.
    #[inline(always)]
    pub fn factored(&self) -> Option<&FactoredCouplings> {
        self.factored.as_deref()
    }

    /// Returns both parts.
    pub fn into_parts(self) -> (Csr, Option<FactoredCouplings>) {
        (self.listed, self.factored.map(|factored| *factored))
    }

    /// Returns the number of nodes.
    pub fn rows(&self) -> usize {
        self.listed.rows()
    }

    /// Returns an upper bound on the length of the row of `node`, exact if all couplings are
    /// listed.
    #[inline(always)]
    pub fn degree(&self, node: usize) -> usize {
        self.listed.degree(node) + self.factored().map_or(0, |factored| factored.degree(node))
    }

    /// Returns the sum of [`degree`](Self::degree) over all nodes.
    pub fn links(&self) -> usize {
        self.listed.links() + self.factored().map_or(0, FactoredCouplings::links)
    }

    /// Iterates over the nodes that `node` is coupled to, with the couplings.
    ///
    /// A node may come several times; its coupling is the sum. Some couplings may be 0. With
    /// factored couplings `for_each` is faster than a loop.
    #[inline]
    pub fn row(&self, node: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.listed.row(node).chain(self.factored().into_iter().flat_map(move |factored| factored.row(node)))
    }

    /// Iterates over all couplings as (node, other node, coupling), row by row.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        (0..self.rows()).flat_map(|node| self.row(node).map(move |(other, coupling)| (node, other, coupling)))
    }

    /// Multiplies every coupling by `factor`.
    ///
    /// # Complexity
    /// O(nodes + listed couplings).
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            listed: self.listed.scaled(factor),
            factored: self.factored.map(|factored| Box::new(factored.scaled(factor))),
        }
    }

    /// Fetches listed rows ahead of visits, as [`Csr::prefetch`].
    #[inline(always)]
    pub fn prefetch(&self, ahead: impl Fn(usize) -> Option<u32>) {
        self.listed.prefetch(ahead);
    }
}
