//! Precomputed flow: links carry their weight, and nodes are visited in proportion to their
//! weights.

use mapeq_core::{Network, NodeFlows};

use crate::error::FlowError;
use crate::link_flow::LinkRate;
use crate::model_flow::{DirectedSums, ModelFlow};
use crate::node_weights;
use crate::report::FlowReport;

/// Deviation from 1 of the sum of node weights above which a note is added. Rounding stays below
/// it.
const ROUNDING: f64 = 1e-8;

pub(crate) fn flow(network: &Network) -> Result<ModelFlow, FlowError> {
    if network.nodes().weights.is_none() {
        return Err(FlowError::NoNodeWeights);
    }
    let links = network.links();
    let (flow, total) = node_weights::shares(network)?;
    let rate = vec![1.0; links.rows()];
    let DirectedSums { couplings, exit, enter, stay } = DirectedSums::new(links, &links.transposed(), &rate);
    let nodes = NodeFlows { flow: flow.into(), exit, enter: Some(enter), stay, ..NodeFlows::default() };
    let mut report = FlowReport::exact();
    if (total - 1.0).abs() > ROUNDING {
        report.notes.push(format!("the node weights sum to {total}: the flow of nodes is each one's share"));
    }
    Ok(ModelFlow { couplings, nodes, rate: LinkRate::FromSource(rate), report })
}
