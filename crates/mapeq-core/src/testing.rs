//! Checks of the laws that every objective must obey, on random partitions and moves.
//!
//! ```
//! # use mapeq_core::*;
//! # struct Nothing;
//! # impl AdditiveObjective for Nothing {
//! #     type Module = ();
//! #     type Shared = f64;
//! #     fn node(&self, _: &NodeFlow) {}
//! #     fn insert(&self, _: &(), _: &(), _: f64) {}
//! #     fn remove(&self, _: &(), _: &(), _: f64) {}
//! #     fn term(&self, _: &()) -> f64 { 0.0 }
//! #     fn shared(&self, _: &()) -> f64 { 0.0 }
//! #     fn shared_term(&self, _: f64) -> f64 { 0.0 }
//! # }
//! # let objective = Nothing;
//! # let couplings = Csr::new([0, 1, 2].into(), [1, 0].into(), LinkValues::Same(1.0));
//! # let flow = vec![0.5, 0.5].into_boxed_slice();
//! # let nodes = NodeFlows { flow: flow.clone(), exit: flow, ..NodeFlows::default() };
//! # let network = FlowNetwork::new(couplings, nodes);
//! # let no_change = std::panic::catch_unwind(||
//! mapeq_core::testing::check_objective(&Additive(objective), &network, 42)
//! # );
//! # assert!(no_change.is_err(), "an objective that never changes passes no law");
//! ```

use crate::flow_network::{FlowNetwork, internal_couplings};
use crate::objective::{Objective, Target};
use crate::partition::Partition;

/// Relative tolerance for rounding errors.
const TOLERANCE: f64 = 1e-10;

/// Number of random moves for each number of modules.
const MOVES: usize = 50;

/// Checks the laws of an [`Objective`] on `network`, with random partitions and moves drawn from
/// `seed`:
///
/// 1. `delta` is the change of `value` by `commit`.
/// 2. The value after `commit` is that of the state computed from scratch.
/// 3. `delta` is the sum of `delta_without_affinity` and the changes that `affinities` reports, and
///    `delta_lower_bound` is at most `delta_without_affinity`.
/// 4. Consolidation of modules to units keeps the value.
/// 5. Another order of the units, by `restrict`, keeps the value.
///
/// # Panics
/// If a law is violated, with the law, the seed and both numbers. Also if no move changed the
/// value, because then the laws were not tested.
pub fn check_objective<O: Objective>(objective: &O, network: &FlowNetwork, seed: u64) {
    let nodes = network.len();
    assert!(nodes >= 2, "seed {seed}: laws need at least two nodes");
    let mut random = SplitMix(seed);
    let level = objective.level(network);
    let mut greatest_change = 0f64;
    for modules in [2, 3, nodes.div_ceil(2), nodes] {
        let mut labels: Vec<u32> = (0..nodes).map(|_| random.below(modules) as u32).collect();
        let mut partition = Partition::from_labels(labels);
        for _ in 0..MOVES {
            let mut state = state(objective, &level, network, &partition);
            let before = objective.value(&state);
            let unit = random.below(nodes);
            let from = partition.module(unit);
            let to = random.below(partition.modules() + 1);
            if from == to {
                continue;
            }
            let alone = partition.sizes()[from] == 1;
            let target = |module| Target { unit, module, coupling: coupling(network, &partition, unit, module) };
            let leave = objective.leave(&level, &state, target(from), alone);
            let target = target(to);
            let delta = objective.delta(&level, &state, &leave, target);
            let without_affinity = objective.delta_without_affinity(&level, &state, &leave, target);
            let mut affinities = 0.0;
            objective.affinities(&level, &state, unit, |module, change| {
                assert!(
                    O::HAS_AFFINITIES,
                    "`affinities` reports a module although `HAS_AFFINITIES` is false (seed {seed})"
                );
                affinities += if module == to { change } else { 0.0 };
            });
            let lower_bound = objective.delta_lower_bound(&level, &state, &leave, target);
            let rounding = TOLERANCE * before.abs().max(1.0);
            assert!(
                lower_bound <= without_affinity + rounding,
                "bound (seed {seed}): {lower_bound} is above {without_affinity}"
            );
            same("delta = delta without affinity + affinities", seed, delta, without_affinity + affinities);
            objective.commit(&level, &mut state, &leave, target);
            labels = partition.labels().to_vec();
            labels[unit] = to as u32;
            partition = Partition::from_labels(labels);
            let committed = objective.value(&state);
            let recomputed = value(objective, &level, network, &partition);
            same("delta = change of value", seed, before + delta, committed);
            same("value after commit = value from scratch", seed, committed, recomputed);
            greatest_change = greatest_change.max(delta.abs());
        }
        let flat = value(objective, &level, network, &partition);
        let internal = internal_couplings(network, &partition);
        let coarse = objective.consolidate(&level, &partition, &internal);
        let singletons = Partition::singletons(partition.modules());
        let coarse_state = objective.state(&coarse, &singletons, &vec![0.0; singletons.modules()], 0);
        same("consolidation keeps the value", seed, flat, objective.value(&coarse_state));
        let reversed = Partition::from_labels(partition.labels().iter().rev().copied().collect());
        let order: Vec<u32> = (0..nodes as u32).rev().collect();
        let reversed_level = objective.restrict(&level, &order);
        let mut reversed_internal = vec![0.0; partition.modules()];
        for (new, &old) in order.iter().enumerate() {
            reversed_internal[reversed.module(new)] = internal[partition.module(old as usize)];
        }
        let reversed_state = objective.state(&reversed_level, &reversed, &reversed_internal, 0);
        same("order of units and modules changes nothing", seed, flat, objective.value(&reversed_state));
    }
    assert!(greatest_change > 1e-6, "seed {seed}: no move changed the value, so the laws were not tested");
}

fn state<O: Objective>(objective: &O, level: &O::Level, network: &FlowNetwork, partition: &Partition) -> O::State {
    objective.state(level, partition, &internal_couplings(network, partition), 1)
}

fn value<O: Objective>(objective: &O, level: &O::Level, network: &FlowNetwork, partition: &Partition) -> f64 {
    objective.value(&state(objective, level, network, partition))
}

fn coupling(network: &FlowNetwork, partition: &Partition, unit: usize, module: usize) -> f64 {
    let row = network.couplings.row(unit);
    row.filter(|&(other, _)| other != unit && partition.module(other) == module).map(|(_, coupling)| coupling).sum()
}

fn same(law: &str, seed: u64, left: f64, right: f64) {
    let scale = left.abs().max(right.abs()).max(1.0);
    assert!((left - right).abs() <= TOLERANCE * scale, "{law} (seed {seed}): {left} is not {right}");
}

/// Sebastiano Vigna's SplitMix64, sufficient for tests and without a dependency.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}
