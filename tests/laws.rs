//! Laws that hold for every network: random ones, with self-links, repeated links, dangling and isolated nodes.

use std::collections::BTreeMap;

use mapeq::core::{
    Additive, FlowNetwork, HierarchicalObjective, Objective, plogp, testing::check_objective, tree_value,
};
use mapeq::flow::{FlowModel, FlowOptions, TeleportationOptions, compute_flow};
use mapeq::search::{Random, SearchOptions, Silent, below, random, shuffle, two_level};
use mapeq::twolevel::one_level_codelength;
use mapeq::twolevel::{BalancedFlow, DirectedFlow, MapEquation, ModuleFlow, RecordedFlow, codelength};
use mapeq::{LinkList, MultilevelOptions, Network, NodeIds, NodeTable, Partition, Tree, multilevel::multilevel};
use mapeq_tests::RandomWalk;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

#[path = "laws/bipartite.rs"]
mod bipartite;
#[path = "laws/exchange.rs"]
mod exchange;
#[path = "laws/memory.rs"]
mod memory;
#[path = "laws/variants.rs"]
mod variants;

/// Rounding, per bit.
const TOLERANCE: f64 = 1e-10;

/// How the walk goes: along links in both directions, or from source to target with teleportation uncoded or coded.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Walk {
    Undirected,
    Unrecorded,
    Recorded,
}

/// A random network and the seed of whatever else a law needs.
#[derive(Clone, Debug)]
struct Case {
    walk: Walk,
    nodes: usize,
    links: Vec<(usize, usize, f64)>,
    seed: u64,
}

impl Case {
    fn flow(&self) -> FlowNetwork {
        let model = if self.walk == Walk::Undirected { FlowModel::Undirected } else { FlowModel::Directed };
        let recorded = self.walk == Walk::Recorded;
        let teleportation = TeleportationOptions { recorded, ..TeleportationOptions::default() };
        let mut list = LinkList::default();
        for &(source, target, weight) in &self.links {
            list.push(source as u32, target as u32, weight);
        }
        let nodes = NodeTable::new(NodeIds::Consecutive { first: 1, len: self.nodes });
        let network = Network::new(nodes, list, model.direction());
        let options = FlowOptions { model, teleportation, ..FlowOptions::default() };
        compute_flow(&network, &options).expect("a network with links").network
    }

    fn by_definition(&self) -> RandomWalk {
        match self.walk {
            Walk::Undirected => RandomWalk::undirected(self.nodes, &self.links),
            Walk::Unrecorded => RandomWalk::directed(self.nodes, &self.links, false),
            Walk::Recorded => RandomWalk::directed(self.nodes, &self.links, true),
        }
    }

    /// Links with the same ends as one, in any order where they have no direction.
    fn merged_links(&self) -> Vec<(usize, usize, f64)> {
        let mut sums = BTreeMap::new();
        for &(a, b, weight) in &self.links {
            let ends = if self.walk == Walk::Undirected { (a.min(b), a.max(b)) } else { (a, b) };
            *sums.entry(ends).or_insert(0.0) += weight;
        }
        sums.into_iter().map(|((a, b), weight)| (a, b, weight)).collect()
    }

    fn random(&self) -> Random {
        random(self.seed, &[])
    }

    fn random_partition(&self, random: &mut Random) -> Partition {
        let modules = 1 + below(random, self.nodes);
        Partition::from_labels((0..self.nodes).map(|_| below(random, modules) as u32).collect())
    }

    /// A ragged tree with up to four levels of modules, only children among them.
    fn random_tree(&self, random: &mut Random) -> Tree {
        let mut parents = vec![0];
        let mut leaf_module = vec![0; self.nodes];
        let mut open = vec![(0u32, (0..self.nodes).collect::<Vec<usize>>(), 0)];
        while let Some((module, members, depth)) = open.pop() {
            if depth == 4 || depth > 0 && below(random, 3) == 0 {
                members.iter().for_each(|&node| leaf_module[node] = module);
                continue;
            }
            let mut parts = vec![Vec::new(); 1 + below(random, 3)];
            let count = parts.len();
            members.into_iter().for_each(|node| parts[below(random, count)].push(node));
            for part in parts {
                open.push((parents.len() as u32, part, depth + 1));
                parents.push(module);
            }
        }
        Tree::new(&parents, &leaf_module)
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let walks = prop_oneof![Just(Walk::Undirected), Just(Walk::Unrecorded), Just(Walk::Recorded)];
    (walks, 5usize..14, any::<bool>(), any::<u64>()).prop_flat_map(|(walk, nodes, weighted, seed)| {
        let weights = if weighted { (1u32..20).boxed() } else { Just(4).boxed() };
        let link = (0..nodes, 0..nodes, weights.prop_map(|quarters| f64::from(quarters) / 4.0));
        prop::collection::vec(link, 0..30).prop_map(move |more| {
            // Without these there might be nothing to say about modules.
            let mut links: Vec<_> = (0..nodes.div_ceil(2)).map(|node| (node, node + 1, 1.0)).collect();
            links.extend(more);
            Case { walk, nodes, links, seed }
        })
    })
}

/// The same cases in every run; `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others.
fn config() -> Config {
    let environment = Config::default();
    let rng_seed = match environment.rng_seed {
        RngSeed::Random => RngSeed::Fixed(2008),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    Config { rng_seed, failure_persistence: None, ..environment }
}

fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1.0)
}

