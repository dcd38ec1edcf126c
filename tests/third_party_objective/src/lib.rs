//! Directed modularity (Leicht & Newman, Physical Review Letters 2008,
//! doi:10.1103/PhysRevLett.100.118703), as an example of an objective that mapeq does not include.
//!
//! With the flow f_uv from node u to node v per step, including self-links,
//!
//! ```text
//! Q = Σ_modules [ Σ_{u,v inside} f_uv − γ · (Σ_{u inside} out_u) · (Σ_{v inside} in_v) ]
//! ```
//!
//! where out_u = Σ_v f_uv and in_v = Σ_u f_uv. Q is the flow inside modules minus the flow expected
//! if sources and targets were drawn independently. For undirected flow, where f_uv and f_vu are
//! each half the flow of the link, Q is the modularity of Newman & Girvan. For directed flow, steps
//! are weighted by the visit rates of the walk.
//!
//! The resolution γ sets the size of modules: above 1, they are smaller and more numerous
//! (Reichardt & Bornholdt, Physical Review E 2006, doi:10.1103/PhysRevE.74.016110).

use mapeq::{Registry, TwoLevel};
use mapeq_core::{AdditiveObjective, NodeFlow};

/// Negative modularity, to be minimised.
#[derive(Clone, Copy, Debug)]
pub struct DirectedModularity {
    /// Weight γ of the expected flow.
    pub resolution: f64,
}

/// Aggregate of a module, in rates per step.
#[derive(Clone, Copy, Debug, Default)]
pub struct Strength {
    /// Flow out of the nodes, to any target.
    out: f64,
    /// Flow into the nodes, from any source.
    into: f64,
    /// Flow between the nodes, including self-links.
    inside: f64,
}

impl AdditiveObjective for DirectedModularity {
    type Module = Strength;
    /// Modules share no total: Q is a sum over modules.
    type Shared = f64;

    fn node(&self, node: &NodeFlow) -> Strength {
        Strength { out: node.exit + node.stay, into: node.enter + node.stay, inside: node.stay }
    }

    fn insert(&self, module: &Strength, unit: &Strength, coupling: f64) -> Strength {
        Strength {
            out: module.out + unit.out,
            into: module.into + unit.into,
            inside: module.inside + unit.inside + coupling,
        }
    }

    fn remove(&self, module: &Strength, unit: &Strength, coupling: f64) -> Strength {
        Strength {
            out: module.out - unit.out,
            into: module.into - unit.into,
            inside: module.inside - unit.inside - coupling,
        }
    }

    fn term(&self, module: &Strength) -> f64 {
        self.resolution * module.out * module.into - module.inside
    }

    fn shared(&self, _: &Strength) -> f64 {
        0.0
    }

    fn shared_term(&self, _: f64) -> f64 {
        0.0
    }
}

/// Returns the objectives of mapeq, and this one under the name `directed-modularity`.
pub fn registry() -> Registry {
    let mut registry = Registry::standard();
    registry.add(TwoLevel::new("directed-modularity", "Negative directed modularity (Leicht & Newman 2008)", |_| {
        DirectedModularity { resolution: 1.0 }
    }));
    registry
}
