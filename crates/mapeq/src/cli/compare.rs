//! `mapeq compare`: does a hierarchy pay, do modules pay, and how much do trials differ?

use std::collections::BTreeMap;

use cpu_time::ProcessTime;
use mapeq_core::Tree;
use serde::Serialize;
use serde_json::Value;

use super::args::CompareArgs;
use super::clock::Clock;
use super::exit::Failure;
use super::input::{Input, Notes, load};
use super::prediction::Prediction;
use super::progress::ProgressLine;
use super::table::{Table, count, duration, modules_per_level};
use super::{Session, interrupt, orders, print, summary};
use crate::job::{ClusterOptions, Clustering, SearchInput, cluster_with};
use crate::registry::RegisteredObjective;
use crate::report::{FlowFacts, NetworkFacts, peak_memory_bytes, seconds};

#[derive(Serialize)]
struct Comparison {
    version: &'static str,
    command: &'static str,
    network: NetworkFacts,
    flow_model: String,
    objective: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    objective_options: BTreeMap<&'static str, Value>,
    seed: u64,
    threads: usize,
    modes: Vec<Mode>,
    flow: FlowFacts,
    seconds: f64,
    peak_memory_bytes: u64,
    notes: Vec<String>,
    interrupted: bool,
    predicted_peak_memory_bytes: u64,
}

/// The trials of one way to search.
#[derive(Serialize)]
pub(super) struct Mode {
    pub(super) mode: &'static str,
    pub(super) trials: usize,
    pub(super) best: f64,
    mean: f64,
    /// Of the trials as a sample; 0 for a single one.
    standard_deviation: f64,
    worst: f64,
    /// Of the best trial, as the other facts below.
    levels: usize,
    modules_per_level: Vec<usize>,
    relative_savings: f64,
    cpu_seconds: f64,
    cpu_seconds_per_trial: f64,
}

pub(super) fn run(args: &CompareArgs, session: &Session) -> Result<(), Failure> {
    if !args.orders.is_empty() {
        return orders::run(args, session);
    }
    let clock = Clock::start()?;
    let asked = session.objective(&args.search)?;
    let mut progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let prediction = Prediction::of_reading(&args.common, session);
    let prediction = prediction.with_search(args.flow.model(), args.trials, asked.is_hierarchical());
    let input = load(&args.network, &args.input, &args.flow, asked, &prediction, &progress, &mut notes)?.laid_out();
    let objective = input.objective(session, &args.search, &mut notes)?;
    let objective = &*objective;

    interrupt::search_begins();
    let two_level = search(args, &input, objective, true, &mut progress);
    let mut modes = vec![Mode::one_level(two_level.one_level), two_level.mode];
    if !objective.is_hierarchical() {
        notes.note(format!("the objective {} has no hierarchy: no multilevel search", objective.name()));
    } else if !interrupt::requested() {
        modes.push(search(args, &input, objective, false, &mut progress).mode);
    }
    if interrupt::requested() {
        notes.warning("interrupted: not all trials ran to their end");
    }
    progress.finish();

    notes.print(&args.common);
    let comparison = Comparison {
        version: env!("CARGO_PKG_VERSION"),
        command: "compare",
        network: input.facts,
        flow_model: input.model.to_string(),
        objective: objective.name().to_owned(),
        objective_options: args.search.of_objective.facts(),
        seed: args.search.seed,
        threads: session.threads,
        modes,
        flow: input.flow_facts,
        seconds: clock.elapsed(),
        peak_memory_bytes: peak_memory_bytes(),
        predicted_peak_memory_bytes: input.predicted_peak_memory_bytes,
        notes: notes.into_texts(),
        interrupted: interrupt::requested(),
    };
    if args.common.json {
        print(&summary::json(&comparison))?;
    } else if args.csv {
        print(&csv(&comparison.modes))?;
    } else if !args.common.quiet {
        print(&table(&comparison, objective.unit()))?;
    }
    if comparison.interrupted { Err(Failure::Interrupted) } else { Ok(()) }
}

/// What trials found.
pub(super) struct Searched {
    pub(super) mode: Mode,
    pub(super) one_level: f64,
    /// The best tree.
    pub(super) tree: Tree,
}

pub(super) fn search(
    args: &CompareArgs,
    input: &Input,
    objective: &dyn RegisteredObjective,
    two_level: bool,
    progress: &mut ProgressLine,
) -> Searched {
    let name = if two_level { "two-level" } else { "multilevel" };
    let trials = args.trials as usize;
    progress.trials_begin(name, trials, objective.unit());
    let options = ClusterOptions {
        two_level,
        trials,
        independent_trials: true,
        seed: args.search.seed,
        search: args.effort.restrict(args.search.options()),
        convergence: args.effort.convergence(),
        ..ClusterOptions::default()
    };
    let start = ProcessTime::now();
    let clustering = cluster_with(&input.layout, objective, &options, SearchInput::default(), progress);
    let cpu_seconds = seconds(start.elapsed());
    let mode = Mode::of(name, &clustering, cpu_seconds);
    Searched { mode, one_level: clustering.score.one_level, tree: clustering.tree }
}

impl Mode {
    /// A single codebook: nothing to search for.
    pub(super) fn one_level(value: f64) -> Self {
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
        // Of differences, so that equal trials do not differ by rounding.
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

/// Headings of [`Mode::cells`].
const HEADINGS: [&str; 9] = ["mode", "best", "mean", "deviation", "worst", "savings", "CPU/trial", "levels", "modules"];

impl Mode {
    /// The cells of a row for people.
    pub(super) fn cells(&self) -> [String; 9] {
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

    /// The cells of a row for machines.
    pub(super) fn csv(&self) -> String {
        let m = self;
        let modules = m.modules_per_level.iter().map(usize::to_string).collect::<Vec<_>>().join(":");
        let (values, cpu) = ([m.best, m.mean, m.standard_deviation, m.worst], [m.cpu_seconds, m.cpu_seconds_per_trial]);
        let [values, cpu] = [values.map(|v| v.to_string()).join(","), cpu.map(|v| v.to_string()).join(",")];
        let Mode { mode, trials, levels, relative_savings, .. } = m;
        format!("{mode},{trials},{values},{levels},{modules},{relative_savings},{cpu}")
    }
}

/// Headings of [`Mode::csv`].
pub(super) const CSV_HEADINGS: &str = "mode,trials,best,mean,standard_deviation,worst,levels,modules_per_level,\
                                       relative_savings,cpu_seconds,cpu_seconds_per_trial";

fn table(comparison: &Comparison, unit: &str) -> String {
    let mut table = Table::new(HEADINGS).ending_in_words();
    comparison.modes.iter().for_each(|mode| table.row(mode.cells()));
    let NetworkFacts { nodes, links, .. } = comparison.network;
    let trials = comparison.modes.iter().map(|mode| mode.trials).max().unwrap_or(0);
    let values = if unit.is_empty() { comparison.objective.clone() } else { format!("codelength in {unit}") };
    let (nodes, links, trials) = (count(nodes, "node"), count(links, "link"), count(trials, "trial"));
    format!("{nodes}, {links}, {} flow; {values}, {trials}\n\n{}", comparison.flow_model, table.aligned())
}

fn csv(modes: &[Mode]) -> String {
    let rows = modes.iter().map(|mode| mode.csv() + "\n");
    format!("{CSV_HEADINGS}\n{}", rows.collect::<String>())
}
