//! What becomes of trials.

use clap::Args;

use super::headings::{OUTPUT, SEARCH};

/// What becomes of trials.
#[derive(Debug, Args)]
pub(crate) struct EveryTrialArgs {
    /// Number of trials that others run: those here have the seeds after theirs
    #[arg(long = "trial-offset", value_name = "N", default_value_t = 0, help_heading = SEARCH)]
    offset: u32,

    /// Run several trials apart, and write each to files of its own: NAME_trial_1.tree and so on
    #[arg(long, conflicts_with = "converge", help_heading = OUTPUT)]
    print_all_trials: bool,

    /// Write no files but those of --print-all-trials
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) no_final_output: bool,
}

impl EveryTrialArgs {
    /// Whether each of so many trials has files of its own.
    pub(crate) fn asked(&self, trials: u32) -> bool {
        self.print_all_trials && (trials > 1 || self.no_final_output)
    }

    /// The number of a trial that is the `trial`-th here, from 0: what its files are called.
    pub(crate) fn number(&self, trial: usize) -> usize {
        self.offset as usize + trial + 1
    }

    /// The seed of the first trial here, if that of all is `seed`.
    pub(crate) fn first_seed(&self, seed: u64) -> u64 {
        seed.wrapping_add(u64::from(self.offset))
    }
}
