//! What a person sees while a command works: a line on a terminal, and more with -v.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use mapeq_search::Monitor;

use super::args::CommonArgs;
use super::interrupt;
use crate::job::{Progress, TrialSummary};

/// Redrawn so often.
const TICK: Duration = Duration::from_millis(120);

/// The progress line of a command; on standard error, and only if that is a terminal.
pub(crate) struct ProgressLine {
    bar: ProgressBar,
    verbose: u8,
    unit: String,
    best: Mutex<Option<f64>>,
    deadline: Option<Instant>,
}

impl ProgressLine {
    pub(crate) fn new(common: &CommonArgs) -> Self {
        let bar = if common.quiet || common.json { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        bar.set_style(style("{spinner} {msg}"));
        bar.enable_steady_tick(TICK);
        let verbose = if common.quiet { 0 } else { common.verbose };
        Self { bar, verbose, unit: String::new(), best: Mutex::default(), deadline: None }
    }

    /// Another step of the command has begun.
    pub(crate) fn step(&self, message: impl Into<String>) {
        self.bar.set_message(message.into());
    }

    /// From now on so much time is left, if there is a limit; then the search is asked to end.
    pub(crate) fn limit(&mut self, time: Option<Duration>) {
        self.deadline = time.and_then(|time| Instant::now().checked_add(time));
    }

    /// Whether no time is left.
    pub(crate) fn time_is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Trials have begun.
    pub(crate) fn trials_begin(&mut self, what: &str, trials: usize, unit: &str) {
        self.unit = unit.to_owned();
        *self.best.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner()) = None;
        self.bar.set_message("");
        self.bar.set_prefix(what.to_owned());
        self.bar.set_length(trials as u64);
        self.bar.set_position(0);
        self.bar.reset_elapsed();
        self.bar.set_style(style(if trials > 1 {
            "{spinner} {prefix} {bar:20} {pos} of {len} trials, {elapsed}{msg}"
        } else {
            "{spinner} {prefix}, {elapsed}{msg}"
        }));
    }

    /// Removes the line.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// A line for people, above the progress line.
    pub(crate) fn say(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }

    fn show(&self, stage: &str) {
        let best = self.best.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let best = best.map_or(String::new(), |best| format!(", best {best:.6} {}", self.unit));
        self.bar.set_message(format!("{}{stage}", best.trim_end()));
    }
}

impl Monitor for ProgressLine {
    fn stop_requested(&self) -> bool {
        interrupt::requested() || self.time_is_over()
    }

    fn stage_ended(&self, stage: &'static str, modules: usize) {
        self.show(&format!(", {modules} modules after {stage}"));
        if self.verbose > 1 {
            self.say(&format!("{stage}: {modules} modules"));
        }
    }
}

impl Progress for ProgressLine {
    fn trial_ended(&self, trial: &TrialSummary) {
        {
            let mut best = self.best.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            *best = Some(best.map_or(trial.codelength, |best| best.min(trial.codelength)));
        }
        self.bar.inc(1);
        self.show("");
        if self.verbose > 0 {
            let TrialSummary { number, seed, codelength, levels, time, .. } = trial;
            let (number, top, seconds) =
                (number + 1, trial.modules_per_level.first().unwrap_or(&0), time.as_secs_f64());
            let unit = &self.unit;
            self.say(&format!(
                "trial {number} (seed {seed}): {codelength:.9} {unit}, {levels} levels, {top} top modules, {seconds:.3} s"
            ));
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is well-formed")
}
