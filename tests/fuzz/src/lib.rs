//! Bodies of the fuzz targets: readers must return on any input, without a panic.

mod seal;

use mapeq_core::{NodeIds, NodeTable};
use mapeq_io::{
    NetworkFormat, ReadOptions, Windows, read_memberships_from, read_metadata_from, read_network_from,
    read_partition_from, read_paths_from,
};

/// Reads a network in `format`; if `None`, the format is detected.
pub fn network(bytes: &[u8], format: Option<NetworkFormat>) {
    network_with(bytes, &ReadOptions { format, ..ReadOptions::default() });
}

/// Reads a snapshot after its checksums have been corrected.
pub fn snapshot(bytes: &[u8]) {
    network(&seal::sealed(bytes), Some(NetworkFormat::Snapshot));
}

/// Reads temporal links as layers.
pub fn temporal(bytes: &[u8]) {
    let windows = Some(Windows { length: 2.0, step: 1.5 });
    network_with(bytes, &ReadOptions { windows, ..ReadOptions::default() });
}

fn network_with(bytes: &[u8], options: &ReadOptions) {
    match read_network_from(bytes, "network", options) {
        Ok(file) => assert!(!file.network.nodes().is_empty()),
        Err(error) => assert_one_line(&error.to_string()),
    }
}

/// Reads paths, and builds their second-order network.
pub fn paths(bytes: &[u8]) {
    let options = ReadOptions::default();
    let network = read_paths_from(bytes, "paths", &options)
        .and_then(|file| file.network_of_order(2, &options, "paths".as_ref()).map(|found| (file, found)));
    match network {
        Ok((file, found)) => assert_eq!(found.network.nodes().len(), file.paths.states(2).len()),
        Err(error) => assert_one_line(&error.to_string()),
    }
}

/// Reads modules of four nodes in the format of this extension.
pub fn partition(bytes: &[u8], extension: &str) {
    match read_partition_from(bytes, &format!("partition{extension}"), &nodes()) {
        Ok(found) => assert_eq!(found.tree.nodes(), 4),
        Err(error) => assert_one_line(&error.to_string()),
    }
}

/// Reads overlapping modules of four nodes.
pub fn memberships(bytes: &[u8]) {
    match read_memberships_from(bytes, "memberships", &nodes()) {
        Ok(found) => assert!(found.modules.iter().all(|modules| !modules.is_empty())),
        Err(error) => assert_one_line(&error.to_string()),
    }
}

/// Reads metadata of four nodes.
pub fn metadata(bytes: &[u8]) {
    if let Err(error) = read_metadata_from(bytes, "metadata", &nodes()) {
        assert_one_line(&error.to_string());
    }
}

fn nodes() -> NodeTable {
    NodeTable::new(NodeIds::Consecutive { first: 1, len: 4 })
}

fn assert_one_line(message: &str) {
    assert!(message.len() < 1000 && !message.contains(char::is_control), "{message:?}");
}
