//! What the fuzz targets do with the bytes they are given: a reader returns, whatever they are.

use std::io::Write;

use mapeq_core::{NodeIds, NodeTable};
use mapeq_io::{NetworkFormat, ReadOptions, read_metadata, read_network_from, read_partition};

/// Reads a network in `format`, or in the one that its content tells.
pub fn network(bytes: &[u8], format: Option<NetworkFormat>) {
    let options = ReadOptions { format, ..ReadOptions::default() };
    match read_network_from(bytes, "network", &options) {
        Ok(file) => assert!(!file.network.nodes().is_empty()),
        Err(error) => one_line(&error.to_string()),
    }
}

/// Reads modules of four nodes from a file with this extension.
pub fn partition(bytes: &[u8], extension: &str) {
    let mut file = tempfile::Builder::new().suffix(extension).tempfile().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    match read_partition(file.path(), &nodes()) {
        Ok(found) => assert_eq!(found.tree.nodes(), 4),
        Err(error) => one_line(&error.to_string()),
    }
}

/// Reads categories of four nodes.
pub fn metadata(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    if let Err(error) = read_metadata(file.path(), &nodes()) {
        one_line(&error.to_string());
    }
}

fn nodes() -> NodeTable {
    NodeTable::new(NodeIds::Consecutive { first: 1, len: 4 })
}

fn one_line(message: &str) {
    assert!(message.len() < 1000 && !message.contains(char::is_control), "{message:?}");
}
