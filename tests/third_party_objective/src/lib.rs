//! Directed modularity (Leicht & Newman, Physical Review Letters 2008, doi:10.1103/PhysRevLett.100.118703) as an objective:
//! an example of an objective that mapeq knows nothing of.
//!
//! With f_uv the flow from node u to node v per step, self-links included,
//!
//! ```text
//! Q = Σ_modules [ Σ_{u,v inside} f_uv − γ · (Σ_{u inside} out_u) · (Σ_{v inside} in_v) ]
//! ```
//!
//! where out_u = Σ_v f_uv and in_v = Σ_u f_uv: what is inside of modules, beyond what would be if sources and targets were
//! drawn independently. For undirected flow, f_uv and f_vu being half of the link's flow each, this is the modularity of
//! Newman & Girvan. For directed flow it is that of the walk, whose steps weigh more where the walk is more often.
//!
//! The resolution γ decides on the size of modules (Reichardt & Bornholdt, Physical Review E 2006,
//! doi:10.1103/PhysRevE.74.016110): more and smaller ones above 1.

use mapeq::{Registry, TwoLevel};
use mapeq_core::{AdditiveObjective, NodeFlow};

/// −Q, to be minimised.
#[derive(Clone, Copy, Debug)]
pub struct DirectedModularity {
    /// γ, the weight of what is expected by chance.
    pub resolution: f64,
}

/// What has to be known of a module; rates per step.
#[derive(Clone, Copy, Debug, Default)]
pub struct Strength {
    /// Flow out of the nodes, wherever it goes.
    out: f64,
    /// Flow into the nodes, wherever it comes from.
    into: f64,
    /// Flow between the nodes, self-links included.
    inside: f64,
}

impl AdditiveObjective for DirectedModularity {
    type Module = Strength;
    /// Modules share nothing: Q is a sum over modules.
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

/// The objectives of mapeq and this one, under the name `directed-modularity`.
pub fn registry() -> Registry {
    let mut registry = Registry::standard();
    registry.add(TwoLevel::new("directed-modularity", "Negative directed modularity (Leicht & Newman 2008)", |_| {
        DirectedModularity { resolution: 1.0 }
    }));
    registry
}
