//! Networks and reference implementations for the tests of the workspace and for the benchmarks.
//!
//! - [`planted()`]: random networks with planted modules at any number of levels
//! - [`power_law()`]: planted modules, with power-law degrees and module sizes, up to 10⁸ links
//! - [`overlapping_power_law`]: the latter with nodes in two modules
//! - [`layers_of_links`]: random layers for the links of these networks
//! - [`RandomWalk`]: flow and codelength by definition, independent of the crates under test
//! - [`set_partitions()`]: all partitions of a set, for certified optima
//! - [`normalized_mutual_information`]: agreement of partitions
//! - [`omega_index`], [`overlapping_mutual_information`]: agreement of covers

mod agreement;
mod cover_agreement;
mod layers;
mod planted;
mod planted_cover;
mod power_law;
mod random_walk;
mod set_partitions;

pub use agreement::normalized_mutual_information;
pub use cover_agreement::{Cover, omega_index, overlapping_mutual_information};
pub use layers::layers_of_links;
pub use planted::{Planted, planted};
pub use planted_cover::{PlantedCover, overlapping_power_law};
pub use power_law::{POWER_LAW_REVISION, PowerLaw, power_law};
pub use random_walk::RandomWalk;
pub use set_partitions::set_partitions;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
