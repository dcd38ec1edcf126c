//! Flow exchanged between nodes and modules: soft membership of a hard partition.
//!
//! Let F_um be the sum of the couplings of node u to the nodes of module m. A self-link counts as a
//! coupling to the node's own module, once in each direction.
//!
//! - The share of node u with module m is s_um = F_um / Σ_m F_um. The shares of a node sum to 1.
//! - The participation of node u is 1 − Σ_m s_um². It is 0 if u exchanges flow with one module
//!   only. It is at most 1 − 1/k for k modules, if the shares are equal (Guimerà & Amaral, Nature
//!   2005, doi:10.1038/nature03288).
//!
//! Recorded teleportation is left out, because it leads to all modules alike.

use crate::flow_network::FlowNetwork;
use crate::partition::Partition;

/// Shares of every node with the modules of a partition, in the order of the nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    offsets: Box<[usize]>,
    shares: Box<[ModuleShare]>,
}

/// A node and a module that exchange flow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModuleShare {
    /// The module.
    pub module: u32,
    /// Fraction of the node's exchange that is with the module: positive, at most 1.
    pub share: f64,
    /// Whether the module contains the node, or some state of a physical node.
    pub member: bool,
}

impl Exchange {
    /// Computes the exchange of the nodes of `network` with the modules of `partition`.
    ///
    /// The partition and the result are in the order of the input network
    /// ([`NodeFlow::number`](crate::NodeFlow::number)). A node without flow along links has share 1
    /// with its own module.
    ///
    /// # Complexity
    /// O(nodes log nodes + links + modules).
    ///
    /// # Panics
    /// If the partition does not have the nodes of the network.
    ///
    /// ```
    /// use mapeq_core::{Csr, Exchange, FlowNetwork, LinkValues, NodeFlows, Partition};
    ///
    /// // A path of three nodes.
    /// let couplings = Csr::new([0, 1, 3, 4].into(), [1, 0, 2, 1].into(), LinkValues::Same(0.5));
    /// let (flow, exit) = ([0.25, 0.5, 0.25].into(), [0.25, 0.5, 0.25].into());
    /// let network = FlowNetwork::new(couplings, NodeFlows { flow, exit, ..NodeFlows::default() });
    ///
    /// let exchange = Exchange::new(&network, &Partition::from_labels(vec![0, 0, 1]));
    /// assert_eq!(exchange.participation(1), 0.5);
    /// assert_eq!(exchange.of(2).iter().map(|with| (with.module, with.share)).collect::<Vec<_>>(), [(0, 1.0)]);
    /// ```
    pub fn new(network: &FlowNetwork, partition: &Partition) -> Self {
        Self::of_groups(network, partition, network.len(), |node| node)
    }

    /// Computes the exchange of physical nodes, the sum over their states.
    ///
    /// `physical` is the physical node of every state, less than `nodes`.
    ///
    /// # Complexity
    /// O(states log states + links + modules).
    ///
    /// # Panics
    /// If there is not one module and one physical node for every state.
    pub fn of_physical_nodes(network: &FlowNetwork, partition: &Partition, physical: &[u32], nodes: usize) -> Self {
        assert_eq!(physical.len(), network.len(), "one physical node for every state");
        Self::of_groups(network, partition, nodes, |state| physical[state] as usize)
    }

    fn of_groups(network: &FlowNetwork, partition: &Partition, groups: usize, group: impl Fn(usize) -> usize) -> Self {
        assert_eq!(partition.len(), network.len(), "one module for every node");
        let number = |place: usize| network.nodes.number.as_ref().map_or(place, |number| number[place] as usize);
        let mut places: Vec<u32> = (0..network.len() as u32).collect();
        places.sort_by_key(|&place| {
            let node = number(place as usize);
            (group(node), node)
        });
        let mut places = places.into_iter().peekable();
        let mut exchange = NodeExchange::new(partition.modules());
        let mut offsets = Vec::with_capacity(groups + 1);
        offsets.push(0);
        let mut shares = Vec::new();
        for of in 0..groups {
            while let Some(place) = places.next_if(|&place| group(number(place as usize)) == of) {
                let place = place as usize;
                let own = partition.module(number(place));
                exchange.add_member(own);
                if let Some(stay) = &network.nodes.stay {
                    exchange.add_flow(own, 2.0 * stay[place]);
                }
                let row = network.couplings.row(place);
                row.for_each(|(other, coupling)| exchange.add_flow(partition.module(number(other)), coupling));
            }
            exchange.finish(&mut shares);
            offsets.push(shares.len());
        }
        Self { offsets: offsets.into(), shares: shares.into() }
    }

    /// Returns the number of nodes.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Returns whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the modules that `node` exchanges flow with, by descending share, then by number.
    pub fn of(&self, node: usize) -> &[ModuleShare] {
        &self.shares[self.offsets[node]..self.offsets[node + 1]]
    }

    /// Returns the participation of `node`: 0 for one module, at most 1 − 1/k for k modules.
    ///
    /// # Complexity
    /// O(modules of the node).
    pub fn participation(&self, node: usize) -> f64 {
        match self.of(node) {
            [] | [_] => 0.0,
            several => 1.0 - several.iter().map(|with| with.share * with.share).sum::<f64>(),
        }
    }
}

/// Exchange of one node with each module.
struct NodeExchange {
    /// Flow exchanged with each module.
    flow: Vec<f64>,
    /// Number of the node's states in each module.
    members: Vec<u32>,
    /// Modules with flow or members; a module may come twice.
    touched: Vec<u32>,
}

impl NodeExchange {
    fn new(modules: usize) -> Self {
        Self { flow: vec![0.0; modules], members: vec![0; modules], touched: Vec::new() }
    }

    fn add_member(&mut self, module: usize) {
        self.touch(module);
        self.members[module] += 1;
    }

    fn add_flow(&mut self, module: usize, flow: f64) {
        self.touch(module);
        self.flow[module] += flow;
    }

    fn touch(&mut self, module: usize) {
        if self.members[module] == 0 && self.flow[module] == 0.0 {
            self.touched.push(module as u32);
        }
    }

    /// Appends the shares of the node, and resets the sums for the next node.
    fn finish(&mut self, shares: &mut Vec<ModuleShare>) {
        // After a coupling of 0, the next one lists the module again.
        self.touched.sort_unstable();
        self.touched.dedup();
        let all: f64 = self.touched.iter().map(|&module| self.flow[module as usize]).sum();
        let states: u32 = self.touched.iter().map(|&module| self.members[module as usize]).sum();
        let first = shares.len();
        for &module in &self.touched {
            let flow = std::mem::take(&mut self.flow[module as usize]);
            let members = std::mem::take(&mut self.members[module as usize]);
            let share = if all > 0.0 { flow / all } else { f64::from(members) / f64::from(states) };
            if share > 0.0 {
                shares.push(ModuleShare { module, share, member: members > 0 });
            }
        }
        shares[first..].sort_by(|a, b| b.share.total_cmp(&a.share));
        self.touched.clear();
    }
}
