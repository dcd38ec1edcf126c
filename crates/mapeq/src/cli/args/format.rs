//! What kind of file a network is in, where that has to be said.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use mapeq_io::{Columns, NetworkFormat, ReadOptions};

use super::headings::INPUT;

/// Options about the format of the network.
#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// Format of the network, where neither its name nor its content tells
    #[arg(long, value_name = "NAME", conflicts_with = "order", value_parser = format(), help_heading = INPUT)]
    format: Option<NetworkFormat>,

    /// Columns of a table that links are read from, by name or number: source,target or source,target,weight
    #[arg(long, value_name = "COLUMNS", conflicts_with = "order", help_heading = INPUT)]
    columns: Option<Columns>,
}

fn format() -> impl TypedValueParser<Value = NetworkFormat> {
    PossibleValuesParser::new(NetworkFormat::ALL.map(NetworkFormat::name)).try_map(|name| name.parse::<NetworkFormat>())
}

impl FormatArgs {
    /// The options with what is asked for here.
    pub(crate) fn apply(&self, options: ReadOptions) -> ReadOptions {
        ReadOptions { format: self.format, columns: self.columns.clone(), ..options }
    }
}