/// What the laws of the map equation need to be generic over the kind of flow.
trait Law {
    fn hold<F: ModuleFlow>(self, flow: &FlowNetwork);
}

fn for_kind_of_flow(case: &Case, law: impl Law) {
    let flow = case.flow();
    match case.walk {
        Walk::Undirected => law.hold::<BalancedFlow>(&flow),
        Walk::Unrecorded => law.hold::<DirectedFlow>(&flow),
        Walk::Recorded => law.hold::<RecordedFlow>(&flow),
    }
}

#[test]
fn the_cases_are_of_all_kinds() {
    let mut runner = TestRunner::new(config());
    let mut met = [0; 8];
    for _ in 0..300 {
        let case = cases().new_tree(&mut runner).expect("a case").current();
        let touches = |node: usize| case.links.iter().any(|link| link.0 == node || link.1 == node);
        let dangles = |node: usize| touches(node) && case.links.iter().all(|link| link.0 != node);
        let kinds = [
            case.walk == Walk::Undirected,
            case.walk == Walk::Unrecorded,
            case.walk == Walk::Recorded,
            case.links.iter().any(|link| link.0 == link.1),
            case.links.iter().any(|link| link.2 != 1.0),
            case.links.iter().all(|link| link.2 == 1.0),
            (0..case.nodes).any(|node| !touches(node)),
            (0..case.nodes).any(dangles),
        ];
        for (count, kind) in met.iter_mut().zip(kinds) {
            *count += usize::from(kind);
        }
    }
    assert!(met.iter().all(|&count| count >= 50), "of 300 cases, per kind: {met:?}");
}

#[test]
fn the_trees_are_of_all_kinds() {
    let mut levels = [0; 6];
    let mut only_children = 0;
    for seed in 0..200 {
        let case = Case { walk: Walk::Undirected, nodes: 12, links: Vec::new(), seed };
        let tree = case.random_tree(&mut case.random());
        levels[tree.levels()] += 1;
        only_children += usize::from((0..tree.modules().len()).any(|module| tree.children(module).count() == 1));
    }
    assert!(levels[2..].iter().all(|&count| count >= 10), "of 200 trees, by levels: {levels:?}");
    assert!(only_children >= 20, "{only_children} trees with an only child");
}

