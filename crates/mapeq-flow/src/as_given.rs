//! Flow that the weights give as they are, from source to target, without a stationary walk.
//!
//! - One step from visit rates in proportion to what leaves each node carries w / W along a link of weight w, W being
//!   the total weight, whatever these rates are called: undirdir, outdirdir and rawdir are one. A node is visited as
//!   often as this step enters it.
//! - Precomputed: w along a link, and visits in proportion to the weights of nodes.

use mapeq_core::{Network, NodeFlows};

use crate::error::FlowError;
use crate::found::{AlongLinks, Found, Rate};
use crate::node_weights;
use crate::report::FlowReport;
use crate::weights;

/// The precomputed weights of nodes may miss 1 by rounding; more is told.
const ROUNDING: f64 = 1e-8;

pub(crate) fn one_step(network: &Network) -> Result<Found, FlowError> {
    let links = network.links();
    let total = weights::positive(weights::row_sums(links).iter().sum())?;
    let rate = vec![1.0 / total; links.rows()];
    let incoming = links.transposed();
    let AlongLinks { couplings, exit, enter, stay } = AlongLinks::new(links, &incoming, &rate);
    let flow = weights::inflows(&incoming, &rate).into();
    let nodes = NodeFlows { flow, exit, enter: Some(enter), stay, ..NodeFlows::default() };
    Ok(Found { couplings, nodes, rate: Rate::FromSource(rate), report: FlowReport::exact() })
}

pub(crate) fn precomputed(network: &Network) -> Result<Found, FlowError> {
    if network.nodes().weights.is_none() {
        return Err(FlowError::NoNodeWeights);
    }
    let links = network.links();
    let (flow, total) = node_weights::shares(network)?;
    let rate = vec![1.0; links.rows()];
    let AlongLinks { couplings, exit, enter, stay } = AlongLinks::new(links, &links.transposed(), &rate);
    let nodes = NodeFlows { flow: flow.into(), exit, enter: Some(enter), stay, ..NodeFlows::default() };
    let mut report = FlowReport::exact();
    if (total - 1.0).abs() > ROUNDING {
        report.notes.push(format!("the node weights sum to {total}: the flow of nodes is each one's share"));
    }
    Ok(Found { couplings, nodes, rate: Rate::FromSource(rate), report })
}
