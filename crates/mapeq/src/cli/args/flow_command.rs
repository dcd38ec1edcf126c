//! The arguments of `mapeq flow`.

use std::path::PathBuf;

use clap::Args;

use super::common::CommonArgs;
use super::flow::FlowArgs;
use super::headings::OUTPUT;
use super::input::InputArgs;
use super::manifest::ManifestArgs;

/// `mapeq flow`
#[derive(Debug, Args)]
pub(crate) struct FlowCommandArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(crate) network: PathBuf,

    /// Folder for the results, created where it does not exist
    #[arg(default_value = ".")]
    pub(crate) out_dir: PathBuf,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    /// Name of the results without extension [default: as the network]
    #[arg(long, value_name = "NAME", help_heading = OUTPUT)]
    pub(crate) out_name: Option<String>,

    /// Write no files
    #[arg(short = '0', long, help_heading = OUTPUT)]
    pub(crate) no_file_output: bool,

    /// Stop before the work if a result file exists already
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) no_overwrite: bool,

    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}
