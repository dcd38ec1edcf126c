//! How much flow nodes exchange with modules: soft membership of hard modules.
//!
//! The coupling of two nodes is the flow between them per step, in both directions. So, with F_um the sum of the couplings of
//! node u to nodes of module m (a self-link counts as a coupling to its own module, once in each direction),
//!
//! - the share of u's exchange that is with m is s_um = F_um / Σ_m F_um, and Σ_m s_um = 1;
//! - u is a bridge as far as its participation 1 − Σ_m s_um² is above 0: 0 if all of its exchange is with one module, up to
//!   1 − 1/k if it is spread over k of them alike (Guimerà & Amaral, Nature 2005, doi:10.1038/nature03288).
//!
//! Teleportation that is coded goes anywhere and is left out.

use crate::flow_network::FlowNetwork;
use crate::partition::Partition;

/// What every node exchanges with the modules of a partition, in the order of the nodes.
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
    /// The part of the node's exchange that is with it: greater than 0, at most 1.
    pub share: f64,
    /// Whether it is the node's own module; of physical nodes, whether it contains some of their states.
    pub member: bool,
}

impl Exchange {
    /// What the nodes of `network` exchange with the modules of `partition`. Nodes are those of the network as it was given
    /// ([`NodeFlow::number`](crate::NodeFlow::number)), in the partition and in the result. A node without flow along links is in
    /// its own module with all of its share. O(links + modules).
    ///
    /// # Panics
    /// If the partition is not of the nodes of the network.
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

    /// The same of physical nodes, `physical` being the physical node of every state, from 0 up to `nodes`. What their states
    /// exchange is added up. O(links + states + modules).
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
        let mut tally = Tally::new(partition.modules());
        let mut offsets = Vec::with_capacity(groups + 1);
        offsets.push(0);
        let mut shares = Vec::new();
        for of in 0..groups {
            while let Some(place) = places.next_if(|&place| group(number(place as usize)) == of) {
                let place = place as usize;
                let own = partition.module(number(place));
                tally.joins(own);
                if let Some(stay) = &network.nodes.stay {
                    tally.add(own, 2.0 * stay[place]);
                }
                let row = network.couplings.row(place);
                row.for_each(|(other, coupling)| tally.add(partition.module(number(other)), coupling));
            }
            tally.finish(&mut shares);
            offsets.push(shares.len());
        }
        Self { offsets: offsets.into(), shares: shares.into() }
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The modules that `node` exchanges flow with, by descending share, ties by their numbers.
    pub fn of(&self, node: usize) -> &[ModuleShare] {
        &self.shares[self.offsets[node]..self.offsets[node + 1]]
    }

    /// How far `node` is a bridge between modules: from 0, all in one, up to 1 − 1/k, in k alike. O(modules of the node).
    pub fn participation(&self, node: usize) -> f64 {
        match self.of(node) {
            [] | [_] => 0.0,
            several => 1.0 - several.iter().map(|with| with.share * with.share).sum::<f64>(),
        }
    }
}

/// What one node exchanges with each module.
struct Tally {
    exchanged: Vec<f64>,
    /// How many states are in each module.
    members: Vec<u32>,
    touched: Vec<u32>,
}

impl Tally {
    fn new(modules: usize) -> Self {
        Self { exchanged: vec![0.0; modules], members: vec![0; modules], touched: Vec::new() }
    }

    fn joins(&mut self, module: usize) {
        self.touch(module);
        self.members[module] += 1;
    }

    fn add(&mut self, module: usize, flow: f64) {
        self.touch(module);
        self.exchanged[module] += flow;
    }

    fn touch(&mut self, module: usize) {
        if self.members[module] == 0 && self.exchanged[module] == 0.0 {
            self.touched.push(module as u32);
        }
    }

    /// Appends the shares and forgets them.
    fn finish(&mut self, shares: &mut Vec<ModuleShare>) {
        // A coupling of 0 leaves no trace, so that a module may be there twice.
        self.touched.sort_unstable();
        self.touched.dedup();
        let all: f64 = self.touched.iter().map(|&module| self.exchanged[module as usize]).sum();
        let states: u32 = self.touched.iter().map(|&module| self.members[module as usize]).sum();
        let first = shares.len();
        for &module in &self.touched {
            let exchanged = std::mem::take(&mut self.exchanged[module as usize]);
            let members = std::mem::take(&mut self.members[module as usize]);
            let share = if all > 0.0 { exchanged / all } else { f64::from(members) / f64::from(states) };
            if share > 0.0 {
                shares.push(ModuleShare { module, share, member: members > 0 });
            }
        }
        shares[first..].sort_by(|a, b| b.share.total_cmp(&a.share));
        self.touched.clear();
    }
}
