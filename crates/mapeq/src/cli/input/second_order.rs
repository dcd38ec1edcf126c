//! Input of second-order walks: a state network whose flow is given.

use std::time::Instant;

use mapeq_core::Network;
use mapeq_flow::{FlowModel, FlowOptions, WalkBias, compute_flow, second_order_walk};
use mapeq_search::Layout;

use super::{Input, KeepLinks, KeptLinks, Load, flow_facts};
use crate::cli::exit::Failure;
use crate::cli::notes::Notes;
use crate::cli::report::{MemoryFacts, NetworkFacts, seconds};

/// Computes the second-order walk on `network`, as a first-order walk on states.
pub(super) fn second_order_input(
    network: Network,
    bias: &WalkBias,
    options: &FlowOptions,
    load: Load<'_>,
    notes: &mut Notes,
) -> Result<Input, Failure> {
    let Load { input, keep, prediction, progress, .. } = load;
    let start = Instant::now();
    progress.step("computing the flow");
    prediction.after_reading(&input.network, &network, None, progress)?;
    let walk = second_order_walk(&network, bias, options)?;
    drop(network);
    // There may be more states than nodes.
    let predicted_peak_memory_bytes = prediction.after_reading(&input.network, &walk.network, None, progress)?;
    let of_states =
        FlowOptions { model: FlowModel::Precomputed, markov_time: options.markov_time, ..FlowOptions::default() };
    let mut computed = compute_flow(&walk.network, &of_states)?;
    // Degrees are those of the observed network.
    computed.network.degrees = walk.degrees;
    let facts = NetworkFacts::of(&walk.network);
    let memory = MemoryFacts {
        return_parameter: bias.return_parameter,
        in_out_parameter: bias.in_out_parameter,
        states: walk.states,
        lumped_states: facts.nodes,
    };
    let (nodes, links, direction) = walk.network.into_parts();
    let keep_links = keep != KeepLinks::No;
    Ok(Input {
        nodes,
        layout: Layout::as_it_is(computed.network),
        links: keep_links.then_some(KeptLinks { links, direction, flow: computed.links }),
        facts,
        memory: Some(memory),
        flow_facts: flow_facts(walk.report, notes),
        model: options.model,
        read_seconds: 0.0,
        lumping: None,
        flow_seconds: seconds(start.elapsed()),
        predicted_peak_memory_bytes,
    })
}
