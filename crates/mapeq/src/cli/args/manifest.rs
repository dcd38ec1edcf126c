//! The manifest of a run, and protection of existing files.

use std::path::PathBuf;

use clap::Args;

use super::headings::OUTPUT;

/// The manifest of a run, and protection of existing files.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct ManifestArgs {
    /// Stop before the work if a file to write exists
    #[arg(long)]
    pub(crate) no_overwrite: bool,

    /// Write a JSON file that describes the run: version, options, SHA-256 of the input files,
    /// platform and results
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
}
