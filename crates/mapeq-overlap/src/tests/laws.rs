//! Laws of the codelength of covers and of the search.

use mapeq_core::{Direction, Partition, Tree};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{Silent, below, random, shuffle};
use mapeq_twolevel::codelength;

use super::cases::{Case, clique, random_case, random_cover};
use crate::changes::Desk;
use crate::members::Members;
use crate::state::{Following, State};
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
                State::new(&case.walk, rule, Following::EXACT, &cover).codelength(),
                copies.flat_codelength().total(),
            );
            let enter: f64 = (0..copies.len()).map(|copy| copies.flow.nodes.at(copy).enter).sum();
            close(enter, (0..copies.len()).map(|copy| copies.flow.nodes.at(copy).exit).sum());
            // Stationary: of undirected walks, a copy is left as often as it is entered.
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
fn changes_are_what_recomputing_tells() {
    let mut asked = 0;
    for (seed, case) in cases() {
        // By shares, splits are not determined: where copies support each other, the start decides.
        let rule = Entry::Uniform;
        let per_codeword = if seed % 3 == 0 { 0.01 } else { 0.0 };
        let from_scratch = |cover: &Cover| State::new(&case.walk, rule, Following::EXACT, cover).charged(per_codeword);
        let mut state = from_scratch(&random_cover(seed, case.walk.len(), 5));
        let mut desk = Desk::default();
        let mut random = random(seed, &[3]);
        for _ in 0..20 {
            let node = below(&mut random, case.walk.len());
            let modules: Vec<u32> = (0..5).filter(|_| below(&mut random, 3) == 0).collect();
            if modules.is_empty() {
                continue;
            }
            let before = state.codelength();
            // Refused, everything is as it was, to the bit.
            let (members, flows) = (state.members.clone(), state.modules.clone());
            let same = |other: &Members| members.iter().eq(other.iter());
            assert_eq!(state.attempt(node, &modules, f64::INFINITY, 0.0, &mut desk), 0.0);
            assert!(same(&state.members) && state.modules == flows && state.codelength() == before);
            // Without other splits, the change is exact before any of them is followed.
            let alone = case.walk.outgoing().row(node).all(|(other, _)| !state.members.overlaps(other));
            desk.hood.meet(&state, node, &modules);
            desk.hood.ask(&state, node, &modules);
            let change = desk.hood.change(&state, &modules);
            state.attempt(node, &modules, f64::NEG_INFINITY, 0.0, &mut desk);
            let after = from_scratch(&state.cover());
            // Copies that are not visited cost a codeword as long as they are there.
            let left_out = state.cover().memberships() - after.cover().memberships();
            let after = after.codelength() + per_codeword * left_out as f64;
            assert!(
                (state.codelength() - after).abs() < 1e-8,
                "{seed} {rule:?}: {} is not {after}",
                state.codelength()
            );
            if alone {
                asked += 1;
                assert!((before + change - after).abs() < 1e-8, "{before} + {change} is not {after}");
            }
        }
    }
    assert!(asked > 20, "{asked} changes beside nodes with one module");
}

/// For both rules, with and without a charge, and beside nodes with several modules.
#[test]
fn prices_are_what_adding_up_again_tells() {
    let (mut asked, mut dearer) = (0, 0);
    for (seed, case) in cases() {
        for (rule, per_codeword) in [(Entry::Uniform, 0.0), (Entry::ByShare, 0.0), (Entry::ByShare, 0.01)] {
            let cover = random_cover(seed, case.walk.len(), 5);
            let state = State::new(&case.walk, rule, Following::EXACT, &cover).charged(per_codeword);
            let (mut desk, mut random) = (Desk::default(), random(seed, &[5]));
            for _ in 0..10 {
                let node = below(&mut random, case.walk.len());
                let modules: Vec<u32> = (0..5).filter(|_| below(&mut random, 2) == 0).collect();
                if modules.is_empty() {
                    continue;
                }
                desk.hood.meet(&state, node, &modules);
                desk.hood.ask(&state, node, &modules);
                let change = desk.hood.change(&state, &modules);
                let mut other = state.clone();
                let mut copies = Vec::new();
                desk.hood.place(&state, &modules, &mut copies, &mut Vec::new());
                other.members.replace(node, &copies);
                other.add_up();
                close(state.codelength() + change, other.codelength());
                asked += usize::from(change.abs() > 1e-3);
                dearer += usize::from(other.codelength() > state.codelength());
            }
        }
    }
    assert!(asked > 500 && dearer > 100 && dearer < asked, "{asked} changes, {dearer} of them for the worse");
}

/// While changes are followed for a while only, the codelength is what recomputing tells as soon as all splits are solved again.
#[test]
fn changes_that_are_not_followed_to_the_end_are_exact_after_solving_again() {
    let mut differed = 0;
    for (seed, case) in cases() {
        let cover = random_cover(seed, case.walk.len(), 5);
        let mut state = State::new(&case.walk, Entry::Uniform, Following::NEAR, &cover);
        let mut desk = Desk::default();
        let mut random = random(seed, &[4]);
        for _ in 0..20 {
            let (node, module) = (below(&mut random, case.walk.len()), below(&mut random, 5) as u32);
            let mut modules: Vec<u32> = state.modules_of(node).filter(|&own| own != module).collect();
            if modules.len() == state.members.of(node).len() || modules.is_empty() {
                modules.push(module);
            }
            modules.sort_unstable();
            state.attempt(node, &modules, f64::NEG_INFINITY, 0.0, &mut desk);
        }
        let roughly = state.codelength();
        state.refresh();
        let exact = State::new(&case.walk, Entry::Uniform, Following::EXACT, &state.cover()).codelength();
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

/// As in networks where copies are not grouped anew.
#[test]
fn moves_from_hard_modules_alone_are_never_longer() {
    let options = OverlapOptions { couplings_for_pairs: 0, couplings_for_regrouping: 0, ..OverlapOptions::default() };
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
fn covers_say_the_same_in_any_order_of_nodes() {
    for (seed, case) in cases() {
        let cover = random_cover(seed, case.walk.len(), 4);
        let mut order: Vec<u32> = (0..case.walk.len() as u32).collect();
        shuffle(&mut order, &mut random(seed, &[6]));
        let laid_out = case.walk.reordered(&order);
        let by_place = Cover::from_labels(order.iter().map(|&node| cover.of(node as usize)));
        let state = State::new(&laid_out, Entry::Uniform, Following::EXACT, &by_place);
        let codelength = state.codelength();
        let copies = Copies::of(&state.restored(&case.walk, &order));
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
        // Rounding errors are worth no level.
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
