//! Options of every command that works on a network.

use clap::{ArgAction, Args};

use super::headings::GENERAL;
use super::parse::{Threads, memory, threads};

/// Options of every command that works on a network.
#[derive(Debug, Args)]
pub(crate) struct CommonArgs {
    /// Print one JSON object in place of the summary
    #[arg(long, help_heading = GENERAL)]
    pub(crate) json: bool,

    /// Print nothing but errors (and what --json or --csv ask for)
    #[arg(short, long, alias = "silent", help_heading = GENERAL)]
    pub(crate) quiet: bool,

    /// Tell more: -v every trial, -vv every stage of the search
    #[arg(short, long, action = ArgAction::Count, help_heading = GENERAL)]
    pub(crate) verbose: u8,

    /// Refuse work whose predicted peak memory is larger: 8G, 500M, or a number of bytes
    #[arg(long, value_name = "SIZE", value_parser = memory, help_heading = GENERAL)]
    pub(crate) max_memory: Option<u64>,

    /// Number of threads; results do not depend on it
    #[arg(long, alias = "num-threads", value_name = "N", default_value = "auto", value_parser = threads,
          help_heading = GENERAL)]
    pub(crate) threads: Threads,
}
