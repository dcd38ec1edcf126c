//! Flow that the weights give as they are, from source to target, without a stationary walk.
//!
//! - One step from visit rates in proportion to what leaves each node carries w / W along a link of weight w, W being
//!   the total weight, whatever these rates are called: undirdir, outdirdir and rawdir are one. A node is visited as
//!   often as this step enters it.

use mapeq_core::{Network, NodeFlows};

use crate::error::FlowError;
use crate::link_flow::LinkRate;
use crate::model_flow::{DirectedSums, ModelFlow};
use crate::report::FlowReport;
use crate::weights;

pub(crate) fn flow(network: &Network) -> Result<ModelFlow, FlowError> {
    let links = network.links();
    let total = weights::positive(weights::row_sums(links).iter().sum())?;
    let rate = vec![1.0 / total; links.rows()];
    let incoming = links.transposed();
    let DirectedSums { couplings, exit, enter, stay } = DirectedSums::new(links, &incoming, &rate);
    let flow = weights::inflows(&incoming, &rate).into();
    let nodes = NodeFlows { flow, exit, enter: Some(enter), stay, ..NodeFlows::default() };
    Ok(ModelFlow { couplings, nodes, rate: LinkRate::FromSource(rate), report: FlowReport::exact() })
}
