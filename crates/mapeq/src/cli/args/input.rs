//! The network file and how to read it.

use std::path::PathBuf;

use clap::Args;
use mapeq_core::Direction;
use mapeq_io::ReadOptions;

use super::format::FormatArgs;
use super::headings::INPUT;
use super::parse::at_least_zero;
use super::paths::PathArgs;
use super::temporal::TemporalArgs;

/// The network file and how to read it.
#[derive(Debug, Args)]
#[command(next_help_heading = INPUT)]
pub(crate) struct InputArgs {
    /// Network file, plain or compressed (gzip, zstd, xz); `-` reads standard input
    ///
    /// docs/formats.md lists the formats.
    #[arg(help_heading = None::<&str>)]
    pub(crate) network: PathBuf,

    /// Ignore self-links
    #[arg(long)]
    no_self_links: bool,

    /// Ignore links of lower weight
    #[arg(long, allow_negative_numbers = true, value_name = "WEIGHT", default_value_t = 0.0, value_parser = at_least_zero)]
    weight_threshold: f64,

    /// Treat all node ids as text
    #[arg(long)]
    string_ids: bool,

    /// Number state nodes so that ids match across networks of at most LAYERS layers
    #[arg(long, value_name = "LAYERS", value_parser = clap::value_parser!(u32).range(1..=1 << 30))]
    matchable_multilayer_ids: Option<u32>,

    #[command(flatten)]
    pub(crate) paths: PathArgs,

    #[command(flatten)]
    pub(crate) temporal: TemporalArgs,

    #[command(flatten)]
    format: FormatArgs,
}

impl InputArgs {
    /// Returns whether self-links are kept.
    pub(crate) fn self_links(&self) -> bool {
        !self.no_self_links
    }

    /// Returns the options for reading the network.
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
