//! Random networks that resemble real ones in what matters to a search: few nodes with many links,
//! modules of very different sizes, and a fraction of links between modules.
//!
//! After Lancichinetti, Fortunato & Radicchi, Phys. Rev. E 2008 (doi:10.1103/PhysRevE.78.046110):
//! degrees follow a power law of exponent 2 and module sizes one of exponent 1. Links are wired at
//! random inside modules and between them. These two exponents need no power function, so that a
//! seed gives the same network on every machine.

use std::collections::HashSet;

use mapeq_core::{Partition, log2};
use mapeq_search::{Random, below, random, shuffle};

use crate::planted::Planted;

/// Version of the networks of [`power_law`], part of their file names. Increase it with every
/// change of the networks.
pub const POWER_LAW_REVISION: u32 = 1;

/// Upper bound on the attempts to swap an end of an invalid pair with another pair.
const MAX_ATTEMPTS: usize = 100;

/// Parameters of [`power_law`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerLaw {
    /// Number of nodes.
    pub nodes: usize,
    /// Mean degree; directed links count at both ends.
    pub mean_degree: f64,
    /// Maximum degree.
    pub max_degree: usize,
    /// Fraction of a node's links that leave its module.
    pub mixing: f64,
    /// Minimum number of nodes in a module.
    pub min_module_size: usize,
    /// Maximum number of nodes in a module.
    pub max_module_size: usize,
}

impl PowerLaw {
    /// Sets the maximum degree to 20 times the mean, and module sizes to 20 to 1000 nodes. The
    /// maximum degree is at most a quarter of the nodes, and module sizes are at most a fifth.
    pub fn new(nodes: usize, mean_degree: f64, mixing: f64) -> Self {
        Self {
            nodes,
            mean_degree,
            max_degree: ((20.0 * mean_degree) as usize).clamp(2, (nodes / 4).max(2)),
            mixing,
            min_module_size: 20.min(nodes / 5),
            max_module_size: 1000.min(nodes / 5),
        }
    }
}

/// Generates a network with power-law degrees and one level of planted modules of power-law sizes.
///
/// Links are distinct and sorted, without self-links. Their directions are random.
///
/// # Complexity
/// `O(links · log links)` time, at most 16 bytes of memory per link.
///
/// # Panics
/// If there are fewer than 10 nodes, or if the parameters contradict each other.
pub fn power_law(shape: &PowerLaw, seed: u64) -> Planted {
    assert!(shape.nodes >= 10 && u32::try_from(shape.nodes).is_ok(), "from 10 to 2³² nodes");
    assert!((0.0..=1.0).contains(&shape.mixing), "the mixing is a fraction");
    assert!(0 < shape.min_module_size && shape.min_module_size <= shape.max_module_size, "sizes of modules");
    assert!(shape.mean_degree >= 1.0 && shape.mean_degree < shape.max_degree as f64, "degrees");
    let mut random = random(seed, &[]);
    let degrees = degrees(shape, &mut random);
    let sizes = sizes(shape, &mut random);
    let inside = internal_degrees(&degrees, shape.mixing, &mut random);
    let label = assign(&inside, &sizes, &mut random);

    let mut links = Vec::with_capacity((shape.nodes as f64 * shape.mean_degree / 1.9) as usize);
    for members in members(&label, sizes.len()) {
        let max_degree = members.len() as u32 - 1;
        let stubs = stubs(&members, |node| inside[node].min(max_degree));
        links.append(&mut wire(stubs, |_, _| true, &mut random));
    }
    let nodes: Vec<u32> = (0..shape.nodes as u32).collect();
    let stubs = stubs(&nodes, |node| degrees[node] - inside[node]);
    let apart = |a: u32, b: u32| label[a as usize] != label[b as usize];
    links.append(&mut wire(stubs, apart, &mut random));

    // Nodes were numbered by descending degree, which files usually are not.
    let mut number = nodes;
    shuffle(&mut number, &mut random);
    for (source, target) in &mut links {
        (*source, *target) = (number[*source as usize], number[*target as usize]);
        if below(&mut random, 2) == 0 {
            std::mem::swap(source, target);
        }
    }
    links.sort_unstable();
    let mut labels = vec![0; shape.nodes];
    for (node, &number) in number.iter().enumerate() {
        labels[number as usize] = label[node];
    }
    Planted { nodes: shape.nodes, links, levels: vec![Partition::from_labels(labels)] }
}

