//! Laws of labels: the definition is what the search minimises, and where labels say nothing nothing changes.

use std::collections::BTreeMap;

use mapeq_core::testing::check_objective;
use mapeq_core::{
    Additive, FlowNetwork, LinkList, NestedObjective, Network, NodeIds, NodeTable, Objective, Partition, Tree,
    nested_value,
};
use mapeq_flow::{FlowModel, FlowOptions, TeleportationOptions, compute_flow};
use mapeq_multilevel::{MultilevelOptions, multilevel};
use mapeq_search::{Grouping, Random, SearchOptions, Silent, Units, below, random, two_level};
use mapeq_twolevel::{BalancedFlow, DirectedFlow, MapEquation, ModuleFlow, RecordedFlow, codelength};

use crate::labels::{Labels, Weight};
use crate::objective::WithLabels;

const TOLERANCE: f64 = 1e-10;

/// The flow along links (source, target, weight) between nodes numbered from 0.
pub(crate) fn flow(nodes: usize, links: &[(u32, u32, f64)], model: FlowModel, recorded: bool) -> FlowNetwork {
    let mut list = LinkList::default();
    for &(source, target, weight) in links {
        list.push(source, target, weight);
    }
    let nodes = NodeTable::new(NodeIds::Consecutive { first: 0, len: nodes });
    let teleportation = TeleportationOptions { recorded, ..TeleportationOptions::default() };
    let options = FlowOptions { model, teleportation, ..FlowOptions::default() };
    compute_flow(&Network::new(nodes, list, model.direction()), &options).expect("a network with flow").network
}

/// Mostly links near by, so that there are modules to find.
fn random_network(nodes: usize, random: &mut Random, model: FlowModel, recorded: bool) -> FlowNetwork {
    let links: Vec<(u32, u32, f64)> = (0..nodes * 3)
        .map(|_| {
            let source = below(random, nodes);
            let near = (source + 1 + below(random, 3)) % nodes;
            let target = if below(random, 4) == 0 { below(random, nodes) } else { near };
            (source as u32, target as u32, (1 + below(random, 3)) as f64)
        })
        .collect();
    flow(nodes, &links, model, recorded)
}

fn random_labels(nodes: usize, kinds: usize, random: &mut Random) -> Vec<u32> {
    (0..nodes).map(|_| 10 * below(random, kinds) as u32).collect()
}

/// Every fourth label is unknown.
fn some(labels: &[u32]) -> Vec<Option<u32>> {
    labels.iter().map(|&label| Some(label).filter(|label| label / 10 % 4 != 3)).collect()
}

fn with_labels<F: ModuleFlow>(labels: &Labels) -> WithLabels<MapEquation<F>> {
    WithLabels::new(MapEquation::new(), labels.clone())
}

fn h(x: f64) -> f64 {
    if x > 0.0 { x * x.log2() } else { 0.0 }
}

/// Amounts by module and label.
fn amounts<L: Ord + Copy>(modules: &[u32], labels: &[L], amount: impl Fn(usize) -> f64) -> BTreeMap<(u32, L), f64> {
    let mut sums = BTreeMap::new();
    for (node, (&module, &label)) in modules.iter().zip(labels).enumerate() {
        *sums.entry((module, label)).or_insert(0.0) += amount(node);
    }
    sums
}

/// Codelength of a tree whose leaf modules name physical nodes, by the definition.
fn of_states(network: &FlowNetwork, physical: &[u32], tree: &Tree) -> f64 {
    let flow = &network.nodes.flow;
    let shared: f64 = amounts(tree.leaf_modules(), physical, |node| flow[node]).values().map(|&sum| h(sum)).sum();
    codelength(network, tree).codelength.total() + flow.iter().map(|&p| h(p)).sum::<f64>() - shared
}

/// Codelength of a tree and `rate` times the entropy of categories in its leaf modules, by the definition.
fn of_categories(network: &FlowNetwork, categories: &[Option<u32>], weight: Weight, rate: f64, tree: &Tree) -> f64 {
    let amount = |node: usize| match weight {
        Weight::Flow => network.nodes.flow[node],
        Weight::Uniform => 1.0 / network.len() as f64,
    };
    let sums = amounts(tree.leaf_modules(), categories, amount);
    let whole = amounts(tree.leaf_modules(), &vec![0u32; categories.len()], amount);
    let entropy_of = |(&(module, _), &sum): (&(u32, Option<u32>), &f64)| {
        let share = sum / whole[&(module, 0)];
        if sum > 0.0 { whole[&(module, 0)] * -h(share) } else { 0.0 }
    };
    codelength(network, tree).codelength.total() + rate * sums.iter().map(entropy_of).sum::<f64>()
}

/// What does not depend on the tree: the search leaves out −Σ h(p_u) where nodes have codewords.
fn constant(network: &FlowNetwork) -> f64 {
    network.nodes.flow.iter().map(|&p| h(p)).sum()
}

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

