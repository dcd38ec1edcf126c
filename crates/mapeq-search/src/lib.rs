//! Generic search over any objective: local moving, consolidation, tuning, recombination, trials.
//!
//! The search is compiled anew for each objective, so its loops have no dynamic dispatch. It works
//! on [`Units`]: nodes, or modules of a finer partition, with the couplings between them.
//!
//! - [`two_level`] is one trial of the search for a flat partition of a network.
//! - [`two_level_constrained`] is a trial from a given start, with fixed nodes and bounds on the
//!   size of modules.
//! - [`Search`] has the steps of a trial as methods, for searches of other kinds.
//!   [`Search::divide`] searches any units, as a recursive search needs.
//! - [`best_of_trials`] runs independent trials in parallel and returns the best. [`evolve_trials`]
//!   combines outcomes of earlier trials.
//!
//! The result depends on the units, the options and the seed, not on the number of threads.

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
pub use monitor::{Monitor, OnlyStop, Silent, Stage};
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
