//! The two-level map equation (Rosvall & Bergstrom, PNAS 2008, doi:10.1073/pnas.0706851105) as an
//! objective.
//!
//! For modules i with flow p_i, enter flow e_i and exit flow x_i, and h(x) = x log2 x:
//!
//! ```text
//! L = [ h(Σ e_i) − Σ h(e_i) ] + [ −Σ h(x_i) + Σ h(p_i + x_i) − Σ_nodes h(p_u) ]   bits per step
//!       index codebook            module codebooks
//! ```
//!
//! [`MapEquation`] is generic over the flow of a module: [`BalancedFlow`] (enter equals exit, for
//! undirected walks), [`DirectedFlow`] (enter and exit differ, for unrecorded teleportation),
//! [`RecordedFlow`] (teleportation steps are encoded) and [`UnbalancedFlow`] (they are encoded, and
//! enter and exit differ).
//!
//! [`Penalized`] adds penalties for the numbers of codewords and modules to any objective: a bias
//! correction for small samples, and a preferred number of modules. [`BipartiteMapEquation`] uses
//! node types. [`Modularity`] is included for comparison.

mod bipartite;
mod codelength;
mod map_equation;
mod modularity;
mod module_flow;
mod penalties;

pub use bipartite::{BipartiteMapEquation, PerType, TypedFlow};
pub use codelength::{Codebook, TreeCodelength, codelength, one_level_codelength};
pub use map_equation::MapEquation;
pub use modularity::{Modularity, Strength};
pub use module_flow::{BalancedFlow, DirectedFlow, ModuleFlow, RecordedFlow, UnbalancedFlow};
pub use penalties::{Counted, CountedTotal, Penalized, Penalties, entropy_bias};
