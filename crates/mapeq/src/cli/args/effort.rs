//! Options of how far a search goes.

use clap::Args;
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{Convergence, MoveOptions, SearchOptions};

use super::headings::SEARCH;

/// Trials with `--converge` if there is no other limit.
const TRIALS_TO_CONVERGE: u32 = 50;

/// How far a search goes.
#[derive(Debug, Args)]
pub(crate) struct EffortArgs {
    /// End when five trials in a row have gained nothing [default limit of trials: 50]
    #[arg(long, help_heading = SEARCH)]
    pub(crate) converge: bool,

    /// Rounds of tuning at most, the first climb counted: 1 for no tuning at all; 0: as many as pay
    #[arg(short = 'T', long, value_name = "N", default_value_t = 0, help_heading = SEARCH)]
    tune_iteration_limit: usize,

    /// Visits of each unit at most while units move; 0: until none wants to move
    #[arg(short = 'M', long, value_name = "N", default_value_t = 0, help_heading = SEARCH)]
    core_loop_limit: u32,

    /// Levels of a climb at most; 0: until nothing moves
    #[arg(short = 'L', long, value_name = "N", default_value_t = 0, help_heading = SEARCH)]
    core_level_limit: u32,

    /// Nodes also try the modules of so many nodes drawn at random; 0: of 5 where teleportation is coded, else of none
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = SEARCH)]
    num_random_moves: u32,

    /// … if they have no more neighbours than this
    #[arg(long, value_name = "N", default_value_t = 2, requires = "num_random_moves", help_heading = SEARCH)]
    max_degree_for_random_moves: u32,
}

impl EffortArgs {
    /// When trials end early.
    pub(crate) fn convergence(&self) -> Option<Convergence> {
        self.converge.then(Convergence::default)
    }

    /// Number of trials if none was asked for.
    pub(crate) fn trials(&self) -> Option<u32> {
        self.converge.then_some(TRIALS_TO_CONVERGE)
    }

    /// The options of a search, restricted.
    pub(crate) fn restrict(&self, options: MultilevelOptions) -> MultilevelOptions {
        let limit = |limit: u32| (limit > 0).then_some(limit);
        let moves = MoveOptions {
            max_visits: limit(self.core_loop_limit),
            max_levels: limit(self.core_level_limit),
            random_candidates: self.num_random_moves,
            max_degree_for_random: self.max_degree_for_random_moves,
        };
        let restricted = |search: SearchOptions| match self.tune_iteration_limit {
            0 => SearchOptions { moves, ..search },
            limit => SearchOptions {
                moves,
                max_tuning_rounds: search.max_tuning_rounds.min(limit - 1),
                max_recombinations: search.max_recombinations.min(limit - 1),
                ..search
            },
        };
        let tuning = options.max_tuning_rounds;
        MultilevelOptions {
            two_level: restricted(options.two_level),
            inside: restricted(options.inside),
            max_tuning_rounds: if self.tune_iteration_limit == 0 {
                tuning
            } else {
                tuning.min(self.tune_iteration_limit - 1)
            },
            ..options
        }
    }
}
