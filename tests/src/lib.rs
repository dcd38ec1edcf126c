//! What the tests of the whole share, and the benchmarks use as well.
//!
//! - [`planted`]: random networks with modules, at any number of levels, that a search should find;
//! - [`power_law`]: the same with power laws of degrees and sizes, of up to 10⁸ links;
//! - [`layers_of_links`]: layers for the links of either;
//! - [`RandomWalk`]: flow and codelength as their definitions say, slowly, by other means than the crates under test;
//! - [`set_partitions`]: all of them, for optima beyond doubt;
//! - [`overlapping_power_law`]: power laws, with nodes in two modules;
//! - [`normalized_mutual_information`]: how much two partitions agree; [`omega_index`], [`overlapping_mutual_information`]: two
//!   covers.

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
