//! Overlapping modules: nodes belong to several modules if that shortens the description of the
//! walk. The walk itself does not change.
//!
//! A walk has a position and a current module. A step leads to the next node as in any walk. If
//! that node has the current module, the walk stays in the module. Otherwise it exits, and enters
//! one of the node's modules ([`Entry`]). So every node v has a copy in each of its modules A(v).
//! Let f_uv be the flow from u to v, p_v = Σ_u f_uv the visit rate of v, and σ_(u,i) the share of
//! node u's visits in module i. Then
//!
//! ```text
//! σ_(v,j) p_v = Σ_{u: j∈A(u)} f_uv σ_(u,j) + Σ_u f_uv Σ_{i∈A(u)∖A(v)} σ_(u,i) / |A(v)|
//! ```
//!
//! If the visit rate of a node differs from its inflow, σ are shares of the inflow. With hard
//! modules, the walk and its codelength are those of the map equation. Let h(x) = x log2 x, and let
//! p_i, e_i and x_i be the visit rate, the enter flow and the exit flow of module i. The codelength
//! in bits per step is
//!
//! ```text
//! L = h(Σ e_i) − Σ h(e_i) − Σ h(x_i) + Σ h(p_i + x_i) − Σ_copies h(σ_(u,i) p_u)
//! ```
//!
//! A. Viamontes Esquivel & M. Rosvall, Phys. Rev. X 2011, doi:10.1103/PhysRevX.1.021025.
//!
//! - [`Walk`]: the flow of each link in each direction;
//! - [`Cover`]: the modules of every node;
//! - [`Copies`]: the walk on copies of nodes, and the codelength of trees of copies;
//! - [`overlapping`]: the search;
//! - [`nested`]: levels above overlapping modules.

mod changes;
mod copies;
mod cover;
mod cover_state;
mod memberships;
mod modules;
mod moves;
mod neighbourhood;
mod nested;
mod rule;
mod search;
mod splits;
#[cfg(test)]
mod tests;
mod walk;

pub use copies::{Copies, one_level_codelength};
pub use cover::Cover;
pub use nested::nested;
pub use rule::Entry;
pub use search::{OverlapOptions, overlapping};
pub use walk::{CodedTeleportation, Walk};
