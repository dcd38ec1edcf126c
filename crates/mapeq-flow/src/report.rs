use mapeq_core::{Csr, FlowNetwork, NodeFlows};

/// The flow of a network and how it was found.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The flow.
    pub network: FlowNetwork,
    /// How it was found.
    pub report: FlowReport,
}

/// How a flow was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowReport {
    /// Sweeps over the links; 0 where the flow has a closed form.
    pub iterations: usize,
    /// Bound on the error of the flow, summed over the nodes, in visits per step. Without teleportation there
    /// is no bound, and this is the change of the flow in the last sweep.
    pub residual: f64,
    /// Whether the residual is below the tolerance or at the limit of rounding.
    pub converged: bool,
    /// What the caller may want to tell a person.
    pub notes: Vec<String>,
}

impl FlowReport {
    /// A flow known in closed form.
    pub(crate) fn exact() -> Self {
        Self { iterations: 0, residual: 0.0, converged: true, notes: Vec::new() }
    }
}

impl Flow {
    /// The flow of `nodes` nodes without links: none.
    pub(crate) fn still(nodes: usize) -> Self {
        let none = vec![0.0; nodes].into_boxed_slice();
        let nodes_flow = NodeFlows { flow: none.clone(), exit: none, ..NodeFlows::default() };
        Self { network: FlowNetwork::new(Csr::empty(nodes), nodes_flow), report: FlowReport::exact() }
    }
}
