//! How the network is read.

use clap::Args;
use mapeq_core::Direction;
use mapeq_io::ReadOptions;

use super::format::FormatArgs;
use super::headings::INPUT;
use super::parse::at_least_zero;
use super::paths::PathArgs;
use super::temporal::TemporalArgs;

/// How the network is read.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// Ignore links from a node to itself
    #[arg(long, help_heading = INPUT)]
    no_self_links: bool,

    /// Ignore links lighter than this
    #[arg(long, allow_negative_numbers = true, value_name = "WEIGHT", default_value_t = 0.0, value_parser = at_least_zero, help_heading = INPUT)]
    weight_threshold: f64,

    /// Take every id as text, even if the first ones are numbers
    #[arg(long, help_heading = INPUT)]
    string_ids: bool,

    /// Ids of states in layers that are the same in every network with up to so many layers
    #[arg(long, value_name = "LAYERS", value_parser = clap::value_parser!(u32).range(1..=1 << 30), help_heading = INPUT)]
    matchable_multilayer_ids: Option<u32>,

    #[command(flatten)]
    pub(crate) paths: PathArgs,

    #[command(flatten)]
    pub(crate) temporal: TemporalArgs,

    #[command(flatten)]
    format: FormatArgs,
}

impl InputArgs {
    pub(crate) fn self_links(&self) -> bool {
        !self.no_self_links
    }

    pub(crate) fn read_options(&self, direction: Direction) -> ReadOptions {
        self.format.apply(ReadOptions {
            direction,
            self_links: self.self_links(),
            weight_threshold: self.weight_threshold,
            string_ids: self.string_ids,
            matchable_layers: self.matchable_multilayer_ids,
            path_order: self.paths.order(),
            windows: self.temporal.windows(),
            ..ReadOptions::default()
        })
    }
}
