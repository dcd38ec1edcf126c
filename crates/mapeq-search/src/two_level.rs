//! The search for a flat partition.

use mapeq_core::{FlowNetwork, Objective, Partition};

use crate::climb::climb;
use crate::local_moving::{Moved, Mover};
use crate::monitor::Monitor;
use crate::random::{Random, random};
use crate::recombination::recombine;
use crate::tuning::tune;
use crate::units::Units;

/// How thoroughly to search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchOptions {
    /// Tuning ends when a round gains less than this many bits.
    pub least_gain: f64,
    /// Tuning ends after so many rounds of fine and coarse tuning.
    pub most_tuning_rounds: usize,
    /// The search recombines its result with fresh climbs until that has looked at so many links.
    pub recombination_links: u64,
    /// … or has done so this many times,
    pub most_recombinations: usize,
    /// … or for so many times in a row has gained less than `least_gain`.
    pub patience: usize,
}

impl Default for SearchOptions {
    /// Measured on real networks of 10² to 10⁶ links: the last tuning rounds gain a few 10⁻⁴ bits each, and a fresh climb
    /// to recombine with gains more per link looked at. Networks below 10⁵ links can afford many of them.
    fn default() -> Self {
        Self {
            least_gain: 1e-4,
            most_tuning_rounds: 2,
            recombination_links: 3_000_000,
            most_recombinations: 40,
            patience: 8,
        }
    }
}

/// The best partition of a network that one trial finds. Where one module for all nodes is shorter, the search goes on from
/// there.
///
/// The result depends on the network, the objective, the options and the seed alone. Near-linear in the number of links.
pub fn two_level<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &SearchOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let units = Units { couplings: &network.couplings, level: &level };
    let mut random = random(seed, &[]);
    let partition = divide(objective, units, options, &mut random, monitor);
    or_one_module(objective, units, partition, options, &mut random, monitor)
}

/// `partition`, or where it is shorter, what tuning makes of one module for all units: that too has neighbours that a climb
/// from single units does not reach.
pub fn or_one_module<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    partition: Partition,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Partition {
    let one = Partition::one_module(units.len());
    if units.value(objective, &one) >= units.value(objective, &partition) {
        return partition;
    }
    let (least_gain, rounds) = (options.least_gain, options.most_tuning_rounds);
    tune(objective, units, one, least_gain, rounds, &mut Mover::default(), random, monitor).0
}

/// The best partition of `units` that one trial finds.
pub fn divide<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Partition {
    let mut mover = Mover::default();
    let fresh_climb = |mover: &mut Mover, random: &mut Random| {
        let singletons = Partition::singletons(units.len());
        climb(objective, units, &singletons, mover, random, monitor)
    };
    let (partition, first) = fresh_climb(&mut mover, random);
    monitor.stage_ended("climb", partition.modules());
    let rounds = options.most_tuning_rounds;
    let (mut partition, _) = tune(objective, units, partition, options.least_gain, rounds, &mut mover, random, monitor);
    monitor.stage_ended("tuning", partition.modules());
    let mut spent = Moved { links: first.links / 2, ..Moved::default() };
    let mut in_vain = 0;
    for _ in 0..options.most_recombinations {
        // The next round will look at about as many links as the first climb did.
        if spent.links + first.links > options.recombination_links
            || in_vain >= options.patience
            || partition.modules() == 1
            || monitor.stop_requested()
        {
            break;
        }
        let (other, climbed) = fresh_climb(&mut mover, random);
        // While it pays, improve the best partition; where that is stuck, start from the other one.
        let (start, pieces) = if in_vain == 0 { (&partition, &other) } else { (&other, &partition) };
        let (combined, moved) = recombine(objective, units, start, pieces, &mut mover, random, monitor);
        let (tuned, fine) = tune(objective, units, combined, f64::INFINITY, 1, &mut mover, random, monitor);
        let gain = if in_vain == 0 {
            moved.gain + fine.gain
        } else {
            units.value(objective, &partition) - units.value(objective, &tuned)
        };
        if gain >= 0.0 {
            partition = tuned;
        }
        spent += climbed;
        spent += moved;
        spent += fine;
        in_vain = if gain < options.least_gain { in_vain + 1 } else { 0 };
        monitor.stage_ended("recombination", partition.modules());
    }
    partition
}
