//! Flow of one step from source to target: undirdir, outdirdir and rawdir.
//!
//! The step starts from visit rates in proportion to the out-strength of each node. With the total
//! weight W, a link of weight w then carries w / W. A node is visited as often as the step enters
//! it. The three models differ in the derivation of the start, and agree in the result.

use mapeq_core::{Network, NodeFlows};

use crate::error::FlowError;
use crate::link_flow::LinkRate;
use crate::model_flow::{DirectedSums, ModelFlow};
use crate::report::FlowReport;
use crate::weights;

pub(crate) fn flow(network: &Network) -> Result<ModelFlow, FlowError> {
    let links = network.links();
    let total = weights::nondegenerate(weights::row_sums(links).iter().sum())?;
    let rate = vec![1.0 / total; links.rows()];
    let incoming = links.transposed();
    let DirectedSums { couplings, exit, enter, stay } = DirectedSums::new(links, &incoming, &rate);
    let flow = weights::inflows(&incoming, &rate).into();
    let nodes = NodeFlows { flow, exit, enter: Some(enter), stay, ..NodeFlows::default() };
    Ok(ModelFlow { couplings, nodes, rate: LinkRate::FromSource(rate), report: FlowReport::exact() })
}
