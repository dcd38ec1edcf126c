//! Greedy merging and simulated annealing: the first search for the map equation (Rosvall &
//! Bergstrom, PNAS 2008, doi:10.1073/pnas.0706851105).
//!
//! A reference for small networks, which shares little with the other searches.

use mapeq_core::{FlowNetwork, Objective, Partition, Target, log2};
use rand::Rng;

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::monitor::{Monitor, Stage};
use crate::moving::assignment::Assignment;
use crate::moving::local_moving::LocalMover;
use crate::options::{MIN_GAIN, SearchOptions};
use crate::random::{Random, random, random_order};
use crate::search::Search;

/// Options of simulated annealing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnnealingOptions {
    /// First temperature, in bits per node. Times the number of nodes, it is the cost that the
    /// moves of one sweep may have.
    pub initial_temperature: f64,
    /// Last temperature, in bits per node.
    pub final_temperature: f64,
    /// Ratio of each temperature to the one before.
    pub cooling_factor: f64,
    /// Number of sweeps over all nodes at each temperature.
    pub sweeps: usize,
}

impl Default for AnnealingOptions {
    fn default() -> Self {
        Self { initial_temperature: 2.0, final_temperature: 0.01, cooling_factor: 0.9, sweeps: 10 }
    }
}

/// Runs greedy merging and then heat-bath annealing, and returns the best partition.
///
/// A partition `start` takes the place of the merging. The result is never longer than the merged
/// partition, or than `start`.
///
/// # Complexity
///
/// O(nodes · links) for merging, O(links) per sweep.
pub fn annealing<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &AnnealingOptions,
    start: Option<&Partition>,
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let units = Units::new(&network.couplings, &level);
    let mut random = random(seed, &[]);
    let merged = start.cloned().unwrap_or_else(|| greedy(objective, units, monitor));
    let value = |partition: &Partition| units.value(objective, partition);
    monitor.stage_ended(Stage::new("greedy merging", merged.modules(), &|| value(&merged)));
    let cooled = anneal(objective, units, &merged, options, &mut random, monitor);
    monitor.stage_ended(Stage::new("annealing", cooled.modules(), &|| value(&cooled)));
    let search = Search { objective, options: &SearchOptions::default(), monitor };
    let settle = |partition, random: &mut Random| {
        search.louvain(units, Grouping::new(units, partition), &mut LocalMover::default(), random).0
    };
    let [merged, cooled] = [merged, cooled].map(|partition| settle(partition, &mut random));
    let one = Grouping::new(units, Partition::one_module(units.len()));
    let value = |grouping: &Grouping| grouping.value(objective, units);
    [merged, cooled, one].into_iter().min_by(|a, b| value(a).total_cmp(&value(b))).expect("three partitions").partition
}

/// Starts from single units and merges the two modules that lower the objective most, until no
/// merger lowers it.
fn greedy<O: Objective>(objective: &O, units: Units<'_, O>, monitor: &dyn Monitor) -> Partition {
    let mut partition = Partition::singletons(units.len());
    while partition.modules() > 1 && !monitor.stop_requested() {
        let (modules, _) = units.consolidate(objective, &partition);
        let modules = modules.units();
        let assignment = Assignment::new(objective, modules, &Grouping::singletons(modules.len()));
        let mut best = (-MIN_GAIN, None);
        for unit in 0..modules.len() {
            let leave =
                objective.leave(modules.level, assignment.state(), Target { unit, module: unit, coupling: 0.0 }, true);
            for (other, coupling) in modules.couplings.row(unit).filter(|&(other, _)| other > unit) {
                let target = Target { unit, module: other, coupling };
                let delta = objective.delta(modules.level, assignment.state(), &leave, target);
                if delta < best.0 {
                    best = (delta, Some((unit, other)));
                }
            }
        }
        let Some((unit, other)) = best.1 else { break };
        let mut labels: Vec<u32> = (0..modules.len() as u32).collect();
        labels[other] = unit as u32;
        partition = partition.then(&Partition::from_labels(labels));
    }
    partition
}

/// Makes heat-bath sweeps from `start` at falling temperatures. Returns the best partition after
/// any sweep.
fn anneal<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    start: &Partition,
    options: &AnnealingOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Partition {
    let grouping = Grouping::new(units, start.clone());
    let mut lowest = grouping.value(objective, units);
    let mut best = start.clone();
    let mut assignment = Assignment::new(objective, units, &grouping);
    let mut temperature = options.initial_temperature / units.len().max(1) as f64;
    while temperature * units.len() as f64 >= options.final_temperature && !monitor.stop_requested() {
        for _ in 0..options.sweeps {
            for unit in random_order(units.len(), random) {
                heat_bath(objective, units, &mut assignment, unit as usize, temperature, random);
            }
            let value = objective.value(assignment.state());
            if value < lowest {
                (lowest, best) = (value, assignment.partition());
            }
        }
        temperature *= options.cooling_factor;
    }
    best
}

/// Moves `unit` to one of the modules around it, an empty one or its own, with probability
/// proportional to 2^(−Δ/T).
///
/// Draws from these probabilities by the Gumbel-max trick (Gumbel 1954): of the numbers −Δ/T −
/// log2(−log2 u), with u uniform between 0 and 1, the largest one is chosen.
fn heat_bath<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    assignment: &mut Assignment<O>,
    unit: usize,
    temperature: f64,
    random: &mut Random,
) {
    let old = assignment.module(unit);
    let mut around: Vec<(usize, f64)> = Vec::new();
    for (other, coupling) in units.couplings.row(unit) {
        let module = assignment.module(other);
        match around.iter_mut().find(|(other, _)| *other == module) {
            Some((_, sum)) => *sum += coupling,
            None => around.push((module, coupling)),
        }
    }
    let own_coupling = around.iter().find(|(module, _)| *module == old).map_or(0.0, |(_, coupling)| *coupling);
    let alone = assignment.size(old) == 1;
    if !alone {
        around.extend(assignment.empty_module().map(|module| (module, 0.0)));
    }
    let own = Target { unit, module: old, coupling: own_coupling };
    let leave = objective.leave(units.level, assignment.state(), own, alone);
    let mut drawn = (gumbel(random), own);
    for (module, coupling) in around.into_iter().filter(|&(module, _)| module != old) {
        let target = Target { unit, module, coupling };
        let delta = objective.delta(units.level, assignment.state(), &leave, target);
        let key = gumbel(random) - delta / temperature;
        if key > drawn.0 {
            drawn = (key, target);
        }
    }
    if drawn.1.module != old {
        assignment.relocate(objective, units, &leave, drawn.1);
    }
}

/// Returns −log2(−log2 u) for u uniform between 0 and 1.
fn gumbel(random: &mut Random) -> f64 {
    // The middle of one of 2⁵³ equal parts, so neither 0 nor 1.
    let u = ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    -log2(-log2(u))
}
