//! Laws of the codelength of covers, and of the search.

use mapeq_core::{Direction, Partition, Tree};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{Silent, below, random, shuffle};
use mapeq_twolevel::codelength;

use super::cases::{Case, clique, random_case, random_cover};
use crate::changes::Workspace;
use crate::cover_state::{CoverState, Propagation};
use crate::memberships::Memberships;
use crate::{Copies, Cover, Entry, OverlapOptions, nested, overlapping};

fn cases() -> impl Iterator<Item = (u64, Case)> {
    (0..40).map(|seed| {
        let direction = if seed % 2 == 1 { Direction::Directed } else { Direction::Undirected };
        (seed, random_case(seed, 6 + seed as u32, 20, direction))
    })
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-10, "{a} is not {b}");
}

#[test]
fn links_carry_the_flow_of_their_nodes() {
    for (_, case) in cases() {
        let nodes = &case.flow.nodes;
        for node in 0..case.walk.len() {
            let sum = |rows: &mapeq_core::Csr| rows.row(node).map(|(_, flow)| flow).sum::<f64>();
            close(sum(case.walk.outgoing()), nodes.at(node).exit);
            close(sum(case.walk.incoming()), nodes.at(node).enter);
        }
    }
}

#[test]
fn hard_modules_have_the_codelength_of_the_map_equation() {
    for (seed, case) in cases() {
        let mut random = random(seed, &[]);
        let partition = Partition::from_labels((0..case.walk.len()).map(|_| below(&mut random, 4) as u32).collect());
        let expected = codelength(&case.flow, &Tree::from_partition(&partition)).codelength;
        let found = case.copies(&Cover::from_partition(&partition)).flat_codelength();
        close(found.index, expected.index);
        close(found.module, expected.module);
    }
}

#[test]
fn copies_of_a_node_have_its_visits_and_the_state_has_their_codelength() {
    for (seed, case) in cases() {
        let cover = random_cover(seed, case.walk.len(), 4);
        assert!(cover.overlapping_nodes() > 0);
        for rule in [Entry::Uniform, Entry::ByShare] {
            let copies = Copies::new(&case.walk, &cover, rule);
            let mut visits = vec![0.0; case.walk.len()];
            copies.node.iter().zip(&copies.flow.nodes.flow).for_each(|(&node, flow)| visits[node as usize] += flow);
            visits.iter().zip(case.walk.visits()).for_each(|(&sum, &visits)| close(sum, visits));
            close(
                CoverState::new(&case.walk, rule, Propagation::EXACT, &cover).codelength(),
                copies.flat_codelength().total(),
            );
            let enter: f64 = (0..copies.len()).map(|copy| copies.flow.nodes.at(copy).enter).sum();
            close(enter, (0..copies.len()).map(|copy| copies.flow.nodes.at(copy).exit).sum());
            // Undirected walks leave each copy as often as they enter it.
            if case.walk.is_undirected() {
                let back = copies.steps.transposed();
                for copy in 0..copies.len() {
                    let sum = |rows: &mapeq_core::Csr| rows.row(copy).map(|(_, flow)| flow).sum::<f64>();
                    close(sum(&copies.steps), sum(&back));
                }
            }
        }
    }
}

