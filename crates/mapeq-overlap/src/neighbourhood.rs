//! The links of one node, summed by the modules at their other ends.
//!
//! With all other nodes fixed, links carry I_j into the node from copies in module j, and In in
//! total. They carry O_j out of the node to nodes that have module j, and Out in total. A walk that
//! belongs to no module and steps out along the links enters module k at the rate E_k, and at the
//! rate M_jk at nodes that have module j, too. If the node has the set A of modules with shares
//! σ_j, its links add
//!
//! ```text
//! exit of i:   I_i (i ∉ A)                                   + σ_i (Out − O_i)       (i ∈ A)
//! enter of k:  E_k − Σ_{j∈A} σ_j M_jk                        + entry_k (In − Σ_{i∈A} I_i)  (k ∈ A)
//! ```
//!
//! Without Σ I_i and Σ E_k, which do not depend on A, this is a sum over A. The sum Σ_j σ_j M_jk
//! has two parts. Neighbours with one module add σ_j E_j, and only for k = j. A neighbour with
//! several modules adds the flow to it, times its rate of entering k, times the total share Σ_j σ_j
//! of the walk that comes in one of its modules.
//!
//! So each set A is evaluated without another look at the links, in O(|A| + memberships of the
//! overlapping neighbours that have a candidate module).

use mapeq_core::plogp;

use crate::cover_state::CoverState;
use crate::memberships::Membership;
use crate::modules::{Module, ModuleFlow, ModuleSet, codeword_penalty};
use crate::rule::Entry;

/// A module of the node or of one of its neighbours.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NearModule {
    pub module: u32,
    /// Position of its contribution plus one, or 0.
    contribution: u32,
    /// σ_j of the set that is evaluated.
    share: f64,
    /// Whether the node may have it. O_j and E_j are known for candidates only.
    is_candidate: bool,
    /// Whether `without` is set.
    has_flow: bool,
    /// Whether the node contributes to it before the change, and not after it.
    only_before: bool,
    /// I_j.
    pub inflow: f64,
    /// The part of I_j from nodes with this module alone.
    inflow_single: f64,
    /// O_j.
    outflow: f64,
    /// The part of O_j to nodes with this module alone.
    outflow_single: f64,
    /// The module without the node.
    without: Module,
}

/// Flow that the links of the node and its copies add to one module.
#[derive(Clone, Copy, Debug)]
struct Contribution {
    /// Position of the module in `near`.
    near: u32,
    flow: ModuleFlow,
}

/// The modules around one node. Buffers are reused from node to node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Neighbourhood {
    pub near: Vec<NearModule>,
    /// By module: its position in `near` plus one, or 0.
    positions: Vec<u32>,
    /// Neighbours with several modules that link to the node, and the flow from each.
    overlapping_sources: Vec<(u32, f64)>,
    /// Copies of the neighbours that have several modules, one of them a candidate, and to which
    /// the node links: position of the module in `near`, and the rate of entering it.
    entries: Vec<(u32, f64)>,
    /// For each of these neighbours, the end of its copies in `entries`.
    entry_ends: Vec<usize>,
    visits: f64,
    per_codeword: f64,
    /// Number of modules that hold other nodes.
    other_modules: i32,
    inflow: f64,
    outflow: f64,
    /// Enter flow of all modules without the contributions of the node.
    enter: f64,
    /// Cost of the present modules of the node.
    present_cost: f64,
    shares: Vec<f64>,
    contributions: Vec<Contribution>,
    /// The contributions before the change.
    old_contributions: Vec<Contribution>,
}

impl Neighbourhood {
    /// Collects the modules of `node` and all modules from which links lead to it.
    /// O(degree · memberships of neighbours).
    pub fn collect_all(&mut self, state: &CoverState<'_>, node: usize) {
        self.clear(state.modules.len());
        self.collect_sources(state, node, true);
        state.modules_of(node).for_each(|module| _ = self.position_of(module));
    }

    /// Collects the modules of `node` and `others`.
    pub fn collect(&mut self, state: &CoverState<'_>, node: usize, others: &[u32]) {
        self.clear(state.modules.len());
        state.modules_of(node).chain(others.iter().copied()).for_each(|module| _ = self.position_of(module));
        self.collect_sources(state, node, false);
    }

    #[inline(always)]
    fn collect_sources(&mut self, state: &CoverState<'_>, node: usize, all: bool) {
        for (source, flow) in state.walk.incoming().row(node) {
            self.inflow += flow;
            let copies = state.memberships.of(source);
            for copy in copies {
                let position =
                    if all { self.position_of(copy.module) + 1 } else { self.positions[copy.module as usize] as usize };
                if position > 0 {
                    let near = &mut self.near[position - 1];
                    near.inflow += copy.share * flow;
                    if copies.len() == 1 {
                        near.inflow_single += flow;
                    }
                }
            }
            if copies.len() > 1 {
                self.overlapping_sources.push((source as u32, flow));
            }
        }
    }

