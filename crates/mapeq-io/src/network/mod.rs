//! Networks: readers of all formats, and writers.

mod builder;
mod csv;
mod file;
mod format;
mod gexf;
mod gml;
mod graph;
mod graphml;
mod id_tokens;
mod ids;
mod json;
mod links;
mod matrix;
mod matrix_market;
mod metis;
mod npy;
mod npz;
mod options;
mod pajek;
#[cfg(feature = "parquet")]
mod parquet;
mod paths;
mod size_estimate;
mod skipped;
mod snapshot;
mod sniff;
mod temporal;
mod weight;
mod write;
mod xml;

use std::io::Read;
use std::path::Path;

#[cfg(not(feature = "parquet"))]
use crate::error::without_parquet;
use crate::error::{Fault, ReadError};
use crate::scan::document;
use crate::scan::source::Source;

pub use file::NetworkFile;
pub use format::NetworkFormat;
pub use options::{ReadOptions, Windows};
pub use paths::{PathFile, read_paths, read_paths_from};
pub use size_estimate::{SizeEstimate, estimate_size};
pub use snapshot::{SnapshotFacts, snapshot_facts, write_snapshot};
pub use write::{
    has_ambiguous_ids, left_out_of_link_list, write_flow, write_link_list, write_node_flow, write_pajek, write_states,
    write_weights,
};

/// Reads the network in the file at `path`, or from standard input if `path` is `-`.
///
/// The format is the one in the options, else that of the file name ([`NetworkFormat::from_path`]),
/// else it is detected by content. Snapshots ([`write_snapshot`](crate::write_snapshot)) and gzip,
/// zstd and xz compression are always detected by content. Links of weight 0 are ignored and do not
/// create nodes. Declared nodes without links are kept.
///
/// A snapshot of directed links can be read as undirected. Options that need information missing in
/// a snapshot are rejected: directed links if it has undirected ones, a weight threshold, text ids
/// if it has numeric ones.
///
/// # Complexity
/// O(input). Links take 8 bytes each, or 16 with weights, until the network is built.
///
/// # Errors
/// If the file cannot be read, is invalid or has no nodes. The error names the first offending
/// line.
pub fn read_network(path: &Path, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    read(Source::open(path)?, options)
}

/// Reads a network from any reader, as [`read_network`] does. Error messages contain `source_name`
/// in place of a path.
///
/// # Errors
/// As for [`read_network`].
pub fn read_network_from(
    reader: impl Read + Send,
    source_name: &str,
    options: &ReadOptions,
) -> Result<NetworkFile, ReadError> {
    read(Source::new(reader, Path::new(source_name))?, options)
}

fn read(source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    if let Some(order) = options.path_order {
        paths::read(source, order.get(), options)
    } else if let Some(windows) = options.windows {
        temporal::read(source, windows, options)
    } else {
        read_format(source, options)
    }
}

/// Reads a network in the format of the options, of the file name, or of the content, in this
/// order. Snapshots are always detected by content.
fn read_format(mut source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    if source.starts_with(&snapshot::MAGIC)? {
        return snapshot::read(source, options);
    }
    let format = match options.format.or_else(|| NetworkFormat::from_path(source.path())) {
        Some(format) => format,
        None => match sniff::format_of_content(&source.peek(sniff::HEAD)?) {
            NetworkFormat::Text if options.columns.is_some() => NetworkFormat::Csv,
            format => format,
        },
    };
    if options.columns.is_some() && !format.is_table() {
        let problem = format!("--columns applies to tables, and this file is read as {format}");
        return Err(source.error(Fault::new(problem).hint("--format csv"), None));
    }
    match format {
        NetworkFormat::Text => pajek::read(source, options),
        NetworkFormat::Csv => csv::read(source, None, options),
        NetworkFormat::Tsv => csv::read(source, Some(b'\t'), options),
        NetworkFormat::MatrixMarket => matrix_market::read(source, options),
        NetworkFormat::Metis => metis::read(source, options),
        NetworkFormat::GraphMl => graphml::read(source, options),
        NetworkFormat::Gml => document::read(source, |bytes| gml::parse(&bytes, options)),
        NetworkFormat::Gexf => gexf::read(source, options),
        NetworkFormat::Npz => document::read(source, |bytes| npz::parse(&bytes, options)),
        NetworkFormat::Json => document::read(source, |bytes| json::parse(&bytes, options)),
        #[cfg(feature = "parquet")]
        NetworkFormat::Parquet | NetworkFormat::Arrow => {
            document::read(source, |bytes| Ok(parquet::parse(bytes, options)?))
        }
        #[cfg(not(feature = "parquet"))]
        NetworkFormat::Parquet | NetworkFormat::Arrow => Err(source.error(without_parquet(), None)),
        NetworkFormat::Snapshot => {
            Err(source.error(Fault::new("not a snapshot: expected a file written by `mapeq convert`"), None))
        }
    }
}
