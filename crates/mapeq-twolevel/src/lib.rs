//! The two-level map equation (Rosvall & Bergstrom, PNAS 2008, doi:10.1073/pnas.0706851105) as an objective.
//!
//! For a partition into modules i with flow p_i, enter flow e_i and exit flow x_i, with h(x) = x log2 x:
//!
//! ```text
//! L = [ h(Σ e_i) − Σ h(e_i) ] + [ −Σ h(x_i) + Σ h(p_i + x_i) − Σ_nodes h(p_u) ]   bits per step
//!       index codebook            module codebooks
//! ```
//!
//! [`MapEquation`] is generic over what has to be known of a module's flow: [`BalancedFlow`] (enter equals exit:
//! undirected walks), [`DirectedFlow`] (they differ: unrecorded teleportation), [`RecordedFlow`] (teleportation
//! steps are coded too) and [`UnbalancedFlow`] (so they are, and enter and exit differ nevertheless).
//!
//! Variants: [`Penalized`] adds penalties for numbers of codewords and modules to any objective, which corrects for the bias of
//! small samples and prefers a number of modules; [`BipartiteMapEquation`] remembers the types of nodes. [`Modularity`] is
//! something else, to compare with.

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
