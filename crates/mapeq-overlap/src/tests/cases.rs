//! Small networks for tests.

use mapeq_core::{Direction, FlowNetwork, Network, Partition};
use mapeq_flow::{FlowModel, FlowOptions, compute_flow};
use mapeq_search::{Silent, below, random, two_level};

use crate::{Copies, Cover, Entry, OverlapOptions, Walk, overlapping};

/// A network with its walk.
pub(crate) struct Case {
    pub flow: FlowNetwork,
    pub walk: Walk,
}

impl Case {
    /// Creates a case from links (source, target, weight) between nodes 1, 2, ….
    pub fn new(links: &[(u32, u32, f64)], direction: Direction) -> Self {
        let nodes = links.iter().map(|link| link.0.max(link.1)).max().unwrap() as usize;
        let from_zero = links.iter().map(|&(source, target, weight)| (source - 1, target - 1, weight));
        let network = Network::from_links(direction, nodes, from_zero).unwrap();
        let model = if direction == Direction::Directed { FlowModel::Directed } else { FlowModel::Undirected };
        let flow = compute_flow(&network, &FlowOptions { model, ..FlowOptions::default() }).unwrap().network;
        let walk = Walk::new(&network, &flow).unwrap();
        Self { flow, walk }
    }

    pub fn undirected(links: &[(u32, u32)]) -> Self {
        let links: Vec<_> = links.iter().map(|&(source, target)| (source, target, 1.0)).collect();
        Self::new(&links, Direction::Undirected)
    }

    /// Codelength of a cover, in bits per step.
    pub fn codelength(&self, cover: &Cover) -> f64 {
        self.copies(cover).flat_codelength().total()
    }

    pub fn copies(&self, cover: &Cover) -> Copies {
        Copies::new(&self.walk, cover, Entry::Uniform)
    }

    /// Finds the best hard modules.
    pub fn hard(&self) -> Partition {
        let options = OverlapOptions::default().search;
        match self.flow.nodes.enter {
            None => two_level(&self.flow, &crate::search::balanced(), &options, 123, &Silent),
            Some(_) => two_level(&self.flow, &crate::search::directed(), &options, 123, &Silent),
        }
    }

    /// Finds the best overlapping modules.
    pub fn search(&self) -> Copies {
        overlapping(&self.walk, &self.flow, &self.hard(), &OverlapOptions::default(), 123, &Silent)
    }
}

/// All pairs of `nodes`.
pub(crate) fn clique(nodes: impl IntoIterator<Item = u32>) -> Vec<(u32, u32)> {
    let nodes: Vec<u32> = nodes.into_iter().collect();
    nodes.iter().enumerate().flat_map(|(i, &a)| nodes[i + 1..].iter().map(move |&b| (a, b))).collect()
}

/// Two cliques of `k` nodes that share node k.
pub(crate) fn cliques_sharing_a_node(k: u32) -> Case {
    Case::undirected(&[clique(1..=k), clique(k..=2 * k - 1)].concat())
}

/// Node 9 with `a` links to one clique of four nodes and `b` links to another one.
pub(crate) fn between_two_cliques(a: u32, b: u32) -> Case {
    let links = (1..=a).map(|node| (9, node)).chain((1..=b).map(|node| (9, 4 + node)));
    Case::undirected(&[clique(1..=4), clique(5..=8), links.collect()].concat())
}

/// Two cliques of six nodes that share nodes 9 and 10.
pub(crate) fn cliques_sharing_two_nodes() -> Case {
    let mut links = [clique([1, 2, 3, 4, 9, 10]), clique([5, 6, 7, 8, 9, 10])].concat();
    links.sort_unstable();
    links.dedup();
    Case::undirected(&links)
}

/// Three triangles, and node 10 with two, two and one links to them.
pub(crate) fn between_three_triangles() -> Case {
    let links = vec![(10, 1), (10, 2), (10, 4), (10, 5), (10, 7)];
    Case::undirected(&[clique(1..=3), clique(4..=6), clique(7..=9), links].concat())
}

/// A connected random network: a random tree, and `more` further links.
pub(crate) fn random_case(seed: u64, nodes: u32, more: u32, direction: Direction) -> Case {
    let mut random = random(seed, &[77]);
    let mut any = |bound: u32| below(&mut random, bound as usize) as u32;
    let mut links: Vec<(u32, u32, f64)> = Vec::new();
    for node in 2..=nodes {
        let other = 1 + any(node - 1);
        links.push((other, node, f64::from(1 + any(3))));
        if direction == Direction::Directed {
            links.push((node, 1 + any(node - 1), f64::from(1 + any(3))));
        }
    }
    for _ in 0..more {
        let (source, target) = (1 + any(nodes), 1 + any(nodes));
        links.push((source, target, f64::from(1 + any(3))));
    }
    Case::new(&links, direction)
}

/// A random cover with up to `modules` modules.
pub(crate) fn random_cover(seed: u64, nodes: usize, modules: u32) -> Cover {
    let mut random = random(seed, &[78]);
    Cover::from_labels((0..nodes).map(|_| {
        let mut own: Vec<u32> = (0..modules).filter(|_| below(&mut random, 3) == 0).collect();
        if own.is_empty() {
            own.push(below(&mut random, modules as usize) as u32);
        }
        own
    }))
}
