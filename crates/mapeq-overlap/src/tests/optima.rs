//! Exhaustive enumeration of covers against the search.

use mapeq_core::Direction;
use mapeq_search::{below, random};

use super::cases::{Case, random_case};
use crate::Entry;
use crate::cover::Cover;
use crate::cover_state::{CoverState, Propagation};

/// The lowest codelength of all covers of up to `modules` modules.
fn optimum(case: &Case, modules: u32) -> f64 {
    let nodes = case.walk.len();
    let sets = (1u32 << modules) - 1;
    let mut best = f64::INFINITY;
    let mut sets_of = vec![1u32; nodes];
    loop {
        let labels = |&set: &u32| (0..modules).filter(|module| set >> module & 1 == 1).collect::<Vec<_>>();
        let cover = Cover::from_labels(sets_of.iter().map(labels));
        best = best.min(CoverState::new(&case.walk, Entry::Uniform, Propagation::EXACT, &cover).codelength());
        // The next number in this base. Modules have no order, so the first node always has the
        // first module.
        let Some(digit) = (0..nodes).rev().find(|&digit| sets_of[digit] + if digit == 0 { 1 } else { 0 } < sets) else {
            return best;
        };
        sets_of[digit] += if digit == 0 { 2 } else { 1 };
        sets_of[digit + 1..].fill(1);
    }
}

/// Compares the search with all covers on random networks with these seeds. `modules` is the
/// largest number of modules for 5, 6 and 7 nodes.
fn compare(seeds: std::ops::Range<u64>, modules: [u32; 3]) {
    let (mut overlapping, mut modular) = (0, 0);
    for seed in seeds {
        let nodes = 5 + below(&mut random(seed, &[]), 3) as u32;
        let direction = if seed % 4 == 3 { Direction::Directed } else { Direction::Undirected };
        let case = random_case(seed, nodes, nodes - 2, direction);
        let found = case.search();
        let (codelength, best) = (found.flat_codelength().total(), optimum(&case, modules[nodes as usize - 5]));
        assert!(codelength < best + 1e-9, "seed {seed}, {nodes} nodes: {codelength}, but {best} is possible");
        overlapping += found.cover().overlapping_nodes();
        modular += usize::from(found.cover().modules() > 1);
    }
    assert!(modular > 0 && overlapping > 0, "{modular} networks have modules, {overlapping} nodes overlap");
}

#[test]
fn no_cover_of_small_networks_is_shorter_than_what_the_search_finds() {
    compare(0..24, [3, 2, 2]);
}

/// 10⁵ covers for six nodes, 8·10⁵ for seven, and 7·10⁵ for five nodes with up to four modules.
#[test]
fn no_cover_with_more_modules_is_shorter_either() {
    compare(24..32, [4, 3, 3]);
}
