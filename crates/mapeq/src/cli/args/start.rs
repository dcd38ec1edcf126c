//! The partition that a search starts from.

use std::path::PathBuf;

use clap::Args;

use super::headings::SEARCH;

/// The partition that a search starts from.
#[derive(Debug, Args)]
#[command(next_help_heading = SEARCH)]
pub(crate) struct StartArgs {
    /// Initial partition (.clu, .tree, .ftree, .csv, .json, .nwk or .parquet)
    ///
    /// The result is never longer than it. With --no-infomap of `mapeq cluster`, it is scored.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) cluster_data: Option<PathBuf>,

    /// Nodes that --cluster-data omits join the module with the strongest coupling, if there is
    /// one, instead of a module of their own
    #[arg(long, requires = "cluster_data")]
    pub(crate) assign_to_neighbouring_module: bool,
}
