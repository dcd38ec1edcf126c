use mapeq_core::{Codelength, Tree};

/// A random walk on a few links, and its map equation by definition: visit rates by power
/// iteration, enter and exit flow as sums over all links, logarithms from the platform.
///
/// Independent reference for tests: it shares no code with the flow, the objectives and the search.
#[derive(Clone, Debug)]
pub struct RandomWalk {
    visits: Vec<f64>,
    /// Source, target and flow per step; for undirected walks, the sum of both directions.
    links: Vec<(usize, usize, f64)>,
    undirected: bool,
    /// Rate of leaving each node by recorded teleportation, and probability of landing there.
    teleportation: Vec<(f64, f64)>,
}

impl RandomWalk {
    /// Creates a walk along links (source, target, weight) in both directions.
    pub fn undirected(nodes: usize, links: &[(usize, usize, f64)]) -> Self {
        let both = |&(a, b, weight): &(usize, usize, f64)| if a == b { weight } else { 2.0 * weight };
        let total: f64 = links.iter().map(both).sum();
        let mut visits = vec![0.0; nodes];
        for &(a, b, weight) in links {
            visits[a] += weight / total;
            if a != b {
                visits[b] += weight / total;
            }
        }
        let links = links.iter().map(|link| (link.0, link.1, both(link) / total)).collect();
        Self { visits, links, undirected: true, teleportation: vec![(0.0, 0.0); nodes] }
    }

    /// Creates a walk along links from source to target that teleports with probability 0.15.
    ///
    /// If `recorded`, teleportation leads to the target of a random link and is encoded. Otherwise
    /// it leads to the source of a random link and is not encoded.
    pub fn directed(nodes: usize, links: &[(usize, usize, f64)], recorded: bool) -> Self {
        const TELEPORT: f64 = 0.15;
        let total: f64 = links.iter().map(|link| link.2).sum();
        let (mut out, mut landing) = (vec![0.0; nodes], vec![0.0; nodes]);
        for &(source, target, weight) in links {
            out[source] += weight;
            landing[if recorded { target } else { source }] += weight / total;
        }
        let jump: Vec<f64> = out.iter().map(|&out| if out > 0.0 { TELEPORT } else { 1.0 }).collect();
        let along = |visits: &[f64], link: &(usize, usize, f64)| visits[link.0] * link.2 / out[link.0];

        let mut visits = vec![1.0 / nodes as f64; nodes];
        for _ in 0..1000 {
            let jumping: f64 = visits.iter().zip(&jump).map(|(visits, jump)| visits * jump).sum();
            let mut next: Vec<f64> = landing.iter().map(|landing| jumping * landing).collect();
            for link in links {
                next[link.1] += (1.0 - TELEPORT) * along(&visits, link);
            }
            visits = next;
        }

        if recorded {
            let links = links.iter().map(|link| (link.0, link.1, (1.0 - TELEPORT) * along(&visits, link))).collect();
            let sources = visits.iter().zip(&jump).map(|(visits, jump)| visits * jump);
            let teleportation = sources.zip(landing).collect();
            return Self { visits, links, undirected: false, teleportation };
        }
        let dangling: f64 = visits.iter().zip(&out).filter(|&(_, &out)| out == 0.0).map(|(visits, _)| visits).sum();
        let links: Vec<_> =
            links.iter().map(|link| (link.0, link.1, along(&visits, link) / (1.0 - dangling))).collect();
        let mut arrivals = vec![0.0; nodes];
        for &(_, target, flow) in &links {
            arrivals[target] += flow;
        }
        Self { visits: arrivals, links, undirected: false, teleportation: vec![(0.0, 0.0); nodes] }
    }

    /// Creates a single step along links (source, target, weight), each chosen in proportion to its
    /// weight.
    pub fn one_step(nodes: usize, links: &[(usize, usize, f64)]) -> Self {
        let total: f64 = links.iter().map(|link| link.2).sum();
        let links: Vec<_> = links.iter().map(|link| (link.0, link.1, link.2 / total)).collect();
        let mut visits = vec![0.0; nodes];
        links.iter().for_each(|&(_, target, flow)| visits[target] += flow);
        Self { visits, links, undirected: false, teleportation: vec![(0.0, 0.0); nodes] }
    }

