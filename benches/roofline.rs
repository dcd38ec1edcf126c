//! `mapeq-roofline NETWORK [--directed]` measures local moving and the memory accesses that it
//! cannot avoid, and prints nanoseconds per link as JSON.
//!
//! This is a roofline (Williams, Waterman & Patterson, CACM 2009, doi:10.1145/1498765.1498785) of
//! one number: every visit of a search reads the modules of all neighbours, which are scattered in
//! memory.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use mapeq::core::{Additive, HierarchicalObjective, Objective};
use mapeq::flow::{FlowModel, FlowOptions, compute_flow};
use mapeq::io::{ReadOptions, read_network};
use mapeq::multilevel::multilevel;
use mapeq::search::{Assignment, Grouping, LocalMover, MoveStats, Thoroughness, Units, random, shuffle, two_level};
use mapeq::twolevel::{BalancedFlow, DirectedFlow, MapEquation};
use mapeq::{FlowNetwork, MultilevelOptions, SearchOptions, Silent};
use mapeq_benches::{gather, gather_and_sum};

/// Minimum duration of the repetitions of a kernel, in seconds.
const SECONDS: f64 = 1.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, options @ ..] = &arguments[..] else {
        eprintln!("usage: mapeq-roofline NETWORK [--directed]");
        std::process::exit(1);
    };
    let directed = options.iter().any(|option| option == "--directed");
    let model = if directed { FlowModel::Directed } else { FlowModel::Undirected };
    let read = ReadOptions { direction: model.direction(), ..ReadOptions::default() };
    let file = read_network(Path::new(path), &read).unwrap_or_else(|error| {
        eprintln!("{error}");
        std::process::exit(2);
    });
    let flow = compute_flow(&file.network, &FlowOptions { model, ..FlowOptions::default() }).expect("flow").network;
    drop(file);
    if directed {
        print(&flow, &MapEquation::<DirectedFlow>::new());
    } else {
        print(&flow, &MapEquation::<BalancedFlow>::new());
    }
}

fn print<O: HierarchicalObjective>(flow: &FlowNetwork, equation: &O) {
    let couplings = flow.couplings.listed();
    let links = couplings.links() as f64;
    let objective = Additive(equation.clone());
    let modules = two_level(flow, &objective, &SearchOptions::default(), 1, &Silent);
    let in_order: Vec<u32> = (0..couplings.rows() as u32).collect();
    let mut order = in_order.clone();
    shuffle(&mut order, &mut random(1, &[]));

    let per_link = |seconds: f64| 1e9 * seconds / links;
    let in_order = per_link(shortest(|| gather(couplings, modules.labels(), &in_order)));
    let bare = per_link(shortest(|| gather(couplings, modules.labels(), &order)));
    let sum = per_link(shortest(|| gather_and_sum(couplings, modules.labels(), &order)));
    let (seconds, moved) = moving(flow, &objective, &order);
    let moving = 1e9 * seconds / moved.links as f64;
    let both_ends = |seconds: f64| 2.0 * per_link(seconds);
    let flat = both_ends(timed(|| two_level(flow, &objective, &SearchOptions::default(), 1, &Silent)).0);
    let tree = both_ends(timed(|| multilevel(flow, &objective, &MultilevelOptions::default(), 1, &Silent)).0);
    println!(
        "{{\"in_order\":{in_order},\"gather\":{bare},\"sum\":{sum},\"moving\":{moving},\"visits_per_link\":{},\
         \"two_level\":{flat},\"multilevel\":{tree}}}",
        moved.links as f64 / links
    );
}

/// Runs local moving from single nodes until none moves. Returns the shortest of three times, and
/// the work.
fn moving<O: Objective>(flow: &FlowNetwork, objective: &O, order: &[u32]) -> (f64, MoveStats) {
    let level = objective.level(flow);
    let units = Units::new(&flow.couplings, &level);
    let singletons = Grouping::singletons(units.len());
    let mut mover = LocalMover::default();
    let runs = (0..3).map(|_| {
        let mut assignment = Assignment::new(objective, units, &singletons);
        timed(|| mover.run(objective, units, &mut assignment, order.iter().copied(), Thoroughness::Full, &Silent))
    });
    runs.min_by(|a, b| a.0.total_cmp(&b.0)).expect("some runs")
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed().as_secs_f64(), result)
}

/// Returns the shortest time of at least three runs.
fn shortest<T>(mut work: impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    let mut shortest = f64::INFINITY;
    let mut runs = 0;
    while runs < 3 || start.elapsed().as_secs_f64() < SECONDS {
        shortest = shortest.min(timed(&mut work).0);
        runs += 1;
    }
    shortest
}
