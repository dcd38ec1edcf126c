//! Generic search over any objective: local moving, consolidation, tuning, recombination, trials.
//!
//! The search knows no objective by name and is compiled anew for each (nothing is dispatched at run time in its
//! loops). It works on [`Units`]: nodes, or modules of a finer partition, with the couplings between them.
//!
//! - [`two_level`] is the whole search for a flat partition of a network: one trial.
//! - [`two_level_under`] is the same from a given start, and with nodes that stay together and bounds of the sizes of modules.
//! - [`divide`] is the same for any units, without the last comparison with one module: what a recursive search needs.
//! - [`best_of_trials`] runs independent trials in parallel and picks the best, [`learning_trials`] trials that learn from each
//!   other.
//!
//! For the same units, options and seed the result is the same at any number of threads.

mod annealing;
mod assignment;
mod batches;
mod climb;
mod consolidation;
mod demands;
mod grouping;
#[cfg(test)]
mod laws;
mod layout;
mod local_moving;
mod monitor;
mod one_module;
mod parts;
mod population;
mod queue;
mod random;
mod recombination;
mod regions;
mod reorder;
mod revisits;
mod rules;
mod small_modules;
mod trials;
mod tuning;
mod two_level;
mod units;
mod visit;

pub use annealing::{AnnealingOptions, annealing};
pub use assignment::Assignment;
pub use climb::climb;
pub use consolidation::consolidate_couplings;
pub use demands::{Demands, combine_under, enlarge_small_modules, two_level_under};
pub use grouping::Grouping;
pub use layout::Layout;
pub use local_moving::{MIN_GAIN, MoveOptions, Moved, Mover};
pub use monitor::{Monitor, OnlyStop, Silent};
pub use one_module::or_one_module;
pub use population::{Convergence, Parents, learning_trials};
pub use random::{Random, below, fork, in_random_order, random, shuffle};
pub use recombination::recombine;
pub use reorder::reordered;
pub use rules::{Rules, Sizes};
pub use trials::{Trial, Trials, best_of_trials};
pub use tuning::tune;
pub use two_level::{Exploration, SearchOptions, combine, divide, first_climb, first_grouping, improve, two_level};
pub use units::{OwnedUnits, Units, restrict_couplings};
