//! A cover with its splits and its codelength, which changes in place.

use std::collections::VecDeque;

use mapeq_core::plogp;
use smallvec::SmallVec;

use crate::cover::Cover;
use crate::members::{Copy, Members, Place, has, largest_change};
use crate::neighbourhood::Neighbourhood;
use crate::rule::Entry;
use crate::splits::solve;
use crate::walk::Walk;

/// How far a change is followed to the splits that depend on it while a search tries it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Following {
    /// Splits count as solved when no copy's flow changes by more than this, in visits per step of a node of mean visits.
    tolerance: f64,
    /// … or by more than this part of what the change is to gain: visits weigh a few bits.
    of_gain: f64,
    /// So many nodes at most are split again.
    most: usize,
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

/// Modules of a node.
pub(crate) type Modules = SmallVec<[u32; 4]>;

/// The flow of a module, per step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ModuleFlow {
    pub flow: f64,
    pub enter: f64,
    pub exit: f64,
    pub copies: i32,
}

impl ModuleFlow {
    /// With what a part adds to it, or without that if `sign` is −1.
    pub fn plus(self, part: Self, sign: f64) -> Self {
        let copies = self.copies + if sign > 0.0 { part.copies } else { -part.copies };
        if copies == 0 {
            // An emptied module is exactly empty: no rounding is left behind.
            return Self::default();
        }
        Self {
            flow: self.flow + sign * part.flow,
            enter: self.enter + sign * part.enter,
            exit: self.exit + sign * part.exit,
            copies,
        }
    }
}

/// The flow of a module, and its terms in the codelength.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Module {
    pub flow: ModuleFlow,
    /// h(p + x) − h(x) − h(e),
    pub term: f64,
    /// … and h(e) alone.
    pub enter_term: f64,
}

impl Module {
    pub fn new(flow: ModuleFlow) -> Self {
        let enter_term = plogp(flow.enter);
        Self { flow, term: plogp(flow.flow + flow.exit) - plogp(flow.exit) - enter_term, enter_term }
    }
}

/// Sums from which the codelength follows.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    /// Σ e.
    enter: f64,
    /// Σ of the terms of modules.
    terms: f64,
    /// Σ h(p) of the copies.
    codewords: f64,
    /// Number of copies,
    copies: i32,
    /// … and of modules that are not empty.
    modules: i32,
}

impl Totals {
    fn codelength(&self, per_codeword: f64) -> f64 {
        plogp(self.enter) + self.terms - self.codewords + charge(per_codeword, self.copies - 1, self.modules)
    }
}

/// What so many codewords for copies cost, and those for leaving and entering modules: where there is one, nobody leaves it.
pub(crate) fn charge(per_codeword: f64, copies: i32, modules: i32) -> f64 {
    per_codeword * f64::from(copies + if modules > 1 { modules } else { 0 })
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
    totals: Totals,
}

/// Room to work in, kept from change to change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Desk {
    pub hood: Neighbourhood,
    copies: Vec<Copy>,
    changed: Vec<(u32, Module)>,
    queue: VecDeque<u32>,
    waiting: Vec<bool>,
    /// Changes of flow up to this are not followed.
    tolerance: f64,
    /// What to put back, latest last.
    nodes: Vec<(u32, Place)>,
    modules: Vec<(u32, Module)>,
}

impl Desk {
    /// The nodes that the last change has given other copies, and how much the share of one differs most.
    pub fn changes<'a>(&'a self, state: &'a State<'_>) -> impl Iterator<Item = (usize, f64)> {
        self.nodes.iter().map(|&(node, place)| {
            let node = node as usize;
            (node, largest_change(state.members.at(place), state.members.of(node)))
        })
    }
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

    fn tolerance(&self) -> f64 {
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

    /// Gives `node` other modules and splits again whatever depends on it, if that makes the codelength shorter by more than
    /// `least`; tells by how much, or 0. `promised` is what it seems to gain.
    pub fn attempt(&mut self, node: usize, modules: &[u32], least: f64, promised: f64, desk: &mut Desk) -> f64 {
        desk.tolerance = f64::max(self.tolerance(), self.following.of_gain * promised);
        self.change_with(desk, least, |state, desk| state.place(node, modules, desk))
    }

    /// The same for several nodes at once.
    pub fn attempt_all(&mut self, nodes: &[(u32, Modules)], least: f64, desk: &mut Desk) -> f64 {
        desk.tolerance = self.tolerance();
        self.change_with(desk, least, |state, desk| {
            nodes.iter().for_each(|(node, modules)| state.place(*node as usize, modules, desk));
        })
    }

    fn change_with(&mut self, desk: &mut Desk, least: f64, change: impl FnOnce(&mut Self, &mut Desk)) -> f64 {
        let totals = self.totals;
        desk.nodes.clear();
        desk.modules.clear();
        desk.waiting.resize(self.members.len(), false);
        change(self, desk);
        self.follow(desk);
        let gain = totals.codelength(self.per_codeword) - self.codelength();
        if gain > least {
            return gain;
        }
        desk.modules.drain(..).rev().for_each(|(module, flow)| self.modules[module as usize] = flow);
        desk.nodes.drain(..).rev().for_each(|(node, place)| self.members.put_back(node as usize, place));
        self.totals = totals;
        0.0
    }

    /// Splits again what depends on the nodes in the queue, until nothing changes any more.
    fn follow(&mut self, desk: &mut Desk) {
        let mut left = self.following.most;
        while let Some(node) = desk.queue.pop_front() {
            let node = node as usize;
            desk.waiting[node] = false;
            if left == 0 || !self.members.overlaps(node) {
                continue;
            }
            let modules: Modules = self.modules_of(node).collect();
            desk.hood.meet(self, node, &modules);
            desk.hood.split(self.rule, &modules, &mut desk.copies);
            if largest_change(self.members.of(node), &desk.copies) * self.walk.visits()[node] > desk.tolerance {
                left -= 1;
                self.settle(node, &modules, desk);
            }
        }
    }

    /// Gives `node` these modules, split by its neighbours, and queues those that depend on it.
    fn place(&mut self, node: usize, modules: &[u32], desk: &mut Desk) {
        desk.hood.meet(self, node, modules);
        self.settle(node, modules, desk);
    }

    /// The same for a node whose neighbours have been met.
    fn settle(&mut self, node: usize, modules: &[u32], desk: &mut Desk) {
        desk.hood.look(self, node, modules);
        desk.hood.place(self, modules, &mut desk.copies, &mut desk.changed);
        for &(module, new) in &desk.changed {
            let old = std::mem::replace(&mut self.modules[module as usize], new);
            self.totals.enter += new.flow.enter - old.flow.enter;
            self.totals.terms += new.term - old.term;
            self.totals.modules += i32::from(new.flow.copies > 0) - i32::from(old.flow.copies > 0);
            desk.modules.push((module, old));
        }
        let (visits, old) = (self.walk.visits()[node], self.members.of(node));
        let codewords = |copies: &[Copy]| copies.iter().map(|copy| plogp(copy.share * visits)).sum::<f64>();
        self.totals.codewords += codewords(&desk.copies) - codewords(old);
        self.totals.copies += desk.copies.len() as i32 - old.len() as i32;
        let change = largest_change(old, &desk.copies);
        desk.nodes.push((node as u32, self.members.replace(node, &desk.copies)));
        for (target, flow) in self.walk.outgoing().row(node) {
            if change * flow > desk.tolerance && self.members.overlaps(target) && !desk.waiting[target] {
                desk.waiting[target] = true;
                desk.queue.push_back(target as u32);
            }
        }
    }
}
