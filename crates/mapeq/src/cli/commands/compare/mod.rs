//! `mapeq compare`: does a hierarchy pay, do modules pay, and how much do trials differ?

mod orders;
mod table;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use self::table::{CSV_HEADINGS, HEADINGS, Mode, search};
use crate::cli::args::CompareArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::load;
use crate::cli::input::prediction::Prediction;
use crate::cli::interrupt;
use crate::cli::notes::Notes;
use crate::cli::output::summary;
use crate::cli::output::table::{Table, count};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{FlowFacts, NetworkFacts, peak_memory_bytes};
use crate::cli::session::{Session, print};

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

pub(crate) fn run(args: &CompareArgs, session: &Session) -> Result<(), Failure> {
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
