//! `mapeq compare --orders`: does it pay to remember where walks come from?
//!
//! The codelength at an order is that of the walk at this order, and walks of different orders visit nodes at somewhat different
//! rates. What can be compared is how well the modules of each order describe one walk: that of the largest order. A state of
//! this walk belongs to the module of the state that it is to a shorter memory. Whether paths bear so much memory at all is told
//! without modules: by the bits that it takes to describe paths held out, see [`held_out_bits`].

use std::collections::BTreeMap;
use std::time::Instant;

use mapeq_core::{Tree, TreeModule};
use mapeq_flow::held_out_bits;
use mapeq_io::read_paths;
use serde::Serialize;
use serde_json::Value;

use super::table::{CSV_HEADINGS, Mode, Searched, search};
use crate::cli::args::CompareArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::paths::source_name;
use crate::cli::input::prediction::Prediction;
use crate::cli::input::{Input, KeepLinks, LoadArgs, with_flow};
use crate::cli::interrupt;
use crate::cli::notes::Notes;
use crate::cli::output::summary;
use crate::cli::output::table::{Table, count};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{FlowFacts, NetworkFacts, peak_memory_bytes, seconds};
use crate::cli::session::{Session, print};
use crate::registry::RegisteredObjective;

#[derive(Serialize)]
struct Comparison {
    version: &'static str,
    command: &'static str,
    paths: usize,
    flow_model: String,
    objective: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    objective_options: BTreeMap<&'static str, Value>,
    seed: u64,
    threads: usize,
    orders: Vec<Order>,
    read_seconds: f64,
    seconds: f64,
    peak_memory_bytes: u64,
    notes: Vec<String>,
    interrupted: bool,
}

#[derive(Serialize)]
struct Order {
    order: usize,
    network: NetworkFacts,
    flow: FlowFacts,
    /// Bits that describe a step of paths held out by the nodes that are remembered, on the steps of the largest order.
    held_out_bits_per_step: f64,
    modes: Vec<AtLargest>,
}

impl Order {
    /// The cells that all its rows have in common.
    fn cells(&self) -> [String; 4] {
        let [order, states, links] = [self.order, self.network.nodes, self.network.links].map(|n| n.to_string());
        [order, states, links, format!("{:.6}", self.held_out_bits_per_step)]
    }
}

/// The trials of one way to search at one order.
#[derive(Serialize)]
struct AtLargest {
    #[serde(flatten)]
    mode: Mode,
    /// How long the best modules describe the walk of the largest order.
    at_largest_order: f64,
}

pub(crate) fn run(args: &CompareArgs, session: &Session) -> Result<(), Failure> {
    let clock = Clock::start()?;
    let asked = session.objective(&args.search)?;
    if args.search.of_objective.meta_data.is_some() {
        let problem = "--meta-data is about the nodes of one network: expected one --order in place of --orders";
        return Err(Failure::Usage(problem.to_owned()));
    }
    let mut progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    args.flow.options(args.input.self_links()).validate()?;
    let options = args.input.read_options(args.flow.model().direction());
    let prediction = Prediction::of_reading(&args.common, session);
    let prediction = prediction.with_search(args.flow.model(), args.trials, asked.is_hierarchical());
    prediction.before_reading(&args.network, &progress)?;
    let start = Instant::now();
    progress.step(format!("reading {}", args.network.display()));
    let file = read_paths(&args.network, &options)?;
    let read_seconds = seconds(start.elapsed());

    let mut orders: Vec<usize> = args.orders.iter().map(|&order| usize::from(order)).collect();
    orders.sort_unstable();
    orders.dedup();
    let name = source_name(&args.network);
    let load = |order: usize, progress: &ProgressLine, notes: &mut Notes| -> Result<Input, Failure> {
        let network = file.network_of_order(order, &options, name)?;
        let load = LoadArgs { input: &args.input, flow: &args.flow, keep: KeepLinks::No };
        with_flow(&args.network, network, load, asked, &prediction, progress, notes)
    };
    // The largest order comes first: its walk is the one that all modules have to describe.
    let largest = orders.last().copied().unwrap_or(1);
    let states = file.paths.states(largest);
    let walk = load(largest, &progress, &mut notes)?;
    let objective = walk.objective(session, &args.search, &mut notes)?;
    let objective = &*objective;
    let walk = walk.laid_out();
    let model = walk.model.to_string();
    if !objective.is_hierarchical() {
        notes.note(format!("the objective {} has no hierarchy: no multilevel search", objective.name()));
    }
    interrupt::search_begins();
    let mut compared = Vec::new();
    for order in orders {
        let shorter = if order < largest { Some(load(order, &progress, &mut notes)?.laid_out()) } else { None };
        let input = shorter.as_ref().unwrap_or(&walk);
        let forgotten = states.forgetting(&file.paths.states(order));
        let at_largest = |tree: &Tree| {
            let tree = remembered(tree, &forgotten);
            objective.score(walk.layout.network(), &walk.layout.lay_out(&tree)).codelength.total()
        };
        let modes = modes(args, input, objective, at_largest, &mut progress);
        let held_out_bits_per_step = held_out_bits(&file.paths, &states, &forgotten, args.search.seed);
        let (network, flow) = (input.facts, input.flow_facts);
        compared.push(Order { order, network, flow, held_out_bits_per_step, modes });
        if interrupt::requested() {
            notes.warning("interrupted: not all trials ran to their end");
            break;
        }
    }
    progress.finish();

    notes.print(&args.common);
    let comparison = Comparison {
        version: env!("CARGO_PKG_VERSION"),
        command: "compare",
        paths: file.paths.len(),
        flow_model: model,
        objective: objective.name().to_owned(),
        objective_options: args.search.of_objective.facts(),
        seed: args.search.seed,
        threads: session.threads,
        orders: compared,
        read_seconds,
        seconds: clock.elapsed(),
        peak_memory_bytes: peak_memory_bytes(),
        notes: notes.into_texts(),
        interrupted: interrupt::requested(),
    };
    if args.common.json {
        print(&summary::json(&comparison))?;
    } else if args.csv {
        print(&csv(&comparison.orders))?;
    } else if !args.common.quiet {
        print(&table(&comparison, largest, objective.unit()))?;
    }
    if comparison.interrupted { Err(Failure::Interrupted) } else { Ok(()) }
}

