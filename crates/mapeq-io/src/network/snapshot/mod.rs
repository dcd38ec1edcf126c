//! Snapshots: networks in their memory layout, so that large ones open quickly.

mod layout;
mod reader;
mod writer;

pub(crate) use layout::MAGIC;
pub(crate) use reader::read;
pub use reader::{SnapshotFacts, snapshot_facts};
pub use writer::write_snapshot;
