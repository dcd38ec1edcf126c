use mapeq_core::{Direction, Network, Partition};
use mapeq_search::{below, random, shuffle};

/// A random network with planted modules.
#[derive(Clone, Debug)]
pub struct Planted {
    /// Number of nodes.
    pub nodes: usize,
    /// Links, some of them repeated. Nodes are numbered `0..nodes` in random order.
    pub links: Vec<(u32, u32)>,
    /// Planted modules of each level, from the largest to the smallest.
    pub levels: Vec<Partition>,
}

/// Generates a network with modules inside modules.
///
/// Level 0 is the whole network. Each group at level `l` consists of `branching[l]` smaller groups;
/// those of the last level are nodes. Each node sends `links[l]` links to random nodes of its group
/// at level `l`, without self-links. The network depends on the arguments alone, not on the
/// machine.
///
/// For example, `planted(&[10, 50], &[1, 8], seed)` has 500 nodes in 10 modules, and every node
/// sends 8 links into its module and 1 anywhere. With `branching` `[500]` there are no modules.
///
/// # Panics
/// If `branching` and `links` differ in length.
pub fn planted(branching: &[usize], links: &[usize], seed: u64) -> Planted {
    assert_eq!(branching.len(), links.len(), "one number of links per level");
    let nodes: usize = branching.iter().product();
    let mut random = random(seed, &[]);
    let mut number: Vec<u32> = (0..nodes as u32).collect();
    shuffle(&mut number, &mut random);
    let mut list = Vec::new();
    let mut levels = Vec::new();
    let mut size = nodes;
    for (&branches, &links) in branching.iter().zip(links) {
        for node in 0..nodes {
            let first = node - node % size;
            for _ in 0..links {
                let other = first + below(&mut random, size);
                if other != node {
                    list.push((number[node], number[other]));
                }
            }
        }
        size /= branches;
        if size > 1 {
            let mut label = vec![0; nodes];
            for (node, &number) in number.iter().enumerate() {
                label[number as usize] = (node / size) as u32;
            }
            levels.push(Partition::from_labels(label));
        }
    }
    Planted { nodes, links: list, levels }
}

impl Planted {
    /// Returns the network of the links. Each has weight 1, and repeated links are summed. Node ids
    /// start at 0.
    pub fn network(&self, direction: Direction) -> Network {
        let links = self.links.iter().map(|&(source, target)| (source, target, 1.0));
        Network::from_links(direction, self.nodes, links).expect("links between nodes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_in_their_groups() {
        let planted = planted(&[3, 4, 10], &[0, 2, 5], 1);
        let sizes: Vec<usize> = planted.levels.iter().map(Partition::modules).collect();
        assert_eq!(sizes, [3, 12]);
        let inside = |level: &Partition, (a, b): &(u32, u32)| level.module(*a as usize) == level.module(*b as usize);
        assert!(planted.links.iter().all(|link| inside(&planted.levels[0], link)));
        let in_smallest = planted.links.iter().filter(|link| inside(&planted.levels[1], link)).count();
        assert!(in_smallest >= 120 * 4 && in_smallest < planted.links.len(), "{in_smallest}");
    }
}
