//! Worked examples. Other software computes the same codelengths from the state network of the
//! copies, and simulated walks confirm them.

use mapeq_core::{Partition, plogp};
use mapeq_search::{Silent, below, random};

use super::cases::{
    Case, between_three_triangles, between_two_cliques, clique, cliques_sharing_a_node, cliques_sharing_two_nodes,
};
use crate::changes::Workspace;
use crate::cover_state::{CoverState, Propagation};
use crate::moves::{Effort, improve};
use crate::{Cover, Entry, one_level_codelength};

fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() < tolerance, "{value} is not {expected}");
}

/// The cover in which each word lists the modules of one node as digits: "1 12 2".
fn cover(text: &str) -> Cover {
    Cover::from_labels(
        text.split(' ').map(|digits| digits.bytes().map(|digit| u32::from(digit - b'0')).collect::<Vec<_>>()),
    )
}

/// The nodes with several modules, numbered from 1.
fn overlapping_nodes(cover: &Cover) -> Vec<usize> {
    (0..cover.nodes()).filter(|&node| cover.of(node).len() > 1).map(|node| node + 1).collect()
}

/// Clique size k, and the codelengths of one module, hard modules and overlapping modules.
const SHARED: [(u32, f64, f64, f64); 5] = [
    (3, 2.251629167388, 2.727421329433, 2.441914075734),
    (4, 2.750000000000, 2.938721875541, 2.691165626623),
    (5, 3.121928094887, 3.126112492884, 2.905374780501),
    (6, 3.418295834054, 3.292481250361, 3.092143027986),
    (8, 3.875000000000, 3.576205059305, 3.405429268828),
];

fn shared_cover(k: u32) -> Cover {
    let modules = |node| {
        if node < k {
            vec![1]
        } else if node > k {
            vec![2]
        } else {
            vec![1, 2]
        }
    };
    Cover::from_labels((1..2 * k).map(modules))
}

#[test]
fn cliques_that_share_a_node() {
    for (k, one, hard, overlap) in SHARED {
        let case = cliques_sharing_a_node(k);
        close(one_level_codelength(&case.walk), one, 1e-11);
        close(case.codelength(&Cover::from_labels((1..2 * k).map(|node| [u32::from(node > k)]))), hard, 1e-11);
        close(case.codelength(&shared_cover(k)), overlap, 1e-11);
        let found = case.search();
        close(found.flat_codelength().total(), if k == 3 { one } else { overlap }, 1e-11);
        assert_eq!(overlapping_nodes(&found.cover()), if k == 3 { vec![] } else { vec![k as usize] });
    }
}

#[test]
fn a_node_between_two_cliques() {
    for (a, b, hard, overlap, own, split) in [
        (3, 1, 2.585061900, 2.590857943, 2.869759185, [0.09375, 0.03125]),
        (3, 2, 2.830388019, 2.741000546, 3.026289794, [0.088235294, 0.058823529]),
        (2, 2, 2.856844122, 2.686068331, 2.905639062, [0.0625, 0.0625]),
        (3, 3, 3.015789584, 2.815451362, 3.141604168, [0.083333333, 0.083333333]),
        (4, 2, 2.806098611, 2.765903613, 3.123293386, [0.111111111, 0.055555556]),
    ] {
        let case = between_two_cliques(a, b);
        close(case.codelength(&cover("1 1 1 1 2 2 2 2 1")), hard, 1e-9);
        close(case.codelength(&cover("1 1 1 1 2 2 2 2 3")), own, 1e-9);
        let copies = case.copies(&cover("1 1 1 1 2 2 2 2 12"));
        close(copies.flat_codelength().total(), overlap, 1e-9);
        split.iter().zip(&copies.flow.nodes.flow[8..]).for_each(|(&split, &flow)| close(flow, split, 1e-9));
        let found = case.search();
        close(found.flat_codelength().total(), f64::min(hard, overlap), 1e-9);
        assert_eq!(overlapping_nodes(&found.cover()), if overlap < hard { vec![9] } else { vec![] });
    }
}

#[test]
fn coupled_splits() {
    let case = cliques_sharing_two_nodes();
    close(case.codelength(&cover("1 1 1 1 2 2 2 2 1 1")), 3.564724378876, 1e-11);
    close(case.codelength(&cover("1 1 1 1 2 2 2 2 1 2")), 3.618070123695, 1e-11);
    let copies = case.copies(&cover("1 1 1 1 2 2 2 2 12 12"));
    close(copies.flat_codelength().total(), 3.327486863038, 1e-11);
    copies.flow.nodes.flow[8..].iter().for_each(|&flow| close(flow, 0.077586206897, 1e-11));
    // With two modules both shared nodes overlap. One module is shorter.
    let start = Partition::from_labels(vec![0, 0, 0, 0, 1, 1, 1, 1, 0, 0]);
    let mut state = CoverState::new(&case.walk, Entry::Uniform, Propagation::EXACT, &Cover::from_partition(&start));
    improve(&mut state, Effort::Thorough, &mut Workspace::default(), &Silent);
    close(state.codelength(), 3.327486863038, 1e-11);
    assert_eq!(overlapping_nodes(&state.cover()), [9, 10]);
    close(case.search().flat_codelength().total(), one_level_codelength(&case.walk), 1e-11);
}

