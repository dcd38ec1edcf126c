//! Whether a run leaves what it takes to do it again.

use std::path::PathBuf;

use clap::Args;

use super::headings::OUTPUT;

/// Whether a run leaves what it takes to do it again.
#[derive(Debug, Args)]
pub(crate) struct ManifestArgs {
    /// Write what it takes to do the run again: version, options, input files with their SHA-256, platform, results
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub(crate) manifest: Option<PathBuf>,
}
