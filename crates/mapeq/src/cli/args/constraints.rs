//! Constraints on leaf modules.

use std::path::PathBuf;

use clap::Args;
use mapeq_search::SizeBounds;

use super::headings::SEARCH;

/// Constraints on leaf modules.
#[derive(Debug, Args)]
#[command(next_help_heading = SEARCH)]
pub(crate) struct ConstraintArgs {
    /// Fixed nodes (rows `id label`): nodes of one label stay together in a leaf module, nodes of
    /// different labels apart
    #[arg(long, value_name = "FILE")]
    pub(crate) fixed: Option<PathBuf>,

    /// Minimum number of nodes in a leaf module, if nodes can be moved to it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    min_module_size: Option<u32>,

    /// Maximum number of nodes in a leaf module
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_module_size: Option<u32>,
}

impl ConstraintArgs {
    /// Returns the bounds on sizes.
    pub(crate) fn sizes(&self) -> SizeBounds {
        let default = SizeBounds::default();
        SizeBounds {
            min: self.min_module_size.unwrap_or(default.min),
            max: self.max_module_size.unwrap_or(default.max),
        }
    }
}