    /// Creates a walk along links in both directions and along the links of a prior network.
    ///
    /// The prior links every pair of nodes, and each node with itself, with the weight λ u_i u_j /
    /// ū. Here λ = ln(nodes) / nodes, u_i is the mean weight of the links at i, and ū that of all
    /// links. Steps along the prior are encoded as teleportation.
    pub fn regularized(nodes: usize, links: &[(usize, usize, f64)]) -> Self {
        // Links in opposite directions are merged.
        let mut merged = std::collections::BTreeMap::new();
        for &(a, b, weight) in links {
            *merged.entry((a.min(b), a.max(b))).or_insert(0.0) += weight;
        }
        let links: Vec<_> = merged.into_iter().map(|((a, b), weight)| (a, b, weight)).collect();
        let (mut strength, mut degree) = (vec![0.0; nodes], vec![0.0; nodes]);
        for &(a, b, weight) in &links {
            for end in if a == b { vec![a] } else { vec![a, b] } {
                strength[end] += weight;
                degree[end] += 1.0;
            }
        }
        let mean = strength.iter().sum::<f64>() / degree.iter().sum::<f64>();
        let mean_weight = strength.iter().zip(&degree).map(|(strength, degree)| strength / degree);
        let mean_weight: Vec<f64> = mean_weight.collect();
        let min_weight = mean_weight.iter().copied().filter(|weight| weight.is_finite()).fold(f64::INFINITY, f64::min);
        let mean_weight: Vec<f64> =
            mean_weight.iter().map(|&own| if own.is_finite() { own } else { min_weight }).collect();
        let lambda = (nodes as f64).ln() / nodes as f64;
        let all: f64 = mean_weight.iter().sum();
        let prior: Vec<f64> = mean_weight.iter().map(|own| lambda / mean * own * all).collect();
        let total = strength.iter().sum::<f64>() + prior.iter().sum::<f64>();
        let visits = strength.iter().zip(&prior).map(|(strength, prior)| (strength + prior) / total).collect();
        let along = |&(a, b, weight): &(usize, usize, f64)| (a, b, 2.0 * weight / total);
        let both_ways = links.iter().map(along).flat_map(|(a, b, flow)| [(a, b, flow / 2.0), (b, a, flow / 2.0)]);
        let teleportation = prior.iter().zip(&mean_weight).map(|(prior, own)| (prior / total, own / all)).collect();
        Self { visits, links: both_ways.collect(), undirected: false, teleportation }
    }

    /// Returns the visit rate of every node.
    pub fn visits(&self) -> &[f64] {
        &self.visits
    }

    /// Returns the rates of entering and of leaving a set of nodes.
    pub fn enter_and_exit(&self, inside: impl Fn(usize) -> bool) -> (f64, f64) {
        let (mut enter, mut exit) = (0.0, 0.0);
        for &(source, target, flow) in &self.links {
            match (inside(source), inside(target)) {
                (true, false) => exit += flow,
                (false, true) => enter += flow,
                _ => {}
            }
        }
        if self.undirected {
            let half = (enter + exit) / 2.0;
            return (half, half);
        }
        for (from, &(source, _)) in self.teleportation.iter().enumerate() {
            for (to, &(_, target)) in self.teleportation.iter().enumerate() {
                match (inside(from), inside(to)) {
                    (true, false) => exit += source * target,
                    (false, true) => enter += source * target,
                    _ => {}
                }
            }
        }
        (enter, exit)
    }

    /// Returns the flow along links between a node and every module, as the sum of both directions.
    /// Flow along a self-link counts twice.
    pub fn exchanged(&self, node: usize, modules: &[u32]) -> Vec<f64> {
        let mut exchanged = vec![0.0; modules.iter().max().map_or(0, |&last| last as usize + 1)];
        for &(source, target, flow) in &self.links {
            if source == node {
                exchanged[modules[target] as usize] += flow;
            }
            if target == node {
                exchanged[modules[source] as usize] += flow;
            }
        }
        exchanged
    }

    /// Returns the entropy of the visit rates: the codelength without modules, in bits per step.
    pub fn one_level(&self) -> f64 {
        codebook(self.visits.iter().copied())
    }

    /// Returns the two-level map equation of the partition with these `modules` of the nodes, in
    /// bits per step.
    pub fn two_level(&self, modules: &[u32]) -> Codelength {
        let count = modules.iter().max().map_or(0, |&last| last + 1);
        let mut entries = Vec::new();
        let mut inside = 0.0;
        for module in 0..count {
            let (enter, exit) = self.enter_and_exit(|node| modules[node] == module);
            let members = (0..modules.len()).filter(|&node| modules[node] == module);
            inside += codebook(members.map(|node| self.visits[node]).chain([exit]));
            entries.push(enter);
        }
        Codelength { index: codebook(entries.into_iter()), module: inside }
    }

    /// Returns the multilevel map equation of a tree, in bits per step: each module has a codebook
    /// for its children and its exit.
    pub fn multilevel(&self, tree: &Tree) -> Codelength {
        let below = |module: usize, node: usize| {
            let leaf_module = tree.leaf_modules()[node] as usize;
            (module..tree.modules()[module].end as usize).contains(&leaf_module)
        };
        let of_module = |module: usize| {
            let (_, exit) = self.enter_and_exit(|node| below(module, node));
            let entries = tree.children(module).map(|child| self.enter_and_exit(|node| below(child, node)).0);
            let members = (0..tree.nodes()).filter(|&node| tree.leaf_modules()[node] as usize == module);
            codebook(entries.chain(members.map(|node| self.visits[node])).chain([exit]))
        };
        Codelength { index: of_module(0), module: (1..tree.modules().len()).map(of_module).sum() }
    }
}

/// Returns the codelength of a codebook whose codewords are used at these rates, in bits per step:
/// the use rate times the entropy of the codewords.
fn codebook(rates: impl Iterator<Item = f64>) -> f64 {
    let rates: Vec<f64> = rates.filter(|&rate| rate > 0.0).collect();
    let used: f64 = rates.iter().sum();
    rates.iter().map(|rate| -rate * (rate / used).log2()).sum()
}
