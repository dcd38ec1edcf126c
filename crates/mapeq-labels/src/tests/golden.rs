//! Codelengths to nine digits.

use mapeq_core::{Codelength, FlowNetwork, Partition, Tree};
use mapeq_flow::FlowModel;
use mapeq_twolevel::{codelength, one_level_codelength};

use super::cases::flow;
use crate::labels::{Labels, Weight};

const TOLERANCE: f64 = 1e-9;

fn two_modules_of_three() -> Tree {
    Tree::from_partition(&Partition::from_labels(vec![0, 0, 0, 1, 1, 1]))
}

fn with_labels(network: &FlowNetwork, labels: &Labels, tree: &Tree) -> (Codelength, f64) {
    let codelength = labels.codelength(network, tree, codelength(network, tree).codelength);
    (codelength, labels.one_level_codelength(network, one_level_codelength(network)))
}

#[track_caller]
fn is(value: f64, golden: f64) {
    assert!((value - golden).abs() < TOLERANCE, "{value} is not {golden}");
}

/// Returns two triangles and a link between them.
fn network_a() -> FlowNetwork {
    let links = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)].map(|(source, target)| (source, target, 1.0));
    flow(6, &links, FlowModel::Undirected, false)
}

#[test]
fn metadata() {
    let network = network_a();
    let categories = [1, 1, 2, 2, 3, 3].map(Some);
    let tree = two_modules_of_three();
    let of = |rate, weight| with_labels(&network, &Labels::categories(&categories, rate, weight), &tree);
    let (codelength, one_level) = of(1.0, Weight::Flow);
    is(codelength.total(), 3.305958492868);
    // The index codebook names modules, and the codebooks below it name categories.
    is(codelength.index, 0.142857142857);
    is(one_level, 4.113313414926);
    is(of(0.5, Weight::Flow).0.total(), 2.813344424851);
    is(of(1.0, Weight::Uniform).0.total(), 3.239026190888);
    let terms = Labels::categories(&categories, 1.0, Weight::Flow).codebook_changes(&network, &tree);
    is(terms.iter().sum(), 0.985228136034);
    let terms = Labels::categories(&categories, 1.0, Weight::Uniform).codebook_changes(&network, &tree);
    is(terms.iter().sum(), 0.918295834054);
}

#[test]
fn state_network() {
    // Six states of five physical nodes; the first and the fourth state share one.
    let links = [
        (0, 1, 0.8),
        (0, 2, 0.8),
        (0, 4, 0.2),
        (0, 5, 0.2),
        (1, 0, 1.0),
        (1, 2, 1.0),
        (2, 0, 1.0),
        (2, 1, 1.0),
        (3, 4, 0.8),
        (3, 5, 0.8),
        (3, 1, 0.2),
        (3, 2, 0.2),
        (4, 3, 1.0),
        (4, 5, 1.0),
        (5, 3, 1.0),
        (5, 4, 1.0),
    ];
    let labels = Labels::physical_nodes(&[1, 2, 3, 1, 4, 5]);
    let network = flow(6, &links, FlowModel::Directed, false);
    let (codelength, one_level) = with_labels(&network, &labels, &two_modules_of_three());
    is(codelength.total(), 2.011405238446);
    is(codelength.index, 0.066666666667);
    is(one_level, 2.251629167388);
    // In one module the two states share a codeword. Its use rate is 1/3 in place of 1/6 twice: 1/3
    // bits less.
    let one_module = Tree::from_partition(&Partition::one_module(6));
    let change: f64 = labels.codebook_changes(&network, &one_module).iter().sum();
    is(change, -1.0 / 3.0);
}