    fn clear(&mut self, modules: usize) {
        self.near.drain(..).for_each(|near| self.positions[near.module as usize] = 0);
        self.positions.resize(modules, 0);
        self.overlapping_sources.clear();
        self.inflow = 0.0;
    }

    /// Returns the collected module `module`.
    #[inline(always)]
    fn collected(&self, module: u32) -> &NearModule {
        &self.near[self.positions[module as usize] as usize - 1]
    }

    /// Returns the flow into the node from the collected module `module`.
    pub fn inflow_of(&self, module: u32) -> f64 {
        self.collected(module).inflow
    }

    /// Scans the links of `node` and prepares [`delta`](Self::delta) for its own modules and
    /// `others`.
    pub fn prepare(&mut self, state: &CoverState<'_>, node: usize, others: &[u32]) {
        self.scan_links(state, node, others);
        for contribution in &self.contributions {
            let without = &mut self.near[contribution.near as usize].without;
            *without = Module::new(without.flow);
        }
        self.present_cost = self.cost();
    }

    /// Scans the links of `node`, which is collected, for its own modules and `others`: these are
    /// its candidate modules.
    ///
    /// O(degree · memberships of neighbours · those of them that are candidates).
    pub fn scan_links(&mut self, state: &CoverState<'_>, node: usize, others: &[u32]) {
        let own = state.memberships.of(node);
        for module in state.modules_of(node).chain(others.iter().copied()) {
            let position = self.position_with_flow(state, module);
            self.near[position].is_candidate = true;
        }
        self.entries.clear();
        self.entry_ends.clear();
        if state.walk.is_undirected() {
            // Flow to nodes with one module equals the flow from them.
            self.outflow = self.inflow;
            for near in &mut self.near {
                (near.outflow, near.outflow_single) = (near.inflow_single, near.inflow_single);
            }
            for i in 0..self.overlapping_sources.len() {
                let (target, flow) = self.overlapping_sources[i];
                self.scan_link(state, target as usize, flow);
            }
        } else {
            self.outflow = 0.0;
            for (target, flow) in state.walk.outgoing().row(node) {
                self.outflow += flow;
                self.scan_link(state, target, flow);
            }
        }
        (self.visits, self.per_codeword) = (state.walk.visits()[node], state.per_codeword);
        (self.enter, self.other_modules) = (state.totals.enter, state.totals.modules);
        self.remove_node(state, own);
    }

    #[inline(always)]
    fn scan_link(&mut self, state: &CoverState<'_>, target: usize, flow: f64) {
        let copies = state.memberships.of(target);
        let mut matters = false;
        for copy in copies {
            let position = self.positions[copy.module as usize];
            if position > 0 && self.near[position as usize - 1].is_candidate {
                let near = &mut self.near[position as usize - 1];
                near.outflow += flow;
                near.outflow_single += if copies.len() == 1 { flow } else { 0.0 };
                matters = copies.len() > 1;
            }
        }
        if matters {
            for copy in copies {
                let near = self.position_with_flow(state, copy.module);
                self.entries.push((near as u32, flow * state.rule.entry(copy.share, copies.len())));
            }
            self.entry_ends.push(self.entries.len());
        }
    }

    /// Returns the position of `module` in `near`, which is added if it is missing.
    fn position_of(&mut self, module: u32) -> usize {
        let position = &mut self.positions[module as usize];
        if *position == 0 {
            self.near.push(NearModule { module, ..NearModule::default() });
            *position = self.near.len() as u32;
        }
        *position as usize - 1
    }

    /// Returns the position of `module` in `near`, with its flow set.
    fn position_with_flow(&mut self, state: &CoverState<'_>, module: u32) -> usize {
        let position = self.position_of(module);
        let near = &mut self.near[position];
        if !near.has_flow {
            (near.has_flow, near.without) = (true, state.modules[module as usize]);
        }
        position
    }

    /// Removes the node from the flow of its modules. Their terms are not updated.
    fn remove_node(&mut self, state: &CoverState<'_>, own: &[Membership]) {
        let modules: ModuleSet = own.iter().map(|copy| copy.module).collect();
        self.shares.clear();
        self.shares.extend(own.iter().map(|copy| copy.share));
        self.compute_contributions(state, &modules);
        for contribution in &self.contributions {
            let near = &mut self.near[contribution.near as usize];
            let with = near.without.flow;
            let without = with.plus(contribution.flow, -1.0);
            self.enter += without.enter - with.enter;
            self.other_modules -= i32::from(with.copies > 0 && without.copies == 0);
            near.without.flow = without;
        }
    }

