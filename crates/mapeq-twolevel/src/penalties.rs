//! Penalties for the numbers of codewords, top modules and levels.
//!
//! **Codewords.** The entropy of n rates estimated from D observations is too small. The bias is
//! about (n − 1) / (2 D ln 2) bits (Miller, "Note on the bias of information estimates", 1955). The
//! correction adds κ = c / (2 D ln 2) for each codeword of a codebook but one. D is the total degree
//! of the network and c a strength: 1, or less to correct part of the bias. A module with an exit
//! codeword therefore pays for each unit that it names. The root, and a single top module, have no
//! exit codeword and pay for one unit less:
//!
//! ```text
//! penalty = κ · Σ_codebooks (names + exit − 1)
//!        = κ · (N − 1 + number of modules)      N nodes; except modules without an exit
//! ```
//!
//! Every module therefore costs κ, and a single module for all nodes adds no cost.
//!
//! **Top modules.** If a number of top modules is preferred, each module above or below it costs
//! one bit. A price per top module, which may be negative, guides a search to fewer or more of
//! them. Neither applies to submodules.
//!
//! **Levels.** If a number of levels is preferred, visits of nodes at other levels are penalised:
//! see [`PreferredLevels`].

use std::f64::consts::LN_2;
use std::ops::{Add, Sub};

use mapeq_core::{AdditiveObjective, Degrees, FlowNetwork, HierarchicalObjective, NodeFlow, PreferredLevels, Tree};

/// Penalties for numbers of codewords, modules and levels, in bits per step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Penalties {
    /// Penalty for each codeword of a codebook but one.
    pub per_codeword: f64,
    /// Penalty for each top module.
    pub per_top_module: f64,
    /// Preferred number of top modules; each module above or below costs one bit.
    pub preferred_modules: Option<u32>,
    /// Preferred number of levels. This penalty guides a search and is not part of the codelength.
    pub preferred_levels: Option<PreferredLevels>,
}

/// Returns the entropy bias per codeword in bits: c / (2 D ln 2) with strength c and total degree
/// D. The result is 0 if D is unknown.
///
/// D is the sum of the weights at all link ends, or the number of link ends if the mean weight is
/// below 1.
pub fn entropy_bias(degrees: &Degrees, strength: f64) -> f64 {
    let observed = degrees.weight.max(degrees.links);
    if observed > 0.0 { strength / (2.0 * LN_2 * observed) } else { 0.0 }
}

impl Penalties {
    /// Returns the penalty of every module of a tree in the order of [`Tree::modules`], root first,
    /// without the penalty for levels. O(modules).
    pub fn per_module(&self, tree: &Tree) -> Vec<f64> {
        let mut names = vec![0u32; tree.modules().len()];
        for &module in tree.leaf_modules() {
            names[module as usize] += 1;
        }
        for module in &tree.modules()[1..] {
            names[module.parent as usize] += 1;
        }
        // Parents come before their children.
        let mut can_be_left = vec![false; names.len()];
        for (module, own) in tree.modules().iter().enumerate().skip(1) {
            let parent = own.parent as usize;
            can_be_left[module] = can_be_left[parent] || names[parent] > 1;
        }
        let codewords = names.iter().zip(&can_be_left).map(|(&names, &exit)| names + u32::from(exit));
        let mut penalties: Vec<f64> =
            codewords.map(|codewords| self.per_codeword * f64::from(codewords.saturating_sub(1))).collect();
        penalties[0] += self.for_top_modules(tree.top_modules() as u32);
        penalties
    }

    /// Returns the penalty of a single codebook that names all `nodes` nodes.
    pub fn one_level(&self, nodes: usize) -> f64 {
        self.per_codeword * nodes.saturating_sub(1) as f64 + self.for_top_modules(1)
    }

    /// Returns the penalty for a number of top modules.
    #[inline(always)]
    fn for_top_modules(&self, modules: u32) -> f64 {
        let distance = self.preferred_modules.map_or(0, |preferred| modules.abs_diff(preferred));
        self.per_top_module * f64::from(modules) + f64::from(distance)
    }
}

/// An objective with penalties, for a whole network or for the inside of a module.
///
/// In a chain of only children below the root, κ is counted once too often for each module but the
/// first. No search returns such trees.
#[derive(Clone, Copy, Debug)]
pub struct Penalized<H> {
    objective: H,
    penalties: Penalties,
    /// Whether this is the inside of a module, which has an exit codeword.
    inside: bool,
}

/// A module and the number of nodes or modules that its codebook names; 0 if and only if it is
/// empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counted<M> {
    module: M,
    names: u32,
}

/// The shared total of the modules, and their number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CountedTotal<S> {
    shared: S,
    modules: u32,
}

