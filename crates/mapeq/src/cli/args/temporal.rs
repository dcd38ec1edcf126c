//! Options of links in time.

use clap::Args;
use mapeq_flow::Relaxation;
use mapeq_io::Windows;

use super::headings::INPUT;
use super::parse::above_zero;

/// How links in time become layers.
#[derive(Debug, Args)]
pub(crate) struct TemporalArgs {
    /// The file holds links in time (rows `time source target [weight]`): layers of them are cut out by --window, and walks
    /// relax to the layers before and after
    #[arg(long, requires = "window", conflicts_with_all = ["order", "format", "columns"], help_heading = INPUT)]
    temporal: bool,

    /// Length of a window, in the units of the times
    #[arg(long, allow_negative_numbers = true, requires = "temporal", value_name = "TIME", value_parser = above_zero,
          help_heading = INPUT)]
    window: Option<f64>,

    /// Time from the beginning of a window to that of the next one [default: as --window]
    #[arg(long, allow_negative_numbers = true, requires = "temporal", value_name = "TIME", value_parser = above_zero,
          help_heading = INPUT)]
    step: Option<f64>,
}

impl TemporalArgs {
    pub(crate) fn windows(&self) -> Option<Windows> {
        self.window.map(|length| Windows { length, step: self.step.unwrap_or(length) })
    }

    /// Walks stay near in time, unless limits were given.
    pub(crate) fn limit(&self, relaxation: &mut Relaxation) {
        if self.temporal && relaxation.limit.is_none() {
            relaxation.limit_up.get_or_insert(1);
            relaxation.limit_down.get_or_insert(1);
        }
    }
}
