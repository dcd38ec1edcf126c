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
//! Up to Σ I_i and Σ E_k, which do not depend on A, that is a sum over A. Σ_j σ_j M_jk is Σ_j σ_j E_j at k = j of what nodes with one
//! module take, and of those with several, the flow to each times the rate of entering its k times the part Σ_j σ_j of the walk that
//! comes in a module of theirs. So every set is priced without another look at the links, in O(|A| + memberships of the neighbours
//! with several modules that have one of those looked at).

use mapeq_core::plogp;

use crate::members::Copy;
use crate::modules::{Module, ModuleFlow, Modules, charge};
use crate::rule::Entry;
use crate::state::State;

/// A module beside a node.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Near {
    pub module: u32,
    /// One more than the place in `parts` of the part for this module, or 0.
    part: u32,
    /// σ_j, where the node is in it while parts are added up.
    share: f64,
    /// Whether the node may be in it: O_j and E_j are known of these alone.
    asked: bool,
    /// Whether its flow is known.
    known: bool,
    /// Whether the node adds to it as it is, and not as it is to be.
    left: bool,
    /// I_j,
    pub inflow: f64,
    /// … and what of it comes from nodes with this module alone.
    whole: f64,
    /// O_j.
    outflow: f64,
    /// What of O_j goes to nodes with this module alone.
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
    /// Their copies, where links lead from the node to nodes with several modules of which it may have one: places in `near`, and
    /// the rate of entering them for a walk that comes from none of them.
    entries: Vec<(u32, f64)>,
    /// Where those of each neighbour end.
    ends: Vec<usize>,
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
    /// The parts that the node adds as it is, while others are added up.
    left: Vec<Part>,
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

    /// What comes to the node from a module that has been met.
    pub fn inflow_of(&self, module: u32) -> f64 {
        self.near[self.place[module as usize] as usize - 1].inflow
    }

    /// Looks at what becomes of the links of `node`, and what [`change`](Self::change) has to know.
    pub fn ask(&mut self, state: &State<'_>, node: usize, others: &[u32]) {
        self.look(state, node, others);
        self.be_priced();
    }

    /// Looks at what becomes of the links of `node`, which has been met, if it is in any of its own modules and `others`.
    /// O(degree · memberships of neighbours · those of them that are among these modules).
    pub fn look(&mut self, state: &State<'_>, node: usize, others: &[u32]) {
        let own = state.members.of(node);
        for module in state.modules_of(node).chain(others.iter().copied()) {
            let near = self.known(state, module);
            self.near[near].asked = true;
        }
        self.entries.clear();
        self.ends.clear();
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
        (self.visits, self.per_codeword) = (state.walk.visits()[node], state.per_codeword);
        (self.enter, self.others) = (state.enter(), state.filled_modules());
        self.stand_aside(state, own);
    }

    /// Looks at a link to a neighbour.
    #[inline(always)]
    fn look_at(&mut self, state: &State<'_>, target: usize, flow: f64) {
        let copies = state.members.of(target);
        let mut matters = false;
        for copy in copies {
            let place = self.place[copy.module as usize];
            if place > 0 && self.near[place as usize - 1].asked {
                let near = &mut self.near[place as usize - 1];
                near.outflow += flow;
                near.entries += if copies.len() == 1 { flow } else { 0.0 };
                matters = copies.len() > 1;
            }
        }
        if matters {
            for copy in copies {
                let near = self.known(state, copy.module);
                self.entries.push((near as u32, flow * state.rule.entry(copy.share, copies.len())));
            }
            self.ends.push(self.entries.len());
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

    /// Gets ready for prices of what has been looked at.
    fn be_priced(&mut self) {
        for part in &self.parts {
            let without = &mut self.near[part.near as usize].without;
            *without = Module::new(without.flow);
        }
        self.price = self.price_of_parts();
    }

    /// Takes the node out of its modules, of which the flow alone is then known.
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
            near.without.flow = without;
        }
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
            (near.part, near.share) = (self.parts.len() as u32, share);
        }
        let entering = entering.max(0.0);
        for (place, &share) in self.shares.iter().enumerate() {
            self.parts[place].flow.enter += state.rule.entry(share, modules.len()) * entering;
        }
        let mut first = 0;
        for &end in &self.ends {
            let entries = &self.entries[first..end];
            first = end;
            let staying: f64 = entries.iter().map(|&(into, _)| self.near[into as usize].share).sum();
            if staying == 0.0 {
                continue;
            }
            for &(into, entering) in entries {
                let near = &mut self.near[into as usize];
                if near.part == 0 {
                    self.parts.push(Part { near: into, flow: ModuleFlow::default() });
                    near.part = self.parts.len() as u32;
                }
                self.parts[near.part as usize - 1].flow.enter -= staying * entering;
            }
        }
        for part in &self.parts {
            let near = &mut self.near[part.near as usize];
            (near.part, near.share) = (0, 0.0);
        }
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
        changed.clear();
        for part in &self.parts {
            let near = &mut self.near[part.near as usize];
            near.left = true;
        }
        std::mem::swap(&mut self.parts, &mut self.left);
        self.split(state.rule, modules, copies);
        self.add_up(state, modules);
        for part in &self.parts {
            let near = &mut self.near[part.near as usize];
            near.left = false;
            changed.push((near.module, Module::new(near.without.flow.plus(part.flow, 1.0))));
        }
        for part in &self.left {
            let near = &mut self.near[part.near as usize];
            if std::mem::replace(&mut near.left, false) {
                changed.push((near.module, Module::new(near.without.flow)));
            }
        }
    }
}