/// Draws a number from [0, 1).
fn uniform(random: &mut Random) -> f64 {
    const STEPS: usize = 1 << 53;
    below(random, STEPS) as f64 / STEPS as f64
}

/// Rounds up or down at random, such that the mean is `x`.
pub(crate) fn round(x: f64, random: &mut Random) -> u32 {
    (x + uniform(random)) as u32
}

/// Draws the degrees with density 1/k² between a minimum and the maximum, in descending order.
pub(crate) fn degrees(shape: &PowerLaw, random: &mut Random) -> Vec<u32> {
    let max = shape.max_degree as f64;
    // The mean of the density on [a, b] is a b/(b − a) · ln(b/a), and increases with a.
    let mean = |min: f64| min * max / (max - min) * log2(max / min) * std::f64::consts::LN_2;
    let (mut low, mut high) = (1e-6, shape.mean_degree);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if mean(middle) < shape.mean_degree { low = middle } else { high = middle }
    }
    let draw = |_| {
        let x = 1.0 / (1.0 / low - uniform(random) * (1.0 / low - 1.0 / max));
        round(x, random).clamp(1, shape.max_degree as u32)
    };
    let mut degrees: Vec<u32> = (0..shape.nodes).map(draw).collect();
    degrees.sort_unstable_by(|a, b| b.cmp(a));
    degrees
}

/// Draws the part of each degree that stays inside the node's module.
pub(crate) fn internal_degrees(degrees: &[u32], mixing: f64, random: &mut Random) -> Vec<u32> {
    degrees.iter().map(|&degree| round(f64::from(degree) * (1.0 - mixing), random).min(degree)).collect()
}

/// Draws module sizes with density 1/s that add up to the number of nodes, in descending order.
pub(crate) fn sizes(shape: &PowerLaw, random: &mut Random) -> Vec<u32> {
    let (min, max) = (shape.min_module_size, shape.max_module_size);
    let mut sizes = Vec::new();
    let mut remaining = shape.nodes;
    while remaining > 0 {
        let size = min + below(random, max - min + 1);
        if uniform(random) * size as f64 >= min as f64 {
            continue;
        }
        let size = if remaining < size + min { remaining } else { size };
        sizes.push(size as u32);
        remaining -= size;
    }
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes
}

/// Draws a module for every node that has more nodes than the node has internal links, if one is
/// left. Internal degrees and sizes are in descending order.
pub(crate) fn assign(inside: &[u32], sizes: &[u32], random: &mut Random) -> Vec<u32> {
    let mut modules = sizes.iter().enumerate().peekable();
    let mut slots: Vec<u32> = Vec::new();
    let slot = |&links: &u32| {
        while let Some((module, &size)) = modules.next_if(|(_, size)| **size > links || slots.is_empty()) {
            slots.extend(std::iter::repeat_n(module as u32, size as usize));
        }
        let slot = below(random, slots.len());
        slots.swap_remove(slot)
    };
    inside.iter().map(slot).collect()
}

/// Lists the nodes of every module.
pub(crate) fn members(label: &[u32], modules: usize) -> Vec<Vec<u32>> {
    let mut members = vec![Vec::new(); modules];
    for (node, &module) in label.iter().enumerate() {
        members[module as usize].push(node as u32);
    }
    members
}

/// Lists every node `links` times, and drops the last entry if the number of entries is odd.
pub(crate) fn stubs(nodes: &[u32], links: impl Fn(usize) -> u32) -> Vec<u32> {
    let mut stubs = Vec::with_capacity(nodes.iter().map(|&node| links(node as usize) as usize).sum());
    for &node in nodes {
        stubs.extend(std::iter::repeat_n(node, links(node as usize) as usize));
    }
    stubs.truncate(stubs.len() / 2 * 2);
    stubs
}