#[test]
fn a_node_in_three_modules() {
    let case = between_three_triangles();
    for (modules, codelength, split) in [
        ("1", 2.851257248701, &[0.178571429][..]),
        ("12", 2.719473108133, &[0.089285714, 0.089285714]),
        ("123", 2.661839440249, &[0.071428571, 0.071428571, 0.035714286]),
    ] {
        let copies = case.copies(&cover(&format!("1 1 1 2 2 2 3 3 3 {modules}")));
        close(copies.flat_codelength().total(), codelength, 1e-11);
        split.iter().zip(&copies.flow.nodes.flow[9..]).for_each(|(&split, &flow)| close(flow, split, 1e-9));
    }
    let found = case.search();
    assert!(found.flat_codelength().total() < 2.661839440249 + 1e-11);
}

#[test]
fn exhaustive_optima_with_two_modules() {
    let triangles = Case::undirected(&[clique(1..=3), clique(3..=5), clique(5..=7)].concat());
    let optimum = cover("1 1 12 12 2 2 2");
    close(triangles.codelength(&optimum), 2.640019001676, 1e-11);
    // Three modules are even shorter.
    assert!(triangles.search().flat_codelength().total() < 2.640019001676 + 1e-11);
    let two_triangles = Case::undirected(&[clique(1..=3), clique(4..=6), vec![(3, 4)]].concat());
    let found = two_triangles.search();
    close(found.flat_codelength().total(), 2.320730356834, 1e-11);
    assert_eq!(found.cover().overlapping_nodes(), 0);
}

/// Estimates the codelength from each of `batches` simulated walks of `steps` steps.
fn simulated_codelengths(case: &Case, cover: &Cover, batches: usize, steps: usize) -> Vec<f64> {
    let mut random = random(5, &[9]);
    let next: Vec<Vec<usize>> =
        (0..case.walk.len()).map(|node| case.walk.outgoing().row(node).map(|(other, _)| other).collect()).collect();
    let (mut node, mut module) = (0, cover.of(0)[0]);
    let walk = |_| {
        let mut visits = vec![vec![0u32; cover.modules()]; case.walk.len()];
        let mut exits = vec![0u32; cover.modules()];
        let mut enters = vec![0u32; cover.modules()];
        for _ in 0..steps {
            node = next[node][below(&mut random, next[node].len())];
            let own = cover.of(node);
            if !own.contains(&module) {
                exits[module as usize] += 1;
                module = own[below(&mut random, own.len())];
                enters[module as usize] += 1;
            }
            visits[node][module as usize] += 1;
        }
        let rate = |count: u32| f64::from(count) / steps as f64;
        let h = |count: u32| plogp(rate(count));
        let mut codelength = h(enters.iter().sum());
        for i in 0..cover.modules() {
            let inside: u32 = visits.iter().map(|of_node| of_node[i]).sum();
            codelength += h(inside + exits[i]) - h(exits[i]) - h(enters[i]);
        }
        codelength - visits.iter().flatten().map(|&count| h(count)).sum::<f64>()
    };
    (0..batches).map(walk).collect()
}

/// All links have the same weight. In long walks the bias of estimated entropies is small compared
/// with their noise.
#[test]
fn simulated_walks_have_these_codelengths() {
    let mut examples: Vec<(Case, Cover)> =
        [4, 6].into_iter().map(|k| (cliques_sharing_a_node(k), shared_cover(k))).collect();
    examples.push((between_two_cliques(3, 2), cover("1 1 1 1 2 2 2 2 12")));
    examples.push((cliques_sharing_two_nodes(), cover("1 1 1 1 2 2 2 2 12 12")));
    examples.push((between_three_triangles(), cover("1 1 1 2 2 2 3 3 3 123")));
    const BATCHES: usize = 20;
    for (case, cover) in examples {
        let values = simulated_codelengths(&case, &cover, BATCHES, 200_000);
        let mean = values.iter().sum::<f64>() / BATCHES as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let error = (squares / (BATCHES * (BATCHES - 1)) as f64).sqrt();
        let expected = case.codelength(&cover);
        assert!(error < 1e-3 && (mean - expected).abs() < 3.0 * error, "{mean} ± {error} is not {expected}");
    }
}
