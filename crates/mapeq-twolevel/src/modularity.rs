//! Modularity of flow, an objective for comparison with the map equation.
//!
//! With f_uv the flow from node u to node v per step, self-links included, out_u = Σ_v f_uv and
//! in_v = Σ_u f_uv:
//!
//! ```text
//! Q = Σ_modules [ Σ_{u,v inside} f_uv − γ · (Σ_{u inside} out_u) · (Σ_{v inside} in_v) ]
//! ```
//!
//! The null model draws sources by their outflow and targets by their inflow, independently of each
//! other (Leicht & Newman, Physical Review Letters 2008, doi:10.1103/PhysRevLett.100.118703). For
//! undirected flow that is the configuration model (Newman & Girvan, Physical Review E 2004,
//! doi:10.1103/PhysRevE.69.026113). For directed flow the rates are those of the walk, not the link
//! weights. The resolution γ weights the null model (Reichardt & Bornholdt, Physical Review E 2006,
//! doi:10.1103/PhysRevE.74.016110): values above 1 give more and smaller modules.

use mapeq_core::{AdditiveObjective, NodeFlow};

/// The objective −Q, to be minimised; dimensionless. Teleportation must be unrecorded, because its
/// steps are not links.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modularity {
    /// Resolution γ, the weight of the null model.
    pub resolution: f64,
}

/// The flow of a set of nodes, per step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Strength {
    /// Total outflow of the nodes.
    out: f64,
    /// Total inflow of the nodes.
    into: f64,
    /// Flow between the nodes, self-links included.
    inside: f64,
}

impl AdditiveObjective for Modularity {
    type Module = Strength;
    /// Unused: modules share no total.
    type Shared = f64;

    fn node(&self, node: &NodeFlow) -> Strength {
        Strength { out: node.exit + node.stay, into: node.enter + node.stay, inside: node.stay }
    }

    #[inline(always)]
    fn insert(&self, module: &Strength, unit: &Strength, coupling: f64) -> Strength {
        Strength {
            out: module.out + unit.out,
            into: module.into + unit.into,
            inside: module.inside + unit.inside + coupling,
        }
    }

    #[inline(always)]
    fn remove(&self, module: &Strength, unit: &Strength, coupling: f64) -> Strength {
        Strength {
            out: module.out - unit.out,
            into: module.into - unit.into,
            inside: module.inside - unit.inside - coupling,
        }
    }

    #[inline(always)]
    fn term(&self, module: &Strength) -> f64 {
        self.resolution * module.out * module.into - module.inside
    }

    #[inline(always)]
    fn shared(&self, _: &Strength) -> f64 {
        0.0
    }

    #[inline(always)]
    fn shared_term(&self, _: f64) -> f64 {
        0.0
    }
}
