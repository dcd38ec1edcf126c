//! Options of walks that remember where they come from, and the network that becomes of them.

use std::path::Path;
use std::time::Instant;

use mapeq_core::Network;
use mapeq_flow::{FlowModel, FlowOptions, WalkBias, compute_flow, second_order_walk};
use mapeq_search::Layout;

use super::prediction::Prediction;
use super::{Input, KeptLinks};
use crate::cli::exit::Failure;
use crate::cli::notes::Notes;
use crate::cli::progress::ProgressLine;
use crate::cli::report::{FlowFacts, MemoryFacts, NetworkFacts, seconds};

/// What is known of a network before its walk.
pub(crate) struct Read<'a> {
    pub(crate) path: &'a Path,
    pub(crate) network: Network,
    pub(crate) keep_links: bool,
}

/// The walk that remembers, as one without memory on states.
pub(crate) fn remembered(
    read: Read<'_>,
    bias: &WalkBias,
    options: &FlowOptions,
    prediction: &Prediction,
    progress: &ProgressLine,
    notes: &mut Notes,
) -> Result<Input, Failure> {
    let Read { path, network, keep_links } = read;
    let start = Instant::now();
    progress.step("computing the flow");
    prediction.after_reading(path, &network, None, progress)?;
    let walk = second_order_walk(&network, bias, options)?;
    drop(network);
    // There may be more states than nodes were.
    let predicted_peak_memory_bytes = prediction.after_reading(path, &walk.network, None, progress)?;
    let of_states =
        FlowOptions { model: FlowModel::Precomputed, markov_time: options.markov_time, ..FlowOptions::default() };
    let mut computed = compute_flow(&walk.network, &of_states)?;
    // What was observed are the links of the network.
    computed.network.degrees = walk.degrees;
    let report = walk.report;
    report.notes.into_iter().for_each(|note| if report.converged { notes.note(note) } else { notes.warning(note) });
    let facts = NetworkFacts::of(&walk.network);
    let memory = MemoryFacts {
        return_parameter: bias.return_parameter,
        in_out_parameter: bias.in_out_parameter,
        states: walk.states,
        lumped_states: facts.nodes,
    };
    let (nodes, links, direction) = walk.network.into_parts();
    Ok(Input {
        nodes,
        layout: Layout::as_it_is(computed.network),
        links: keep_links.then_some(KeptLinks { links, direction, flow: computed.links }),
        facts,
        memory: Some(memory),
        flow_facts: FlowFacts { iterations: report.iterations, residual: report.residual, converged: report.converged },
        model: options.model,
        read_seconds: 0.0,
        lumping: None,
        flow_seconds: seconds(start.elapsed()),
        predicted_peak_memory_bytes,
    })
}
