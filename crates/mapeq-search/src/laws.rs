//! Laws of the parts of a search that only large networks use, on small ones: what is done in parallel is what is done by one
//! thread, and what a move says it gains is what it gains.

use mapeq_core::{
    Additive, AdditiveObjective, Couplings, Csr, FactoredCouplings, FlowNetwork, LinkValues, NodeFlow, NodeFlows,
    Objective, Partition, PerLink, Span, Uniform,
};

use crate::annealing::{AnnealingOptions, annealing};
use crate::assignment::Assignment;
use crate::batches::drain_in_batches;
use crate::climb::{COUPLINGS_TO_END_EARLY, FEW_MOVES, climb};
use crate::consolidation::{consolidate_couplings, internal_couplings};
use crate::demands::{Demands, combine_under, two_level_under};
use crate::grouping::Grouping;
use crate::local_moving::{MoveOptions, Moved, Mover, Scene};
use crate::monitor::Silent;
use crate::queue::Queue;
use crate::random::{Random, below, random, random_order};
use crate::regions::move_in_regions;
use crate::reorder::reordered;
use crate::revisits::Revisits;
use crate::rules::{Rules, Sizes};
use crate::two_level::{SearchOptions, combine, two_level};
use crate::units::{Units, restrict_couplings};
use crate::visit::Visitor;

const TOLERANCE: f64 = 1e-10;

/// Modularity, as anyone's objective.
struct Modularity;

impl AdditiveObjective for Modularity {
    type Module = (f64, f64);
    type Shared = f64;

    fn node(&self, node: &NodeFlow) -> (f64, f64) {
        (node.flow, node.exit)
    }

    fn insert(&self, module: &(f64, f64), unit: &(f64, f64), coupling: f64) -> (f64, f64) {
        (module.0 + unit.0, module.1 + unit.1 - coupling)
    }

    fn remove(&self, module: &(f64, f64), unit: &(f64, f64), coupling: f64) -> (f64, f64) {
        (module.0 - unit.0, module.1 - unit.1 + coupling)
    }

    fn term(&self, module: &(f64, f64)) -> f64 {
        module.1 - module.0 + module.0 * module.0
    }

    fn shared(&self, _module: &(f64, f64)) -> f64 {
        0.0
    }

    fn shared_term(&self, _total: f64) -> f64 {
        0.0
    }
}

/// Groups of twenty nodes, with more links inside than between them; nodes of a group are far from each other.
pub(crate) fn network(nodes: usize, random: &mut Random) -> FlowNetwork {
    let groups = nodes / 20;
    let mut rows = vec![Vec::new(); nodes];
    for node in 0..nodes {
        for link in 0..6 {
            let other = if link < 4 { node % groups + groups * below(random, 20) } else { below(random, nodes) };
            if other != node && !rows[node].contains(&(other as u32)) {
                rows[node].push(other as u32);
                rows[other].push(node as u32);
            }
        }
    }
    let total: usize = rows.iter().map(Vec::len).sum();
    let flow: Box<[f64]> = rows.iter().map(|row| row.len() as f64 / total as f64).collect();
    let mut offsets = vec![0];
    offsets.extend(rows.iter().scan(0, |end, row| {
        *end += row.len();
        Some(*end)
    }));
    let couplings = Csr::new(offsets.into(), rows.concat().into(), LinkValues::Same(2.0 / total as f64));
    FlowNetwork::new(couplings, NodeFlows { exit: flow.clone(), flow, ..NodeFlows::default() })
}

/// Units of [`network`] about to move.
fn scene<'a>(
    objective: &'a Additive<Modularity>,
    units: Units<'a, Additive<Modularity>>,
    assignment: &'a mut Assignment<Additive<Modularity>>,
) -> Scene<'a, Additive<Modularity>, Uniform> {
    let LinkValues::Same(value) = *units.couplings.listed().values() else { unreachable!("unweighted") };
    let (values, moved, visits_left) = (Uniform(value), Moved::default(), u64::MAX);
    Scene { objective, units, assignment, values, moved, visits_left, revisits: None }
}

