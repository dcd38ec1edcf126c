//! Laws of labels: the search minimises the definition, and labels without information have no
//! effect.

use mapeq_core::testing::check_objective;
use mapeq_core::{Additive, FlowNetwork, LeafCost, NestedObjective, Objective, Partition, Tree, nested_value};
use mapeq_flow::FlowModel;
use mapeq_multilevel::{MultilevelOptions, multilevel};
use mapeq_search::{Grouping, Random, SearchOptions, Silent, Units, below, random, two_level};
use mapeq_twolevel::{BalancedFlow, DirectedFlow, MapEquation, ModuleFlow, RecordedFlow, codelength};

use super::cases::{constant, flow, h, of_categories, of_states, random_labels, random_network, some, with_labels};
use crate::labels::{Labels, Weight};
use crate::objective::WithLabels;

const TOLERANCE: f64 = 1e-10;

fn check_laws<F: ModuleFlow>(model: FlowModel, recorded: bool) {
    for seed in 0..6 {
        let mut random = random(seed, &[]);
        let network = random_network(24, &mut random, model, recorded);
        let labels = random_labels(24, 8, &mut random);
        check_objective(&with_labels::<F>(&Labels::physical_nodes(&labels)), &network, seed);
        for weight in [Weight::Flow, Weight::Uniform] {
            check_objective(&with_labels::<F>(&Labels::categories(&some(&labels), 0.7, weight)), &network, seed);
        }
    }
}

#[test]
fn objectives_with_labels_obey_the_laws_of_objectives() {
    check_laws::<BalancedFlow>(FlowModel::Undirected, false);
    check_laws::<DirectedFlow>(FlowModel::Directed, false);
    check_laws::<RecordedFlow>(FlowModel::Directed, true);
}

/// A codeword shared with an amount Y saves h(Y + p) − h(Y) − h(p), and nothing if the module has
/// none of it.
#[test]
fn codewords_in_common_save_what_they_save_by_definition() {
    let mut random = random(2, &[]);
    let network = random_network(24, &mut random, FlowModel::Directed, false);
    let labels = random_labels(24, 8, &mut random);
    let partition = Partition::from_labels(random_labels(24, 5, &mut random));
    let objective = with_labels::<DirectedFlow>(&Labels::physical_nodes(&labels));
    let level = objective.level(&network);
    let state = objective.state(&level, &partition, &vec![0.0; partition.modules()], 1);
    let flow = &network.nodes.flow;
    let mut in_common = 0;
    for unit in 0..24 {
        let mut found = vec![0.0; partition.modules()];
        objective.affinities(&level, &state, unit, |module, change| found[module] += change);
        for module in (0..partition.modules()).filter(|&module| module != partition.module(unit)) {
            let same = |&other: &usize| partition.module(other) == module && labels[other] == labels[unit];
            let held: f64 = (0..24).filter(same).map(|other| flow[other]).sum();
            let saved = h(held) + h(flow[unit]) - h(held + flow[unit]);
            assert!((found[module] - saved).abs() < TOLERANCE, "{} is not {saved}", found[module]);
            in_common += usize::from(saved < -1e-6);
        }
    }
    assert!(in_common > 10, "there is something in common: {in_common}");
}

/// Returns a tree in which the modules of `of_modules` contain those of `partition`.
fn two_levels_of_modules(partition: &Partition, of_modules: &Partition) -> Tree {
    let top = of_modules.modules() as u32;
    let mut parents = vec![0; 1 + of_modules.modules()];
    parents.extend(of_modules.labels().iter().map(|&parent| 1 + parent));
    let leaf_modules: Vec<u32> = partition.labels().iter().map(|&module| 1 + top + module).collect();
    Tree::new(&parents, &leaf_modules)
}