impl<S: Add<Output = S>> Add for CountedTotal<S> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self { shared: self.shared + other.shared, modules: self.modules + other.modules }
    }
}

impl<S: Sub<Output = S>> Sub for CountedTotal<S> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self { shared: self.shared - other.shared, modules: self.modules - other.modules }
    }
}

impl<H> Penalized<H> {
    /// Adds `penalties` to the objective of a whole network.
    pub fn new(objective: H, penalties: Penalties) -> Self {
        Self { objective, penalties, inside: false }
    }

    /// Returns the penalty of a codebook that names this number of modules or nodes.
    #[inline(always)]
    fn index_penalty(&self, names: u32) -> f64 {
        let Penalties { per_codeword, .. } = self.penalties;
        if self.inside {
            return per_codeword * f64::from(names);
        }
        // A single top module has no exit codeword, but its own term includes the penalty for one.
        let single = if names == 1 { per_codeword } else { 0.0 };
        per_codeword * (f64::from(names) - 1.0) - single + self.penalties.for_top_modules(names)
    }
}

impl<H: AdditiveObjective> AdditiveObjective for Penalized<H> {
    type Module = Counted<H::Module>;
    type Shared = CountedTotal<H::Shared>;

    fn node(&self, node: &NodeFlow) -> Self::Module {
        Counted { module: self.objective.node(node), names: 1 }
    }

    #[inline(always)]
    fn insert(&self, module: &Self::Module, unit: &Self::Module, coupling: f64) -> Self::Module {
        let names = module.names + unit.names;
        Counted { module: self.objective.insert(&module.module, &unit.module, coupling), names }
    }

    #[inline(always)]
    fn remove(&self, module: &Self::Module, unit: &Self::Module, coupling: f64) -> Self::Module {
        let names = module.names - unit.names;
        Counted { module: self.objective.remove(&module.module, &unit.module, coupling), names }
    }

    #[inline(always)]
    fn gains_without_link(&self, unit: &Self::Module) -> bool {
        self.objective.gains_without_link(&unit.module)
    }

    fn unlinked_class(&self, module: &Self::Module) -> (usize, f64) {
        self.objective.unlinked_class(&module.module)
    }

    fn constant(&self, network: &FlowNetwork) -> f64 {
        self.objective.constant(network)
    }

    #[inline(always)]
    fn term(&self, module: &Self::Module) -> f64 {
        self.objective.term(&module.module) + self.penalties.per_codeword * f64::from(module.names)
    }

    #[inline(always)]
    fn shared(&self, module: &Self::Module) -> Self::Shared {
        CountedTotal { shared: self.objective.shared(&module.module), modules: u32::from(module.names > 0) }
    }

    #[inline(always)]
    fn shared_term(&self, total: Self::Shared) -> f64 {
        self.objective.shared_term(total.shared) + self.index_penalty(total.modules)
    }

    #[inline(always)]
    fn term_change_lower_bound(&self, before: &Self::Module, after: &Self::Module) -> f64 {
        let names = f64::from(after.names) - f64::from(before.names);
        self.objective.term_change_lower_bound(&before.module, &after.module) + self.penalties.per_codeword * names
    }

    #[inline(always)]
    fn shared_slope(&self, before: Self::Shared) -> f64 {
        self.objective.shared_slope(before.shared)
    }

    #[inline(always)]
    fn shared_change_lower_bound(&self, before: Self::Shared, slope: f64, after: Self::Shared) -> f64 {
        let penalty = self.index_penalty(after.modules) - self.index_penalty(before.modules);
        self.objective.shared_change_lower_bound(before.shared, slope, after.shared) + penalty
    }
}

impl<H: HierarchicalObjective> HierarchicalObjective for Penalized<H> {
    fn codeword(&self, module: &Self::Module) -> Self::Module {
        Counted { module: self.objective.codeword(&module.module), names: u32::from(module.names > 0) }
    }

    fn boundary(&self, module: &Self::Module) -> Self::Module {
        Counted { module: self.objective.boundary(&module.module), names: 0 }
    }

    fn inside(&self, module: &Self::Module) -> Self {
        Self { objective: self.objective.inside(&module.module), penalties: self.penalties, inside: true }
    }

    fn undivided(&self, whole: &Self::Module) -> f64 {
        self.objective.undivided(&whole.module) + self.index_penalty(whole.names)
    }

    fn use_rate(&self, module: &Self::Module) -> f64 {
        self.objective.use_rate(&module.module)
    }

    #[inline(always)]
    fn preferred_levels(&self) -> Option<PreferredLevels> {
        self.penalties.preferred_levels
    }
}
