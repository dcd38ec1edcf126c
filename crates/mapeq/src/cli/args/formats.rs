//! Formats of result files.

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// A file with a row for each node, each state, or each module of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TreeFormat {
    Tree,
    Ftree,
    Clu,
    Newick,
    Json,
    Csv,
    Modules,
}

/// A file of the modules that `mapeq cluster` finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ModuleFormat {
    Tree(TreeFormat),
    Memberships,
    Soft,
    Graphml,
    Gexf,
    Parquet,
}

/// A network as a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NetworkOutput {
    Network,
    States,
    Flow,
}

/// A value of `mapeq cluster --output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Format {
    Modules(ModuleFormat),
    Network(NetworkOutput),
}

/// A value of `mapeq overlap --output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OverlapFormat {
    Tree(TreeFormat),
    Memberships,
    States,
}

/// Names of the formats of `mapeq cluster`.
pub(super) const CLUSTER_FORMATS: [(&str, Format); 15] = [
    ("tree", Format::Modules(ModuleFormat::Tree(TreeFormat::Tree))),
    ("ftree", Format::Modules(ModuleFormat::Tree(TreeFormat::Ftree))),
    ("clu", Format::Modules(ModuleFormat::Tree(TreeFormat::Clu))),
    ("newick", Format::Modules(ModuleFormat::Tree(TreeFormat::Newick))),
    ("json", Format::Modules(ModuleFormat::Tree(TreeFormat::Json))),
    ("csv", Format::Modules(ModuleFormat::Tree(TreeFormat::Csv))),
    ("modules", Format::Modules(ModuleFormat::Tree(TreeFormat::Modules))),
    ("memberships", Format::Modules(ModuleFormat::Memberships)),
    ("soft", Format::Modules(ModuleFormat::Soft)),
    ("network", Format::Network(NetworkOutput::Network)),
    ("states", Format::Network(NetworkOutput::States)),
    ("flow", Format::Network(NetworkOutput::Flow)),
    ("graphml", Format::Modules(ModuleFormat::Graphml)),
    ("gexf", Format::Modules(ModuleFormat::Gexf)),
    ("parquet", Format::Modules(ModuleFormat::Parquet)),
];

/// Names of the formats of `mapeq overlap`.
pub(super) const OVERLAP_FORMATS: [(&str, OverlapFormat); 9] = [
    ("tree", OverlapFormat::Tree(TreeFormat::Tree)),
    ("ftree", OverlapFormat::Tree(TreeFormat::Ftree)),
    ("clu", OverlapFormat::Tree(TreeFormat::Clu)),
    ("newick", OverlapFormat::Tree(TreeFormat::Newick)),
    ("json", OverlapFormat::Tree(TreeFormat::Json)),
    ("csv", OverlapFormat::Tree(TreeFormat::Csv)),
    ("modules", OverlapFormat::Tree(TreeFormat::Modules)),
    ("memberships", OverlapFormat::Memberships),
    ("states", OverlapFormat::States),
];

/// Returns a parser of the names of `formats`.
pub(super) fn one_of<T: Copy + Send + Sync>(formats: &'static [(&'static str, T)]) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(formats.iter().map(|&(name, _)| name))
        .map(move |given| formats.iter().find(|(name, _)| *name == given).expect("one of the names").1)
}

impl TreeFormat {
    /// Returns the end of the file name.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Tree => ".tree",
            Self::Ftree => ".ftree",
            Self::Clu => ".clu",
            Self::Newick => ".nwk",
            Self::Json => ".json",
            Self::Csv => ".csv",
            Self::Modules => "_modules.csv",
        }
    }
}

impl ModuleFormat {
    /// Returns the end of the file name.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Tree(format) => format.suffix(),
            Self::Memberships => "_memberships.csv",
            Self::Soft => "_soft.csv",
            Self::Graphml => ".graphml",
            Self::Gexf => ".gexf",
            Self::Parquet => ".parquet",
        }
    }

    /// Returns whether the file needs the links of the network.
    pub(crate) fn needs_links(self) -> bool {
        matches!(self, Self::Tree(TreeFormat::Ftree | TreeFormat::Json) | Self::Graphml | Self::Gexf)
    }
}

impl NetworkOutput {
    /// Returns the end of the file name, which differs between networks of ordinary nodes and of
    /// states.
    pub(crate) fn suffix(self, states: bool) -> &'static str {
        match (self, states) {
            (Self::Network, false) => ".net",
            (Self::Network, true) => "_states_as_physical.net",
            (Self::States, _) => "_states.net",
            (Self::Flow, false) => "_flow.net",
            (Self::Flow, true) => "_states_as_physical_flow.net",
        }
    }
}

impl Format {
    /// Returns whether the file holds the modules of all nodes.
    pub(super) fn has_all_modules(self) -> bool {
        matches!(self, Self::Modules(format) if format != ModuleFormat::Soft)
    }
}

impl OverlapFormat {
    /// Returns the end of the file name.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Tree(format) => format.suffix(),
            Self::Memberships => ".tsv",
            Self::States => ".net",
        }
    }
}
