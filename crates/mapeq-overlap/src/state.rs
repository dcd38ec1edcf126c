//! A cover with its splits and its codelength, which changes in place.

use mapeq_core::plogp;

use crate::cover::Cover;
use crate::members::{Members, has};
use crate::modules::{Module, ModuleFlow, charge};
use crate::rule::Entry;
use crate::splits::solve;
use crate::walk::Walk;

/// How far a change is followed to the splits that depend on it while a search tries it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Following {
    /// Splits count as solved when no copy's flow changes by more than this, in visits per step of a node of mean visits.
    pub tolerance: f64,
    /// … or by more than this part of what the change is to gain: visits weigh a few bits.
    pub of_gain: f64,
    /// So many nodes at most are split again.
    pub most: usize,
}

impl Following {
    /// To the end: what changes tell is what recomputing tells.
    pub const EXACT: Self = Self { tolerance: 1e-12, of_gain: 0.0, most: 200_000 };
    /// So far that it matters where everything is tried.
    pub const CLOSE: Self = Self { tolerance: 1e-6, of_gain: 0.0, most: 1000 };
    /// So far that it matters. On networks of 10³ to 10⁶ links as good as up to 50 nodes, and on those of 10³ to 10⁴ as exact
    /// splits; with a tenth of the gain, roads and the power grid lose a twentieth of what overlaps save.
    pub const NEAR: Self = Self { tolerance: 1e-3, of_gain: 0.02, most: 8 };
}

/// Splits are solved for good when no copy's flow changes by more than this, in visits per step.
pub(crate) const SOLVED: f64 = 1e-16;
/// Copies are left out that have no more visits per step.
const UNVISITED: f64 = 10.0 * SOLVED;

/// Sums from which the codelength follows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    /// Σ e.
    pub enter: f64,
    /// Σ of the terms of modules.
    pub terms: f64,
    /// Σ h(p) of the copies.
    pub codewords: f64,
    /// Number of copies,
    pub copies: i32,
    /// … and of modules that are not empty.
    pub modules: i32,
}

impl Totals {
    pub fn codelength(&self, per_codeword: f64) -> f64 {
        plogp(self.enter) + self.terms - self.codewords + charge(per_codeword, self.copies - 1, self.modules)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct State<'w> {
    pub walk: &'w Walk,
    pub rule: Entry,
    pub following: Following,
    /// What each codeword of a codebook but one costs, in bits per step: see [`mapeq_twolevel::entropy_bias`].
    pub per_codeword: f64,
    pub members: Members,
    pub modules: Vec<Module>,
    pub totals: Totals,
}

impl<'w> State<'w> {
    pub fn new(walk: &'w Walk, rule: Entry, following: Following, cover: &Cover) -> Self {
        let members = Members::new(cover);
        // One more, that a node may found.
        let modules = vec![Module::default(); cover.modules() + 1];
        let mut state = Self { walk, rule, following, per_codeword: 0.0, members, modules, totals: Totals::default() };
        state.refresh();
        state
    }

    /// The same on `walk`, of which the nodes `order` are here in places 0, 1, …
    pub fn restored<'v>(self, walk: &'v Walk, order: &[u32]) -> State<'v> {
        let mut places = vec![0; walk.len()];
        order.iter().zip(0..).for_each(|(&node, place)| places[node as usize] = place);
        let members = Members::of_each(places.iter().map(|&place: &usize| self.members.of(place).iter().copied()));
        let Self { rule, following, per_codeword, modules, totals, .. } = self;
        State { walk, rule, following, per_codeword, members, modules, totals }
    }

    /// The same where codewords cost something.
    pub fn charged(self, per_codeword: f64) -> Self {
        Self { per_codeword, ..self }
    }

    /// Number of modules that are not empty.
    pub fn filled_modules(&self) -> i32 {
        self.totals.modules
    }

    pub fn tolerance(&self) -> f64 {
        self.following.tolerance / self.members.len() as f64
    }

    pub fn codelength(&self) -> f64 {
        self.totals.codelength(self.per_codeword)
    }

    /// Enter flow of all modules.
    pub fn enter(&self) -> f64 {
        self.totals.enter
    }

    pub fn modules_of(&self, node: usize) -> impl Iterator<Item = u32> {
        self.members.of(node).iter().map(|copy| copy.module)
    }

    #[cfg(test)]
    pub fn cover(&self) -> Cover {
        Cover::from_labels((0..self.members.len()).map(|node| self.modules_of(node).collect::<Vec<_>>()))
    }

    /// An empty module, for a node to found.
    pub fn empty_module(&mut self) -> u32 {
        if let Some(empty) = self.modules.iter().rposition(|module| module.flow.copies == 0) {
            return empty as u32;
        }
        self.modules.push(Module::default());
        self.modules.len() as u32 - 1
    }

    /// Solves all splits, leaves out copies that are not visited, and recomputes all sums from scratch. O(links · memberships), and
    /// less for each sweep over the splits.
    pub fn refresh(&mut self) {
        solve(self.walk, self.rule, &mut self.members, SOLVED);
        // Copies that the walk does not enter once it has left them add nothing to the codelength, and to no other split.
        self.members.keep_visited(self.walk.visits(), UNVISITED);
        self.add_up();
    }

    /// Recomputes all sums, splits being as they are. O(links · memberships).
    pub fn add_up(&mut self) {
        let mut flows = vec![ModuleFlow::default(); self.modules.len()];
        let (mut codewords, mut copies) = (0.0, 0);
        for node in 0..self.members.len() {
            let own = self.members.of(node);
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
                if self.members.same_module(source, node) {
                    continue;
                }
                for copy in self.members.of(source) {
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