/// One level, two levels and, where the objective has them, more.
fn modes(
    args: &CompareArgs,
    input: &Input,
    objective: &dyn RegisteredObjective,
    at_largest: impl Fn(&Tree) -> f64,
    progress: &mut ProgressLine,
) -> Vec<AtLargest> {
    let compared = |Searched { mode, tree, .. }: Searched| AtLargest { mode, at_largest_order: at_largest(&tree) };
    let two_level = search(args, input, objective, true, progress);
    let one = Tree::new(&[0], &vec![0; input.nodes.len()]);
    let mut modes = vec![AtLargest { mode: Mode::one_level(two_level.one_level), at_largest_order: at_largest(&one) }];
    modes.push(compared(two_level));
    if objective.is_hierarchical() && !interrupt::requested() {
        modes.push(compared(search(args, input, objective, false, progress)));
    }
    modes
}

/// The modules of states with a shorter memory, as modules of states: each is in that of the state that it is there.
fn remembered(tree: &Tree, forgotten: &[u32]) -> Tree {
    let parents: Vec<u32> = tree.modules().iter().map(|&TreeModule { parent, .. }| parent).collect();
    let modules = tree.leaf_modules();
    Tree::new(&parents, &forgotten.iter().map(|&state| modules[state as usize]).collect::<Vec<_>>())
}

fn table(comparison: &Comparison, largest: usize, unit: &str) -> String {
    let at_largest = format!("at order {largest}");
    let mut table = Table::new([
        "order",
        "states",
        "links",
        "held out",
        "mode",
        "best",
        "mean",
        "deviation",
        "worst",
        "savings",
        "CPU/trial",
        "levels",
        "modules",
        &at_largest,
    ]);
    for order in &comparison.orders {
        for (place, AtLargest { mode, at_largest_order }) in order.modes.iter().enumerate() {
            let [number, states, links, held_out] = if place == 0 { order.cells() } else { Default::default() };
            let [mode, best, mean, deviation, worst, savings, cpu, levels, modules] = mode.cells();
            let described = format!("{at_largest_order:.6}");
            table.row([
                number, states, links, held_out, mode, best, mean, deviation, worst, savings, cpu, levels, modules,
                described,
            ]);
        }
    }
    let modes = comparison.orders.iter().flat_map(|order| &order.modes);
    let trials = modes.map(|compared| compared.mode.trials).max().unwrap_or(0);
    let values = if unit.is_empty() { comparison.objective.clone() } else { format!("codelength in {unit}") };
    let (paths, trials) = (count(comparison.paths, "path"), count(trials, "trial"));
    format!("{paths}, {} flow; {values}, {trials}\n\n{}", comparison.flow_model, table.aligned())
}

fn csv(orders: &[Order]) -> String {
    let mut text = format!("order,states,links,held_out_bits_per_step,{CSV_HEADINGS},at_largest_order\n");
    for Order { order, network, held_out_bits_per_step, modes, .. } in orders {
        for AtLargest { mode, at_largest_order } in modes {
            let (states, links) = (network.nodes, network.links);
            let facts = format!("{order},{states},{links},{held_out_bits_per_step}");
            text.push_str(&format!("{facts},{},{at_largest_order}\n", mode.csv()));
        }
    }
    text
}
