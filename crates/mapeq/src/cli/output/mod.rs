//! What the commands write: result files, and summaries on standard output.

pub(crate) mod files;
pub(crate) mod manifest;
pub(crate) mod overlap_files;
pub(crate) mod summary;
pub(crate) mod table;
