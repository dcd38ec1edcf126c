//! The searches of a comparison, and their results as rows of a table.

use std::time::Instant;

use cpu_time::ProcessTime;
use mapeq_core::Tree;
use serde::Serialize;

use crate::cli::args::CompareArgs;
use crate::cli::input::Input;
use crate::cli::interrupt;
use crate::cli::notes::Notes;
use crate::cli::output::table::{duration, modules_per_level};
use crate::cli::progress::ProgressLine;
use crate::cli::report::seconds;
use crate::job::{ClusterOptions, Clustering, SearchInput, cluster_with};
use crate::registry::RegisteredObjective;

/// The trials of one kind of search.
#[derive(Serialize)]
pub(crate) struct Mode {
    pub(crate) mode: &'static str,
    pub(crate) trials: usize,
    pub(crate) best: f64,
    mean: f64,
    /// Sample standard deviation; 0 for a single trial.
    standard_deviation: f64,
    worst: f64,
    /// Levels of the best trial, as all fields below up to the times.
    levels: usize,
    modules_per_level: Vec<usize>,
    relative_savings: f64,
    cpu_seconds: f64,
    cpu_seconds_per_trial: f64,
}

/// The result of one kind of search.
pub(crate) struct Searched {
    pub(crate) mode: Mode,
    pub(crate) one_level: f64,
    /// The best tree.
    pub(crate) tree: Tree,
}

/// The searches of a comparison, which share a time limit.
pub(crate) struct Searches<'a> {
    args: &'a CompareArgs,
    objective: &'a dyn RegisteredObjective,
    given: SearchInput<'a>,
    deadline: Option<Instant>,
    remaining: u32,
}

impl<'a> Searches<'a> {
    /// Begins the searches of `inputs` networks: a two-level one, and a multilevel one if the
    /// objective has a hierarchy.
    pub(crate) fn begin(
        args: &'a CompareArgs,
        objective: &'a dyn RegisteredObjective,
        given: SearchInput<'a>,
        inputs: usize,
        notes: &mut Notes,
    ) -> Self {
        if !objective.is_hierarchical() {
            notes.note(format!("the objective {} has no hierarchy: no multilevel search", objective.name()));
        }
        interrupt::search_begins();
        let deadline = args.trials.time_limit.and_then(|time| Instant::now().checked_add(time));
        let remaining = inputs as u32 * if objective.is_hierarchical() { 2 } else { 1 };
        Self { args, objective, given, deadline, remaining }
    }

    /// Searches for modules. The time that is left is divided equally among the remaining searches.
    pub(crate) fn run(
        &mut self,
        input: &Input,
        two_level: bool,
        progress: &mut ProgressLine,
        notes: &mut Notes,
    ) -> Searched {
        let Self { args, objective, given, .. } = *self;
        let name = if two_level { "two-level" } else { "multilevel" };
        let options = ClusterOptions {
            two_level,
            independent_trials: true,
            sizes: args.constraints.sizes(),
            ..args.trials.options(args.trials(), &args.search)
        };
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        progress.limit(left.map(|left| left / self.remaining.max(1)));
        self.remaining = self.remaining.saturating_sub(1);
        progress.trials_begin(name, options.trials, objective.unit());
        let start = ProcessTime::now();
        let clustering = cluster_with(&input.layout, objective, &options, given, progress);
        let cpu_seconds = seconds(start.elapsed());
        if !interrupt::requested() && progress.time_is_over() {
            let trials = clustering.trials.len();
            notes.note(format!("the time limit ended the {name} search in trial {trials} or after it"));
        }
        let mode = Mode::of(name, &clustering, cpu_seconds);
        Searched { mode, one_level: clustering.score.one_level, tree: clustering.tree }
    }
}

/// Headings of [`Mode::cells`].
pub(crate) const HEADINGS: [&str; 9] =
    ["mode", "best", "mean", "deviation", "worst", "savings", "CPU/trial", "levels", "modules"];

/// Headings of [`Mode::csv`].
pub(crate) const CSV_HEADINGS: &str = "mode,trials,best,mean,standard_deviation,worst,levels,modules_per_level,\
                                       relative_savings,cpu_seconds,cpu_seconds_per_trial";

impl Mode {
    /// Returns the mode of a single module, which needs no search.
    pub(crate) fn one_level(value: f64) -> Self {
        Self {
            mode: "one-level",
            trials: 0,
            best: value,
            mean: value,
            standard_deviation: 0.0,
            worst: value,
            levels: 1,
            modules_per_level: Vec::new(),
            relative_savings: 0.0,
            cpu_seconds: 0.0,
            cpu_seconds_per_trial: 0.0,
        }
    }

    fn of(mode: &'static str, clustering: &Clustering, cpu_seconds: f64) -> Self {
        let best = clustering.score.codelength.total();
        let trials = clustering.trials.len();
        // Differences, so that rounding errors do not make equal trials differ.
        let excess: Vec<f64> = clustering.trials.iter().map(|trial| trial.codelength - best).collect();
        let mean = excess.iter().sum::<f64>() / trials as f64;
        let squares: f64 = excess.iter().map(|excess| (excess - mean).powi(2)).sum();
        Self {
            mode,
            trials,
            best,
            mean: best + mean,
            standard_deviation: (squares / trials.saturating_sub(1).max(1) as f64).sqrt(),
            worst: best + excess.iter().copied().fold(0.0, f64::max),
            levels: clustering.tree.levels(),
            modules_per_level: clustering.tree.modules_per_level(),
            relative_savings: clustering.score.relative_savings(),
            cpu_seconds,
            cpu_seconds_per_trial: cpu_seconds / trials as f64,
        }
    }
}

impl Mode {
    /// Returns the cells of a row of the table.
    pub(crate) fn cells(&self) -> [String; 9] {
        let searched = |text: String| if self.trials > 0 { text } else { String::new() };
        [
            self.mode.to_owned(),
            format!("{:.6}", self.best),
            searched(format!("{:.6}", self.mean)),
            searched(format!("{:.6}", self.standard_deviation)),
            searched(format!("{:.6}", self.worst)),
            searched(format!("{:.3} %", 100.0 * self.relative_savings)),
            searched(duration(self.cpu_seconds_per_trial)),
            self.levels.to_string(),
            modules_per_level(&self.modules_per_level),
        ]
    }

    /// Returns a row of comma-separated values.
    pub(crate) fn csv(&self) -> String {
        let m = self;
        let modules = m.modules_per_level.iter().map(usize::to_string).collect::<Vec<_>>().join(":");
        let (values, cpu) = ([m.best, m.mean, m.standard_deviation, m.worst], [m.cpu_seconds, m.cpu_seconds_per_trial]);
        let [values, cpu] = [values.map(|v| v.to_string()).join(","), cpu.map(|v| v.to_string()).join(",")];
        let Mode { mode, trials, levels, relative_savings, .. } = m;
        format!("{mode},{trials},{values},{levels},{modules},{relative_savings},{cpu}")
    }
}
