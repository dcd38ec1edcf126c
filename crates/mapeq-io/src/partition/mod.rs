//! Partitions of the nodes of a known network, from a file whose extension tells the format.

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

/// Reads a partition of `nodes` from a `.clu`, `.tree`, `.ftree`, `.csv`, `.json` or `.nwk` file; `.gz`, `.zst` or `.xz` may follow in
/// the name, and whether the file is compressed is seen from its content. O(input).
///
/// - `.clu`: rows `id module`, of which further columns are ignored, the last row of an id being the one that counts;
///   or `*Vertices n` and one module per row in node order.
/// - `.tree`, `.ftree`: rows `path flow "name" id`. Of the path, depth and prefix matter; `3` alone means "in module
///   3", like `3:1`, so that a file of nodes directly below the root comes back with each in a module of its own.
///   The link sections are not read.
/// - `.csv`: a first row with the names of the columns, `path` or `module` and `node_id` among them.
/// - `.parquet`, `.arrow`, `.feather`: a table with such columns, with the feature `parquet`.
/// - `.json`: an object with `nodes`, each with its `path` and `id`.
/// - `.nwk`: nested parentheses around ids, which are those of states where nodes are states, unless there is one for each
///   physical node.
///
/// Where nodes are states, rows of the other formats with one id (in a `.clu` file, those behind the comment `# node_id`) are about physical nodes, and
/// all states of one are in the same module. Rows with more ids are about states; in layers these are known by node and
/// layer, whatever number they have.
///
/// Rows of unknown nodes are ignored and nodes without a row get a module each, with a note.
///
/// # Errors
/// If the file cannot be read or does not follow its format, if a node or a module is in two places, or if no row
/// names a node of the network.
pub fn read_partition(path: &Path, nodes: &NodeTable) -> Result<PartitionFile, ReadError> {
    read(Source::open(path)?, nodes)
}

/// Like [`read_partition`], from any source of bytes, whose name tells the format and is the one in error messages.
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
