//! A cover with its splits and its codelength, which changes in place.

use std::collections::VecDeque;

use mapeq_core::plogp;
use smallvec::SmallVec;

use crate::cover::Cover;
use crate::neighbourhood::Neighbourhood;
use crate::rule::Entry;
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
/// Every overlapping node is split so many times at most, on average. Ten times gain about ten digits.
const MOST_SWEEPS: usize = 2000;

/// A copy of a node: one of its modules, and the share of its visits there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Copy {
    pub module: u32,
    pub share: f64,
}

/// The copies of a node, ascending by module. Of most nodes it is one, which is held in place.
pub(crate) type Members = SmallVec<[Copy; 1]>;

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

    /// h(p + x) − h(x) − h(e).
    pub fn term(&self) -> f64 {
        plogp(self.flow + self.exit) - plogp(self.exit) - plogp(self.enter)
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
    pub members: Vec<Members>,
    pub modules: Vec<ModuleFlow>,
    totals: Totals,
}

/// Room to work in, kept from change to change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Desk {
    pub hood: Neighbourhood,
    shares: Vec<f64>,
    changed: Vec<(u32, ModuleFlow)>,
    queue: VecDeque<u32>,
    waiting: Vec<bool>,
    /// Changes of flow up to this are not followed.
    tolerance: f64,
    /// What to put back, latest last.
    nodes: Vec<(u32, Members)>,
    modules: Vec<(u32, ModuleFlow)>,
}

impl<'w> State<'w> {
    pub fn new(walk: &'w Walk, rule: Entry, following: Following, cover: &Cover) -> Self {
        let uniform = |modules: &[u32]| {
            let share = 1.0 / modules.len() as f64;
            modules.iter().map(|&module| Copy { module, share }).collect()
        };
        let members = cover.iter().map(uniform).collect();
        // One more, that a node may found.
        let modules = vec![ModuleFlow::default(); cover.modules() + 1];
        let mut state = Self { walk, rule, following, per_codeword: 0.0, members, modules, totals: Totals::default() };
        state.refresh();
        state
    }