#[test]
fn the_value_of_any_tree_is_its_definition() {
    let equation = MapEquation::<BalancedFlow>::new();
    let mut contents = Vec::new();
    for seed in 0..20 {
        let mut random = random(seed, &[]);
        let network = random_network(20, &mut random, FlowModel::Undirected, false);
        let partition = Partition::from_labels(random_labels(20, 6, &mut random));
        let groups = Partition::from_labels(random_labels(partition.modules(), 2, &mut random));
        let plain = Additive(equation).level(&network);
        for tree in [Tree::from_partition(&partition), two_levels_of_modules(&partition, &groups)] {
            let labels = random_labels(20, 7, &mut random);
            let without = nested_value(&Additive(equation), &plain, &network.couplings, &tree);
            let mut check = |labels: Labels, defined: f64, constant: f64| {
                let objective = WithLabels::new(equation, labels);
                let level = objective.level(&network);
                let value = nested_value(&objective, &level, &network.couplings, &tree);
                assert!((value - constant - defined).abs() < TOLERANCE, "seed {seed}: {value} is not {defined}");
                let told = objective.labels().codelength(&network, &tree, codelength(&network, &tree).codelength);
                assert!((told.total() - defined).abs() < TOLERANCE, "seed {seed}: {told:?} is not {defined}");
                contents.push(value - without);
            };
            check(Labels::physical_nodes(&labels), of_states(&network, &labels, &tree), 0.0);
            let categories = some(&labels);
            for weight in [Weight::Flow, Weight::Uniform] {
                let defined = of_categories(&network, &categories, weight, 0.6, &tree);
                check(Labels::categories(&categories, 0.6, weight), defined, constant(&network));
            }
        }
    }
    contents.sort_by(f64::total_cmp);
    contents.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    assert!(contents.len() > 100, "contents differ: {}", contents.len());
}

#[test]
fn labels_follow_nodes_that_are_put_in_another_order() {
    let mut random = random(1, &[]);
    let network = random_network(30, &mut random, FlowModel::Directed, false);
    let labels = random_labels(30, 5, &mut random);
    let partition = Partition::from_labels(random_labels(30, 4, &mut random));
    let order: Vec<u32> = (0..30).map(|place| place * 7 % 30).collect();
    let moved = mapeq_search::reordered(network.clone(), &order);
    let moved_partition = Partition::from_labels(order.iter().map(|&node| partition.labels()[node as usize]).collect());
    for labels in [Labels::physical_nodes(&labels), Labels::categories(&some(&labels), 1.0, Weight::Flow)] {
        let objective = with_labels::<DirectedFlow>(&labels);
        let value = |network: &FlowNetwork, partition: &Partition| {
            let level = objective.level(network);
            Units::new(&network.couplings, &level).value(&objective, partition)
        };
        let (here, there) = (value(&network, &partition), value(&moved, &moved_partition));
        assert!((here - there).abs() < TOLERANCE, "{here} is not {there}");
        let out_of_step = value(&moved, &partition);
        assert!((here - out_of_step).abs() > 1e-3, "the order matters: {out_of_step}");
    }
}

#[test]
fn a_label_of_its_own_for_every_node_changes_nothing() {
    for seed in 0..8 {
        let mut random = random(seed, &[]);
        let network = random_network(80, &mut random, FlowModel::Undirected, false);
        let equation = MapEquation::<BalancedFlow>::new();
        let labels: Vec<u32> = (0..80).rev().collect();
        let objective = WithLabels::new(equation, Labels::physical_nodes(&labels));
        let options = SearchOptions::default();
        let plain = two_level(&network, &Additive(equation), &options, seed, &Silent);
        assert!(plain.modules() > 1 && plain.modules() < 80, "seed {seed}: there is something to find");
        assert_eq!(two_level(&network, &objective, &options, seed, &Silent), plain, "seed {seed}");
        let tree = Tree::from_partition(&plain);
        let change: f64 = objective.labels().codebook_changes(&network, &tree).iter().sum();
        assert!(change.abs() < TOLERANCE, "seed {seed}: {change}");
        let nothing = WithLabels::new(equation, Labels::categories(&some(&labels), 0.0, Weight::Flow));
        assert_eq!(two_level(&network, &nothing, &options, seed, &Silent), plain, "seed {seed}: at rate 0");
    }
}

