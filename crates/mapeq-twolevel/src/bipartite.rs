//! The map equation of bipartite networks, with codebooks that remember node types.
//!
//! Blöcker & Rosvall, "Mapping flows on bipartite networks", Physical Review E 2020,
//! doi:10.1103/PhysRevE.102.052305.
//!
//! In a bipartite network every step goes from a node of one type, t̄, to a node of the other, t.
//! If the type of the current node is remembered, the type of the next one need not be encoded:
//! every module has one codebook per type, used for steps to nodes of that type. Let p_m^t be the
//! visit rate of the t-nodes of module m, and e_m^t the rate of entering m at a t-node. Let x_m^t̄
//! be the rate of leaving m from a t̄-node; that is a step to a t-node, so codebooks of type t
//! encode it:
//!
//! ```text
//! L = Σ_t [ h(Σ_m e_m^t) − Σ_m h(e_m^t) ]                                  index codebooks
//!   + Σ_m Σ_t [ h(p_m^t + x_m^t̄) − h(x_m^t̄) − Σ_{t-nodes u of m} h(p_u) ]   module codebooks
//! ```
//!
//! **Aggregate.** Undirected flow is equal in both directions, so x_m^t = e_m^t. Links between two
//! sets of nodes with coupling c carry c/2 per direction, and join nodes of different types. When
//! the sets are merged, c/2 of the steps to t-nodes and c/2 of those to t̄-nodes become internal.
//! Hence p^t and e^t of both types describe a module: they are additive, minus c/2 in e^t of each
//! type.
//!
//! **Levels.** A step to a t-node that leaves modules and enters others is encoded with codebooks
//! of type t at every level. A module therefore has two codewords, used at rates e_m^t in the
//! codebook of type t of its parent. Inside m, the index of type t has one more codeword, for
//! leaving at rate x_m^t̄.
//!
//! **Forgetting.** Let each node type be mistaken for the other at rate α. Each codebook then names
//! all nodes: those of its own type at 1 − α times their rates, the others at α times theirs. Enter
//! and exit rates change alike: p^t becomes (1 − α) p^t + α p^t̄. Mixing commutes with sums, so it
//! is done once, at the nodes. α = 0 is full memory: a single codebook costs one bit less than
//! without types. A rate α reduces this gain by −α log2 α − (1 − α) log2 (1 − α). At α = ½ both
//! codebooks of a module name everything at half its rate, and L equals the standard map equation.

use std::ops::{Add, Sub};

use mapeq_core::{
    AdditiveObjective, Codelength, FlowNetwork, HierarchicalObjective, NodeFlow, Tree, plogp, plogp_change_lower_bound,
};

use crate::codelength::{Codebook, TreeCodelength};

/// The map equation with node types, in bits per step, for undirected flow on a bipartite network
/// or inside one of its modules. The value omits the constant [`node_terms`](Self::node_terms).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BipartiteMapEquation {
    first_feature: u32,
    flipping_rate: f64,
    /// Rate of leaving the enclosing module by a step to a node of each type; 0 for the whole
    /// network.
    exit: PerType,
}

/// A rate for each node type; features are the second type.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PerType([f64; 2]);

/// The flow of a set of nodes, by type.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TypedFlow {
    /// Use rate of the codebook of each type: visits, or entries of child modules.
    use_rate: PerType,
    /// Rate of entering at a node of each type, equal to the rate of leaving from it.
    enter: PerType,
}

impl PerType {
    fn map(self, rate: impl Fn(f64) -> f64) -> Self {
        Self(self.0.map(rate))
    }

    /// Returns the rates with the types swapped.
    fn other(self) -> Self {
        Self([self.0[1], self.0[0]])
    }

    fn sum(self) -> f64 {
        self.0[0] + self.0[1]
    }

    /// Returns a lower bound on the change of Σ_t h from `self` to `after`.
    #[inline(always)]
    fn plogp_change_lower_bound(self, after: Self) -> f64 {
        plogp_change_lower_bound(self.0[0], after.0[0]) + plogp_change_lower_bound(self.0[1], after.0[1])
    }

    /// Returns Σ_t h(rate of t).
    fn plogp(self) -> f64 {
        self.map(plogp).sum()
    }
}

impl Add for PerType {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
    }
}

impl Sub for PerType {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self([self.0[0] - other.0[0], self.0[1] - other.0[1]])
    }
}

impl BipartiteMapEquation {
    /// Returns the equation for a network in which nodes from `first_feature` on are of the second
    /// type. Types are mistaken at `flipping_rate`, from 0 (full memory) to 0.5 (none).
    ///
    /// # Panics
    /// If the rate is not between 0 and 0.5.
    pub fn new(first_feature: u32, flipping_rate: f64) -> Self {
        assert!((0.0..=0.5).contains(&flipping_rate), "flipping rate not in [0, 0.5]: {flipping_rate}");
        Self { first_feature, flipping_rate, exit: PerType::default() }
    }