#[test]
fn changes_equal_recomputed_codelengths() {
    let mut compared = 0;
    for (seed, case) in cases() {
        // Splits by shares are not unique: if copies support each other, the start decides.
        let rule = Entry::Uniform;
        let per_codeword = if seed % 3 == 0 { 0.01 } else { 0.0 };
        let from_scratch =
            |cover: &Cover| CoverState::new(&case.walk, rule, Propagation::EXACT, cover).penalized(per_codeword);
        let mut state = from_scratch(&random_cover(seed, case.walk.len(), 5));
        let mut workspace = Workspace::default();
        let mut random = random(seed, &[3]);
        for _ in 0..20 {
            let node = below(&mut random, case.walk.len());
            let modules: Vec<u32> = (0..5).filter(|_| below(&mut random, 3) == 0).collect();
            if modules.is_empty() {
                continue;
            }
            let before = state.codelength();
            // A rejected change restores everything exactly.
            let (memberships, flows) = (state.memberships.clone(), state.modules.clone());
            let same = |other: &Memberships| memberships.iter().eq(other.iter());
            assert_eq!(state.try_change(node, &modules, f64::INFINITY, 0.0, &mut workspace), 0.0);
            assert!(same(&state.memberships) && state.modules == flows && state.codelength() == before);
            // If no neighbour overlaps, the change is exact without propagation.
            let alone = case.walk.outgoing().row(node).all(|(other, _)| !state.memberships.overlaps(other));
            workspace.neighbourhood.collect(&state, node, &modules);
            workspace.neighbourhood.prepare(&state, node, &modules);
            let change = workspace.neighbourhood.delta(&state, &modules);
            state.try_change(node, &modules, f64::NEG_INFINITY, 0.0, &mut workspace);
            let after = from_scratch(&state.cover());
            // Copies without visits cost a codeword until they are removed.
            let removed = state.cover().memberships() - after.cover().memberships();
            let after = after.codelength() + per_codeword * removed as f64;
            assert!(
                (state.codelength() - after).abs() < 1e-8,
                "{seed} {rule:?}: {} is not {after}",
                state.codelength()
            );
            if alone {
                compared += 1;
                assert!((before + change - after).abs() < 1e-8, "{before} + {change} is not {after}");
            }
        }
    }
    assert!(compared > 20, "{compared} changes next to nodes with one module");
}

/// For both rules, with and without a penalty, and next to overlapping nodes.
#[test]
fn deltas_equal_recomputed_sums() {
    let (mut changed, mut longer) = (0, 0);
    for (seed, case) in cases() {
        for (rule, per_codeword) in [(Entry::Uniform, 0.0), (Entry::ByShare, 0.0), (Entry::ByShare, 0.01)] {
            let cover = random_cover(seed, case.walk.len(), 5);
            let state = CoverState::new(&case.walk, rule, Propagation::EXACT, &cover).penalized(per_codeword);
            let (mut workspace, mut random) = (Workspace::default(), random(seed, &[5]));
            for _ in 0..10 {
                let node = below(&mut random, case.walk.len());
                let modules: Vec<u32> = (0..5).filter(|_| below(&mut random, 2) == 0).collect();
                if modules.is_empty() {
                    continue;
                }
                workspace.neighbourhood.collect(&state, node, &modules);
                workspace.neighbourhood.prepare(&state, node, &modules);
                let change = workspace.neighbourhood.delta(&state, &modules);
                let mut other = state.clone();
                let mut copies = Vec::new();
                workspace.neighbourhood.placement(&state, &modules, &mut copies, &mut Vec::new());
                other.memberships.replace(node, &copies);
                other.recompute_sums();
                close(state.codelength() + change, other.codelength());
                changed += usize::from(change.abs() > 1e-3);
                longer += usize::from(other.codelength() > state.codelength());
            }
        }
    }
    assert!(changed > 500 && longer > 100 && longer < changed, "{changed} changes, {longer} of them longer");
}

/// With coarse propagation, codelengths are exact again once all splits are solved.
#[test]
fn coarse_changes_are_exact_after_solving_again() {
    let mut differed = 0;
    for (seed, case) in cases() {
        let cover = random_cover(seed, case.walk.len(), 5);
        let mut state = CoverState::new(&case.walk, Entry::Uniform, Propagation::COARSE, &cover);
        let mut workspace = Workspace::default();
        let mut random = random(seed, &[4]);
        for _ in 0..20 {
            let (node, module) = (below(&mut random, case.walk.len()), below(&mut random, 5) as u32);
            let mut modules: Vec<u32> = state.modules_of(node).filter(|&own| own != module).collect();
            if modules.len() == state.memberships.of(node).len() || modules.is_empty() {
                modules.push(module);
            }
            modules.sort_unstable();
            state.try_change(node, &modules, f64::NEG_INFINITY, 0.0, &mut workspace);
        }
        let roughly = state.codelength();
        state.refresh();
        let exact = CoverState::new(&case.walk, Entry::Uniform, Propagation::EXACT, &state.cover()).codelength();
        close(state.codelength(), exact);
        differed += usize::from((roughly - exact).abs() > 1e-10);
    }
    assert!(differed > 0);
}

