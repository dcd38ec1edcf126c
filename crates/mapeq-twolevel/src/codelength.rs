use mapeq_core::{Additive, internal_couplings};
use mapeq_core::{AdditiveObjective, Codelength, FlowNetwork, Objective, Partition, plogp};

use crate::map_equation::MapEquation;
use crate::module_flow::{BalancedFlow, DirectedFlow, ModuleFlow, RecordedFlow};

/// −Σ h(p_u) over the nodes: the part of every codelength that no partition changes. Bits per step.
pub fn node_term(flow: &FlowNetwork) -> f64 {
    -flow.nodes.flow.iter().map(|&p| plogp(p)).sum::<f64>()
}

/// Codelength with a single codebook for all nodes: h(Σp) − Σ h(p_u), the entropy of the visits. Bits per step.
pub fn one_level_codelength(flow: &FlowNetwork) -> f64 {
    plogp(flow.nodes.flow.iter().sum()) + node_term(flow)
}

/// Two-level codelength of a partition, computed from scratch. Bits per step; O(nodes + links).
///
/// # Panics
/// If the partition is not one of this network's nodes.
pub fn codelength(flow: &FlowNetwork, partition: &Partition) -> Codelength {
    assert_eq!(flow.len(), partition.len(), "a partition of the network's nodes");
    match (&flow.nodes.teleportation, &flow.nodes.enter) {
        (Some(_), None) => of_modules::<RecordedFlow>(flow, partition),
        (None, Some(_)) => of_modules::<DirectedFlow>(flow, partition),
        (None, None) => of_modules::<BalancedFlow>(flow, partition),
        (Some(_), Some(_)) => unreachable!("recorded flow is stationary"),
    }
}

fn of_modules<F: ModuleFlow>(flow: &FlowNetwork, partition: &Partition) -> Codelength {
    let equation = Additive(MapEquation::<F>::new());
    let level = equation.level(flow);
    let modules = equation.consolidate(&level, partition, &internal_couplings(flow, partition));
    let entered: f64 = modules.iter().map(|module| equation.0.shared(module)).sum();
    let index = plogp(entered) - modules.iter().map(|module| plogp(module.enter())).sum::<f64>();
    let codebooks = modules.iter().map(|module| plogp(module.use_rate() + module.exit()) - plogp(module.exit()));
    Codelength { index, module: codebooks.sum::<f64>() + node_term(flow) }
}
