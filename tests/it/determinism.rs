//! Results depend on the network, the options and the seed, but not on the number of threads.

use mapeq::flow::{FlowModel, FlowOptions, TeleportationOptions};
use mapeq::{ClusterOptions, Tree};
use mapeq_tests::planted;

const THREADS: [usize; 3] = [1, 2, 7];

/// Returns the tree, the codelength and the codelengths of all trials for each number of threads.
fn results(options: &ClusterOptions) -> Vec<(Tree, u64, Vec<u64>)> {
    let network = planted(&[8, 10, 40], &[1, 2, 6], 7).network(options.flow.model.direction());
    THREADS
        .iter()
        .map(|&threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
            let found = pool.install(|| mapeq::cluster(&network, options)).expect("a network with flow");
            let trials = found.trials.iter().map(|trial| trial.codelength.to_bits()).collect();
            (found.tree, found.score.codelength.total().to_bits(), trials)
        })
        .collect()
}

#[track_caller]
fn assert_same(options: &ClusterOptions) {
    let found = results(options);
    assert!(found[0].0.top_modules() > 1, "the tree has several modules");
    for (threads, tree) in THREADS.iter().zip(&found) {
        assert!(*tree == found[0], "the result on {threads} threads differs from that on {}", THREADS[0]);
    }
}

fn directed(recorded: bool) -> FlowOptions {
    let teleportation = TeleportationOptions { recorded, ..TeleportationOptions::default() };
    FlowOptions { model: FlowModel::Directed, teleportation, ..FlowOptions::default() }
}

#[test]
fn two_level_search_is_deterministic() {
    assert_same(&ClusterOptions { two_level: true, ..ClusterOptions::default() });
}

#[test]
fn multilevel_search_is_deterministic() {
    assert_same(&ClusterOptions::default());
}

#[test]
fn two_level_trials_are_deterministic() {
    assert_same(&ClusterOptions { trials: 5, two_level: true, ..ClusterOptions::default() });
}

#[test]
fn directed_multilevel_trials_are_deterministic() {
    assert_same(&ClusterOptions { trials: 3, flow: directed(false), ..ClusterOptions::default() });
}

#[test]
fn combined_trials_are_deterministic() {
    assert_same(&ClusterOptions { trials: 9, ..ClusterOptions::default() });
    assert_same(&ClusterOptions { trials: 9, two_level: true, flow: directed(false), ..ClusterOptions::default() });
}

#[test]
fn independent_trials_equal_single_trials() {
    let network = planted(&[8, 10, 40], &[3, 2, 3], 7).network(FlowModel::Undirected.direction());
    let cluster = |options: &ClusterOptions| mapeq::cluster(&network, options).expect("flow");
    let together =
        cluster(&ClusterOptions { trials: 6, independent_trials: true, seed: 3, ..ClusterOptions::default() });
    for (number, trial) in together.trials.iter().enumerate() {
        let alone = cluster(&ClusterOptions { seed: 3 + number as u64, ..ClusterOptions::default() });
        assert_eq!(alone.score.codelength.total(), trial.codelength, "trial {number}");
    }
}

#[test]
fn search_with_recorded_teleportation_is_deterministic() {
    assert_same(&ClusterOptions { flow: directed(true), ..ClusterOptions::default() });
}

#[test]
fn the_seed_changes_the_result() {
    let network = planted(&[8, 10, 40], &[3, 2, 3], 7).network(FlowModel::Undirected.direction());
    let tree =
        |seed| mapeq::cluster(&network, &ClusterOptions { seed, ..ClusterOptions::default() }).expect("flow").tree;
    assert!((2..6).any(|seed| tree(seed) != tree(1)), "all seeds give the same tree");
}
