//! Options for second-order walks.

use clap::Args;
use mapeq_flow::WalkBias;

use super::headings::FLOW;
use super::parse::{above_zero, finite};

/// Bias of a second-order walk (node2vec).
#[derive(Debug, Args)]
#[command(next_help_heading = FLOW)]
pub(crate) struct SecondOrderArgs {
    /// node2vec return parameter p: stepping back is P times less likely than moving to a common
    /// neighbour [default with --in-out: 1]
    #[arg(long = "return", value_name = "P", allow_negative_numbers = true, value_parser = above_zero)]
    return_parameter: Option<f64>,

    /// node2vec in-out parameter q: moving to a node without a link to the previous one is Q times
    /// less likely than moving to a common neighbour [default with --return: 1]
    #[arg(long = "in-out", value_name = "Q", allow_negative_numbers = true, value_parser = above_zero)]
    in_out_parameter: Option<f64>,

    /// Keep states of a node apart if that gives more than BITS of information about the next node,
    /// per visit of the node [default: 0.02]
    ///
    /// 0 merges only states with the same continuations.
    #[arg(long, value_name = "BITS", allow_negative_numbers = true, value_parser = finite)]
    lumping: Option<f64>,
}

impl SecondOrderArgs {
    /// Returns the bias if the walk is of second order.
    pub(crate) fn bias(&self) -> Option<WalkBias> {
        let default = WalkBias::default();
        (self.return_parameter.is_some() || self.in_out_parameter.is_some()).then(|| WalkBias {
            return_parameter: self.return_parameter.unwrap_or(default.return_parameter),
            in_out_parameter: self.in_out_parameter.unwrap_or(default.in_out_parameter),
            min_information: self.lumping.unwrap_or(default.min_information),
        })
    }

    /// Returns a note on options that have no effect.
    pub(crate) fn without_effect(&self) -> Option<String> {
        let unused = self.lumping.is_some() && self.bias().is_none();
        unused.then(|| "--lumping has no effect without --return and --in-out".to_owned())
    }
}
