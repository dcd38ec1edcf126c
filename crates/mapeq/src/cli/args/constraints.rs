//! What modules must keep to.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mapeq_search::SizeBounds;

use super::headings::SEARCH;
use crate::registry::SearchMethod;

/// What modules must keep to.
#[derive(Debug, Args)]
pub(crate) struct DemandArgs {
    /// Nodes with labels (rows `id number`): those of the same label stay together in the modules that hold nodes, those of
    /// different labels apart
    #[arg(long, value_name = "FILE", help_heading = SEARCH)]
    pub(crate) fixed: Option<PathBuf>,

    /// No fewer nodes in a module that holds nodes, where nodes can be moved to it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = SEARCH)]
    min_module_size: Option<u32>,

    /// No more nodes in a module that holds nodes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = SEARCH)]
    max_module_size: Option<u32>,

    /// Way to search for flat modules, which others are then nested from; annealing (greedy merging, then simulated
    /// annealing) is for small networks
    #[arg(long, value_name = "WAY", default_value = "climb", help_heading = SEARCH)]
    pub(crate) search: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    #[value(alias = "louvain")]
    Climb,
    Annealing,
}

impl DemandArgs {
    /// The way to search.
    pub(crate) fn method(&self) -> SearchMethod {
        match self.search {
            Way::Climb => SearchMethod::Louvain,
            Way::Annealing => SearchMethod::Annealing,
        }
    }

    /// The bounds of sizes.
    pub(crate) fn sizes(&self) -> SizeBounds {
        let default = SizeBounds::default();
        SizeBounds {
            min: self.min_module_size.unwrap_or(default.min),
            max: self.max_module_size.unwrap_or(default.max),
        }
    }
}
