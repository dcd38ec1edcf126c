//! Result files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mapeq_io::{ClusterLevel, RowFilter};

use super::formats::{CLUSTER_FORMATS, Format, ModuleFormat, OVERLAP_FORMATS, OverlapFormat, TreeFormat, one_of};
use super::headings::OUTPUT;
use super::manifest::ManifestArgs;
use super::parse::parse_level;

/// Folder and names of result files.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct OutputArgs {
    /// Folder for the results; created if it does not exist
    #[arg(default_value = ".", help_heading = None::<&str>)]
    pub(crate) out_dir: PathBuf,

    /// Name of result files without extension [default: name of the network file]
    #[arg(long, value_name = "NAME")]
    pub(crate) out_name: Option<String>,

    /// Write no result files
    #[arg(short = '0', long)]
    pub(crate) no_file_output: bool,

    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,
}

/// Content of files of modules.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct ModuleFileArgs {
    /// Write the tree of modules: --output tree
    #[arg(long)]
    tree: bool,

    /// Write one module per node: --output clu
    #[arg(long)]
    clu: bool,

    /// Write the tree with the flow between modules: --output ftree
    #[arg(long)]
    ftree: bool,

    /// Level of the modules in .clu and soft files: 1 for the top, -1 for the deepest
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = parse_level)]
    clu_level: i32,

    /// Header of result files; `full` adds details of the input and the trials
    #[arg(long, value_name = "KIND", default_value = "classic")]
    header: HeaderKind,
}

/// Formats and rows of the result files of `mapeq cluster`.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct ClusterFileArgs {
    /// Formats to write, separated by commas; `tree` is added unless one of modules is listed
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',', value_parser = one_of(&CLUSTER_FORMATS))]
    output: Vec<Format>,

    #[command(flatten)]
    pub(crate) modules: ModuleFileArgs,

    /// Write the flow between every node and modules: --output soft
    #[arg(long)]
    soft: bool,

    /// Rows of a .clu file: `id module flow` (classic), or one module per node in their order
    /// (pajek)
    #[arg(long, value_name = "STYLE", default_value = "classic")]
    pub(crate) clu_style: CluStyle,

    /// Omit the features of a bipartite network
    #[arg(long)]
    hide_bipartite_nodes: bool,
}

/// Formats of the result files of `mapeq overlap`.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct OverlapFileArgs {
    /// Formats to write, separated by commas [default: tree,clu,memberships,states]
    ///
    /// Files have a row for each module of a node. `states` is a network for -f precomputed.
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',', value_parser = one_of(&OVERLAP_FORMATS))]
    output: Vec<OverlapFormat>,

    #[command(flatten)]
    pub(crate) modules: ModuleFileArgs,
}

/// The comment lines at the top of result files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum HeaderKind {
    Classic,
    Full,
}

/// The rows of a `.clu` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CluStyle {
    Classic,
    Pajek,
}

impl ModuleFileArgs {
    /// Returns the formats that have an option of their own.
    fn formats(&self) -> impl Iterator<Item = TreeFormat> {
        let given = [(self.tree, TreeFormat::Tree), (self.ftree, TreeFormat::Ftree), (self.clu, TreeFormat::Clu)];
        given.into_iter().filter_map(|(given, format)| given.then_some(format))
    }

    /// Returns the level of the modules in `.clu` files.
    pub(crate) fn cluster_level(&self) -> ClusterLevel {
        usize::try_from(self.clu_level).map_or(ClusterLevel::Deepest, ClusterLevel::Depth)
    }

    /// Returns whether headers describe the input and the trials.
    pub(crate) fn full_header(&self) -> bool {
        self.header == HeaderKind::Full
    }
}

impl ClusterFileArgs {
    /// Returns the formats to write, in a fixed order.
    pub(crate) fn formats(&self) -> Vec<Format> {
        let mut formats = self.output.clone();
        formats.extend(self.modules.formats().map(|format| Format::Modules(ModuleFormat::Tree(format))));
        formats.extend(self.soft.then_some(Format::Modules(ModuleFormat::Soft)));
        if !formats.iter().any(|format| format.has_all_modules()) {
            formats.push(Format::Modules(ModuleFormat::Tree(TreeFormat::Tree)));
        }
        formats.sort_unstable();
        formats.dedup();
        formats
    }

    /// Returns whether some file describes the input and the trials.
    pub(crate) fn needs_details(&self) -> bool {
        self.modules.full_header() || self.formats().contains(&Format::Modules(ModuleFormat::Tree(TreeFormat::Json)))
    }

    /// Returns the rows of result files.
    pub(crate) fn rows(&self) -> RowFilter {
        if self.hide_bipartite_nodes { RowFilter::WithoutFeatures } else { RowFilter::All }
    }
}

impl OverlapFileArgs {
    /// Returns the formats to write, in a fixed order.
    pub(crate) fn formats(&self) -> Vec<OverlapFormat> {
        let mut formats = self.output.clone();
        formats.extend(self.modules.formats().map(OverlapFormat::Tree));
        if formats.is_empty() {
            let modules = [TreeFormat::Tree, TreeFormat::Clu].map(OverlapFormat::Tree);
            formats.extend(modules.into_iter().chain([OverlapFormat::Memberships, OverlapFormat::States]));
        }
        formats.sort_unstable();
        formats.dedup();
        formats
    }

    /// Returns whether some file describes the input and the trials.
    pub(crate) fn needs_details(&self) -> bool {
        self.modules.full_header() || self.formats().contains(&OverlapFormat::Tree(TreeFormat::Json))
    }
}
