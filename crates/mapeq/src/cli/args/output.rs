//! What is written, and where.

use clap::{Args, ValueEnum};
use mapeq_io::{ClusterLevel, RowFilter};

use super::headings::OUTPUT;
use super::manifest::ManifestArgs;
use super::parse::parse_level;

/// What is written, and where.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Formats to write, separated by commas; tree, unless one of modules is among them
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',', help_heading = OUTPUT)]
    output: Vec<Format>,

    /// Write the tree of modules, as --output tree
    #[arg(long, help_heading = OUTPUT)]
    tree: bool,

    /// Write one module per node, as --output clu
    #[arg(long, help_heading = OUTPUT)]
    clu: bool,

    /// Write the tree with the flow between modules, as --output ftree
    #[arg(long, help_heading = OUTPUT)]
    ftree: bool,

    /// Write what every node exchanges with modules, as --output soft
    #[arg(long, help_heading = OUTPUT)]
    soft: bool,

    /// Rows of a .clu file: `id module flow`, or one module per row in the order of the nodes
    #[arg(long, value_name = "STYLE", default_value = "classic", help_heading = OUTPUT)]
    pub(crate) clu_style: CluStyle,

    /// Modules in .clu and soft files: 1 for the top, -1 for the deepest
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true,
          value_parser = parse_level, help_heading = OUTPUT)]
    clu_level: i32,

    /// Leave out the rows of features of a bipartite network
    #[arg(long, help_heading = OUTPUT)]
    hide_bipartite_nodes: bool,

    /// Name of the results without extension [default: as the network]
    #[arg(long, value_name = "NAME", help_heading = OUTPUT)]
    pub(crate) out_name: Option<String>,

    /// Write no files
    #[arg(short = '0', long, help_heading = OUTPUT)]
    pub(crate) no_file_output: bool,

    /// Stop before the search if a result file exists already
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) no_overwrite: bool,

    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,

    /// Comment lines on top
    #[arg(long, value_name = "KIND", default_value = "classic", help_heading = OUTPUT)]
    pub(crate) header: HeaderKind,
}

impl OutputArgs {
    /// The formats to write, in a fixed order.
    pub(crate) fn formats(&self) -> Vec<Format> {
        let mut formats = self.output.clone();
        let shorthands = [
            (self.tree, Format::Tree),
            (self.ftree, Format::Ftree),
            (self.clu, Format::Clu),
            (self.soft, Format::Soft),
        ];
        formats.extend(shorthands.into_iter().filter_map(|(asked, format)| asked.then_some(format)));
        if !formats.iter().any(|format| format.is_modular()) {
            formats.push(Format::Tree);
        }
        formats.sort_unstable();
        formats.dedup();
        formats
    }

    /// Whether files tell of the input and the trials.
    pub(crate) fn wants_details(&self) -> bool {
        let formats = self.formats();
        matches!(self.header, HeaderKind::Full) || formats.contains(&Format::Json)
    }

    /// The rows of result files.
    pub(crate) fn rows(&self) -> RowFilter {
        if self.hide_bipartite_nodes { RowFilter::WithoutFeatures } else { RowFilter::All }
    }

    /// The modules shown in a `.clu` file.
    pub(crate) fn cluster_level(&self) -> ClusterLevel {
        usize::try_from(self.clu_level).map_or(ClusterLevel::Deepest, ClusterLevel::Depth)
    }
}

/// A kind of result file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Format {
    // Without help of their own: clap would spread every option over several lines.
    Tree,
    Ftree,
    Clu,
    Newick,
    Json,
    Csv,
    Modules,
    Memberships,
    Soft,
    Network,
    States,
    Flow,
    Graphml,
    Gexf,
    Parquet,
}

impl Format {
    /// What follows the name of the results in that of the file.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Tree => ".tree",
            Self::Ftree => ".ftree",
            Self::Clu => ".clu",
            Self::Newick => ".nwk",
            Self::Json => ".json",
            Self::Csv => ".csv",
            Self::Modules => "_modules.csv",
            Self::Memberships => "_memberships.csv",
            Self::Soft => "_soft.csv",
            Self::Network => ".net",
            Self::States => "_states.net",
            Self::Flow => "_flow.net",
            Self::Graphml => ".graphml",
            Self::Gexf => ".gexf",
            Self::Parquet => ".parquet",
        }
    }

    /// Whether the file tells all of the modules.
    fn is_modular(self) -> bool {
        !self.is_network() && self != Self::Soft
    }

    /// Whether the file is a network, whose nodes are the states where there are any.
    pub(crate) fn is_network(self) -> bool {
        matches!(self, Self::Network | Self::States | Self::Flow)
    }

    /// Whether the file tells of links.
    pub(crate) fn needs_links(self) -> bool {
        self.is_network() || matches!(self, Self::Ftree | Self::Json | Self::Graphml | Self::Gexf)
    }
}

/// The comment lines at the top of result files.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum HeaderKind {
    Classic,
    Full,
}

/// The rows of a `.clu` file.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CluStyle {
    Classic,
    Pajek,
}
