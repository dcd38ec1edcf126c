//! Number and independence of trials, and their limits.

use std::time::Duration;

use clap::Args;
use mapeq_search::Convergence;

use super::headings::SEARCH;
use super::parse::time_span;
use super::search::SearchArgs;
use crate::job::ClusterOptions;

/// Maximum number of trials within a time limit, unless `--trials` is given. On small networks,
/// more trials would find nothing new.
const TRIALS_IN_TIME: u32 = 1000;

/// Maximum number of trials with `--converge`, unless `--trials` is given.
const TRIALS_TO_CONVERGE: u32 = 50;

/// Number and independence of trials, and their limits.
#[derive(Debug, Args)]
#[command(next_help_heading = SEARCH)]
pub(crate) struct TrialArgs {
    /// Number of trials; the best is kept [default: 1, or as many as --time-limit allows]
    ///
    /// From the fifth on, trials combine earlier results.
    #[arg(short = 'N', long, alias = "num-trials", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    trials: Option<u32>,

    /// Seed of the first trial; each further trial adds 1
    #[arg(short, long, value_name = "N", default_value_t = 123)]
    pub(crate) seed: u64,

    /// Keep trials independent
    #[arg(long)]
    independent_trials: bool,

    /// Stop the search after this time and keep the best result: 30s, 5m, 1h
    #[arg(long, value_name = "TIME", value_parser = time_span)]
    pub(crate) time_limit: Option<Duration>,

    /// Stop after five trials in a row without improvement [default: at most 50 trials]
    #[arg(long)]
    converge: bool,
}

impl TrialArgs {
    /// Returns the maximum number of trials, if `--trials` or `--converge` sets one.
    pub(crate) fn given(&self) -> Option<u32> {
        self.trials.or(self.converge.then_some(TRIALS_TO_CONVERGE))
    }

    /// Returns the maximum number of trials: as many as a time limit allows, or `default`, if no
    /// other option sets it.
    pub(crate) fn number(&self, default: u32) -> u32 {
        self.given().unwrap_or(if self.time_limit.is_some() { TRIALS_IN_TIME } else { default })
    }

    /// Returns the options of `trials` trials, each searching by `search`.
    pub(crate) fn options(&self, trials: u32, search: &SearchArgs) -> ClusterOptions {
        ClusterOptions {
            trials: trials as usize,
            independent_trials: self.independent_trials,
            convergence: self.converge.then(Convergence::default),
            seed: self.seed,
            search: search.options(),
            method: search.method(),
            ..ClusterOptions::default()
        }
    }
}
