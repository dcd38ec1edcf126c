//! Random networks, partitions and trees, and functions that the laws share.

use std::collections::BTreeMap;

use mapeq::core::{Additive, FlowNetwork, HierarchicalObjective, testing::check_objective};
use mapeq::flow::{FlowModel, FlowOptions, TeleportationOptions, compute_flow};
use mapeq::search::{Random, below, random, shuffle};
use mapeq::twolevel::{BalancedFlow, DirectedFlow, ModuleFlow, RecordedFlow};
use mapeq::{Direction, Network, Partition, Tree};
use mapeq_tests::RandomWalk;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Tolerance for rounding errors, relative to the larger value or to one bit.
pub(super) const TOLERANCE: f64 = 1e-10;

/// Kind of random walk: along links in both directions, or from source to target with unrecorded or
/// recorded teleportation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Walk {
    Undirected,
    Unrecorded,
    Recorded,
}

/// A random network, and the seed of other random input of a law.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub walk: Walk,
    pub nodes: usize,
    pub links: Vec<(usize, usize, f64)>,
    pub seed: u64,
}

impl Case {
    pub fn flow(&self) -> FlowNetwork {
        let model = if self.walk == Walk::Undirected { FlowModel::Undirected } else { FlowModel::Directed };
        let recorded = self.walk == Walk::Recorded;
        let teleportation = TeleportationOptions { recorded, ..TeleportationOptions::default() };
        let options = FlowOptions { model, teleportation, ..FlowOptions::default() };
        compute_flow(&self.network(), &options).expect("a network with links").network
    }

    pub fn network(&self) -> Network {
        let direction = if self.walk == Walk::Undirected { Direction::Undirected } else { Direction::Directed };
        let links = self.links.iter().map(|&(source, target, weight)| (source as u32, target as u32, weight));
        Network::from_links(direction, self.nodes, links).expect("links")
    }

    pub fn by_definition(&self) -> RandomWalk {
        match self.walk {
            Walk::Undirected => RandomWalk::undirected(self.nodes, &self.links),
            Walk::Unrecorded => RandomWalk::directed(self.nodes, &self.links, false),
            Walk::Recorded => RandomWalk::directed(self.nodes, &self.links, true),
        }
    }

    /// Returns the links with repeated ones merged. For undirected walks, opposite links are merged
    /// too.
    pub fn merged_links(&self) -> Vec<(usize, usize, f64)> {
        let mut sums = BTreeMap::new();
        for &(a, b, weight) in &self.links {
            let ends = if self.walk == Walk::Undirected { (a.min(b), a.max(b)) } else { (a, b) };
            *sums.entry(ends).or_insert(0.0) += weight;
        }
        sums.into_iter().map(|((a, b), weight)| (a, b, weight)).collect()
    }

    /// Returns the network with shuffled node numbers, and the new number of every node.
    pub fn relabelled(&self, random: &mut Random) -> (Self, Vec<usize>) {
        let mut number: Vec<usize> = (0..self.nodes).collect();
        shuffle(&mut number, random);
        let links = self.links.iter().map(|&(a, b, weight)| (number[a], number[b], weight)).collect();
        (Self { links, ..self.clone() }, number)
    }

    pub fn random(&self) -> Random {
        random(self.seed, &[])
    }

    pub fn random_partition(&self, random: &mut Random) -> Partition {
        let modules = 1 + below(random, self.nodes);
        Partition::from_labels((0..self.nodes).map(|_| below(random, modules) as u32).collect())
    }

    /// Returns a ragged tree with up to four levels of modules, including only children.
    pub fn random_tree(&self, random: &mut Random) -> Tree {
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

pub(super) fn cases() -> impl Strategy<Value = Case> {
    let walks = prop_oneof![Just(Walk::Undirected), Just(Walk::Unrecorded), Just(Walk::Recorded)];
    (walks, 5usize..14, any::<bool>(), any::<u64>()).prop_flat_map(|(walk, nodes, weighted, seed)| {
        let weights = if weighted { (1u32..20).boxed() } else { Just(4).boxed() };
        let link = (0..nodes, 0..nodes, weights.prop_map(|quarters| f64::from(quarters) / 4.0));
        prop::collection::vec(link, 0..30).prop_map(move |more| {
            // These links make modules possible.
            let mut links: Vec<_> = (0..nodes.div_ceil(2)).map(|node| (node, node + 1, 1.0)).collect();
            links.extend(more);
            Case { walk, nodes, links, seed }
        })
    })
}

/// Fixes the cases of every run. `PROPTEST_RNG_SEED` and `PROPTEST_CASES` select others.
pub(super) fn config() -> Config {
    let environment = Config::default();
    let rng_seed = match environment.rng_seed {
        RngSeed::Random => RngSeed::Fixed(2008),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    Config { rng_seed, failure_persistence: None, ..environment }
}

pub(super) fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1.0)
}

/// A law that is generic over the kind of flow.
pub(super) trait Law {
    fn hold<F: ModuleFlow>(self, flow: &FlowNetwork);
}

pub(super) fn for_kind_of_flow(case: &Case, law: impl Law) {
    let flow = case.flow();
    match case.walk {
        Walk::Undirected => law.hold::<BalancedFlow>(&flow),
        Walk::Unrecorded => law.hold::<DirectedFlow>(&flow),
        Walk::Recorded => law.hold::<RecordedFlow>(&flow),
    }
}

#[test]
fn the_cases_cover_all_kinds() {
    let mut runner = TestRunner::new(config());
    let mut counts = [0; 8];
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
        for (count, kind) in counts.iter_mut().zip(kinds) {
            *count += usize::from(kind);
        }
    }
    assert!(counts.iter().all(|&count| count >= 50), "of 300 cases, per kind: {counts:?}");
}

#[test]
fn the_trees_cover_all_kinds() {
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

/// Checks the laws of an objective on the whole network, and inside a module that the walk leaves.
pub(super) fn check_everywhere<H: HierarchicalObjective>(objective: &H, flow: &FlowNetwork, seed: u64) {
    check_objective(&Additive(objective.clone()), flow, seed);
    let max_exit = (0..flow.len()).max_by(|&a, &b| flow.nodes.exit[a].total_cmp(&flow.nodes.exit[b]));
    let node = flow.nodes.at(max_exit.expect("a node"));
    check_objective(&Additive(objective.inside(&objective.node(&node))), flow, seed);
}