/// What `work` gives, which has to be the same at any number of threads.
fn at_any_number_of_threads<T: PartialEq + std::fmt::Debug + Send>(work: impl Fn() -> T + Sync) -> T {
    let [one, two, seven] = [1, 2, 7].map(|threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool").install(&work)
    });
    assert_eq!(one, two, "1 and 2 threads");
    assert_eq!(one, seven, "1 and 7 threads");
    one
}

#[test]
fn batches_gain_what_they_say_and_leave_little_to_gain() {
    let objective = Additive(Modularity);
    for seed in 0..4 {
        println!("seed {seed}");
        let network = network(4000, &mut random(seed, &[]));
        let level = objective.level(&network);
        let units = Units::new(&network.couplings, &level);
        let (labels, gain, in_batches) = at_any_number_of_threads(|| {
            let singletons = Grouping::singletons(units.len());
            let mut assignment = Assignment::new(&objective, units, &singletons);
            let (mut queue, mut visitor) = (Queue::default(), Visitor::default());
            let most = (0..units.len()).map(|unit| network.couplings.degree(unit)).max().expect("a unit");
            visitor.fit(units.len(), most);
            queue.fill(units.len(), &[], random_order(units.len(), &mut random(seed, &[1])));
            let mut scene = scene(&objective, units, &mut assignment);
            drain_in_batches(&mut scene, &mut queue, &mut visitor, &Silent);
            let in_batches = scene.moved.moves;
            // What batches may leave is done one by one.
            while let Some(unit) = queue.pop() {
                scene.visit(unit, &mut queue, &mut visitor);
            }
            let gain = scene.moved.gain;
            (assignment.into_partition().labels().to_vec(), gain, in_batches)
        });
        let found = Grouping::new(units, Partition::from_labels(labels));
        let before = Grouping::singletons(units.len()).value(&objective, units);
        let after = found.value(&objective, units);
        assert!(gain > 0.1 && (before - gain - after).abs() < TOLERANCE, "{before} - {gain} is not {after}");
        assert!(in_batches > 500, "batches did something: {in_batches} moves");
        let mut assignment = Assignment::new(&objective, units, &found);
        let all = 0..units.len() as u32;
        let moved = Mover::default().run(&objective, units, &mut assignment, all, &Silent);
        // Not 0: a unit is not visited again for what changes in modules of its neighbours when others join them.
        assert!(moved.gain < 0.01 * gain, "hardly any unit wants to move: {moved:?}");
        let mut assignment = Assignment::new(&objective, units, &Grouping::singletons(units.len()));
        let order = random_order(units.len(), &mut random(seed, &[1]));
        let one_by_one = Mover::default().run(&objective, units, &mut assignment, order, &Silent).gain;
        assert!(gain > 0.98 * one_by_one, "no worse than one by one: {gain}, {one_by_one}");
    }
}

