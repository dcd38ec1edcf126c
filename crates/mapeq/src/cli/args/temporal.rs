//! Options for temporal links.

use clap::Args;
use mapeq_flow::Relaxation;
use mapeq_io::Windows;

use super::headings::INPUT;
use super::parse::above_zero;

/// Division of temporal links into layers.
#[derive(Debug, Args)]
#[command(next_help_heading = INPUT)]
pub(crate) struct TemporalArgs {
    /// Read temporal links (`time source target [weight]`): each window becomes a layer, and walks
    /// relax to the previous and the next layer
    #[arg(long, requires = "window", conflicts_with_all = ["order", "format", "columns"])]
    temporal: bool,

    /// Length of a window, in the unit of the timestamps
    #[arg(long, allow_negative_numbers = true, requires = "temporal", value_name = "TIME", value_parser = above_zero)]
    window: Option<f64>,

    /// Time between the starts of consecutive windows [default: --window]
    #[arg(long, allow_negative_numbers = true, requires = "temporal", value_name = "TIME", value_parser = above_zero)]
    step: Option<f64>,
}

impl TemporalArgs {
    /// Returns the windows, if links are temporal.
    pub(crate) fn windows(&self) -> Option<Windows> {
        self.window.map(|length| Windows { length, step: self.step.unwrap_or(length) })
    }

    /// Restricts relaxation to the previous and the next layer, unless limits are set.
    pub(crate) fn limit(&self, relaxation: &mut Relaxation) {
        if self.temporal && relaxation.limit.is_none() {
            relaxation.limit_up.get_or_insert(1);
            relaxation.limit_down.get_or_insert(1);
        }
    }
}
