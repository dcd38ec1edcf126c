//! What is known of a node's links once the modules at their other ends are fixed.
//!
//! Let the links carry I_j into the node from copies in module j, In from all; O_j out of it to nodes that have module j, Out to
//! all; and let a walk from nowhere that steps out along the links enter module k at the rate E_k, of which M_jk at nodes that
//! have module j, too. For any set A of modules of the node, with shares σ_j, the links at the node then add
//!
//! ```text
//! exit of i:   I_i (i ∉ A)                                   + σ_i (Out − O_i)       (i ∈ A)
//! enter of k:  E_k − Σ_{j∈A} σ_j M_jk                        + entry_k (In − Σ_{i∈A} I_i)  (k ∈ A)
//! ```
//!
//! Up to Σ I_i and Σ E_k, which do not depend on A, that is a sum over A: every set is priced without another look at the links, in
//! O(Σ_{j∈A} modules k with M_jk > 0).

use mapeq_core::plogp;

use crate::members::Copy;
use crate::rule::Entry;
use crate::state::{Module, ModuleFlow, Modules, State, charge};

/// A module beside a node.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Near {
    pub module: u32,
    /// One more than the place in `parts` of the part for this module, or 0.
    part: u32,
    /// Whether the node may be in it: O_j and E_j are known of these alone.
    asked: bool,
    /// Whether its flow is known.
    known: bool,
    /// I_j,
    pub inflow: f64,
    /// … and what of it comes from nodes with this module alone.
    whole: f64,
    /// O_j.
    outflow: f64,
    /// E_j = M_jj.
    entries: f64,
    /// The module without the node.
    without: Module,
}

/// What the links at a node, and its copies, add to one module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// The place of the module in `near`.
    near: u32,
    pub flow: ModuleFlow,
}

/// The modules beside a node. Kept from node to node: nothing is allocated for most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Neighbourhood {
    pub near: Vec<Near>,
    /// One more than the place of a module in `near`, or 0.
    place: Vec<u32>,
    /// Neighbours with several modules from which links lead to the node, and what these carry.
    several: Vec<(u32, f64)>,
    /// (j, k, part of M_jk) for j ≠ k, by places in `near`: of neighbours with several modules.
    met: Vec<(u32, u32, f64)>,
    /// (k, M_jk), row by row.
    shared: Vec<(u32, f64)>,
    /// Where the row of each j begins in `shared`.
    rows: Vec<u32>,
    visits: f64,
    per_codeword: f64,
    /// Number of modules that hold other nodes.
    others: i32,
    inflow: f64,
    outflow: f64,
    /// Enter flow of all modules, without what the node adds.
    enter: f64,
    /// What the node costs as it is.
    price: f64,
    shares: Vec<f64>,
    parts: Vec<Part>,
}

impl Neighbourhood {
    /// Meets all modules from which links lead to `node`, and its own. O(degree · memberships of neighbours).
    pub fn meet_all(&mut self, state: &State<'_>, node: usize) {
        self.clear(state.modules.len());
        self.meet_sources(state, node, true);
        state.modules_of(node).for_each(|module| _ = self.at(module));
    }

    /// Meets the modules of `node` and `others` alone.
    pub fn meet(&mut self, state: &State<'_>, node: usize, others: &[u32]) {
        self.clear(state.modules.len());
        state.modules_of(node).chain(others.iter().copied()).for_each(|module| _ = self.at(module));
        self.meet_sources(state, node, false);
    }

    #[inline(always)]
    fn meet_sources(&mut self, state: &State<'_>, node: usize, all: bool) {
        for (source, flow) in state.walk.incoming().row(node) {
            self.inflow += flow;
            let copies = state.members.of(source);
            for copy in copies {
                let place = if all { self.at(copy.module) + 1 } else { self.place[copy.module as usize] as usize };
                if place > 0 {
                    let near = &mut self.near[place - 1];
                    near.inflow += copy.share * flow;
                    if copies.len() == 1 {
                        near.whole += flow;
                    }
                }
            }
            if copies.len() > 1 {
                self.several.push((source as u32, flow));
            }
        }
    }

    fn clear(&mut self, modules: usize) {
        self.near.drain(..).for_each(|near| self.place[near.module as usize] = 0);
        self.place.resize(modules, 0);
        self.several.clear();
        self.inflow = 0.0;
    }