/// Joins stubs at random into distinct pairs of different nodes that are `allowed`, smaller end
/// first.
///
/// An invalid pair swaps an end with a random valid one. The few pairs without a successful swap
/// are left out.
pub(crate) fn wire(mut stubs: Vec<u32>, allowed: impl Fn(u32, u32) -> bool, random: &mut Random) -> Vec<(u32, u32)> {
    shuffle(&mut stubs, random);
    let mut pairs: Vec<(u32, u32)> = stubs.chunks_exact(2).map(|ends| ordered(ends[0], ends[1])).collect();
    drop(stubs);
    pairs.sort_unstable();
    let mut last = None;
    let mut bad = Vec::new();
    pairs.retain(|&(a, b)| {
        let good = a != b && last.replace((a, b)) != Some((a, b)) && allowed(a, b);
        if !good {
            bad.push((a, b));
        }
        good
    });
    // `pairs` stays sorted for lookups; changes are collected separately.
    let (mut removed, mut added) = (HashSet::new(), HashSet::new());
    let mut swapped = Vec::new();
    for (a, b) in bad {
        for _ in 0..MAX_ATTEMPTS.min(pairs.len()) {
            let other = pairs[below(random, pairs.len())];
            let (c, d) = if below(random, 2) == 0 { other } else { (other.1, other.0) };
            let (first, second) = (ordered(a, c), ordered(b, d));
            let free = |pair: (u32, u32)| {
                pair.0 != pair.1
                    && allowed(pair.0, pair.1)
                    && !added.contains(&pair)
                    && (removed.contains(&pair) || pairs.binary_search(&pair).is_err())
            };
            if first != second && !removed.contains(&other) && free(first) && free(second) {
                removed.insert(other);
                added.extend([first, second]);
                swapped.extend([first, second]);
                break;
            }
        }
    }
    pairs.retain(|pair| !removed.contains(pair));
    pairs.append(&mut swapped);
    pairs
}

pub(crate) fn ordered(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixing_of(planted: &Planted) -> f64 {
        let level = &planted.levels[0];
        let leaves = |&&(a, b): &&(u32, u32)| level.module(a as usize) != level.module(b as usize);
        planted.links.iter().filter(leaves).count() as f64 / planted.links.len() as f64
    }

    fn module_sizes(planted: &Planted) -> Vec<usize> {
        let level = &planted.levels[0];
        let mut sizes = vec![0; level.modules()];
        for node in 0..planted.nodes {
            sizes[level.module(node)] += 1;
        }
        sizes
    }

    #[test]
    fn a_network_has_its_parameters() {
        for mixing in [0.0, 0.3, 0.6, 1.0] {
            let shape = PowerLaw::new(10_000, 20.0, mixing);
            let planted = power_law(&shape, 1);
            let mean = 2.0 * planted.links.len() as f64 / planted.nodes as f64;
            assert!((mean - 20.0).abs() < 0.8, "mixing {mixing}: {mean} links per node");
            let realized = mixing_of(&planted);
            assert!((realized - mixing).abs() < 0.02, "mixing {mixing}: realized {realized}");
            let sizes = module_sizes(&planted);
            assert!(sizes.iter().all(|size| (20..1020).contains(size)), "{sizes:?}");
            assert!(sizes.iter().any(|&size| size < 40) && sizes.iter().any(|&size| size > 500), "{sizes:?}");
            assert!(planted.links.is_sorted() && planted.links.iter().all(|(a, b)| a != b));
            let mut ends: Vec<_> = planted.links.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
            ends.sort_unstable();
            assert!(ends.windows(2).all(|pair| pair[0] != pair[1]), "links are distinct");
        }
    }

    #[test]
    fn few_nodes_have_many_links() {
        let planted = power_law(&PowerLaw::new(10_000, 20.0, 0.4), 2);
        let mut degree = vec![0; planted.nodes];
        for &(a, b) in &planted.links {
            degree[a as usize] += 1;
            degree[b as usize] += 1;
        }
        // With density 1/k², half as many nodes exceed 2k as exceed k.
        let above = |min: usize| degree.iter().filter(|&&degree| degree >= min).count() as f64;
        assert!((above(40) / above(20) - 0.48).abs() < 0.05, "{}", above(40) / above(20));
        assert!(degree.iter().max() > Some(&250) && degree.iter().max() <= Some(&400));
        assert!(degree.iter().all(|&degree| degree > 0));
    }

    /// Compares an FNV-1a hash of the links. Intended changes must increase the revision.
    #[test]
    fn a_seed_gives_the_same_network_everywhere() {
        let planted = power_law(&PowerLaw::new(1000, 10.0, 0.4), 3);
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        for &(a, b) in &planted.links {
            for end in [a, b] {
                hash = (hash ^ u64::from(end)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        assert_eq!((POWER_LAW_REVISION, planted.links.len(), hash), (1, 4957, 8_241_453_417_044_300_639));
    }
}
