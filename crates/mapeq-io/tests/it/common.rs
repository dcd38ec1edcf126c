//! What tests of several formats share.

use mapeq_io::{NetworkFile, ReadError, ReadOptions, read_network_from};

/// The network in `bytes`, in a file without an extension.
#[track_caller]
pub fn read(bytes: impl AsRef<[u8]>, options: &ReadOptions) -> NetworkFile {
    read_with(bytes, "net", options).unwrap()
}

/// The network in `bytes`, in a file called `name`.
pub fn read_with(bytes: impl AsRef<[u8]>, name: &str, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    read_network_from(bytes.as_ref(), name, options)
}

/// Why `bytes` are no network.
#[track_caller]
pub fn refusal(bytes: impl AsRef<[u8]>, name: &str, options: &ReadOptions) -> String {
    read_with(bytes, name, options).unwrap_err().to_string()
}

/// The links of a network by the ids of their nodes: `a-b 2.5, b-c 1`.
pub fn links(file: &NetworkFile) -> String {
    let ids = &file.network.nodes().ids;
    let link = |(source, target, weight)| format!("{}-{} {weight}", ids.text(source), ids.text(target));
    file.network.links().iter().map(link).collect::<Vec<_>>().join(", ")
}
