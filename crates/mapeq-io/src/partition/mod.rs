//! Readers of partitions and of categories of known nodes.

mod builder;
mod clu;
mod csv;
mod json;
mod memberships;
mod metadata;
mod newick;
#[cfg(feature = "parquet")]
mod parquet;
mod paths;
mod state_lookup;
mod tree;

use std::io::Read;
use std::path::Path;

use mapeq_core::NodeTable;

#[cfg(not(feature = "parquet"))]
use crate::error::without_parquet;
use crate::error::{Fault, ReadError};
use crate::scan::document;
use crate::scan::lines::Lines;
use crate::scan::source::{Source, without_compression};

pub use builder::PartitionFile;
pub use memberships::{MembershipsFile, read_memberships, read_memberships_from};
pub use metadata::{MetadataFile, read_metadata, read_metadata_from};

/// Reads a partition of `nodes`. The file extension decides the format, and a further `.gz`, `.zst`
/// or `.xz` is ignored. Compression is detected by content.
///
/// - `.clu`: rows `id module`, or `*Vertices n` and one module per row in node order. Further
///   columns are ignored, and the last row of an id counts.
/// - `.tree`, `.ftree`: rows `path flow "name" id`. Depth and prefix of the path matter. A single
///   `3` means "in module 3", like `3:1`, so that nodes directly below the root are read as one
///   module each. Sections of links are not read.
/// - `.csv`: a header with `path` or `module`, and `node_id`, then a row per node.
/// - `.parquet`, `.arrow`, `.feather`: a table with the same columns. Needs the feature `parquet`.
/// - `.json`: an object with `nodes`, each with its `path` and `id`.
/// - `.nwk`: nested parentheses around node ids. In state networks, these are state ids unless
///   there is exactly one leaf per physical node.
///
/// In state networks, rows of the other formats with one id assign all states of a physical node to
/// a module. In a `.clu` file, this holds for rows after the comment `# node_id`. Rows with several
/// ids assign one state. In multilayer networks, a state is found by node and layer, and its own id
/// is ignored.
///
/// Rows of unknown nodes are ignored, and nodes without a row get a module each, with notes.
///
/// # Complexity
/// O(input).
///
/// # Errors
/// If the file cannot be read or is invalid, if a node or a module has two places, or if no row
/// names a node of the network.
pub fn read_partition(path: &Path, nodes: &NodeTable) -> Result<PartitionFile, ReadError> {
    read(Source::open(path)?, nodes)
}

/// Reads a partition like [`read_partition`] from any reader. The extension of `source_name`
/// decides the format, and error messages contain it.
///
/// # Errors
/// As for [`read_partition`].
pub fn read_partition_from(
    reader: impl Read + Send,
    source_name: &str,
    nodes: &NodeTable,
) -> Result<PartitionFile, ReadError> {
    read(Source::new(reader, Path::new(source_name))?, nodes)
}

fn read(source: Source<'_>, nodes: &NodeTable) -> Result<PartitionFile, ReadError> {
    let name = source.path().file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    match without_compression(&name).rsplit_once('.') {
        Some((_, "clu")) => clu::read(Lines::new(source)?, nodes),
        Some((_, "tree" | "ftree")) => tree::read(Lines::new(source)?, nodes),
        Some((_, "csv" | "tsv")) => document::read(source, |bytes| csv::parse(&bytes, nodes)),
        Some((_, "json")) => document::read(source, |bytes| json::parse(&bytes, nodes)),
        Some((_, "nwk" | "newick")) => document::read(source, |bytes| newick::parse(&bytes, nodes)),
        #[cfg(feature = "parquet")]
        Some((_, "parquet" | "arrow" | "feather")) => document::read(source, |bytes| Ok(parquet::parse(bytes, nodes)?)),
        #[cfg(not(feature = "parquet"))]
        Some((_, "parquet" | "arrow" | "feather")) => Err(without_parquet().in_file(source.path())),
        _ => {
            let expected = "expected a name ending in .clu, .tree, .ftree, .csv, .json, .nwk or .parquet";
            Err(Fault::new(format!("unknown partition format: {expected}")).in_file(source.path()))
        }
    }
}
