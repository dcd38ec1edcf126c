//! The search of a single trial.

use clap::{ArgAction, Args, ValueEnum};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{MoveOptions, SearchOptions};

use super::headings::SEARCH;
use crate::registry::SearchMethod;

/// Whether modules may be nested.
#[derive(Debug, Args)]
#[command(next_help_heading = SEARCH)]
pub(crate) struct TwoLevelArgs {
    /// Two-level partition only
    #[arg(short = '2', long)]
    pub(crate) two_level: bool,
}

/// The search of a single trial.
#[derive(Debug, Args)]
#[command(next_help_heading = SEARCH)]
pub(crate) struct SearchArgs {
    /// Trade quality for speed: -F fewer attempts and tuning rounds, -FF bottom-up levels only
    #[arg(short = 'F', long, action = ArgAction::Count)]
    fast_hierarchical_solution: u8,

    /// Maximum tuning rounds (0: no limit, 1: no tuning)
    #[arg(short = 'T', long, value_name = "N", default_value_t = 0)]
    tune_iteration_limit: usize,

    /// Maximum visits per unit in local moving (0: no limit)
    #[arg(short = 'M', long, value_name = "N", default_value_t = 0)]
    core_loop_limit: u32,

    /// Maximum aggregation levels (0: no limit)
    #[arg(short = 'L', long, value_name = "N", default_value_t = 0)]
    core_level_limit: u32,

    /// Evaluate the modules of N random nodes for every node, too (0: 5 with encoded teleportation,
    /// none otherwise)
    #[arg(long, value_name = "N", default_value_t = 0)]
    num_random_moves: u32,

    /// Draw random modules only for nodes of at most this degree
    #[arg(long, value_name = "N", default_value_t = 2, requires = "num_random_moves")]
    max_degree_for_random_moves: u32,

    /// Do not return the one-module solution
    #[arg(long)]
    prefer_modular_solution: bool,

    /// Method for flat modules, from which trees are grown: climb (Louvain) or annealing (greedy
    /// merging and simulated annealing, for small networks)
    #[arg(long, value_name = "METHOD", default_value = "climb")]
    search: Method,
}

/// Value of `--search`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Method {
    #[value(alias = "louvain")]
    Climb,
    Annealing,
}

impl SearchArgs {
    /// Returns the method for flat modules.
    pub(crate) fn method(&self) -> SearchMethod {
        match self.search {
            Method::Climb => SearchMethod::Louvain,
            Method::Annealing => SearchMethod::Annealing,
        }
    }

    /// Returns the options of the search.
    pub(crate) fn options(&self) -> MultilevelOptions {
        let limit = |limit: u32| (limit > 0).then_some(limit);
        let moves = MoveOptions {
            max_visits: limit(self.core_loop_limit),
            max_levels: limit(self.core_level_limit),
            random_candidates: self.num_random_moves,
            max_degree_for_random: self.max_degree_for_random_moves,
        };
        // The first round does not tune.
        let rounds = |default: usize| match self.tune_iteration_limit {
            0 => default,
            limit => default.min(limit - 1),
        };
        let limited = |search: SearchOptions| SearchOptions {
            moves,
            max_tuning_rounds: rounds(search.max_tuning_rounds),
            max_recombinations: rounds(search.max_recombinations),
            ..search
        };
        let default = MultilevelOptions::default();
        let two_level = limited(default.two_level);
        MultilevelOptions {
            two_level: SearchOptions { allow_one_module: !self.prefer_modular_solution, ..two_level },
            inside: limited(default.inside),
            max_tuning_rounds: rounds(default.max_tuning_rounds),
            fast: self.fast_hierarchical_solution,
            ..default
        }
    }
}
