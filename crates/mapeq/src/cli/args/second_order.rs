//! Options of walks that remember where they come from.

use clap::Args;
use mapeq_flow::WalkBias;

use super::headings::FLOW;
use super::parse::{above_zero, finite};

/// How a walk uses what it remembers.
#[derive(Debug, Args)]
pub(crate) struct MemoryArgs {
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
    pub(crate) fn bias(&self) -> Option<WalkBias> {
        let default = WalkBias::default();
        (self.back.is_some() || self.in_out.is_some()).then(|| WalkBias {
            return_parameter: self.back.unwrap_or(default.return_parameter),
            in_out_parameter: self.in_out.unwrap_or(default.in_out_parameter),
            min_information: self.lumping.unwrap_or(default.min_information),
        })
    }

    /// What was given although the walk remembers nothing.
    pub(crate) fn without_effect(&self) -> Option<String> {
        let idle = self.lumping.is_some() && self.bias().is_none();
        idle.then(|| "--lumping has no effect without --return and --in-out".to_owned())
    }
}