#[test]
fn consolidation_upon_consolidation_keeps_the_value() {
    let mut random = random(3, &[]);
    let network = random_network(40, &mut random, FlowModel::Directed, true);
    let labels = random_labels(40, 9, &mut random);
    for labels in [Labels::physical_nodes(&labels), Labels::categories(&some(&labels), 1.0, Weight::Uniform)] {
        let objective = with_labels::<RecordedFlow>(&labels);
        let level = objective.level(&network);
        let units = Units::new(&network.couplings, &level);
        let fine = Partition::from_labels(random_labels(40, 20, &mut random));
        let coarse = Partition::from_labels(random_labels(fine.modules(), 5, &mut random));
        let value = units.value(&objective, &fine.then(&coarse));
        let (once, _) = units.consolidate(&objective, &fine);
        assert!((once.units().value(&objective, &coarse) - value).abs() < TOLERANCE);
        let (twice, _) = once.units().consolidate(&objective, &coarse);
        let singletons = Grouping::singletons(coarse.modules()).value(&objective, twice.units());
        assert!((singletons - value).abs() < TOLERANCE, "{singletons} is not {value}");
        assert!((Grouping::singletons(40).value(&objective, units) - value).abs() > 1e-3, "partitions differ");
    }
}

/// Returns a ring of 300 nodes with links to the next ones, and some links to more distant ones.
fn ring(random: &mut Random) -> FlowNetwork {
    let links: Vec<(u32, u32, f64)> = (0..900)
        .map(|_| {
            let source = below(random, 300);
            let ahead = if below(random, 8) == 0 { below(random, 30) } else { below(random, 3) };
            (source as u32, ((source + 1 + ahead) % 300) as u32, 1.0)
        })
        .collect();
    flow(300, &links, FlowModel::Undirected, false)
}

#[test]
fn trees_are_no_longer_than_partitions() {
    let mut deep = [0; 2];
    for seed in 0..6 {
        let mut random = random(seed, &[]);
        let network = ring(&mut random);
        let labels = random_labels(300, 150, &mut random);
        let labels = [Labels::physical_nodes(&labels), Labels::categories(&some(&labels), 0.05, Weight::Flow)];
        for (labels, deep) in labels.iter().zip(&mut deep) {
            let objective = with_labels::<BalancedFlow>(labels);
            let level = objective.level(&network);
            let value = |tree: &Tree| nested_value(&objective, &level, &network.couplings, tree);
            let options = MultilevelOptions::default();
            let tree = multilevel(&network, &objective, &options, seed, &Silent);
            let flat = Tree::from_partition(&two_level(&network, &objective, &options.two_level, seed, &Silent));
            assert!(value(&tree) <= value(&flat) + TOLERANCE, "seed {seed}: {} {}", value(&tree), value(&flat));
            *deep += usize::from(tree.levels() > 2 && value(&tree) < value(&flat) - 1e-3);
        }
    }
    assert!(deep.iter().all(|&deep| deep >= 3), "there are trees: {deep:?}");
}

#[test]
fn trees_are_the_same_at_any_number_of_threads() {
    let mut random = random(5, &[]);
    let network = ring(&mut random);
    let labels = random_labels(300, 150, &mut random);
    for labels in [Labels::physical_nodes(&labels), Labels::categories(&some(&labels), 0.05, Weight::Flow)] {
        let objective = with_labels::<BalancedFlow>(&labels);
        let [one, two, seven] = [1, 2, 7].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
            pool.install(|| multilevel(&network, &objective, &MultilevelOptions::default(), 1, &Silent))
        });
        assert!(one.levels() > 2 && one == two && one == seven);
    }
}

/// The objective's own parts equal those of the level that it makes.
#[test]
fn what_all_units_carry_together_is_one_module() {
    let mut random = random(9, &[]);
    let network = random_network(30, &mut random, FlowModel::Undirected, false);
    let labels = random_labels(30, 6, &mut random);
    for labels in [Labels::physical_nodes(&labels), Labels::categories(&some(&labels), 2.0, Weight::Flow)] {
        let objective = with_labels::<BalancedFlow>(&labels);
        let level = objective.level(&network);
        let (_, carried) = WithLabels::<MapEquation<BalancedFlow>>::split(&level);
        let whole = labels.cost_of_one_module(carried);
        let one_module = labels.value(&labels.state(carried, &[5; 30]));
        assert!((whole - one_module).abs() < TOLERANCE && whole.abs() > 0.1, "{whole} is not {one_module}");
    }
}
