//! What the fuzz targets do with the bytes they are given: a reader returns, whatever they are.

mod seal;

use mapeq_core::{NodeIds, NodeTable};
use mapeq_io::{
    NetworkFormat, ReadOptions, Windows, read_memberships_from, read_metadata_from, read_network_from, read_partition_from,
    read_paths_from,
};

/// Reads a network in `format`, or in the one that its content tells.
pub fn network(bytes: &[u8], format: Option<NetworkFormat>) {
    network_with(bytes, &ReadOptions { format, ..ReadOptions::default() });
}

/// Reads a snapshot, with the checksums that its content should have.
pub fn snapshot(bytes: &[u8]) {
    network(&seal::sealed(bytes), Some(NetworkFormat::Snapshot));
}

/// Reads links in time as layers.
pub fn temporal(bytes: &[u8]) {
    let windows = Some(Windows { length: 2.0, step: 1.5 });
    network_with(bytes, &ReadOptions { windows, ..ReadOptions::default() });
}

fn network_with(bytes: &[u8], options: &ReadOptions) {
    match read_network_from(bytes, "network", options) {
        Ok(file) => assert!(!file.network.nodes().is_empty()),
        Err(error) => one_line(&error.to_string()),
    }
}

/// Reads paths, and the network of those who remember two nodes.
pub fn paths(bytes: &[u8]) {
    let options = ReadOptions::default();
    let network = read_paths_from(bytes, "paths", &options)
        .and_then(|file| file.network_of_order(2, &options, "paths".as_ref()).map(|found| (file, found)));
    match network {
        Ok((file, found)) => assert_eq!(found.network.nodes().len(), file.paths.states(2).len()),
        Err(error) => one_line(&error.to_string()),
    }
}

/// Reads modules of four nodes from a file with this extension.
pub fn partition(bytes: &[u8], extension: &str) {
    match read_partition_from(bytes, &format!("partition{extension}"), &nodes()) {
        Ok(found) => assert_eq!(found.tree.nodes(), 4),
        Err(error) => one_line(&error.to_string()),
    }
}

/// Reads modules of four nodes that may overlap.
pub fn memberships(bytes: &[u8]) {
    match read_memberships_from(bytes, "memberships", &nodes()) {
        Ok(found) => assert!(found.modules.iter().all(|modules| !modules.is_empty())),
        Err(error) => one_line(&error.to_string()),
    }
}

/// Reads categories of four nodes.
pub fn metadata(bytes: &[u8]) {
    if let Err(error) = read_metadata_from(bytes, "metadata", &nodes()) {
        one_line(&error.to_string());
    }
}

fn nodes() -> NodeTable {
    NodeTable::new(NodeIds::Consecutive { first: 1, len: 4 })
}

fn one_line(message: &str) {
    assert!(message.len() < 1000 && !message.contains(char::is_control), "{message:?}");
}
