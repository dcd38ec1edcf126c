//! Undirected flow, in proportion to the weights.
//!
//! With s(u) the weight of the links at node u, self-links once, and D = Σ s(u) over the nodes,
//!
//! - node u is visited at the rate s(u) / D;
//! - a link of weight w carries w / D in each direction, 2w / D in all; a self-link carries w / D;
//! - the walk leaves and enters u at half of the flow of its links to other nodes.

use mapeq_core::{Network, NodeFlows};

use crate::couplings;
use crate::error::FlowError;
use crate::link_flow::LinkRate;
use crate::model_flow::ModelFlow;
use crate::report::FlowReport;
use crate::weights;

pub(crate) fn flow(network: &Network) -> Result<ModelFlow, FlowError> {
    let links = network.links();
    let couplings = couplings::from_undirected(links);
    let away = weights::row_sums(&couplings);
    let loops = weights::self_links(links);
    let total = away.iter().sum::<f64>() + loops.iter().flatten().sum::<f64>();
    weights::nondegenerate(total)?;
    let couplings = couplings.scaled(2.0 / total).into();

    let per_total = |weights: &[f64]| weights.iter().map(|weight| weight / total).collect::<Box<[f64]>>();
    let exit = per_total(&away);
    let stay = loops.map(|loops| per_total(&loops));
    let flow = match &stay {
        None => exit.clone(),
        Some(stay) => exit.iter().zip(stay).map(|(exit, stay)| exit + stay).collect(),
    };
    let nodes = NodeFlows { flow, exit, stay, ..NodeFlows::default() };
    Ok(ModelFlow { couplings, nodes, rate: LinkRate::BothWays(2.0 / total), report: FlowReport::exact() })
}
