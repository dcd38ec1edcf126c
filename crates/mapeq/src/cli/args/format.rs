//! The format of the network file.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use mapeq_io::{Columns, NetworkFormat, ReadOptions};

use super::headings::INPUT;

/// The format of the network file.
#[derive(Debug, Args)]
#[command(next_help_heading = INPUT)]
pub(crate) struct FormatArgs {
    /// Format of the network file [default: detected from its content, then from its name]
    #[arg(long, value_name = "NAME", conflicts_with = "order", value_parser = network_format())]
    format: Option<NetworkFormat>,

    /// Columns of a table to read links from, by name or number: `source,target[,weight]`
    #[arg(long, value_name = "COLUMNS", conflicts_with = "order")]
    columns: Option<Columns>,
}

fn network_format() -> impl TypedValueParser<Value = NetworkFormat> {
    PossibleValuesParser::new(NetworkFormat::ALL.map(NetworkFormat::name)).try_map(|name| name.parse::<NetworkFormat>())
}

impl FormatArgs {
    /// Returns `options` with the format and columns set.
    pub(crate) fn apply(&self, options: ReadOptions) -> ReadOptions {
        ReadOptions { format: self.format, columns: self.columns.clone(), ..options }
    }
}
