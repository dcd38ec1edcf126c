//! Options of walks that remember where they come from, and the network that becomes of them.

use std::path::Path;
use std::time::Instant;

use clap::Args;
use mapeq_core::Network;
use mapeq_flow::{FlowModel, FlowOptions, WalkBias, compute_flow, second_order_walk};
use mapeq_search::Layout;

use super::args::finite;
use super::exit::Failure;
use super::flow_args::{FLOW, above_zero};
use super::input::{Input, KeptLinks, Notes};
use super::prediction::Prediction;
use super::progress::ProgressLine;
use crate::report::{FlowFacts, MemoryFacts, NetworkFacts, seconds};

/// How a walk uses what it remembers.
#[derive(Debug, Args)]
pub(super) struct MemoryArgs {
    /// The walk remembers the node it comes from: a step back there is P times less likely than one to a common
    /// neighbour. Modules of the states then overlap [default with --in-out: 1]
    #[arg(long = "return", value_name = "P", allow_negative_numbers = true, value_parser = above_zero,
          help_heading = FLOW)]
    back: Option<f64>,

    /// The same: a step to where that node has no link is Q times less likely [default with --return: 1]
    #[arg(long, value_name = "Q", allow_negative_numbers = true, value_parser = above_zero, help_heading = FLOW)]
    in_out: Option<f64>,

    /// States of a node stay apart where that tells more of the next node than this, in bits per visit of the node; 0
    /// puts together only those that lead on alike [default: 0.02]
    #[arg(long, value_name = "BITS", allow_negative_numbers = true, value_parser = finite, help_heading = FLOW)]
    lumping: Option<f64>,
}

impl MemoryArgs {
    /// The bias, if the walk is to remember.
    pub(super) fn bias(&self) -> Option<WalkBias> {
        let default = WalkBias::default();
        (self.back.is_some() || self.in_out.is_some()).then(|| WalkBias {
            return_parameter: self.back.unwrap_or(default.return_parameter),
            in_out_parameter: self.in_out.unwrap_or(default.in_out_parameter),
            min_information: self.lumping.unwrap_or(default.min_information),
        })
    }

    /// What was given although the walk remembers nothing.
    pub(super) fn without_effect(&self) -> Option<String> {
        let idle = self.lumping.is_some() && self.bias().is_none();
        idle.then(|| "--lumping has no effect without --return and --in-out".to_owned())
    }
}

/// What is known of a network before its walk.
pub(super) struct Read<'a> {
    pub(super) path: &'a Path,
    pub(super) network: Network,
    pub(super) keep_links: bool,
}

/// The walk that remembers, as one without memory on states.
pub(super) fn remembered(
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
