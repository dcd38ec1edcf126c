//! Helpers shared by the tests.

use mapeq_io::{NetworkFile, ReadError, ReadOptions, read_network_from};

/// Reads a network from a source without a file extension.
#[track_caller]
pub fn read(bytes: impl AsRef<[u8]>, options: &ReadOptions) -> NetworkFile {
    read_with(bytes, "net", options).unwrap()
}

/// Reads a network from a source called `name`.
pub fn read_with(bytes: impl AsRef<[u8]>, name: &str, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    read_network_from(bytes.as_ref(), name, options)
}

/// Returns the error of reading `bytes`.
#[track_caller]
pub fn error_of(bytes: impl AsRef<[u8]>, name: &str, options: &ReadOptions) -> String {
    read_with(bytes, name, options).unwrap_err().to_string()
}

/// Formats the links of a network with the ids of their ends: `a-b 2.5, b-c 1`.
pub fn links(file: &NetworkFile) -> String {
    let ids = &file.network.nodes().ids;
    let link = |(source, target, weight)| format!("{}-{} {weight}", ids.text(source), ids.text(target));
    file.network.links().iter().map(link).collect::<Vec<_>>().join(", ")
}
