//! The arguments of `mapeq overlap`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::common::CommonArgs;
use super::flow::FlowArgs;
use super::headings::{OUTPUT, SEARCH};
use super::input::InputArgs;
use super::manifest::ManifestArgs;
use super::objective::EntropyArgs;

/// `mapeq overlap`
#[derive(Debug, Args)]
pub(crate) struct OverlapArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(crate) network: PathBuf,

    /// Folder for the results, created where it does not exist
    #[arg(default_value = ".")]
    pub(crate) out_dir: PathBuf,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    /// Trials of the search for hard modules, from the best of which the search for overlapping ones starts
    #[arg(short = 'N', long, alias = "num-trials", value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..), help_heading = SEARCH)]
    pub(crate) trials: u32,

    /// Seed of the first trial; then one more each
    #[arg(short, long, value_name = "N", default_value_t = 123, help_heading = SEARCH)]
    pub(crate) seed: u64,

    /// Find levels above the modules, too
    #[arg(long, conflicts_with = "entropy_corrected", help_heading = SEARCH)]
    pub(crate) nested: bool,

    #[command(flatten)]
    pub(crate) entropy: EntropyArgs,

    /// Formats to write, separated by commas, with a row for each module of a node; states are for -f precomputed
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',', help_heading = OUTPUT,
          default_values = ["tree", "clu", "memberships", "states"])]
    pub(crate) output: Vec<OverlapFormat>,

    /// Write no files
    #[arg(short = '0', long, help_heading = OUTPUT)]
    pub(crate) no_file_output: bool,

    /// Stop before the search if a result file exists already
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) no_overwrite: bool,

    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// A kind of file, with a row for each module of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum OverlapFormat {
    Tree,
    Ftree,
    Clu,
    Newick,
    Json,
    Csv,
    Modules,
    Memberships,
    States,
    /// The modules of the states.
    #[value(skip)]
    StateModules,
}

impl OverlapFormat {
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Tree => ".tree",
            Self::Ftree => ".ftree",
            Self::Clu => ".clu",
            Self::Newick => ".nwk",
            Self::Json => ".json",
            Self::Csv => ".csv",
            Self::Modules => "_modules.csv",
            Self::Memberships => ".tsv",
            Self::States => ".net",
            Self::StateModules => "_states.tree",
        }
    }
}
