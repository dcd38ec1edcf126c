//! Tests of readers and writers through the public interface.

mod columnar;
mod common;
mod files;
mod formats;
mod large_files;
mod malformed;
mod metadata;
mod networks;
mod never_panic;
mod partitions;
#[cfg(feature = "petgraph")]
mod petgraph;
mod snapshots;
mod tables;
mod temporal;
