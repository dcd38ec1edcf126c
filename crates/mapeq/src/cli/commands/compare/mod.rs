//! `mapeq compare`: codelengths of one-level, two-level and multilevel partitions, and their spread
//! over trials.

mod orders;
mod table;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use self::table::{CSV_HEADINGS, HEADINGS, Mode, Searches};
use crate::cli::args::CompareArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::constraints::{check, check_method, read_fixed};
use crate::cli::input::prediction::Prediction;
use crate::cli::input::start::read_start;
use crate::cli::input::{KeepLinks, Load, load};
use crate::cli::interrupt;
use crate::cli::notes::Notes;
use crate::cli::output::table::{Table, count};
use crate::cli::output::{manifest, summary};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{FlowFacts, NetworkFacts, peak_memory_bytes};
use crate::cli::session::{Session, must_exist, print};
use crate::job::SearchInput;

/// The result, as keys of the JSON object.
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

/// Runs `mapeq compare`.
pub(crate) fn run(args: &CompareArgs, session: &Session) -> Result<(), Failure> {
    if !args.orders.is_empty() {
        return orders::run(args, session);
    }
    let clock = Clock::start()?;
    let objective = session.objective(&args.objective)?;
    check(&args.constraints, &args.search)?;
    args.inputs().into_iter().try_for_each(must_exist)?;
    let manifest = manifest::plan(&args.manifest, &args.inputs(), &args.common)?;
    let mut progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let prediction = Prediction::of_reading(&args.common, session);
    let prediction = &prediction.with_search(args.flow.model(), args.trials(), objective.is_hierarchical());
    let (keep, progress_line) = (KeepLinks::No, &progress);
    let how = Load { input: &args.input, flow: &args.flow, keep, objective, prediction, progress: progress_line };
    let input = load(how, &mut notes)?;
    let objective = input.objective(session, &args.objective, &mut notes)?;
    let objective = &*objective;
    check_method(&args.search, input.nodes.len())?;
    let tree = read_start(&args.start, &input.nodes, &input.layout.network().couplings, &mut notes)?;
    let fixed = read_fixed(&args.constraints, &input.nodes, &mut notes)?;
    let input = input.laid_out();

    let given = SearchInput { start: tree.as_ref(), fixed: fixed.as_deref() };
    let mut searches = Searches::begin(args, objective, given, 1, &mut notes);
    let two_level = searches.run(&input, true, &mut progress, &mut notes);
    let mut modes = vec![Mode::one_level(two_level.one_level), two_level.mode];
    if objective.is_hierarchical() && !interrupt::requested() {
        modes.push(searches.run(&input, false, &mut progress, &mut notes).mode);
    }
    if interrupt::requested() {
        notes.warning("interrupted: some trials ended early or did not run");
    }
    progress.finish();

    let comparison = Comparison {
        version: env!("CARGO_PKG_VERSION"),
        command: "compare",
        network: input.facts,
        flow_model: input.model.to_string(),
        objective: objective.name().to_owned(),
        objective_options: args.objective.facts(),
        seed: args.trials.seed,
        threads: session.threads,
        modes,
        flow: input.flow_facts,
        seconds: clock.elapsed(),
        peak_memory_bytes: peak_memory_bytes(),
        predicted_peak_memory_bytes: input.predicted_peak_memory_bytes,
        notes: notes.print(&args.common),
        interrupted: interrupt::requested(),
    };
    manifest.map_or(Ok(()), |plan| plan.write(session, &clock, &comparison, &[]))?;
    if args.common.json {
        print(&summary::json(&comparison))?;
    } else if args.csv {
        print(&csv(&comparison.modes))?;
    } else if !args.common.quiet {
        print(&table(&comparison, objective.unit()))?;
    }
    if comparison.interrupted { Err(Failure::Interrupted) } else { Ok(()) }
}

fn table(comparison: &Comparison, unit: &str) -> String {
    let mut table = Table::new(HEADINGS).with_words([HEADINGS.len() - 1]);
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