/// Modules of modules and of nodes: the modules of `of_modules` contain those of `partition`.
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
    let moved = network.clone().reordered(&order);
    let moved_partition = Partition::from_labels(order.iter().map(|&node| partition.labels()[node as usize]).collect());
    for labels in [Labels::physical_nodes(&labels), Labels::categories(&some(&labels), 1.0, Weight::Flow)] {
        let objective = with_labels::<DirectedFlow>(&labels);
        let value = |network: &FlowNetwork, partition: &Partition| {
            let level = objective.level(network);
            Units { couplings: &network.couplings, level: &level }.value(&objective, partition)
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
        let units = Units { couplings: &network.couplings, level: &level };
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

/// All partitions of so many nodes, as labels.
fn all_partitions(nodes: usize) -> Vec<Vec<u32>> {
    let mut all = vec![vec![0]];
    for _ in 1..nodes {
        let longer = |labels: &Vec<u32>| {
            let next = labels.iter().max().expect("a node") + 1;
            (0..=next).map(|label| [&labels[..], &[label]].concat()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// Whether the best of some trials is the best of all partitions, and whether that is another one than without labels.
fn finds_optimum<F: ModuleFlow>(
    network: &FlowNetwork,
    labels: &Labels,
    defined: impl Fn(&Tree) -> f64,
) -> (bool, bool) {
    let objective = with_labels::<F>(labels);
    let all: Vec<Tree> = all_partitions(network.len())
        .into_iter()
        .map(|labels| Tree::from_partition(&Partition::from_labels(labels)))
        .collect();
    let least =
        |of: &dyn Fn(&Tree) -> f64| all.iter().map(of).enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).expect("one");
    let optimum = least(&defined).1;
    let (without, _) = least(&|tree| codelength(network, tree).codelength.total());
    let trial = |seed| {
        defined(&Tree::from_partition(&two_level(network, &objective, &SearchOptions::default(), seed, &Silent)))
    };
    let found = (0..4).map(trial).fold(f64::INFINITY, f64::min);
    assert!(found > optimum - TOLERANCE, "{found} is below the optimum {optimum}");
    (found < optimum + TOLERANCE, defined(&all[without]) > optimum + 1e-6)
}

/// Of random networks as small as these, one or two in thirty have an optimum that no trial finds, with labels as without.
fn count_optima<F: ModuleFlow>(model: FlowModel, recorded: bool) {
    const NODES: usize = 8;
    const RATE: f64 = 0.4;
    let (mut found, mut changed) = (0, 0);
    for seed in 0..8 {
        let mut random = random(seed, &[]);
        let links: Vec<(u32, u32, f64)> = (0..2 * NODES)
            .map(|_| {
                let (source, other) = (below(&mut random, NODES), below(&mut random, NODES));
                let same_half = source / 4 * 4 + other % 4;
                (source as u32, if below(&mut random, 5) == 0 { other } else { same_half } as u32, 1.0)
            })
            .collect();
        let network = flow(NODES, &links, model, recorded);
        let labels = random_labels(NODES, 4, &mut random);
        let categories = some(&labels);
        let outcomes = [
            finds_optimum::<F>(&network, &Labels::physical_nodes(&labels), |tree| of_states(&network, &labels, tree)),
            finds_optimum::<F>(&network, &Labels::categories(&categories, RATE, Weight::Flow), |tree| {
                of_categories(&network, &categories, Weight::Flow, RATE, tree)
            }),
            finds_optimum::<F>(&network, &Labels::categories(&categories, RATE, Weight::Uniform), |tree| {
                of_categories(&network, &categories, Weight::Uniform, RATE, tree)
            }),
        ];
        found += outcomes.iter().filter(|outcome| outcome.0).count();
        changed += outcomes.iter().filter(|outcome| outcome.1).count();
    }
    assert!(found >= 22, "optima found: {found} of 24");
    assert!(changed >= 10, "labels change the optimum: {changed} times");
}

#[test]
fn states_of_one_node_find_each_other_without_links() {
    // Twice the same pair of physical nodes, each linked to one end of a triangle and not to the other pair.
    let links = [(0, 1, 5.0), (2, 3, 5.0), (4, 5, 5.0), (5, 6, 5.0), (6, 4, 5.0), (1, 4, 1.0), (3, 5, 1.0)];
    let network = flow(7, &links, FlowModel::Undirected, false);
    let physical = [8, 9, 8, 9, 1, 2, 3];
    let labels = Labels::physical_nodes(&physical);
    let outcome = finds_optimum::<BalancedFlow>(&network, &labels, |tree| of_states(&network, &physical, tree));
    assert_eq!(outcome, (true, true), "the optimum is found, and another one than without labels");
    let found = two_level(&network, &with_labels::<BalancedFlow>(&labels), &SearchOptions::default(), 1, &Silent);
    assert_eq!(found.labels(), [0, 0, 0, 0, 1, 1, 1]);
}

#[test]
fn searches_find_certified_optima() {
    count_optima::<BalancedFlow>(FlowModel::Undirected, false);
    count_optima::<DirectedFlow>(FlowModel::Directed, false);
    count_optima::<RecordedFlow>(FlowModel::Directed, true);
}

/// A ring of 300 nodes with links to the next ones, and a few to some less near.
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

/// The objective's own account of its parts is that of the level it makes.
#[test]
fn what_all_units_carry_together_is_one_module() {
    let mut random = random(9, &[]);
    let network = random_network(30, &mut random, FlowModel::Undirected, false);
    let labels = random_labels(30, 6, &mut random);
    for labels in [Labels::physical_nodes(&labels), Labels::categories(&some(&labels), 2.0, Weight::Flow)] {
        use mapeq_core::Content;
        let objective = with_labels::<BalancedFlow>(&labels);
        let level = objective.level(&network);
        let (_, carried) = WithLabels::<MapEquation<BalancedFlow>>::split(&level);
        let whole = labels.whole(carried);
        let one_module = labels.value(&labels.state(carried, &[5; 30]));
        assert!((whole - one_module).abs() < TOLERANCE && whole.abs() > 0.1, "{whole} is not {one_module}");
    }
}