#[test]
fn regions_are_a_start_for_a_climb() {
    let objective = Additive(Modularity);
    let network = network(4000, &mut random(5, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let start = at_any_number_of_threads(|| {
        move_in_regions(&objective, units, 300, MoveOptions::default(), &mut random(5, &[1]), &Silent).partition
    });
    let start = Grouping::new(units, start);
    let singletons = Grouping::singletons(units.len()).value(&objective, units);
    assert!(start.value(&objective, units) < singletons - 0.01, "units have moved");
    assert!((0..units.len()).all(|unit| {
        let module = start.partition.module(unit);
        (0..units.len()).filter(|&other| start.partition.module(other) == module).all(|other| other / 300 == unit / 300)
    }));
    let (climbed, moved) =
        climb(&objective, units, start.clone(), &mut Mover::default(), &mut random(5, &[2]), &Silent);
    assert!(moved.gain > 0.1, "borders have been joined: {moved:?}");
    let internal = internal_couplings(&network.couplings, &climbed.partition);
    assert!(internal.iter().zip(&climbed.internal).all(|(a, b)| (a - b).abs() < TOLERANCE), "sums carried along");
}

#[test]
fn consolidation_in_portions_is_what_it_should_be() {
    let network = network(50_000, &mut random(6, &[]));
    let couplings = &network.couplings;
    let partition = Partition::from_labels((0..50_000).map(|unit| unit / 7 % 6000).collect());
    let (coarse, internal) = at_any_number_of_threads(|| consolidate_couplings(couplings, &partition));
    let mut sums = std::collections::BTreeMap::new();
    for (unit, other, coupling) in couplings.iter() {
        *sums.entry((partition.module(unit), partition.module(other))).or_insert(0.0) += coupling;
    }
    let mut entries = 0;
    for (module, other, coupling) in coarse.iter() {
        assert!((sums[&(module, other)] - coupling).abs() < TOLERANCE, "{module} {other}");
        entries += 1;
    }
    for (module, internal) in internal.iter().enumerate() {
        let both_ends = sums.get(&(module, module)).copied().unwrap_or(0.0);
        assert!((both_ends / 2.0 - internal).abs() < TOLERANCE, "inside {module}");
    }
    assert_eq!(entries, sums.keys().filter(|(module, other)| module != other).count());
}

#[test]
fn combinations_are_no_longer_than_the_better_parent() {
    let objective = Additive(Modularity);
    let network = network(2000, &mut random(7, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let value = |partition: &Partition| units.value(&objective, partition);
    let quick = SearchOptions { most_recombinations: 0, most_tuning_rounds: 1, ..SearchOptions::default() };
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
    for (seed, sizes) in [(0, Sizes { least: 15, most: 25 }), (1, Sizes { least: 30, most: 90 }), (2, Sizes::default())]
    {
        println!("seed {seed}");
        // Labels that have nothing to do with the groups.
        let fixed: Vec<Option<u32>> = (0..1000).map(|node| (node % 50 == 0).then_some(node / 50 % 3)).collect();
        let demands = Demands { fixed: Some(&fixed), sizes, ..Demands::default() };
        let search = |seed| two_level_under(&network, &objective, &SearchOptions::default(), &demands, seed, &Silent);
        let (a, b) = (search(2 * seed), search(2 * seed + 1));
        let combined =
            combine_under(&network, &objective, &SearchOptions::default(), &demands, (&a, &b), seed, &Silent);
        assert!(units.value(&objective, &combined) <= units.value(&objective, &a) + TOLERANCE);
        for found in [a, b, combined] {
            let places: Vec<_> = (0..1000).filter_map(|node| Some((fixed[node]?, found.module(node)))).collect();
            let together = |a: &(u32, usize), b: &(u32, usize)| (a.0 == b.0) == (a.1 == b.1);
            assert!(places.iter().all(|a| places.iter().all(|b| together(a, b))), "labels are modules");
            let found_sizes = found.sizes();
            assert!(
                found_sizes.iter().all(|size| (sizes.least..=sizes.most).contains(&(*size as u32))),
                "{found_sizes:?}"
            );
            assert!(units.value(&objective, &found) > units.value(&objective, &free) + 1e-3, "demands cost something");
        }
    }
}

#[test]
fn a_start_is_never_made_worse() {
    let objective = Additive(Modularity);
    let network = network(600, &mut random(9, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let options = SearchOptions { most_tuning_rounds: 1, most_recombinations: 0, ..SearchOptions::default() };
    let mut better = 0;
    for seed in 0..8 {
        let groups = 2 + below(&mut random(seed, &[1]), 40) as u32;
        let start = Partition::from_labels((0..600).map(|node| node % groups).collect());
        let demands = Demands { start: Some(&start), ..Demands::default() };
        let found = two_level_under(&network, &objective, &options, &demands, seed, &Silent);
        assert!(units.value(&objective, &found) <= units.value(&objective, &start) + TOLERANCE, "seed {seed}");
        better += usize::from(found != start);
    }
    assert!(better > 0);
}

#[test]
fn batches_respect_rules() {
    let objective = Additive(Modularity);
    let network = network(4000, &mut random(10, &[]));
    let level = objective.level(&network);
    let frozen = (0..4000).map(|node| node % 100 == 0).collect();
    let rules = Rules::new(Sizes { least: 1, most: 10 }).with_frozen(frozen);
    let units = Units::new(&network.couplings, &level).under(&rules);
    let found = at_any_number_of_threads(|| {
        let mut assignment = Assignment::new(&objective, units, &Grouping::singletons(units.len()));
        let mut queue = Queue::default();
        queue.fill(units.len(), rules.frozen(), random_order(units.len(), &mut random(10, &[1])));
        let mut scene = scene(&objective, units, &mut assignment);
        let mut visitor = Visitor::default();
        visitor.fit(units.len(), 200);
        drain_in_batches(&mut scene, &mut queue, &mut visitor, &Silent);
        assert!(scene.moved.moves > 1000);
        assignment.into_partition()
    });
    assert_eq!(found.sizes().into_iter().max(), Some(10));
    let holders: std::collections::BTreeSet<_> = (0..4000).step_by(100).map(|node| found.module(node)).collect();
    assert_eq!(holders.len(), 40, "the frozen keep apart");
}

#[test]
fn limits_of_moves_are_kept() {
    let objective = Additive(Modularity);
    let network = network(2000, &mut random(11, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let climbed = |moves: MoveOptions| {
        let random = &mut random(11, &[1]);
        let mut mover = Mover::new(moves, random);
        climb(&objective, units, Grouping::singletons(units.len()), &mut mover, random, &Silent)
    };
    let (all, free) = climbed(MoveOptions::default());
    let (few, short) = climbed(MoveOptions { most_levels: Some(1), ..MoveOptions::default() });
    let (_, once) = climbed(MoveOptions { most_visits: Some(1), most_levels: Some(1), ..MoveOptions::default() });
    assert!(few.modules() > all.modules() && short.links < free.links && once.links < short.links);
    assert_eq!(once.links, network.couplings.links() as u64, "every unit has been visited once");
    let random_too = MoveOptions { random_candidates: 5, most_neighbours_for_random: 9, ..MoveOptions::default() };
    let (drawn, _) = climbed(random_too);
    assert_ne!(drawn.partition, all.partition);
    assert_eq!(drawn.partition, climbed(random_too).0.partition);
}

/// Pairs of strongly coupled units, all else coupled alike, but that the first four pairs would rather be two.
fn pairs(pairs: usize) -> FlowNetwork {
    let units = 2 * pairs;
    let weight = |a: usize, b: usize| match (a / 2 == b / 2, a / 4 == b / 4 && a.max(b) < 8) {
        (true, _) => 20.0,
        (false, true) => 3.0,
        (false, false) => 1.0,
    };
    let others = |unit: usize| (0..units).filter(move |&other| other != unit);
    let strength: Vec<f64> = (0..units).map(|unit| others(unit).map(|other| weight(unit, other)).sum()).collect();
    let total: f64 = strength.iter().sum();
    let flow: Box<[f64]> = strength.iter().map(|strength| strength / total).collect();
    let links = || (0..units).flat_map(|unit| others(unit).map(move |other| (unit, other)));
    let targets = links().map(|(_, other)| other as u32).collect();
    let values = links().map(|(unit, other)| 2.0 * weight(unit, other) / total).collect();
    let offsets = (0..=units).map(|unit| unit * (units - 1)).collect();
    let couplings = Csr::new(offsets, targets, LinkValues::Each(values));
    FlowNetwork::new(couplings, NodeFlows { exit: flow.clone(), flow, ..NodeFlows::default() })
}

#[test]
fn a_climb_ends_where_few_modules_join_and_not_before() {
    let objective = Additive(Modularity);
    let network = pairs(500);
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let paired = Partition::from_labels((0..1000).map(|unit| unit / 2).collect());
    let (between, _) = consolidate_couplings(&network.couplings, &paired);
    assert!(between.links() > COUPLINGS_TO_END_EARLY && paired.modules() > 2 * FEW_MOVES, "as in large networks");
    let random = &mut random(17, &[]);
    let mut mover = Mover::new(MoveOptions::default(), random);
    // From the pairs, no unit moves at first: that says nothing of what pairs want.
    for start in [Partition::singletons(units.len()), paired] {
        let start = Grouping::new(units, start);
        let (found, moved) = climb(&objective, units, start.clone(), &mut mover, random, &Silent);
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
    let cold = AnnealingOptions { hottest: 0.0, ..AnnealingOptions::default() };
    let merged = annealing(&network, &objective, &cold, None, 1, &Silent);
    let best = two_level(&network, &objective, &SearchOptions::default(), 1, &Silent);
    let mut shorter = 0;
    for seed in 0..3 {
        let cooled = annealing(&network, &objective, &AnnealingOptions::default(), None, seed, &Silent);
        assert!(value(&cooled) <= value(&merged) + TOLERANCE && value(&cooled) <= value(&best) + 1e-3, "seed {seed}");
        shorter += usize::from(value(&cooled) < value(&merged) - TOLERANCE);
    }
    assert!(shorter > 0, "annealing does something");
}

/// States of nodes in ten layers, each coupled to some in its own, and by pools to those in all others; and the same
/// couplings, all listed.
fn layers(nodes: usize, random: &mut Random) -> [FlowNetwork; 2] {
    let layers = 10;
    let states = nodes * layers;
    let mut node: Vec<u32> = (0..states as u32).collect();
    crate::random::shuffle(&mut node, random);
    let mut links = vec![Vec::new(); states];
    for (place, row) in links.iter_mut().enumerate() {
        let (own, layer) = (place / layers, place % layers);
        for far in [1, 2, 5] {
            let other = own / 10 * 10 + (own + far) % 10;
            let other = if below(random, 5) > 0 { other } else { below(random, nodes) };
            row.push(node[other * layers + layer]);
        }
        row.sort_unstable();
        row.dedup();
        row.retain(|&other| other != node[place]);
    }
    let csr = |rows: &[Vec<(u32, f64)>]| {
        let mut offsets = vec![0];
        offsets.extend(rows.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        }));
        let (targets, values): (Vec<u32>, Vec<f64>) = rows.concat().into_iter().unzip();
        Csr::new(offsets.into(), targets.into(), LinkValues::Each(values.into()))
    };
    let out = csr(&links.iter().map(|row| row.iter().map(|&other| (other, 1.0)).collect()).collect::<Vec<_>>());
    let rate = (0..states).map(|_| 1e-6 * (1 + below(random, 9)) as f64).collect();
    let reach = (0..states).map(|place| place / layers * layers).map(|first| Span::from(first..first + layers));
    let pools = FactoredCouplings::new(node.clone().into(), rate, reach.collect(), out);
    let mut rows = vec![std::collections::BTreeMap::new(); states];
    for (place, row) in links.iter().enumerate() {
        for &other in row {
            let own = node[place];
            *rows[own as usize].entry(other).or_insert(0.0) += 1e-4;
            *rows[other as usize].entry(own).or_insert(0.0) += 1e-4;
        }
    }
    let listed: Vec<Vec<(u32, f64)>> = rows.iter().map(|row| row.clone().into_iter().collect()).collect();
    for (own, row) in rows.iter_mut().enumerate() {
        pools.row(own).for_each(|(other, coupling)| *row.entry(other as u32).or_insert(0.0) += coupling);
    }
    let all: Vec<Vec<(u32, f64)>> = rows.iter().map(|row| row.clone().into_iter().collect()).collect();
    let flow: Box<[f64]> = all.iter().map(|row| row.iter().map(|coupling| coupling.1).sum::<f64>() / 2.0).collect();
    [Couplings::new(csr(&listed), Some(pools)), csr(&all).into()].map(|couplings| {
        FlowNetwork::new(couplings, NodeFlows { exit: flow.clone(), flow: flow.clone(), ..NodeFlows::default() })
    })
}

fn assert_near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-15), "the same couplings");
}

/// Couplings that pools tell of are those of a list: for modules, for parts, and in any order.
#[test]
fn pools_tell_what_a_list_tells() {
    for seed in 0..3 {
        println!("seed {seed}");
        let mut random = random(seed, &[9]);
        let networks = layers(100, &mut random);
        let [pooled, listed] = &networks;
        let states = pooled.len();
        let partition = Partition::from_labels((0..states).map(|_| below(&mut random, 60) as u32).collect());
        let sums = |couplings: &Couplings| {
            let mut sums = vec![0.0; couplings.rows() * couplings.rows()];
            couplings.iter().for_each(|(a, b, coupling)| sums[a * couplings.rows() + b] += coupling);
            sums
        };
        assert_near(&sums(&pooled.couplings), &sums(&listed.couplings));
        let [of_pools, of_list] = [pooled, listed].map(|network| {
            at_any_number_of_threads(|| {
                let (between, inside) = consolidate_couplings(&network.couplings, &partition);
                (sums(&between.into()), inside, internal_couplings(&network.couplings, &partition))
            })
        });
        assert_near(&of_pools.0, &of_list.0);
        assert_near(&of_pools.1, &of_list.1);
        assert_near(&of_pools.2, &of_list.2);
        let part: Vec<u32> = random_order(states, &mut random)[..states / 3].to_vec();
        let [of_pools, of_list] = [pooled, listed].map(|network| {
            let mut position = vec![u32::MAX; states];
            let restricted = restrict_couplings(&network.couplings, &part, &mut position);
            assert!(position.iter().all(|&position| position == u32::MAX));
            restricted
        });
        assert_near(&sums(&of_pools), &sums(&of_list));
        let order = random_order(states, &mut random);
        let [of_pools, of_list] = networks.map(|network| reordered(network, &order));
        assert_near(&sums(&of_pools.couplings), &sums(&of_list.couplings));
        assert_eq!(of_pools.nodes, of_list.nodes);
    }
}

/// The gain of every move along pools is that of the recomputed value, one by one and in batches, at any number of threads.
#[test]
fn searches_along_pools_gain_what_they_say() {
    let objective = Additive(Modularity);
    for seed in 0..3 {
        println!("seed {seed}");
        let [network, listed] = layers(300, &mut random(seed, &[9]));
        let level = objective.level(&network);
        let units = Units::new(&network.couplings, &level);
        let singletons = Grouping::singletons(units.len());
        let before = singletons.value(&objective, units);
        let order = || random_order(units.len(), &mut random(seed, &[3]));
        let found_by = |search: &(dyn Fn(&mut Assignment<_>) -> Moved + Sync)| {
            let (labels, gain) = at_any_number_of_threads(|| {
                let mut assignment = Assignment::new(&objective, units, &singletons);
                let moved = search(&mut assignment);
                (assignment.into_partition().labels().to_vec(), moved.gain)
            });
            let after = Grouping::new(units, Partition::from_labels(labels)).value(&objective, units);
            assert!(gain > 0.0 && (before - after - gain).abs() < TOLERANCE, "{before} − {after} is not {gain}");
            after
        };
        let after = found_by(&|assignment| Mover::default().run(&objective, units, assignment, order(), &Silent));
        found_by(&|assignment| Mover::default().run_or_draft(&objective, units, assignment, order(), true, &Silent));
        found_by(&|assignment| {
            let (mut queue, mut visitor) = (Queue::default(), Visitor::default());
            visitor.fit(units.len(), 0);
            queue.fill(units.len(), &[], order());
            let revisits = Revisits::new(units.couplings, units.len(), true);
            assert!(revisits.is_some(), "not every move is worth a visit");
            let LinkValues::Each(values) = units.couplings.listed().values() else { unreachable!("weighted") };
            let (objective, values, moved) = (&objective, PerLink(values), Moved::default());
            let mut scene = Scene { objective, units, assignment, values, moved, visits_left: u64::MAX, revisits };
            drain_in_batches(&mut scene, &mut queue, &mut visitor, &Silent);
            assert!(scene.moved.moves > units.len() / 4, "batches move units");
            scene.moved
        });
        let (climbed, moved) =
            climb(&objective, units, singletons.clone(), &mut Mover::default(), &mut random(seed, &[4]), &Silent);
        let after_climb = climbed.value(&objective, units);
        assert!((before - after_climb - moved.gain).abs() < TOLERANCE, "{before} − {after_climb} is not {moved:?}");
        let found = two_level(&network, &objective, &SearchOptions::default(), seed, &Silent);
        let of_list = two_level(&listed, &objective, &SearchOptions::default(), seed, &Silent);
        let [found, of_list] = [found, of_list].map(|partition| units.value(&objective, &partition));
        assert!(found < 0.98 * of_list && of_list < 0.0, "{found} on pools, {of_list} on a list");
        assert!(found <= after + TOLERANCE, "a search is not worse than its first step");
    }
}
