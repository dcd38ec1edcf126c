//! Readers and writers of networks and results: file formats are defined in this crate alone.
//!
//! - [`read_network`] reads a file of any [`NetworkFormat`], plain or compressed, as a
//!   [`Network`](mapeq_core::Network).
//! - [`write_snapshot`], [`write_link_list`] and [`write_pajek`] write networks.
//! - [`read_partition`] reads a result file as a [`Tree`](mapeq_core::Tree).
//! - [`read_paths`] reads paths, from which networks of higher order are built.
//! - [`read_metadata`] reads one category per node.
//! - [`write_tree`] and [`write_clu`] write results in an order that depends on the result alone.
//! - [`write_ftree`], [`write_json`], [`write_newick`], [`write_csv`], [`write_modules`],
//!   [`write_flow`], [`write_node_flow`], [`write_graphml`] and [`write_gexf`] write results for
//!   other programs.
//! - [`SoftModules`] writes the flow that nodes exchange with modules.
//! - [`write_atomically`] writes a whole file or none.
//! - [`petgraph`] converts graphs of petgraph to networks, and partitions to modules of their
//!   nodes.
//!
//! Readers never panic, whatever the bytes. Invalid input gives a [`ReadError`] that names the
//! path, the line, the token and what was expected. A reader that changes or ignores valid input
//! adds a note.
//!
//! ```
//! use mapeq_io::{ReadOptions, read_network_from};
//!
//! let file = read_network_from(&b"alice bob 2.5\nbob carol\n"[..], "example", &ReadOptions::default())?;
//! assert_eq!(file.network.nodes().len(), 3);
//!
//! let error = read_network_from(&b"1 2\n1 3 x\n"[..], "net.txt", &ReadOptions::default()).unwrap_err();
//! assert!(error.to_string().starts_with("net.txt:2: \"x\" is not a link weight"));
//! # Ok::<(), mapeq_io::ReadError>(())
//! ```

mod atomic;
#[cfg(feature = "parquet")]
mod columnar;
mod error;
mod header;
mod id_columns;
mod network;
mod number;
mod partition;
#[cfg(feature = "petgraph")]
pub mod petgraph;
mod quoting;
mod result;
mod scan;

pub use atomic::{WriteError, write_atomically};
pub use error::ReadError;
pub use header::{Header, InputFile, Level, RunDetails};
pub use network::{
    NetworkFile, NetworkFormat, PathFile, ReadOptions, SizeEstimate, SnapshotFacts, Windows, estimate_size,
    has_ambiguous_ids, left_out_of_link_list, read_network, read_network_from, read_paths, read_paths_from,
    snapshot_facts, write_flow, write_link_list, write_node_flow, write_pajek, write_snapshot, write_states,
    write_weights,
};
pub use number::format_g6;
pub use partition::{
    MembershipsFile, MetadataFile, PartitionFile, read_memberships, read_memberships_from, read_metadata,
    read_metadata_from, read_partition, read_partition_from,
};
#[cfg(feature = "parquet")]
pub use result::write_parquet;
pub use result::{
    ClusterLevel, Memberships, ModuleFlow, PhysicalLevel, ResultTree, RowFilter, SoftModules, write_clu, write_csv,
    write_ftree, write_gexf, write_graphml, write_json, write_memberships, write_modules, write_newick,
    write_pajek_clu, write_tree,
};
pub use scan::columns::{Column, Columns};
pub use scan::source::without_compression;
