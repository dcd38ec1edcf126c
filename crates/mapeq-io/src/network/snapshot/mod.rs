//! Networks in the form in which they are held in memory, so that a large one opens at once.

mod layout;
mod reader;
mod writer;

pub(crate) use layout::MAGIC;
pub(crate) use reader::read;
pub use reader::{SnapshotFacts, snapshot_facts};
pub use writer::write_snapshot;