    /// The same on `walk`, of which the nodes `order` are here in places 0, 1, …
    pub fn restored<'v>(self, walk: &'v Walk, order: &[u32]) -> State<'v> {
        let mut members = vec![Members::new(); walk.len()];
        order.iter().zip(self.members).for_each(|(&node, copies)| members[node as usize] = copies);
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
        self.members[node].iter().map(|copy| copy.module)
    }

    #[cfg(test)]
    pub fn cover(&self) -> Cover {
        Cover::from_labels((0..self.members.len()).map(|node| self.modules_of(node).collect::<Vec<_>>()))
    }

    /// An empty module, for a node to found.
    pub fn empty_module(&mut self) -> u32 {
        if let Some(empty) = self.modules.iter().rposition(|module| module.copies == 0) {
            return empty as u32;
        }
        self.modules.push(ModuleFlow::default());
        self.modules.len() as u32 - 1
    }

    /// Solves all splits and recomputes all sums from scratch. O(links · memberships) for each sweep.
    pub fn refresh(&mut self) {
        self.refresh_to(SOLVED);
    }

    /// The same with splits as exact as those of changes that are tried.
    pub fn refresh_roughly(&mut self) {
        self.refresh_to(self.tolerance());
    }

    fn refresh_to(&mut self, exact: f64) {
        self.solve(exact);
        self.add_up();
    }

    /// Recomputes all sums, splits being as they are. O(links · memberships).
    pub fn add_up(&mut self) {
        self.modules.fill(ModuleFlow::default());
        let (mut codewords, mut copies) = (0.0, 0);
        for node in 0..self.members.len() {
            copies += self.members[node].len() as i32;
            for copy in &self.members[node] {
                let flow = copy.share * self.walk.visits()[node];
                let module = &mut self.modules[copy.module as usize];
                module.flow += flow;
                module.copies += 1;
                codewords += plogp(flow);
            }
            let mut entering = 0.0;
            for (source, flow) in self.walk.incoming().row(node) {
                for copy in &self.members[source] {
                    if !has(&self.members[node], copy.module) {
                        self.modules[copy.module as usize].exit += copy.share * flow;
                        entering += copy.share * flow;
                    }
                }
            }
            let own = &self.members[node];
            for copy in own {
                self.modules[copy.module as usize].enter += self.rule.entry(copy.share, own.len()) * entering;
            }
        }
        let enter = self.modules.iter().map(|module| module.enter).sum();
        let terms = self.modules.iter().map(ModuleFlow::term).sum();
        let modules = self.modules.iter().filter(|module| module.copies > 0).count() as i32;
        self.totals = Totals { enter, terms, codewords, copies, modules };
    }

    /// Gauss–Seidel over the overlapping nodes, and again over those beside nodes whose shares have changed, until nothing changes
    /// any more.
    fn solve(&mut self, exact: f64) {
        let overlaps = |node: &usize| self.members[*node].len() > 1;
        let mut queue: VecDeque<usize> = (0..self.members.len()).filter(overlaps).collect();
        let mut waiting: Vec<bool> = self.members.iter().map(|copies| copies.len() > 1).collect();
        let mut left = MOST_SWEEPS * queue.len();
        let mut shares = Vec::new();
        while let Some(node) = queue.pop_front() {
            waiting[node] = false;
            left = left.saturating_sub(1);
            let change = self.split(node, &mut shares);
            self.members[node].iter_mut().zip(&shares).for_each(|(copy, &share)| copy.share = share);
            if change * self.walk.visits()[node] <= exact || left == 0 {
                continue;
            }
            for (target, flow) in self.walk.outgoing().row(node) {
                let matters = self.members[target].len() > 1 && change * flow > exact;
                if matters && !std::mem::replace(&mut waiting[target], true) {
                    queue.push_back(target);
                }
            }
        }
    }

    /// The shares of a node as its neighbours are, and how much the one that differs most differs from what it is.
    fn split(&self, node: usize, shares: &mut Vec<f64>) -> f64 {
        let own = &self.members[node];
        let mut all = 0.0;
        shares.clear();
        shares.resize(own.len(), 0.0);
        for (source, flow) in self.walk.incoming().row(node) {
            all += flow;
            for copy in &self.members[source] {
                if let Some(place) = place_of(own, copy.module) {
                    shares[place] += copy.share * flow;
                }
            }
        }
        let all_staying = shares.iter().sum();
        let mut change: f64 = 0.0;
        for (copy, share) in own.iter().zip(shares) {
            *share = self.rule.share(*share, all_staying, all, own.len());
            change = change.max((*share - copy.share).abs());
        }
        change
    }

    /// Gives `node` other modules and splits again whatever depends on it, if that makes the codelength shorter by more than
    /// `least`; tells by how much, or 0. `promised` is what it seems to gain.
    pub fn attempt(&mut self, node: usize, modules: &[u32], least: f64, promised: f64, desk: &mut Desk) -> f64 {
        desk.tolerance = f64::max(self.tolerance(), self.following.of_gain * promised);
        self.change_with(desk, least, |state, desk| state.place(node, modules, desk))
    }

    /// The same for several nodes at once.
    pub fn attempt_all(&mut self, nodes: &[(u32, Vec<u32>)], least: f64, desk: &mut Desk) -> f64 {
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
        desk.nodes.drain(..).rev().for_each(|(node, copies)| self.members[node as usize] = copies);
        self.totals = totals;
        0.0
    }

    /// Splits again what depends on the nodes in the queue, until nothing changes any more.
    fn follow(&mut self, desk: &mut Desk) {
        let mut left = self.following.most;
        while let Some(node) = desk.queue.pop_front() {
            let node = node as usize;
            desk.waiting[node] = false;
            if left == 0 || self.members[node].len() == 1 {
                continue;
            }
            let change = self.split(node, &mut desk.shares);
            if change * self.walk.visits()[node] > desk.tolerance {
                left -= 1;
                let modules: SmallVec<[u32; 8]> = self.modules_of(node).collect();
                self.place(node, &modules, desk);
            }
        }
    }

    /// Gives `node` these modules, split by its neighbours, and queues those that depend on it.
    fn place(&mut self, node: usize, modules: &[u32], desk: &mut Desk) {
        desk.hood.meet(self, node);
        desk.hood.look(self, node, modules);
        let new = desk.hood.place(self, modules, &mut desk.changed);
        for &(module, new) in &desk.changed {
            let old = std::mem::replace(&mut self.modules[module as usize], new);
            self.totals.enter += new.enter - old.enter;
            self.totals.terms += new.term() - old.term();
            self.totals.modules += i32::from(new.copies > 0) - i32::from(old.copies > 0);
            desk.modules.push((module, old));
        }
        let visits = self.walk.visits()[node];
        let codewords = |copies: &[Copy]| copies.iter().map(|copy| plogp(copy.share * visits)).sum::<f64>();
        self.totals.codewords += codewords(&new) - codewords(&self.members[node]);
        self.totals.copies += new.len() as i32 - self.members[node].len() as i32;
        let old = std::mem::replace(&mut self.members[node], new);
        let change = largest_change(&old, &self.members[node]);
        desk.nodes.push((node as u32, old));
        for (target, flow) in self.walk.outgoing().row(node) {
            if change * flow > desk.tolerance && self.members[target].len() > 1 && !desk.waiting[target] {
                desk.waiting[target] = true;
                desk.queue.push_back(target as u32);
            }
        }
    }
}

pub(crate) fn has(copies: &[Copy], module: u32) -> bool {
    place_of(copies, module).is_some()
}

/// The place of the copy in `module`.
fn place_of(copies: &[Copy], module: u32) -> Option<usize> {
    match copies {
        [copy] => (copy.module == module).then_some(0),
        _ => copies.binary_search_by_key(&module, |copy| copy.module).ok(),
    }
}

/// By how much the share differs most that a node has in any module.
fn largest_change(old: &[Copy], new: &[Copy]) -> f64 {
    let share = |copies: &[Copy], module| place_of(copies, module).map_or(0.0, |place| copies[place].share);
    let lost = old.iter().filter(|copy| !has(new, copy.module)).map(|copy| copy.share);
    new.iter().map(|copy| (copy.share - share(old, copy.module)).abs()).chain(lost).fold(0.0, f64::max)
}
