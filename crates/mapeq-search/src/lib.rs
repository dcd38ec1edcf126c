//! Generic search over any objective: local moving, consolidation, tuning, recombination, trials.
//!
//! The search knows no objective by name and is compiled anew for each (nothing is dispatched at run time in its
//! loops). It works on [`Units`]: nodes, or modules of a finer partition, with the couplings between them.
//!
//! - [`two_level`] is the whole search for a flat partition of a network: one trial.
//! - [`two_level_constrained`] is the same from a given start, and with nodes that stay together and bounds of the sizes of modules.
//! - [`divide`] is the same for any units, without the last comparison with one module: what a recursive search needs.
//! - [`best_of_trials`] runs independent trials in parallel and picks the best, [`evolve_trials`] trials that learn from each
//!   other.
//!
//! For the same units, options and seed the result is the same at any number of threads.

mod annealing;
mod constrained;
mod constraints;
mod initial;
mod iterated_search;
mod levels;
mod louvain;
mod monitor;
mod moving;
mod one_module;
mod options;
mod population;
mod random;
mod recombination;
mod search;
mod small_modules;
#[cfg(test)]
mod tests;
mod trials;
mod tuning;
mod two_level;

pub use annealing::{AnnealingOptions, annealing};
pub use constrained::{combine_constrained, two_level_constrained};
pub use constraints::Constraints;
pub use iterated_search::IteratedSearch;
pub use levels::consolidation::consolidate_couplings;
pub use levels::grouping::Grouping;
pub use levels::layout::Layout;
pub use levels::reorder::reordered;
pub use levels::unit_constraints::{SizeBounds, UnitConstraints};
pub use levels::units::{OwnedUnits, Units, restrict_couplings};
pub use monitor::{Monitor, OnlyStop, Silent};
pub use moving::assignment::Assignment;
pub use moving::local_moving::LocalMover;
pub use moving::move_pass::MoveStats;
pub use options::{MIN_GAIN, MoveOptions, SearchOptions, Thoroughness};
pub use population::{Convergence, Parents, evolve_trials};
pub use random::{Random, below, fork, in_random_order, random, shuffle};
pub use search::Search;
pub use small_modules::enlarge_small_modules;
pub use trials::{Trial, Trials, best_of_trials};
pub use two_level::{combine, two_level};
