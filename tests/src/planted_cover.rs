//! Random networks with power laws, as in [`power_law`](crate::power_law()), and with nodes in two
//! modules.

use std::collections::BTreeSet;

use mapeq_search::{below, random, shuffle};

use crate::power_law::{PowerLaw, assign, degrees, internal_degrees, members, ordered, sizes, stubs, wire};

/// Upper bound on the attempts to swap a slot whose node is in the same module twice.
const MAX_ATTEMPTS: usize = 1000;

/// A random network with planted modules that overlap.
#[derive(Clone, Debug)]
pub struct PlantedCover {
    /// Number of nodes.
    pub nodes: usize,
    /// Distinct links.
    pub links: Vec<(u32, u32)>,
    /// Nodes of every module, in ascending order.
    pub modules: Vec<Vec<u32>>,
}

impl PlantedCover {
    /// Returns the nodes in more than one module, in ascending order.
    pub fn overlapping_nodes(&self) -> Vec<u32> {
        let mut memberships = vec![0; self.nodes];
        self.modules.iter().flatten().for_each(|&node| memberships[node as usize] += 1);
        (0..self.nodes as u32).filter(|&node| memberships[node as usize] > 1).collect()
    }
}

/// Generates a network with power laws in which a fraction `overlap` of the nodes is in two
/// modules.
///
/// These nodes are drawn at random and have half of their internal links in each module. Links
/// between modules join nodes that share no module. After Lancichinetti & Fortunato, Phys. Rev. E
/// 2009, doi:10.1103/PhysRevE.80.016118.
///
/// # Complexity
/// `O(links · log links)` time.
///
/// # Panics
/// As [`power_law`](crate::power_law()), and if `overlap` is not from 0 to 1.
pub fn overlapping_power_law(shape: &PowerLaw, overlap: f64, seed: u64) -> PlantedCover {
    assert!((0.0..=1.0).contains(&overlap), "the overlap is a fraction of the nodes");
    let mut random = random(seed, &[]);
    let degrees = degrees(shape, &mut random);
    let inside = internal_degrees(&degrees, shape.mixing, &mut random);
    let mut nodes: Vec<u32> = (0..shape.nodes as u32).collect();
    shuffle(&mut nodes, &mut random);
    let (twice, once) = nodes.split_at((shape.nodes as f64 * overlap).round() as usize);

    // One slot for every membership: its internal degree and its node.
    let halves = twice.iter().flat_map(|&node| {
        let links = inside[node as usize];
        [(links.div_ceil(2), node), (links / 2, node)]
    });
    let mut slots: Vec<(u32, u32)> = halves.chain(once.iter().map(|&node| (inside[node as usize], node))).collect();
    slots.sort_unstable_by(|a, b| b.cmp(a));
    let sizes = sizes(&PowerLaw { nodes: slots.len(), ..*shape }, &mut random);
    let links: Vec<u32> = slots.iter().map(|slot| slot.0).collect();
    let mut label = assign(&links, &sizes, &mut random);
    let mut modules_of = vec![Vec::new(); shape.nodes];
    slots.iter().zip(&label).for_each(|(slot, &module)| modules_of[slot.1 as usize].push(module));
    for slot in 0..slots.len() {
        let (links, node) = slots[slot];
        let own = label[slot];
        if modules_of[node as usize].len() < 2 || modules_of[node as usize][0] != modules_of[node as usize][1] {
            continue;
        }
        for _ in 0..MAX_ATTEMPTS {
            let with = below(&mut random, slots.len());
            let ((other_links, other), module) = (slots[with], label[with]);
            let fits = sizes[module as usize] > links && sizes[own as usize] > other_links;
            if module != own && fits && !modules_of[other as usize].contains(&own) {
                (label[slot], label[with]) = (module, own);
                modules_of[node as usize] = vec![own, module];
                let of_other = &mut modules_of[other as usize];
                *of_other.iter_mut().find(|of| **of == module).expect("a module of the other") = own;
                break;
            }
        }
    }

    let mut pairs = Vec::new();
    for own in members(&label, sizes.len()) {
        // A node without a successful swap has two slots in one module; they never link to each
        // other.
        let mut own: Vec<(u32, u32)> = own.iter().map(|&slot| (slots[slot as usize].1, links[slot as usize])).collect();
        own.sort_unstable();
        let max_degree = own.len() as u32 - 1;
        let stubs = stubs(&(0..own.len() as u32).collect::<Vec<u32>>(), |slot| own[slot].1.min(max_degree));
        let different = |a: u32, b: u32| own[a as usize].0 != own[b as usize].0;
        let wired = wire(stubs, different, &mut random);
        pairs.extend(wired.into_iter().map(|(a, b)| ordered(own[a as usize].0, own[b as usize].0)));
    }
    let nodes: Vec<u32> = (0..shape.nodes as u32).collect();
    let between = stubs(&nodes, |node| degrees[node] - inside[node]);
    let share_no_module =
        |a: u32, b: u32| modules_of[a as usize].iter().all(|module| !modules_of[b as usize].contains(module));
    pairs.append(&mut wire(between, share_no_module, &mut random));

    // Nodes were numbered by descending degree, which files usually are not.
    let mut number = nodes;
    shuffle(&mut number, &mut random);
    let renumbered = pairs.into_iter().map(|(a, b)| ordered(number[a as usize], number[b as usize]));
    let links: BTreeSet<(u32, u32)> = renumbered.collect();
    let mut modules = vec![BTreeSet::new(); sizes.len()];
    for (node, of) in modules_of.iter().enumerate() {
        of.iter().for_each(|&module| _ = modules[module as usize].insert(number[node]));
    }
    let modules = modules.into_iter().map(|members| members.into_iter().collect()).collect();
    PlantedCover { nodes: shape.nodes, links: links.into_iter().collect(), modules }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_its_overlap() {
        for overlap in [0.0, 0.05, 0.1, 0.2] {
            let shape = PowerLaw::new(2000, 20.0, 0.2);
            let planted = overlapping_power_law(&shape, overlap, 1);
            let overlapping = planted.overlapping_nodes();
            assert!((overlapping.len() as f64 - 2000.0 * overlap).abs() <= 3.0, "{} of {overlap}", overlapping.len());
            let mean = 2.0 * planted.links.len() as f64 / 2000.0;
            assert!((mean - 20.0).abs() < 1.5, "{mean} links per node");
            let mut modules_of = vec![BTreeSet::new(); planted.nodes];
            for (module, members) in planted.modules.iter().enumerate() {
                assert!(members.is_sorted());
                members.iter().for_each(|&node| _ = modules_of[node as usize].insert(module));
            }
            assert!(modules_of.iter().all(|of| (1..=2).contains(&of.len())));
            let common = |&&(a, b): &&(u32, u32)| !modules_of[a as usize].is_disjoint(&modules_of[b as usize]);
            let inside = planted.links.iter().filter(common).count() as f64 / planted.links.len() as f64;
            assert!((inside - 0.8).abs() < 0.03, "{inside} of the links are inside modules");
            // Nodes in two modules have half of their internal links in each.
            let mut links_in = std::collections::BTreeMap::new();
            for &(a, b) in &planted.links {
                for (node, other) in [(a, b), (b, a)] {
                    for module in modules_of[node as usize].intersection(&modules_of[other as usize]) {
                        *links_in.entry((node, *module)).or_insert(0.0) += 1.0;
                    }
                }
            }
            let even = |node: &&u32| {
                let links = modules_of[**node as usize].iter().map(|&module| links_in.get(&(**node, module)).copied());
                let links: Vec<f64> = links.map(|links| links.unwrap_or(0.0)).collect();
                (links[0] - links[1]).abs() <= 0.25 * (links[0] + links[1]) + 2.0
            };
            let even = overlapping.iter().filter(even).count();
            assert!(even as f64 >= 0.9 * overlapping.len() as f64, "{even} of {}", overlapping.len());
        }
    }
}
