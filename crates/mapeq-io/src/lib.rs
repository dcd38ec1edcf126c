//! Readers and writers: the only crate of mapeq that knows file formats.
//!
//! - [`read_network`]: files of any [`NetworkFormat`], plain or compressed, as a [`Network`](mapeq_core::Network);
//! - [`write_snapshot`], [`write_link_list`], [`write_pajek`]: networks back into files;
//! - [`read_partition`]: result files as a [`Tree`](mapeq_core::Tree);
//! - [`read_paths`]: walks, and the networks of states that remember where these come from;
//! - [`read_metadata`]: a category per node;
//! - [`write_tree`], [`write_clu`]: results, in an order that depends on the result alone;
//! - [`write_ftree`], [`write_json`], [`write_newick`], [`write_csv`], [`write_modules`], [`write_flow`], [`write_node_flow`],
//!   [`write_graphml`], [`write_gexf`]: the same for other programs;
//! - [`SoftModules`]: what nodes exchange with modules;
//! - [`write_atomically`]: a whole file or none;
//! - [`petgraph`]: networks from and results for petgraph's graphs.
//!
//! Readers never panic, whatever the bytes. What they refuse is a [`ReadError`] that names path, line, token and what
//! was expected; what they accept but had to change is a note for the user.
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
mod bulk;
mod canonical;
mod clu_file;
mod columns;
mod csv_file;
mod error;
mod flow_file;
mod formats;
mod ftree_file;
mod header;
mod id_tokens;
mod ids;
mod intake;
mod json_file;
mod layer_rows;
mod lines;
mod links;
mod membership_file;
mod metadata_file;
mod module_links;
mod network_file;
mod network_writer;
mod newick_file;
mod node_flow_file;
mod number;
mod partition_file;
mod partition_json;
mod partition_newick;
mod partition_table;
mod path_file;
pub mod petgraph;
mod physical_level;
mod quoting;
mod result;
mod size_estimate;
mod snapshot;
mod snapshot_reader;
mod soft_file;
mod source;
mod state_places;
mod state_rows;
mod state_writer;
mod temporal_file;
mod text_network;
mod text_rows;
mod token;
mod tree_file;

pub use atomic::{WriteError, write_atomically};
pub use canonical::Rows;
pub use clu_file::{ClusterLevel, write_clu, write_pajek_clu};
pub use csv_file::{write_csv, write_memberships, write_modules};
pub use error::ReadError;
pub use flow_file::{write_flow, write_states, write_weights};
#[cfg(feature = "parquet")]
pub use formats::write_parquet;
pub use formats::{Column, Columns, NetworkFormat, write_gexf, write_graphml};
pub use ftree_file::write_ftree;
pub use header::{Header, InputFile, Level, RunDetails};
pub use json_file::write_json;
pub use membership_file::{GivenMemberships, Memberships, read_memberships, read_memberships_from};
pub use metadata_file::{MetadataFile, read_metadata, read_metadata_from};
pub use network_file::{NetworkFile, ReadOptions, read_network, read_network_from};
pub use network_writer::{left_out_of_link_list, unusual_ids, write_link_list, write_pajek};
pub use newick_file::write_newick;
pub use node_flow_file::write_node_flow;
pub use number::format_g6;
pub use partition_file::{PartitionFile, read_partition, read_partition_from};
pub use path_file::{PathFile, read_paths, read_paths_from};
pub use physical_level::PhysicalLevel;
pub use result::{ModuleFlow, ResultTree};
pub use size_estimate::{SizeEstimate, estimate_size};
pub use snapshot::write_snapshot;
pub use snapshot_reader::{SnapshotFacts, snapshot_facts};
pub use soft_file::SoftModules;
pub use source::without_compression;
pub use temporal_file::Windows;
pub use tree_file::write_tree;
