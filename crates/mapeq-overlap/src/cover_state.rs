//! A cover with the shares of its copies and its codelength, updated in place.

use mapeq_core::plogp;

use crate::cover::Cover;
use crate::memberships::{Memberships, has};
use crate::modules::{Module, ModuleFlow, codeword_penalty};
use crate::rule::Entry;
use crate::splits::solve;
use crate::walk::Walk;

/// How far the search propagates a tentative change to the splits that depend on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Propagation {
    /// Changes of a copy's flow up to this are ignored, in visits per step of a node of mean
    /// visits.
    pub tolerance: f64,
    /// Changes of a copy's flow up to this fraction of the expected gain are ignored. One visit
    /// weighs a few bits.
    pub gain_fraction: f64,
    /// Upper bound on the nodes that are split again.
    pub max_nodes: usize,
}

impl Propagation {
    /// Until nothing changes: the codelength equals the recomputed one.
    pub const EXACT: Self = Self { tolerance: 1e-12, gain_fraction: 0.0, max_nodes: 200_000 };
    /// For small networks, in which every move is tried.
    pub const FINE: Self = Self { tolerance: 1e-6, gain_fraction: 0.0, max_nodes: 1000 };
    /// For all other networks.
    ///
    /// On networks of 10³ to 10⁶ links this is as good as up to 50 nodes, and on networks of 10³ to
    /// 10⁴ links as good as exact splits. With a tenth of the gain as the tolerance, roads and the
    /// power grid lose a twentieth of what overlaps save.
    pub const COARSE: Self = Self { tolerance: 1e-3, gain_fraction: 0.02, max_nodes: 8 };
}

/// Splits are solved when no copy's flow changes by more than this, in visits per step.
pub(crate) const SPLIT_TOLERANCE: f64 = 1e-16;
/// Copies with at most this many visits per step are removed.
const MIN_VISITS: f64 = 10.0 * SPLIT_TOLERANCE;

/// Sums that determine the codelength.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    /// Σ e: enter flow of all modules.
    pub enter: f64,
    /// Σ of the terms of modules.
    pub terms: f64,
    /// Σ h(p) of the copies.
    pub codewords: f64,
    /// Number of copies.
    pub copies: i32,
    /// Number of modules that are not empty.
    pub modules: i32,
}

impl Totals {
    pub fn codelength(&self, per_codeword: f64) -> f64 {
        plogp(self.enter) + self.terms - self.codewords + codeword_penalty(per_codeword, self.copies - 1, self.modules)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct CoverState<'w> {
    pub walk: &'w Walk,
    pub rule: Entry,
    pub propagation: Propagation,
    /// Penalty for each codeword but one of a codebook, in bits per step: see
    /// [`mapeq_twolevel::entropy_bias`].
    pub per_codeword: f64,
    pub memberships: Memberships,
    pub modules: Vec<Module>,
    pub totals: Totals,
}

impl<'w> CoverState<'w> {
    pub fn new(walk: &'w Walk, rule: Entry, propagation: Propagation, cover: &Cover) -> Self {
        let memberships = Memberships::new(cover);
        // The last module is empty: a node may found it.
        let modules = vec![Module::default(); cover.modules() + 1];
        let mut state =
            Self { walk, rule, propagation, per_codeword: 0.0, memberships, modules, totals: Totals::default() };
        state.refresh();
        state
    }

    /// Returns this state on `walk`, of which node `order[position]` is node `position` here.
    pub fn in_original_order<'v>(self, walk: &'v Walk, order: &[u32]) -> CoverState<'v> {
        let mut positions = vec![0; walk.len()];
        order.iter().zip(0..).for_each(|(&node, position)| positions[node as usize] = position);
        let memberships = Memberships::of_each(
            positions.iter().map(|&position: &usize| self.memberships.of(position).iter().copied()),
        );
        let Self { rule, propagation, per_codeword, modules, totals, .. } = self;
        CoverState { walk, rule, propagation, per_codeword, memberships, modules, totals }
    }

    /// Returns this state with a penalty for codewords.
    pub fn penalized(self, per_codeword: f64) -> Self {
        Self { per_codeword, ..self }
    }

    pub fn codelength(&self) -> f64 {
        self.totals.codelength(self.per_codeword)
    }

    pub fn modules_of(&self, node: usize) -> impl Iterator<Item = u32> {
        self.memberships.of(node).iter().map(|copy| copy.module)
    }

    #[cfg(test)]
    pub fn cover(&self) -> Cover {
        Cover::from_labels((0..self.memberships.len()).map(|node| self.modules_of(node).collect::<Vec<_>>()))
    }

    /// Returns an empty module, which is added if there is none.
    pub fn empty_module(&mut self) -> u32 {
        if let Some(empty) = self.modules.iter().rposition(|module| module.flow.copies == 0) {
            return empty as u32;
        }
        self.modules.push(Module::default());
        self.modules.len() as u32 - 1
    }

    /// Solves all splits, removes copies without visits, and recomputes all sums.
    /// O(links · memberships), and less for each sweep over the splits.
    pub fn refresh(&mut self) {
        solve(self.walk, self.rule, &mut self.memberships, SPLIT_TOLERANCE);
        // A copy without visits adds nothing to the codelength and to no other split.
        self.memberships.retain_visited(self.walk.visits(), MIN_VISITS);
        self.recompute_sums();
    }

    /// Recomputes all sums for the present splits. O(links · memberships).
    pub fn recompute_sums(&mut self) {
        let mut flows = vec![ModuleFlow::default(); self.modules.len()];
        let (mut codewords, mut copies) = (0.0, 0);
        for node in 0..self.memberships.len() {
            let own = self.memberships.of(node);
            copies += own.len() as i32;
            for copy in own {
                let flow = copy.share * self.walk.visits()[node];
                let module = &mut flows[copy.module as usize];
                module.flow += flow;
                module.copies += 1;
                codewords += plogp(flow);
            }
            let mut entering = 0.0;
            for (source, flow) in self.walk.incoming().row(node) {
                if self.memberships.same_module(source, node) {
                    continue;
                }
                for copy in self.memberships.of(source) {
                    if !has(own, copy.module) {
                        flows[copy.module as usize].exit += copy.share * flow;
                        entering += copy.share * flow;
                    }
                }
            }
            for copy in own {
                flows[copy.module as usize].enter += self.rule.entry(copy.share, own.len()) * entering;
            }
        }
        self.modules.iter_mut().zip(flows).for_each(|(module, flow)| *module = Module::new(flow));
        let enter = self.modules.iter().map(|module| module.flow.enter).sum();
        let terms = self.modules.iter().map(|module| module.term).sum();
        let modules = self.modules.iter().filter(|module| module.flow.copies > 0).count() as i32;
        self.totals = Totals { enter, terms, codewords, copies, modules };
    }
}
