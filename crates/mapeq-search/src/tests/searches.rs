//! Laws of whole searches.

use mapeq_core::{Additive, Objective, Partition};

use crate::annealing::{AnnealingOptions, annealing};
use crate::constrained::{combine_constrained, two_level_constrained};
use crate::constraints::Constraints;
use crate::levels::consolidation::consolidate_couplings;
use crate::levels::grouping::Grouping;
use crate::levels::unit_constraints::SizeBounds;
use crate::levels::units::Units;
use crate::louvain::{COUPLINGS_TO_END_EARLY, FEW_MOVES};
use crate::monitor::Silent;
use crate::moving::local_moving::LocalMover;
use crate::options::{MoveOptions, SearchOptions};
use crate::random::{below, random};
use crate::search::Search;
use crate::two_level::{combine, two_level};

use super::fixtures::{Modularity, TOLERANCE, network, pairs};

#[test]
fn combinations_are_no_longer_than_the_better_parent() {
    let objective = Additive(Modularity);
    let network = network(2000, &mut random(7, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let value = |partition: &Partition| units.value(&objective, partition);
    let quick = SearchOptions { max_recombinations: 0, max_tuning_rounds: 1, ..SearchOptions::default() };
    let mut shorter = 0;
    for seed in 0..6 {
        let [a, b] = [2 * seed, 2 * seed + 1].map(|seed| two_level(&network, &objective, &quick, seed, &Silent));
        let combined = combine(&network, &objective, &quick, (&a, &b), seed, &Silent);
        assert!(value(&combined) <= value(&a) + TOLERANCE, "seed {seed}");
        shorter += usize::from(value(&combined) < value(&a) - TOLERANCE);
    }
    assert!(shorter > 0, "some combination finds something");
}

#[test]
fn fixed_nodes_and_sizes_are_respected() {
    let objective = Additive(Modularity);
    let network = network(1000, &mut random(8, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let free = two_level(&network, &objective, &SearchOptions::default(), 1, &Silent);
    for (seed, sizes) in
        [(0, SizeBounds { min: 15, max: 25 }), (1, SizeBounds { min: 30, max: 90 }), (2, SizeBounds::default())]
    {
        println!("seed {seed}");
        // Labels unrelated to the groups.
        let fixed: Vec<Option<u32>> = (0..1000).map(|node| (node % 50 == 0).then_some(node / 50 % 3)).collect();
        let constraints = Constraints { fixed: Some(&fixed), sizes };
        let search = |seed| {
            two_level_constrained(&network, &objective, &SearchOptions::default(), &constraints, None, seed, &Silent)
        };
        let (a, b) = (search(2 * seed), search(2 * seed + 1));
        let combined =
            combine_constrained(&network, &objective, &SearchOptions::default(), &constraints, (&a, &b), seed, &Silent);
        assert!(units.value(&objective, &combined) <= units.value(&objective, &a) + TOLERANCE);
        for found in [a, b, combined] {
            let places: Vec<_> = (0..1000).filter_map(|node| Some((fixed[node]?, found.module(node)))).collect();
            let together = |a: &(u32, usize), b: &(u32, usize)| (a.0 == b.0) == (a.1 == b.1);
            assert!(places.iter().all(|a| places.iter().all(|b| together(a, b))), "labels are modules");
            let found_sizes = found.sizes();
            assert!(
                found_sizes.iter().all(|size| (sizes.min..=sizes.max).contains(&(*size as u32))),
                "{found_sizes:?}"
            );
            assert!(
                units.value(&objective, &found) > units.value(&objective, &free) + 1e-3,
                "constraints cost something"
            );
        }
    }
}

#[test]
fn a_start_is_never_made_worse() {
    let objective = Additive(Modularity);
    let network = network(600, &mut random(9, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let options = SearchOptions { max_tuning_rounds: 1, max_recombinations: 0, ..SearchOptions::default() };
    let mut better = 0;
    for seed in 0..8 {
        let groups = 2 + below(&mut random(seed, &[1]), 40) as u32;
        let start = Partition::from_labels((0..600).map(|node| node % groups).collect());
        let found =
            two_level_constrained(&network, &objective, &options, &Constraints::default(), Some(&start), seed, &Silent);
        assert!(units.value(&objective, &found) <= units.value(&objective, &start) + TOLERANCE, "seed {seed}");
        better += usize::from(found != start);
    }
    assert!(better > 0);
}

#[test]
fn limits_of_moves_are_kept() {
    let objective = Additive(Modularity);
    let network = network(2000, &mut random(11, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let found = |moves: MoveOptions| {
        let random = &mut random(11, &[1]);
        let mut mover = LocalMover::new(moves, random);
        let options = SearchOptions { moves, ..SearchOptions::default() };
        let search = Search { objective: &objective, options: &options, monitor: &Silent };
        search.louvain(units, Grouping::singletons(units.len()), &mut mover, random)
    };
    let (all, free) = found(MoveOptions::default());
    let (few, short) = found(MoveOptions { max_levels: Some(1), ..MoveOptions::default() });
    let (_, once) = found(MoveOptions { max_visits: Some(1), max_levels: Some(1), ..MoveOptions::default() });
    assert!(few.modules() > all.modules() && short.links < free.links && once.links < short.links);
    assert_eq!(once.links, network.couplings.links() as u64, "every unit has been visited once");
    let random_too = MoveOptions { random_candidates: 5, max_degree_for_random: 9, ..MoveOptions::default() };
    let (drawn, _) = found(random_too);
    assert_ne!(drawn.partition, all.partition);
    assert_eq!(drawn.partition, found(random_too).0.partition);
}

#[test]
fn louvain_ends_when_few_modules_merge_and_not_before() {
    let objective = Additive(Modularity);
    let network = pairs(500);
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let paired = Partition::from_labels((0..1000).map(|unit| unit / 2).collect());
    let (between, _) = consolidate_couplings(&network.couplings, &paired);
    assert!(between.links() > COUPLINGS_TO_END_EARLY && paired.modules() > 2 * FEW_MOVES, "as in large networks");
    let random = &mut random(17, &[]);
    let mut mover = LocalMover::new(MoveOptions::default(), random);
    // If it starts from the pairs, no single unit moves. Pairs may still merge.
    for start in [Partition::singletons(units.len()), paired] {
        let start = Grouping::new(units, start);
        let search = Search { objective: &objective, options: &SearchOptions::default(), monitor: &Silent };
        let (found, moved) = search.louvain(units, start.clone(), &mut mover, random);
        let expected =
            Partition::from_labels((0..1000).map(|unit| if unit < 8 { unit / 4 } else { unit / 2 }).collect());
        assert_eq!(found.partition.intersection(&expected).modules(), expected.modules());
        assert_eq!(found.modules(), expected.modules());
        let (before, after) = (start.value(&objective, units), found.value(&objective, units));
        assert!((before - after - moved.gain).abs() < TOLERANCE && moved.gain > 0.0, "gain {}", moved.gain);
        assert!((after - units.value(&objective, &found.partition)).abs() < TOLERANCE, "couplings inside modules");
    }
}

#[test]
fn annealing_finds_the_groups_too() {
    let objective = Additive(Modularity);
    let network = network(200, &mut random(12, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let value = |partition: &Partition| units.value(&objective, partition);
    let cold = AnnealingOptions { initial_temperature: 0.0, ..AnnealingOptions::default() };
    let merged = annealing(&network, &objective, &cold, None, 1, &Silent);
    let best = two_level(&network, &objective, &SearchOptions::default(), 1, &Silent);
    let mut shorter = 0;
    for seed in 0..3 {
        let cooled = annealing(&network, &objective, &AnnealingOptions::default(), None, seed, &Silent);
        assert!(value(&cooled) <= value(&merged) + TOLERANCE && value(&cooled) <= value(&best) + 1e-3, "seed {seed}");
        shorter += usize::from(value(&cooled) < value(&merged) - TOLERANCE);
    }
    assert!(shorter > 0, "annealing improves some result");
}