/// Checks the laws of the objective of the whole network, and of the inside of a module, which the walk leaves.
fn check_everywhere<H: HierarchicalObjective>(objective: &H, flow: &FlowNetwork, seed: u64) {
    check_objective(&Additive(objective.clone()), flow, seed);
    let leaves_most = (0..flow.len()).max_by(|&a, &b| flow.nodes.exit[a].total_cmp(&flow.nodes.exit[b]));
    let node = flow.nodes.at(leaves_most.expect("a node"));
    check_objective(&Additive(objective.inside(&objective.node(&node))), flow, seed);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_map_equation_obeys_the_laws_of_objectives(case in cases()) {
        struct Objectives(u64);
        impl Law for Objectives {
            fn hold<F: ModuleFlow>(self, flow: &FlowNetwork) {
                check_everywhere(&MapEquation::<F>::new(), flow, self.0);
            }
        }
        for_kind_of_flow(&case, Objectives(case.seed));
    }

    #[test]
    fn visits_and_one_level_codelength_are_as_defined(case in cases()) {
        let (flow, walk) = (case.flow(), case.by_definition());
        for (node, &visits) in walk.visits().iter().enumerate() {
            prop_assert!(is_close(flow.nodes.flow[node], visits), "{} is not {visits}", flow.nodes.flow[node]);
            let (enter, exit) = walk.enter_and_exit(|other| other == node);
            let own = flow.nodes.at(node);
            prop_assert!(is_close(own.enter, enter) && is_close(own.exit, exit), "{own:?}: enter {enter}, exit {exit}");
        }
        prop_assert!(is_close(one_level_codelength(&flow), walk.one_level()));
    }

    #[test]
    fn the_two_level_codelength_is_as_defined(case in cases()) {
        let partition = case.random_partition(&mut case.random());
        let ours = codelength(&case.flow(), &Tree::from_partition(&partition)).codelength;
        let defined = case.by_definition().two_level(partition.labels());
        prop_assert!(is_close(ours.index, defined.index), "index {} is not {}", ours.index, defined.index);
        prop_assert!(is_close(ours.module, defined.module), "module {} is not {}", ours.module, defined.module);
    }

    #[test]
    fn the_multilevel_codelength_is_as_defined(case in cases()) {
        let tree = case.random_tree(&mut case.random());
        let ours = codelength(&case.flow(), &tree);
        let defined = case.by_definition().multilevel(&tree);
        prop_assert!(is_close(ours.codelength.index, defined.index), "{ours:?} is not {defined:?}");
        prop_assert!(is_close(ours.codelength.module, defined.module), "{ours:?} is not {defined:?}");
        let of_codebooks: f64 = ours.codebooks.iter().map(|codebook| codebook.codelength).sum();
        prop_assert!(is_close(ours.codelength.total(), of_codebooks));
    }

    #[test]
    fn the_objective_of_a_tree_is_its_codelength_but_for_the_nodes(case in cases()) {
        struct Trees(Tree);
        impl Law for Trees {
            fn hold<F: ModuleFlow>(self, flow: &FlowNetwork) {
                let equation = MapEquation::<F>::new();
                let value = tree_value(&equation, &Additive(equation).level(flow), &flow.couplings, &self.0);
                let nodes: f64 = flow.nodes.flow.iter().map(|&visits| plogp(visits)).sum();
                let total = codelength(flow, &self.0).codelength.total();
                assert!(is_close(value - nodes, total), "{value} − {nodes} is not {total}");
            }
        }
        for_kind_of_flow(&case, Trees(case.random_tree(&mut case.random())));
    }

    #[test]
    fn more_levels_to_search_are_never_worse(case in cases()) {
        struct Searches(u64);
        impl Law for Searches {
            fn hold<F: ModuleFlow>(self, flow: &FlowNetwork) {
                let equation = MapEquation::<F>::new();
                let (flat, nested) = (search_flat(&equation, flow, self.0), search_nested(&equation, flow, self.0));
                let total = |tree| codelength(flow, tree).codelength.total();
                let (flat, nested, one) = (total(&flat), total(&nested), one_level_codelength(flow));
                assert!(flat <= one + TOLERANCE, "two levels {flat} exceed one level {one}");
                assert!(nested <= flat + TOLERANCE, "any levels {nested} exceed two levels {flat}");
            }
        }
        for_kind_of_flow(&case, Searches(case.seed));
    }

    #[test]
    fn relabelling_the_nodes_changes_nothing(case in cases()) {
        let mut random = case.random();
        let tree = case.random_tree(&mut random);
        let mut number: Vec<usize> = (0..case.nodes).collect();
        shuffle(&mut number, &mut random);
        let links = case.links.iter().map(|&(a, b, weight)| (number[a], number[b], weight)).collect();
        let relabelled = Case { links, ..case.clone() };
        let mut leaf_module = vec![0; case.nodes];
        for (node, &number) in number.iter().enumerate() {
            leaf_module[number] = tree.leaf_modules()[node];
        }
        let before = codelength(&case.flow(), &tree).codelength.total();
        let after = codelength(&relabelled.flow(), &tree.with_leaves(&leaf_module)).codelength.total();
        prop_assert!(is_close(before, after), "{before} is not {after}");
    }

    #[test]
    fn scaling_the_weights_changes_nothing(case in cases(), factor in 1e-6..1e6) {
        let tree = case.random_tree(&mut case.random());
        let links = case.links.iter().map(|&(a, b, weight)| (a, b, weight * factor)).collect();
        let scaled = Case { links, ..case.clone() };
        let before = codelength(&case.flow(), &tree).codelength.total();
        let after = codelength(&scaled.flow(), &tree).codelength.total();
        prop_assert!(is_close(before, after), "{before} is not {after}");
    }
}

fn search_flat<F: ModuleFlow>(equation: &MapEquation<F>, flow: &FlowNetwork, seed: u64) -> Tree {
    let options = SearchOptions::default();
    Tree::from_partition(&two_level(flow, &Additive(*equation), &options, seed, &Silent))
}

fn search_nested<H: HierarchicalObjective>(objective: &H, flow: &FlowNetwork, seed: u64) -> Tree {
    multilevel(flow, &Additive(objective.clone()), &MultilevelOptions::default(), seed, &Silent)
}
