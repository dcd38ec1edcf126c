use std::marker::PhantomData;

use mapeq_core::{
    AdditiveObjective, FlowNetwork, HierarchicalObjective, NodeFlow, UNLINKED_CLASSES, log2, plogp,
    plogp_change_by_tangent, plogp_change_lower_bound, plogp_slope,
};

use crate::module_flow::ModuleFlow;

/// Rates of use and of entering that differ by less than this share may be equal.
const ENTER_ROUNDING: f64 = 1e-9;

/// Number of classes of modules per doubling of (use + exit) / exit.
const CLASSES_PER_DOUBLING: usize = 4;

/// The map equation, in bits per step, for a whole network or for the inside of a module.
///
/// Inside a module the index codebook has one more codeword, for leaving the module. The constant
/// −Σ h(p_u) of the nodes is omitted from the objective's value: it is equal for every partition.
#[derive(Clone, Copy, Debug)]
pub struct MapEquation<F> {
    /// Exit flow of the enclosing module; 0 for the whole network.
    exit: f64,
    /// h(exit).
    exit_term: f64,
    flow: PhantomData<F>,
}

impl<F> MapEquation<F> {
    /// The map equation of a whole network.
    pub fn new() -> Self {
        Self { exit: 0.0, exit_term: 0.0, flow: PhantomData }
    }
}

impl<F> Default for MapEquation<F> {
    fn default() -> Self {
        Self::new()
    }
}

impl<F: ModuleFlow> AdditiveObjective for MapEquation<F> {
    type Module = F;
    /// Use rate of the index codebook, exit excluded: the rate of entering modules.
    type Shared = f64;

    fn node(&self, node: &NodeFlow) -> F {
        F::node(node)
    }

    #[inline(always)]
    fn insert(&self, module: &F, unit: &F, coupling: f64) -> F {
        module.joined(*unit, coupling)
    }

    #[inline(always)]
    fn remove(&self, module: &F, unit: &F, coupling: f64) -> F {
        module.left_by(*unit, coupling)
    }

    /// h(use + exit) − h(exit) − h(enter): the module's codebook, and its codeword in the index.
    #[inline(always)]
    fn term(&self, module: &F) -> f64 {
        plogp(module.use_rate() + module.exit()) - plogp(module.exit()) - plogp(module.enter())
    }

    /// −Σ h(p_u) of the nodes.
    fn constant(&self, network: &FlowNetwork) -> f64 {
        -network.nodes.flow.iter().map(|&flow| plogp(flow)).sum::<f64>()
    }

    /// Joining sets a and b without a link between them changes the objective by
    /// g(use + exit) − g(enter) − g(exit), with g = h(a + b) − h(a) − h(b) of their rates. This is
    /// never negative if both are used at least as often as they are entered.
    #[inline(always)]
    fn gains_without_link(&self, unit: &F) -> bool {
        unit.use_rate() < unit.enter() * (1.0 - ENTER_ROUNDING)
    }

    /// A small unit gains most by a module with a large rate of entering, if its rates of use and
    /// exit are in a small ratio. So the ratio is the class, and the rate the rank.
    fn unlinked_class(&self, module: &F) -> (usize, f64) {
        const LAST: usize = UNLINKED_CLASSES - 1;
        let (used, exit) = (module.use_rate() + module.exit(), module.exit());
        let is_last = exit * f64::from(1 << (LAST / CLASSES_PER_DOUBLING)) <= used;
        let class = if is_last { LAST } else { (log2(used / exit) * CLASSES_PER_DOUBLING as f64) as usize };
        (class.min(LAST), module.enter())
    }

    #[inline(always)]
    fn term_change_lower_bound(&self, before: &F, after: &F) -> f64 {
        let use_of = |module: &F| module.use_rate() + module.exit();
        plogp_change_lower_bound(use_of(before), use_of(after))
            + plogp_change_lower_bound(after.exit(), before.exit())
            + plogp_change_lower_bound(after.enter(), before.enter())
    }

    #[inline(always)]
    fn shared_slope(&self, before: f64) -> f64 {
        plogp_slope(self.exit + before)
    }

    #[inline(always)]
    fn shared_change_lower_bound(&self, before: f64, slope: f64, after: f64) -> f64 {
        plogp_change_by_tangent(self.exit + before, slope, self.exit + after)
    }

    #[inline(always)]
    fn shared(&self, module: &F) -> f64 {
        module.enter()
    }

    #[inline(always)]
    fn shared_term(&self, total: f64) -> f64 {
        plogp(self.exit + total) - self.exit_term
    }
}

impl<F: ModuleFlow> HierarchicalObjective for MapEquation<F> {
    fn codeword(&self, module: &F) -> F {
        F::of_use(module.enter())
    }

    fn boundary(&self, module: &F) -> F {
        module.without_use()
    }

    fn inside(&self, module: &F) -> Self {
        Self { exit: module.exit(), exit_term: plogp(module.exit()), flow: PhantomData }
    }

    fn undivided(&self, whole: &F) -> f64 {
        self.shared_term(whole.use_rate())
    }

    fn use_rate(&self, module: &F) -> f64 {
        module.use_rate()
    }
}
