//! Searches find what was planted, and nothing where nothing was.

use mapeq::flow::{FlowModel, FlowOptions};
use mapeq::{ClusterOptions, Clustering};
use mapeq_tests::{Planted, normalized_mutual_information, planted};

fn find(planted: &Planted, model: FlowModel, two_level: bool) -> Clustering {
    let flow = FlowOptions { model, ..FlowOptions::default() };
    let options = ClusterOptions { flow, two_level, ..ClusterOptions::default() };
    mapeq::cluster(&planted.network(model.direction()), &options).expect("a network with flow")
}

#[test]
fn planted_modules_are_found() {
    for model in [FlowModel::Undirected, FlowModel::Directed] {
        for seed in 1..=3 {
            let planted = planted(&[30, 40], &[2, 8], seed);
            let found = find(&planted, model, true).tree.partition_at(1);
            let agreement = normalized_mutual_information(&found, &planted.levels[0]);
            assert!(agreement >= 0.99, "{model}, seed {seed}: {agreement}, {} modules", found.modules());
        }
    }
}

#[test]
fn planted_modules_inside_of_modules_are_found() {
    for model in [FlowModel::Undirected, FlowModel::Directed] {
        for seed in 1..=3 {
            let planted = planted(&[6, 8, 25], &[1, 2, 8], seed);
            let tree = find(&planted, model, false).tree;
            assert_eq!(tree.levels(), 3, "{model}, seed {seed}: {:?}", tree.modules_per_level());
            for (depth, level) in planted.levels.iter().enumerate() {
                let agreement = normalized_mutual_information(&tree.partition_at(depth + 1), level);
                assert!(agreement >= 0.99, "{model}, seed {seed}, level {}: {agreement}", depth + 1);
            }
        }
    }
}

#[test]
fn links_without_structure_give_one_module() {
    for model in [FlowModel::Undirected, FlowModel::Directed] {
        for seed in 1..=3 {
            let found = find(&planted(&[400], &[12], seed), model, false);
            assert_eq!(found.tree.top_modules(), 1, "{model}, seed {seed}");
            assert_eq!(found.score.relative_savings(), 0.0, "{model}, seed {seed}");
        }
    }
}
