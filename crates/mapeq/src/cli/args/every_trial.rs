//! Separate files for every trial, from one process or several.

use clap::Args;

use super::headings::{OUTPUT, SEARCH};

/// Separate files for every trial, from one process or several.
#[derive(Debug, Args)]
pub(crate) struct EveryTrialArgs {
    /// Number of trials that run elsewhere; seeds and file names continue after theirs
    #[arg(long = "trial-offset", value_name = "N", default_value_t = 0, help_heading = SEARCH)]
    offset: u32,

    /// Keep trials independent and write each to its own files: NAME_trial_1.tree, …
    #[arg(long, conflicts_with = "converge", help_heading = OUTPUT)]
    print_all_trials: bool,

    /// Write only the files of --print-all-trials
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) no_final_output: bool,
}

impl EveryTrialArgs {
    /// Returns whether each of `trials` trials gets its own files.
    pub(crate) fn is_requested(&self, trials: u32) -> bool {
        self.print_all_trials && (trials > 1 || self.no_final_output)
    }

    /// Returns the number in the file names of the trial at position `trial`, from 0, in this
    /// process.
    pub(crate) fn number(&self, trial: usize) -> usize {
        self.offset as usize + trial + 1
    }

    /// Returns the seed of the first trial in this process. `seed` is that of the first of all
    /// trials.
    pub(crate) fn first_seed(&self, seed: u64) -> u64 {
        seed.wrapping_add(u64::from(self.offset))
    }
}