    /// Sets `copies` to the copies of the node in the collected `modules`, with the shares that
    /// follow from its neighbours.
    pub fn split(&mut self, rule: Entry, modules: &[u32], copies: &mut Vec<Membership>) {
        self.compute_shares(rule, modules);
        copies.clear();
        copies.extend(modules.iter().zip(&self.shares).map(|(&module, &share)| Membership { module, share }));
    }

    /// Computes the shares of the node in `modules` from the flow into it.
    fn compute_shares(&mut self, rule: Entry, modules: &[u32]) {
        self.shares.clear();
        if modules.len() == 1 {
            self.shares.push(1.0);
            return;
        }
        let staying: f64 = modules.iter().map(|&module| self.inflow_of(module)).sum();
        for &module in modules {
            self.shares.push(rule.share(self.inflow_of(module), staying, self.inflow, modules.len()));
        }
    }

    /// Computes the contributions of the node if it has `modules` with the shares in `self`. The
    /// contributions to these modules come first.
    fn compute_contributions(&mut self, state: &CoverState<'_>, modules: &[u32]) {
        debug_assert!(modules.iter().all(|&module| self.collected(module).is_candidate));
        self.contributions.clear();
        let mut entering = self.inflow;
        for (own, &module) in modules.iter().enumerate() {
            let share = self.shares[own];
            let position = self.positions[module as usize] as usize - 1;
            let near = &mut self.near[position];
            entering -= near.inflow;
            let flow = ModuleFlow {
                flow: share * self.visits,
                enter: -share * near.outflow_single,
                exit: share * (self.outflow - near.outflow) - near.inflow,
                copies: 1,
            };
            self.contributions.push(Contribution { near: position as u32, flow });
            (near.contribution, near.share) = (self.contributions.len() as u32, share);
        }
        let entering = entering.max(0.0);
        for (own, &share) in self.shares.iter().enumerate() {
            self.contributions[own].flow.enter += state.rule.entry(share, modules.len()) * entering;
        }
        let mut first = 0;
        for &end in &self.entry_ends {
            let entries = &self.entries[first..end];
            first = end;
            let staying: f64 = entries.iter().map(|&(into, _)| self.near[into as usize].share).sum();
            if staying == 0.0 {
                continue;
            }
            for &(into, entering) in entries {
                let near = &mut self.near[into as usize];
                if near.contribution == 0 {
                    self.contributions.push(Contribution { near: into, flow: ModuleFlow::default() });
                    near.contribution = self.contributions.len() as u32;
                }
                self.contributions[near.contribution as usize - 1].flow.enter -= staying * entering;
            }
        }
        for contribution in &self.contributions {
            let near = &mut self.near[contribution.near as usize];
            (near.contribution, near.share) = (0, 0.0);
        }
    }

    /// Returns the part of the codelength that depends on the contributions, in bits per step.
    fn cost(&self) -> f64 {
        let (mut enter, mut terms, mut modules) = (self.enter, 0.0, self.other_modules);
        let (own, others) = self.contributions.split_at(self.shares.len());
        for contribution in own {
            let without = &self.near[contribution.near as usize].without;
            let with = Module::new(without.flow.plus(contribution.flow, 1.0));
            enter += with.flow.enter - without.flow.enter;
            terms += with.term - without.term - plogp(contribution.flow.flow);
            modules += i32::from(without.flow.copies == 0);
        }
        for contribution in others {
            let without = &self.near[contribution.near as usize].without;
            enter += contribution.flow.enter;
            terms -= plogp(without.flow.enter + contribution.flow.enter) - without.enter_term;
        }
        plogp(enter) + terms + codeword_penalty(self.per_codeword, own.len() as i32, modules)
    }

    /// Returns the change of the codelength if the node has `modules`, which are candidates, and
    /// all other splits stay as they are.
    pub fn delta(&mut self, state: &CoverState<'_>, modules: &[u32]) -> f64 {
        self.compute_shares(state.rule, modules);
        self.compute_contributions(state, modules);
        self.cost() - self.present_cost
    }

    /// Sets `copies` to the copies of the node in `modules`, and `updates` to the affected modules.
    pub fn placement(
        &mut self,
        state: &CoverState<'_>,
        modules: &[u32],
        copies: &mut Vec<Membership>,
        updates: &mut Vec<(u32, Module)>,
    ) {
        updates.clear();
        for contribution in &self.contributions {
            self.near[contribution.near as usize].only_before = true;
        }
        std::mem::swap(&mut self.contributions, &mut self.old_contributions);
        self.split(state.rule, modules, copies);
        self.compute_contributions(state, modules);
        for contribution in &self.contributions {
            let near = &mut self.near[contribution.near as usize];
            near.only_before = false;
            updates.push((near.module, Module::new(near.without.flow.plus(contribution.flow, 1.0))));
        }
        for contribution in &self.old_contributions {
            let near = &mut self.near[contribution.near as usize];
            if std::mem::replace(&mut near.only_before, false) {
                updates.push((near.module, Module::new(near.without.flow)));
            }
        }
    }
}
