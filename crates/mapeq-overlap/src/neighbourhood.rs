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
//! Up to Σ I_i and Σ E_k, which do not depend on A, that is a sum over A: every set is priced in O(|A|).

use crate::state::{ModuleFlow, State};

/// A module beside a node.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Near {
    pub module: u32,
    /// I_j.
    pub inflow: f64,
    /// O_j.
    pub outflow: f64,
    /// E_j = M_jj.
    pub entries: f64,
}

/// The modules beside a node. Kept from node to node: nothing is allocated for most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Neighbourhood {
    pub near: Vec<Near>,
    /// (j, k, part of M_jk) for j ≠ k: of neighbours with several modules.
    shared: Vec<(u32, u32, f64)>,
    inflow: f64,
    outflow: f64,
    /// One more than the place of a module in `near`, or 0.
    place: Vec<u32>,
}

/// What the links at a node, and its copies, add to one module.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Part {
    pub module: u32,
    pub flow: ModuleFlow,
}

impl Neighbourhood {
    /// Looks at the links of `node`. O(degree · memberships of neighbours).
    pub fn look(&mut self, state: &State<'_>, node: usize) {
        self.near.drain(..).for_each(|near| self.place[near.module as usize] = 0);
        self.place.resize(state.modules.len(), 0);
        self.shared.clear();
        (self.inflow, self.outflow) = (0.0, 0.0);
        for (source, flow) in state.walk.incoming().row(node) {
            self.inflow += flow;
            for copy in &state.members[source] {
                self.at(copy.module).inflow += copy.share * flow;
            }
        }
        for (target, flow) in state.walk.outgoing().row(node) {
            self.outflow += flow;
            let members = &state.members[target];
            for copy in members {
                let entering = flow * state.rule.entry(copy.share, members.len());
                let near = self.at(copy.module);
                near.outflow += flow;
                near.entries += entering;
                for other in members.iter().filter(|other| other.module != copy.module) {
                    self.shared.push((other.module, copy.module, entering));
                }
            }
        }
    }

    fn at(&mut self, module: u32) -> &mut Near {
        let place = &mut self.place[module as usize];
        if *place == 0 {
            self.near.push(Near { module, ..Near::default() });
            *place = self.near.len() as u32;
        }
        &mut self.near[*place as usize - 1]
    }

    /// What there is of `module` beside the node.
    pub fn of(&self, module: u32) -> Near {
        match self.place[module as usize] {
            0 => Near { module, ..Near::default() },
            place => self.near[place as usize - 1],
        }
    }

    /// The shares of the copies in `modules`, from the modules that the walk comes from.
    pub fn split(&self, state: &State<'_>, modules: &[u32], shares: &mut Vec<f64>) {
        shares.clear();
        if modules.len() == 1 {
            shares.push(1.0);
            return;
        }
        let staying: f64 = modules.iter().map(|&module| self.of(module).inflow).sum();
        let share = |&module: &u32| state.rule.share(self.of(module).inflow, staying, self.inflow, modules.len());
        shares.extend(modules.iter().map(share));
    }

    /// What the node adds to modules if it has `modules` with these shares; up to what does not depend on them.
    pub fn parts(&self, state: &State<'_>, visits: f64, modules: &[u32], shares: &[f64], parts: &mut Vec<Part>) {
        parts.clear();
        let staying: f64 = modules.iter().map(|&module| self.of(module).inflow).sum();
        let entering = (self.inflow - staying).max(0.0);
        for (&module, &share) in modules.iter().zip(shares) {
            let near = self.of(module);
            let flow = ModuleFlow {
                flow: share * visits,
                enter: state.rule.entry(share, modules.len()) * entering - share * near.entries,
                exit: share * (self.outflow - near.outflow) - near.inflow,
                copies: 1,
            };
            parts.push(Part { module, flow });
        }
        for &(from, into, entries) in &self.shared {
            if let Some(own) = modules.iter().position(|&module| module == from) {
                let enter = -shares[own] * entries;
                match parts.iter_mut().find(|part| part.module == into) {
                    Some(part) => part.flow.enter += enter,
                    None => {
                        parts.push(Part { module: into, flow: ModuleFlow { enter, ..ModuleFlow::default() } });
                    }
                }
            }
        }
    }
}
