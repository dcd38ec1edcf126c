//! Options of every command that works on a network.

use clap::{ArgAction, Args};

use super::headings::GENERAL;
use super::parse::{Threads, memory, threads};

/// Options of every command that works on a network.
#[derive(Debug, Args)]
#[command(next_help_heading = GENERAL)]
pub(crate) struct CommonArgs {
    /// Print one JSON object instead of the summary
    #[arg(long)]
    pub(crate) json: bool,

    /// Print errors only, and the output of --json or --csv
    #[arg(short, long, alias = "silent")]
    pub(crate) quiet: bool,

    /// Verbose: -v trials, -vv search stages
    #[arg(short, long, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Stop before the work if the predicted peak memory is larger: 8G, 500M, or a number of bytes
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub(crate) max_memory: Option<u64>,

    /// Number of threads; results do not depend on it
    #[arg(long, alias = "num-threads", value_name = "N", default_value = "auto", value_parser = threads)]
    pub(crate) threads: Threads,
}