    /// Looks at what becomes of the links of `node`, which has been met, if it is in any of its own modules and `others`.
    /// O(degree · memberships of neighbours · those of them that are among these modules).
    pub fn look(&mut self, state: &State<'_>, node: usize, others: &[u32]) {
        let own = state.members.of(node);
        for module in state.modules_of(node).chain(others.iter().copied()) {
            let near = self.known(state, module);
            self.near[near].asked = true;
        }
        self.met.clear();
        if state.walk.is_undirected() {
            // What goes back to nodes with one module is what comes from them.
            self.outflow = self.inflow;
            self.near.iter_mut().for_each(|near| (near.outflow, near.entries) = (near.whole, near.whole));
            for place in 0..self.several.len() {
                let (target, flow) = self.several[place];
                self.look_at(state, target as usize, flow);
            }
        } else {
            self.outflow = 0.0;
            for (target, flow) in state.walk.outgoing().row(node) {
                self.outflow += flow;
                self.look_at(state, target, flow);
            }
        }
        self.sum_shared();
        (self.visits, self.per_codeword) = (state.walk.visits()[node], state.per_codeword);
        (self.enter, self.others) = (state.enter(), state.filled_modules());
        self.stand_aside(state, own);
    }

    /// Looks at a link to a neighbour.
    #[inline(always)]
    fn look_at(&mut self, state: &State<'_>, target: usize, flow: f64) {
        let members = state.members.of(target);
        let entering = |copy: &Copy| flow * state.rule.entry(copy.share, members.len());
        for copy in members {
            let from = self.place[copy.module as usize];
            if from == 0 || !self.near[from as usize - 1].asked {
                continue;
            }
            let near = &mut self.near[from as usize - 1];
            near.outflow += flow;
            near.entries += entering(copy);
            for other in members.iter().filter(|other| other.module != copy.module) {
                let into = self.known(state, other.module);
                self.met.push((from - 1, into as u32, entering(other)));
            }
        }
    }

    /// The place of `module` in `near`.
    fn at(&mut self, module: u32) -> usize {
        let place = &mut self.place[module as usize];
        if *place == 0 {
            self.near.push(Near { module, ..Near::default() });
            *place = self.near.len() as u32;
        }
        *place as usize - 1
    }

    /// The same of a module whose flow is needed.
    fn known(&mut self, state: &State<'_>, module: u32) -> usize {
        let place = self.at(module);
        let near = &mut self.near[place];
        if !near.known {
            (near.known, near.without) = (true, state.modules[module as usize]);
        }
        place
    }

    /// Puts what is of the same pair of modules together: by j in the order of `near`, k as they come.
    fn sum_shared(&mut self) {
        let Self { near, met, shared, rows, .. } = self;
        rows.clear();
        rows.resize(near.len() + 2, 0);
        met.iter().for_each(|&(from, ..)| rows[from as usize + 2] += 1);
        (2..rows.len()).for_each(|row| rows[row] += rows[row - 1]);
        shared.clear();
        shared.resize(met.len(), (0, 0.0));
        for &(from, into, entering) in &*met {
            let next = &mut rows[from as usize + 1];
            shared[*next as usize] = (into, entering);
            *next += 1;
        }
        let (mut kept, mut next) = (0, 0);
        for row in 0..near.len() {
            let (first, end) = (kept, rows[row + 1] as usize);
            rows[row] = first as u32;
            for place in next..end {
                let (into, entering) = shared[place];
                let part = &mut near[into as usize].part;
                if *part == 0 {
                    shared[kept] = (into, entering);
                    kept += 1;
                    *part = kept as u32;
                } else {
                    shared[*part as usize - 1].1 += entering;
                }
            }
            shared[first..kept].iter().for_each(|&(into, _)| near[into as usize].part = 0);
            next = end;
        }
        shared.truncate(kept);
        rows.truncate(near.len() + 1);
        rows[near.len()] = kept as u32;
    }

    /// Takes the node out of its modules.
    fn stand_aside(&mut self, state: &State<'_>, own: &[Copy]) {
        let modules: Modules = own.iter().map(|copy| copy.module).collect();
        self.shares.clear();
        self.shares.extend(own.iter().map(|copy| copy.share));
        self.add_up(state, &modules);
        for part in &self.parts {
            let near = &mut self.near[part.near as usize];
            let with = near.without.flow;
            let without = with.plus(part.flow, -1.0);
            self.enter += without.enter - with.enter;
            self.others -= i32::from(with.copies > 0 && without.copies == 0);
            near.without = Module::new(without);
        }
        self.price = self.price_of_parts();
    }

