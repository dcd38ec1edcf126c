//! The flow of a model, before the options that apply to every model.

use mapeq_core::{Couplings, Csr, Degrees, FlowNetwork, Network, NodeFlows, NodeTable};

use crate::couplings;
use crate::link_flow::{LinkFlow, LinkRate};
use crate::report::{Flow, FlowReport};
use crate::weights;

/// Couplings and flow of the nodes. Their enter and exit flow do not contain teleportation yet.
pub(crate) struct ModelFlow {
    pub couplings: Couplings,
    pub nodes: NodeFlows,
    pub rate: LinkRate,
    pub report: FlowReport,
}

/// Couplings, and the flow along links that leaves, enters and stays at each node, of directed
/// flow.
pub(crate) struct DirectedSums {
    pub couplings: Couplings,
    pub exit: Box<[f64]>,
    pub enter: Box<[f64]>,
    pub stay: Option<Box<[f64]>>,
}

impl DirectedSums {
    /// Sums over links of which one from `u` with weight w carries the flow `rate[u]` · w.
    pub(crate) fn new(links: &Csr, incoming: &Csr, rate: &[f64]) -> Self {
        let loops = weights::self_links(links);
        let own = |node: usize| loops.as_ref().map_or(0.0, |loops| loops[node]);
        let exit = weights::row_sums(links).into_iter().enumerate();
        let exit = exit.map(|(node, strength)| rate[node] * (strength - own(node))).collect();
        // The flow that stays is one of the terms of the inflow, so the difference is not negative.
        let enter = weights::inflows(incoming, rate).into_iter().enumerate();
        let enter = enter.map(|(node, inflow)| inflow - rate[node] * own(node)).collect();
        let stay = loops.as_ref().map(|loops| loops.iter().zip(rate).map(|(own, rate)| own * rate).collect());
        Self { couplings: couplings::from_directed(links, incoming, rate).into(), exit, enter, stay }
    }
}

impl ModelFlow {
    /// The zero flow of `nodes` nodes without links.
    pub(crate) fn zero(nodes: usize) -> Self {
        let zeros = vec![0.0; nodes].into_boxed_slice();
        let nodes_flow = NodeFlows { flow: zeros.clone(), exit: zeros, ..NodeFlows::default() };
        let report = FlowReport::exact();
        Self { couplings: Csr::empty(nodes).into(), nodes: nodes_flow, rate: LinkRate::BothWays(0.0), report }
    }

    /// Stores enter flow separately from exit flow, unless links are walked both ways. Must be
    /// called before a change that unbalances flow with recorded teleportation.
    ///
    /// The flow that enters a node along links is the sum of its couplings minus its exit flow.
    pub(crate) fn separate_enter_from_exit(&mut self) {
        if let (LinkRate::FromSource(_), None, Some(_)) = (&self.rate, &self.nodes.enter, &self.nodes.teleportation) {
            let coupled = weights::coupling_sums(&self.couplings).into_iter();
            let enter = coupled.zip(&self.nodes.exit).map(|(coupled, exit)| f64::max(coupled - exit, 0.0)).collect();
            self.nodes.enter = Some(enter);
        }
    }

    /// Multiplies the flow of every link by `factor`. Teleportation does not change, which
    /// unbalances directed flow.
    pub(crate) fn scale(&mut self, factor: f64) {
        self.separate_enter_from_exit();
        let couplings = std::mem::replace(&mut self.couplings, Csr::empty(0).into());
        self.couplings = couplings.scaled(factor);
        let flows = [Some(&mut self.nodes.exit), self.nodes.enter.as_mut(), self.nodes.stay.as_mut()];
        flows.into_iter().flatten().flat_map(|flow| flow.iter_mut()).for_each(|flow| *flow *= factor);
        match &mut self.rate {
            LinkRate::BothWays(rate) => *rate *= factor,
            LinkRate::FromSource(rate) => rate.iter_mut().for_each(|rate| *rate *= factor),
        }
    }

    /// Makes recorded teleportation leave each node in proportion to the present visit rates, with
    /// probability `probability`. This unbalances the flow if the rates are not those of the walk.
    pub(crate) fn teleport_from_visits(&mut self, network: &Network, probability: f64) {
        self.separate_enter_from_exit();
        let Some(teleportation) = &mut self.nodes.teleportation else { return };
        for (node, (source, visits)) in teleportation.source.iter_mut().zip(&self.nodes.flow).enumerate() {
            let dangling = network.links().degree(node) == 0;
            *source = if dangling { *visits } else { probability * visits };
        }
    }

    /// Adds teleportation to enter and exit flow, and returns the flow of the nodes in `table`.
    pub(crate) fn finish(self, table: &NodeTable, degrees: Degrees, links: LinkFlow) -> Flow {
        let Self { couplings, mut nodes, report, .. } = self;
        if let Some(teleportation) = &nodes.teleportation {
            let pairs = || teleportation.source.iter().zip(&teleportation.target);
            let leaving = pairs().map(|(source, target)| source * (1.0 - target));
            nodes.exit.iter_mut().zip(leaving).for_each(|(exit, leaving)| *exit += leaving);
            if let Some(enter) = &mut nodes.enter {
                let all: f64 = teleportation.source.iter().sum();
                let landing = pairs().map(|(source, target)| (all - source) * target);
                enter.iter_mut().zip(landing).for_each(|(enter, landing)| *enter += landing);
            }
        }
        let first_feature = table.first_feature;
        let states = table.states.as_ref().filter(|states| states.are_shared());
        let physical = states.map(|states| states.physical.clone());
        Flow { network: FlowNetwork { couplings, nodes, degrees, first_feature, physical }, links, report }
    }
}
