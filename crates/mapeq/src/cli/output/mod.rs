//! Output of the commands: result files, and summaries on standard output.

pub(crate) mod files;
pub(crate) mod header;
pub(crate) mod manifest;
pub(crate) mod overlap_files;
pub(crate) mod place;
pub(crate) mod summary;
pub(crate) mod table;
mod tree_file;