    /// The copies that the node has in `modules`, which have been met, as its neighbours are.
    pub fn split(&mut self, rule: Entry, modules: &[u32], copies: &mut Vec<Copy>) {
        self.find_shares(rule, modules);
        copies.clear();
        copies.extend(modules.iter().zip(&self.shares).map(|(&module, &share)| Copy { module, share }));
    }

    /// The shares that the node has in `modules`, from the modules that the walk comes from. Of no more than one, it is all.
    fn find_shares(&mut self, rule: Entry, modules: &[u32]) {
        self.shares.clear();
        if modules.len() == 1 {
            self.shares.push(1.0);
            return;
        }
        let Self { near, place, shares, .. } = self;
        let inflow = |&module: &u32| near[place[module as usize] as usize - 1].inflow;
        let staying: f64 = modules.iter().map(inflow).sum();
        shares.extend(modules.iter().map(|module| rule.share(inflow(module), staying, self.inflow, modules.len())));
    }

    /// What the node adds to modules if it has `modules` with the shares in `self`: theirs first.
    fn add_up(&mut self, state: &State<'_>, modules: &[u32]) {
        debug_assert!(modules.iter().all(|&module| self.near[self.place[module as usize] as usize - 1].asked));
        self.parts.clear();
        let mut entering = self.inflow;
        for (own, &module) in modules.iter().enumerate() {
            let share = self.shares[own];
            let place = self.place[module as usize] as usize - 1;
            let near = &mut self.near[place];
            entering -= near.inflow;
            let flow = ModuleFlow {
                flow: share * self.visits,
                enter: -share * near.entries,
                exit: share * (self.outflow - near.outflow) - near.inflow,
                copies: 1,
            };
            self.parts.push(Part { near: place as u32, flow });
            near.part = self.parts.len() as u32;
        }
        let entering = entering.max(0.0);
        for (place, &share) in self.shares.iter().enumerate() {
            self.parts[place].flow.enter += state.rule.entry(share, modules.len()) * entering;
        }
        for own in 0..modules.len() {
            let (from, share) = (self.parts[own].near as usize, self.shares[own]);
            let row = self.rows[from] as usize..self.rows[from + 1] as usize;
            for &(into, entries) in &self.shared[row] {
                let near = &mut self.near[into as usize];
                if near.part == 0 {
                    self.parts.push(Part { near: into, flow: ModuleFlow::default() });
                    near.part = self.parts.len() as u32;
                }
                self.parts[near.part as usize - 1].flow.enter -= share * entries;
            }
        }
        self.parts.iter().for_each(|part| self.near[part.near as usize].part = 0);
    }

    /// What the codelength has more with the parts than without the node, in bits per step, up to what does not depend on them.
    fn price_of_parts(&self) -> f64 {
        let (mut enter, mut terms, mut modules) = (self.enter, 0.0, self.others);
        let (own, beside) = self.parts.split_at(self.shares.len());
        for part in own {
            let without = &self.near[part.near as usize].without;
            let with = Module::new(without.flow.plus(part.flow, 1.0));
            enter += with.flow.enter - without.flow.enter;
            terms += with.term - without.term - plogp(part.flow.flow);
            modules += i32::from(without.flow.copies == 0);
        }
        for part in beside {
            let without = &self.near[part.near as usize].without;
            enter += part.flow.enter;
            terms -= plogp(without.flow.enter + part.flow.enter) - without.enter_term;
        }
        plogp(enter) + terms + charge(self.per_codeword, own.len() as i32, modules)
    }

    /// Change of the codelength if the node had `modules`, of those looked at, all other splits being as they are.
    pub fn change(&mut self, state: &State<'_>, modules: &[u32]) -> f64 {
        self.find_shares(state.rule, modules);
        self.add_up(state, modules);
        self.price_of_parts() - self.price
    }

    /// The copies of the node in `modules`, and what becomes of the modules that they, or the copies there are, add to.
    pub fn place(
        &mut self,
        state: &State<'_>,
        modules: &[u32],
        copies: &mut Vec<Copy>,
        changed: &mut Vec<(u32, Module)>,
    ) {
        let Self { parts, near, .. } = self;
        let near = |part: &Part| &near[part.near as usize];
        changed.clear();
        changed.extend(parts.iter().map(|part| (near(part).module, near(part).without)));
        self.split(state.rule, modules, copies);
        self.add_up(state, modules);
        let Self { parts, near, .. } = self;
        changed.extend(parts.iter().map(|part| {
            let near = &near[part.near as usize];
            (near.module, Module::new(near.without.flow.plus(part.flow, 1.0)))
        }));
    }
}
