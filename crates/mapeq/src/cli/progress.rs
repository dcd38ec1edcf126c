//! Progress on standard error: a line on a terminal, and more with `-v`.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use mapeq_search::{Monitor, Stage};

use super::args::CommonArgs;
use super::interrupt;
use super::notes::Notes;
use crate::job::{Progress, TrialSummary};

/// Time between two frames.
const TICK: Duration = Duration::from_millis(120);

/// The progress line of a command, and the deadline of its search. Shown if standard error is a
/// terminal.
pub(crate) struct ProgressLine {
    bar: ProgressBar,
    verbose: u8,
    unit: String,
    best: Mutex<Option<f64>>,
    stages: Mutex<Option<Stages>>,
    deadline: Option<Instant>,
}

/// Consecutive stages of the same name, printed as one line.
struct Stages {
    name: &'static str,
    count: usize,
    modules: usize,
    value: f64,
}

impl ProgressLine {
    /// Shows the line, unless `--quiet` or `--json` is given.
    pub(crate) fn new(common: &CommonArgs) -> Self {
        let bar = if common.quiet || common.json { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        bar.set_style(style("{spinner} {msg}"));
        bar.enable_steady_tick(TICK);
        let verbose = if common.quiet { 0 } else { common.verbose };
        let (best, stages) = Default::default();
        Self { bar, verbose, unit: String::new(), best, stages, deadline: None }
    }

    /// Shows the current step of the command.
    pub(crate) fn step(&self, message: impl Into<String>) {
        self.bar.set_message(message.into());
    }

    /// Sets the deadline of the search to `time` from now.
    pub(crate) fn limit(&mut self, time: Option<Duration>) {
        self.deadline = time.and_then(|time| Instant::now().checked_add(time));
    }

    /// Returns whether the deadline is over.
    pub(crate) fn time_is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Shows that `trials` trials of the search `name` begin. `unit` is that of codelengths.
    pub(crate) fn trials_begin(&mut self, name: &str, trials: usize, unit: &str) {
        self.unit = unit.to_owned();
        *locked(&self.best) = None;
        self.bar.set_message("");
        self.bar.set_prefix(name.to_owned());
        self.bar.set_length(trials as u64);
        self.bar.set_position(0);
        self.bar.reset_elapsed();
        self.bar.set_style(style(if trials > 1 {
            "{spinner} {prefix} {bar:20} {pos} of {len} trials, {elapsed}{msg}"
        } else {
            "{spinner} {prefix}, {elapsed}{msg}"
        }));
    }

    /// Adds a note if the deadline or an interrupt ended a search of `trials` trials, of which
    /// `ran` ran.
    pub(crate) fn note_early_end(&self, ran: usize, trials: usize, notes: &mut Notes) {
        match (interrupt::requested(), ran) {
            (true, _) if ran < trials => notes.warning(format!("interrupted: {ran} of {trials} trials ran")),
            (true, _) => notes.warning("interrupted: the search ended early"),
            (false, _) if !self.time_is_over() => {}
            (false, 1) => notes.note("the time limit ended the search in its first trial or after it"),
            (false, _) => notes.note(format!("the time limit ended the search: {ran} trials ran")),
        }
    }

    /// Removes the line.
    pub(crate) fn finish(&self) {
        self.print_stages(locked(&self.stages).take());
        self.bar.finish_and_clear();
    }

    /// Prints a line above the progress line.
    pub(crate) fn print(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }

    fn show(&self, stage: &str) {
        let best = locked(&self.best).map_or(String::new(), |best| format!(", best {best:.6} {}", self.unit));
        self.bar.set_message(format!("{}{stage}", best.trim_end()));
    }

    fn print_stages(&self, stages: Option<Stages>) {
        if let Some(Stages { name, count, modules, value }) = stages {
            let times = if count > 1 { format!(" x{count}") } else { String::new() };
            self.print(&format!("{name}{times}: {modules} modules, {value:.6} {}", self.unit));
        }
    }
}

impl Monitor for ProgressLine {
    fn stop_requested(&self) -> bool {
        interrupt::requested() || self.time_is_over()
    }

    fn stage_ended(&self, stage: Stage<'_>) {
        let Stage { name, modules, .. } = stage;
        self.show(&format!(", {modules} modules after {name}"));
        if self.verbose > 1 {
            let mut stages = locked(&self.stages);
            let count = stages.as_ref().filter(|last| last.name == name).map_or(1, |last| last.count + 1);
            let last = stages.replace(Stages { name, count, modules, value: stage.value() });
            drop(stages);
            self.print_stages(last.filter(|last| last.name != name));
        }
    }
}

impl Progress for ProgressLine {
    fn trial_ended(&self, trial: &TrialSummary) {
        self.print_stages(locked(&self.stages).take());
        {
            let mut best = locked(&self.best);
            *best = Some(best.map_or(trial.codelength, |best| best.min(trial.codelength)));
        }
        self.bar.inc(1);
        self.show("");
        if self.verbose > 0 {
            let TrialSummary { number, seed, codelength, levels, time, .. } = trial;
            let (number, top, seconds) =
                (number + 1, trial.modules_per_level.first().unwrap_or(&0), time.as_secs_f64());
            let unit = &self.unit;
            self.print(&format!(
                "trial {number} (seed {seed}): {codelength:.9} {unit}, {levels} levels, {top} top modules, {seconds:.3} s"
            ));
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is well-formed")
}