    /// Splits a rate at the node `number` among the types the node may be taken for.
    fn by_type(&self, number: u32, rate: f64) -> PerType {
        let own = PerType([(1.0 - self.flipping_rate) * rate, self.flipping_rate * rate]);
        if number < self.first_feature { own } else { own.other() }
    }

    /// Returns −Σ_t h of the rates at which the codebooks name this node: its contribution to the
    /// codelength in any partition.
    pub fn node_terms(&self, node: &NodeFlow) -> f64 {
        -self.by_type(node.number, node.flow).plogp()
    }

    /// Computes the codelength of a tree from scratch, with the contribution of each module.
    ///
    /// # Complexity
    /// O(nodes + links · depth).
    ///
    /// # Panics
    /// If the leaves of the tree are not the nodes of the network.
    pub fn codelength(&self, flow: &FlowNetwork, tree: &Tree) -> TreeCodelength {
        let nodes: Box<[TypedFlow]> = (0..flow.len()).map(|node| self.node(&flow.nodes.at(node))).collect();
        let modules = mapeq_core::tree_aggregates(self, &nodes, &flow.couplings, tree);
        let flows = tree.sum_over_subtrees(&flow.nodes.flow);
        let mut codewords = tree.sum_over_leaf_modules(|node| -self.node_terms(&flow.nodes.at(node)));
        for (module, aggregate) in modules.iter().enumerate().skip(1) {
            codewords[tree.modules()[module].parent as usize] += aggregate.enter.plogp();
        }
        let codebooks: Vec<Codebook> = (0..modules.len())
            .map(|module| {
                let own = &modules[module];
                let (inside, boundary) = if module == 0 { (*self, 0.0) } else { (self.inside(own), own.enter.sum()) };
                let codelength = inside.undivided(own) - codewords[module];
                Codebook { flow: flows[module], enter: boundary, exit: boundary, codelength }
            })
            .collect();
        let below = codebooks[1..].iter().map(|codebook| codebook.codelength).sum();
        TreeCodelength { codelength: Codelength { index: codebooks[0].codelength, module: below }, codebooks }
    }
}

impl AdditiveObjective for BipartiteMapEquation {
    type Module = TypedFlow;
    /// Total use rate of the index codebook of each type, exit excluded.
    type Shared = PerType;

    fn constant(&self, network: &FlowNetwork) -> f64 {
        (0..network.len()).map(|node| self.node_terms(&network.nodes.at(node))).sum()
    }

    fn node(&self, node: &NodeFlow) -> TypedFlow {
        let by_type = |rate| self.by_type(node.number, rate);
        TypedFlow { use_rate: by_type(node.flow), enter: by_type(node.enter) }
    }

    #[inline(always)]
    fn insert(&self, module: &TypedFlow, unit: &TypedFlow, coupling: f64) -> TypedFlow {
        let inside = PerType([coupling / 2.0; 2]);
        TypedFlow { use_rate: module.use_rate + unit.use_rate, enter: module.enter + unit.enter - inside }
    }

    #[inline(always)]
    fn remove(&self, module: &TypedFlow, unit: &TypedFlow, coupling: f64) -> TypedFlow {
        let inside = PerType([coupling / 2.0; 2]);
        TypedFlow { use_rate: module.use_rate - unit.use_rate, enter: module.enter - unit.enter + inside }
    }

    /// Returns Σ_t h(use^t + x^t̄) − h(x^t̄) − h(e^t), with x = e.
    #[inline(always)]
    fn term(&self, module: &TypedFlow) -> f64 {
        (module.use_rate + module.enter.other()).plogp() - 2.0 * module.enter.plogp()
    }

    #[inline(always)]
    fn term_change_lower_bound(&self, before: &TypedFlow, after: &TypedFlow) -> f64 {
        let use_of = |module: &TypedFlow| module.use_rate + module.enter.other();
        use_of(before).plogp_change_lower_bound(use_of(after))
            + 2.0 * after.enter.plogp_change_lower_bound(before.enter)
    }

    #[inline(always)]
    fn shared_change_lower_bound(&self, before: PerType, _: f64, after: PerType) -> f64 {
        (self.exit + before).plogp_change_lower_bound(self.exit + after)
    }

    #[inline(always)]
    fn shared(&self, module: &TypedFlow) -> PerType {
        module.enter
    }

    #[inline(always)]
    fn shared_term(&self, total: PerType) -> f64 {
        (self.exit + total).plogp() - self.exit.plogp()
    }
}

impl HierarchicalObjective for BipartiteMapEquation {
    fn codeword(&self, module: &TypedFlow) -> TypedFlow {
        TypedFlow { use_rate: module.enter, enter: PerType::default() }
    }

    fn boundary(&self, module: &TypedFlow) -> TypedFlow {
        TypedFlow { use_rate: PerType::default(), enter: module.enter }
    }

    fn inside(&self, module: &TypedFlow) -> Self {
        Self { exit: module.enter.other(), ..*self }
    }

    fn undivided(&self, whole: &TypedFlow) -> f64 {
        self.shared_term(whole.use_rate)
    }

    fn use_rate(&self, module: &TypedFlow) -> f64 {
        module.use_rate.sum()
    }
}