#[test]
fn never_longer_than_hard_modules() {
    let mut shorter = 0;
    for (_, case) in cases() {
        let hard = case.codelength(&Cover::from_partition(&case.hard()));
        let found = case.search().flat_codelength().total();
        assert!(found < hard + 1e-12);
        shorter += usize::from(found < hard - 1e-6);
    }
    assert!(shorter > 0);
}

/// As in large networks, in which copies are not regrouped.
#[test]
fn moves_from_hard_modules_alone_are_never_longer() {
    let options =
        OverlapOptions { max_couplings_for_pairs: 0, max_couplings_for_regrouping: 0, ..OverlapOptions::default() };
    let mut shorter = 0;
    for (_, case) in cases() {
        let hard = case.hard();
        let found = overlapping(&case.walk, &case.flow, &hard, &options, 123, &Silent).flat_codelength().total();
        let hard = case.codelength(&Cover::from_partition(&hard));
        assert!(found < hard + 1e-12);
        shorter += usize::from(found < hard - 1e-6);
    }
    assert!(shorter > 0);
}

#[test]
fn codelengths_do_not_depend_on_the_order_of_nodes() {
    for (seed, case) in cases() {
        let cover = random_cover(seed, case.walk.len(), 4);
        let mut order: Vec<u32> = (0..case.walk.len() as u32).collect();
        shuffle(&mut order, &mut random(seed, &[6]));
        let laid_out = case.walk.reordered(&order);
        let by_position = Cover::from_labels(order.iter().map(|&node| cover.of(node as usize)));
        let state = CoverState::new(&laid_out, Entry::Uniform, Propagation::EXACT, &by_position);
        let codelength = state.codelength();
        let copies = Copies::of(&state.in_original_order(&case.walk, &order));
        let expected = case.copies(&cover);
        assert_eq!(copies.node, expected.node);
        close(copies.flat_codelength().total(), codelength);
        close(expected.flat_codelength().total(), codelength);
    }
}

#[test]
fn levels_above_modules_are_never_longer_and_keep_the_modules() {
    // Pairs of cliques that share a node, in a ring of three groups of three.
    let pair = |first: u32| [clique(first..=first + 4), clique(first + 4..=first + 8)].concat();
    let mut links: Vec<(u32, u32)> = (0..9).flat_map(|i| pair(9 * i + 1)).collect();
    for group in 0..3 {
        let first = |i: u32| 27 * group + 9 * (i % 3) + 1;
        links.extend((0..3).map(|i| (first(i), first(i + 1) + 1)));
        links.push((27 * group + 3, (27 * (group + 1) + 3) % 81));
    }
    let rings = Case::undirected(&links);
    let mut deeper = 0;
    for (seed, case) in cases().chain([(0, rings)]) {
        let copies = case.search();
        let tree = nested(&copies, &MultilevelOptions::default(), seed, &Silent);
        assert_eq!(tree.leaf_partition(), copies.module);
        let (total, flat) = (copies.codelength(&tree).codelength.total(), copies.flat_codelength().total());
        assert!(total <= flat);
        // Rounding errors do not justify a level.
        assert_eq!(tree.levels() > 2, total < flat - 1e-10);
        deeper += usize::from(tree.levels() > 2 && copies.cover().overlapping_nodes() > 0);
    }
    assert!(deeper > 0);
}

#[test]
fn nothing_overlaps_where_nothing_is_shared() {
    let two = Case::undirected(&[clique(1..=6), clique(7..=12), vec![(6, 7)]].concat());
    let ring = (0..10).flat_map(|i| [clique(5 * i + 1..=5 * i + 5), vec![(5 * i + 5, (5 * i + 5) % 50 + 1)]].concat());
    let ring = Case::undirected(&ring.collect::<Vec<_>>());
    for (case, modules) in [(two, 2), (ring, 10)] {
        let cover = case.search().cover();
        assert_eq!((cover.modules(), cover.overlapping_nodes()), (modules, 0));
    }
    let mut random = random(1, &[]);
    let mut any = || 1 + below(&mut random, 100) as u32;
    let links: Vec<_> = (0..800).map(|_| (any(), any())).filter(|(a, b)| a != b).collect();
    assert_eq!(Case::undirected(&links).search().cover().memberships(), 100);
}
