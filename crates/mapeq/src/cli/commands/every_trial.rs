//! Independent trials that keep their results, for separate files.

use mapeq_search::{Layout, Monitor, Stage};
use rayon::prelude::*;

use crate::job::{ClusterOptions, Clustering, Progress, SearchInput, TrialSummary, cluster_with};
use crate::registry::RegisteredObjective;

/// Runs the trials of `options` independently and in parallel, until a stop is requested. The first
/// one always runs.
pub(crate) fn run(
    layout: &Layout,
    objective: &dyn RegisteredObjective,
    options: &ClusterOptions,
    given: SearchInput<'_>,
    progress: &dyn Progress,
) -> Vec<Clustering> {
    let trial = |number: usize| {
        if number > 0 && progress.stop_requested() {
            return None;
        }
        let options = ClusterOptions { trials: 1, seed: options.seed.wrapping_add(number as u64), ..*options };
        let mut clustering = cluster_with(layout, objective, &options, given, &Numbered { progress, number });
        clustering.trials[0].number = number;
        Some(clustering)
    };
    (0..options.trials).into_par_iter().filter_map(trial).collect()
}

/// Returns the best of `trials`, the first of equals, with the summaries of all.
///
/// # Panics
/// If there is no trial.
pub(crate) fn best(trials: &[Clustering]) -> Clustering {
    let value = |trial: usize| trials[trial].trials[0].value;
    let best = (0..trials.len()).min_by(|&a, &b| value(a).total_cmp(&value(b))).expect("the first trial always runs");
    let all = trials.iter().map(|trial| trial.trials[0].clone()).collect();
    Clustering { trials: all, best_trial: best, ..trials[best].clone() }
}

/// Progress of a trial that runs alone, under its number among all trials.
struct Numbered<'a> {
    progress: &'a dyn Progress,
    number: usize,
}

impl Monitor for Numbered<'_> {
    fn stop_requested(&self) -> bool {
        self.progress.stop_requested()
    }

    fn stage_ended(&self, stage: Stage<'_>) {
        self.progress.stage_ended(stage);
    }
}

impl Progress for Numbered<'_> {
    fn trial_ended(&self, trial: &TrialSummary) {
        self.progress.trial_ended(&TrialSummary { number: self.number, ..trial.clone() });
    }
}
