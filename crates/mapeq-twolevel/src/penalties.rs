//! Penalties for numbers: of codewords, of top modules, and of levels.
//!
//! **Codewords.** The entropy of n rates estimated from few observations is too small, by about (n − 1) / (2 D ln 2) bits
//! with D observations (Miller, "Note on the bias of information estimates", 1955). To correct for it, every codebook pays
//! κ = c / (2 D ln 2) for each of its codewords but one, where D is the total degree of the network and c a strength: 1, or
//! less to correct for a part of the bias. A module that can be left has a codeword for that, and so pays for all that it
//! names; the root pays for one less; and so does a single top module, which cannot be left:
//!
//! ```text
//! penalty = κ · Σ_codebooks (names + exit − 1)
//!        = κ · (N − 1 + number of modules)      N nodes; but for modules that cannot be left
//! ```
//!
//! In words: every module costs κ, and one module for all costs nothing more than none.
//!
//! **Top modules.** Where a number of top modules is preferred, each more or less costs one bit. A search can also be led to
//! more or fewer of them by a price, which may be negative. Modules inside modules are free of both.
//!
//! **Levels.** Where a number of levels is preferred, visits of nodes elsewhere are charged for: see [`PreferredLevels`].

use std::f64::consts::LN_2;
use std::ops::{Add, Sub};

use mapeq_core::{AdditiveObjective, Degrees, HierarchicalObjective, NodeFlow, PreferredLevels, Tree};

/// What numbers cost, in bits per step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Penalties {
    /// Charge for each codeword of a codebook but one.
    pub per_codeword: f64,
    /// Charge for each top module.
    pub per_top_module: f64,
    /// The number of top modules that is free; one bit for each more or less.
    pub preferred_modules: Option<u32>,
    /// The number of levels that is free. A search is led to it by this penalty, which is no part of a codelength.
    pub preferred_levels: Option<PreferredLevels>,
}

/// The bias of a codebook's entropy per codeword, c / (2 D ln 2) bits with strength c and total degree D; 0 where D is not
/// known. Where links weigh less than 1 on average, D is the number of their ends, else the sum of their weights there.
pub fn entropy_bias(degrees: &Degrees, strength: f64) -> f64 {
    let observed = degrees.weight.max(degrees.links);
    if observed > 0.0 { strength / (2.0 * LN_2 * observed) } else { 0.0 }
}

impl Penalties {
    /// The penalty for every module of a tree, in the order of [`Tree::modules`]; the root first. Without that for levels, which
    /// visits of nodes pay. O(modules).
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

    /// The penalty for one codebook that names all of so many nodes.
    pub fn one_level(&self, nodes: usize) -> f64 {
        self.per_codeword * nodes.saturating_sub(1) as f64 + self.for_top_modules(1)
    }

    /// The penalty for so many top modules.
    #[inline(always)]
    fn for_top_modules(&self, modules: u32) -> f64 {
        let distance = self.preferred_modules.map_or(0, |preferred| modules.abs_diff(preferred));
        self.per_top_module * f64::from(modules) + f64::from(distance)
    }
}

/// An objective and penalties on top of it, for a whole network or for the inside of a module.
///
/// Of trees whose single top module has a single module in turn, and so on down, this counts κ once too often for each but the
/// first of them; no search keeps them.
#[derive(Clone, Copy, Debug)]
pub struct Penalized<H> {
    objective: H,
    penalties: Penalties,
    /// Whether it is the inside of a module, which has a codeword for leaving it.
    inside: bool,
}

/// A module, and how many nodes or modules its codebook names: none if and only if it is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counted<M> {
    module: M,
    names: u32,
}

/// What modules share, and their number.
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
    /// `objective`, of a whole network, with `penalties` on top.
    pub fn new(objective: H, penalties: Penalties) -> Self {
        Self { objective, penalties, inside: false }
    }

    /// Charge for a codebook that names so many modules or nodes.
    #[inline(always)]
    fn index_penalty(&self, names: u32) -> f64 {
        let Penalties { per_codeword, .. } = self.penalties;
        if self.inside {
            return per_codeword * f64::from(names);
        }
        // A single top module has no codeword for leaving it, which its own term has charged for.
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
