//! `mapeq compare --orders`: does a higher order describe paths better?
//!
//! The codelength at an order is that of the walk at this order, and walks of different orders
//! visit nodes at different rates. To compare orders, the modules of each order describe one walk,
//! that of the largest order: a state of this walk is in the module of its state of lower order.
//! Independently of modules, held-out paths show whether the paths support an order, see
//! [`held_out_bits`].

use std::collections::BTreeMap;
use std::time::Instant;

use mapeq_core::{Tree, TreeModule};
use mapeq_flow::held_out_bits;
use mapeq_io::read_paths;
use serde::Serialize;
use serde_json::Value;

use super::table::{CSV_HEADINGS, Mode, Searched, Searches};
use crate::cli::args::CompareArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::constraints::{check, check_method};
use crate::cli::input::paths::source_name;
use crate::cli::input::prediction::Prediction;
use crate::cli::input::{Input, KeepLinks, Load, with_flow};
use crate::cli::interrupt;
use crate::cli::notes::Notes;
use crate::cli::output::table::{Table, count};
use crate::cli::output::{manifest, summary};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{FlowFacts, NetworkFacts, peak_memory_bytes, seconds};
use crate::cli::session::{Session, must_exist, print};
use crate::job::SearchInput;

/// The result, as keys of the JSON object.
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
    /// Bits per step of held-out paths, given the nodes that states of this order remember.
    held_out_bits_per_step: f64,
    modes: Vec<AtLargest>,
}

impl Order {
    /// Returns the cells that its rows share.
    fn cells(&self) -> [String; 4] {
        let [order, states, links] = [self.order, self.network.nodes, self.network.links].map(|n| n.to_string());
        [order, states, links, format!("{:.6}", self.held_out_bits_per_step)]
    }
}

/// The trials of one kind of search at one order.
#[derive(Serialize)]
struct AtLargest {
    #[serde(flatten)]
    mode: Mode,
    /// Codelength of the walk of the largest order in the best modules.
    at_largest_order: f64,
}

/// Runs `mapeq compare --orders`.
pub(crate) fn run(args: &CompareArgs, session: &Session) -> Result<(), Failure> {
    let clock = Clock::start()?;
    let objective = session.objective(&args.objective)?;
    check(&args.constraints, &args.search)?;
    let path = args.input.network.as_path();
    must_exist(path)?;
    let manifest = manifest::plan(&args.manifest, &args.inputs(), &args.common)?;
    let mut progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    args.flow.options(args.input.self_links()).validate()?;
    let options = args.input.read_options(args.flow.model().direction());
    let prediction = Prediction::of_reading(&args.common, session);
    let prediction = prediction.with_search(args.flow.model(), args.trials(), objective.is_hierarchical());
    prediction.before_reading(path, &progress)?;
    let start = Instant::now();
    progress.step(format!("reading {}", path.display()));
    let file = read_paths(path, &options)?;
    let read_seconds = seconds(start.elapsed());

    let mut orders: Vec<usize> = args.orders.iter().map(|&order| usize::from(order)).collect();
    orders.sort_unstable();
    orders.dedup();
    let load = |order: usize, progress: &ProgressLine, notes: &mut Notes| -> Result<Input, Failure> {
        let network = file.network_of_order(order, &options, source_name(path))?;
        let (keep, prediction) = (KeepLinks::No, &prediction);
        with_flow(network, Load { input: &args.input, flow: &args.flow, keep, objective, prediction, progress }, notes)
    };
    // The modules of all orders describe the walk of the largest order.
    let largest = orders.last().copied().unwrap_or(1);
    let states = file.paths.states(largest);
    let walk = load(largest, &progress, &mut notes)?;
    let objective = walk.objective(session, &args.objective, &mut notes)?;
    let objective = &*objective;
    check_method(&args.search, walk.nodes.len())?;
    let walk = walk.laid_out();
    let model = walk.model.to_string();
    let mut searches = Searches::begin(args, objective, SearchInput::default(), orders.len(), &mut notes);
    let mut compared = Vec::new();
    for order in orders {
        let lower = if order < largest { Some(load(order, &progress, &mut notes)?.laid_out()) } else { None };
        let input = lower.as_ref().unwrap_or(&walk);
        let projection = states.forgetting(&file.paths.states(order));
        let at_largest = |tree: &Tree| {
            let tree = lifted(tree, &projection);
            objective.score(walk.layout.network(), &walk.layout.lay_out(&tree)).codelength.total()
        };
        let compare = |Searched { mode, tree, .. }: Searched| AtLargest { mode, at_largest_order: at_largest(&tree) };
        let two_level = searches.run(input, true, &mut progress, &mut notes);
        let one = Tree::new(&[0], &vec![0; input.nodes.len()]);
        let one_level = Mode::one_level(two_level.one_level);
        let mut modes = vec![AtLargest { mode: one_level, at_largest_order: at_largest(&one) }, compare(two_level)];
        if objective.is_hierarchical() && !interrupt::requested() {
            modes.push(compare(searches.run(input, false, &mut progress, &mut notes)));
        }
        let held_out_bits_per_step = held_out_bits(&file.paths, &states, &projection, args.trials.seed);
        let (network, flow) = (input.facts, input.flow_facts);
        compared.push(Order { order, network, flow, held_out_bits_per_step, modes });
        if interrupt::requested() {
            notes.warning("interrupted: some trials ended early or did not run");
            break;
        }
    }
    progress.finish();

    let comparison = Comparison {
        version: env!("CARGO_PKG_VERSION"),
        command: "compare",
        paths: file.paths.len(),
        flow_model: model,
        objective: objective.name().to_owned(),
        objective_options: args.objective.facts(),
        seed: args.trials.seed,
        threads: session.threads,
        orders: compared,
        read_seconds,
        seconds: clock.elapsed(),
        peak_memory_bytes: peak_memory_bytes(),
        notes: notes.print(&args.common),
        interrupted: interrupt::requested(),
    };
    manifest.map_or(Ok(()), |plan| plan.write(session, &clock, &comparison, &[]))?;
    if args.common.json {
        print(&summary::json(&comparison))?;
    } else if args.csv {
        print(&csv(&comparison.orders))?;
    } else if !args.common.quiet {
        print(&table(&comparison, largest, objective.unit()))?;
    }
    if comparison.interrupted { Err(Failure::Interrupted) } else { Ok(()) }
}

/// Returns the modules of the states of the largest order, each in the module of its state of lower
/// order.
fn lifted(tree: &Tree, projection: &[u32]) -> Tree {
    let parents: Vec<u32> = tree.modules().iter().map(|&TreeModule { parent, .. }| parent).collect();
    let modules = tree.leaf_modules();
    Tree::new(&parents, &projection.iter().map(|&state| modules[state as usize]).collect::<Vec<_>>())
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
