//! Overlapping modules: a row per node and module.

use std::io::Read;
use std::path::Path;

use mapeq_core::NodeTable;

use crate::error::{Fault, ReadError};
use crate::partition::builder::{BuiltPartition, PartitionBuilder};
use crate::partition::paths::PathTree;
use crate::partition::tree::Row;
use crate::scan::lines::Lines;
use crate::scan::source::Source;

/// Overlapping modules as read from a file.
#[derive(Clone, Debug)]
pub struct MembershipsFile {
    /// The modules that directly contain each node, at least one.
    pub modules: Vec<Vec<u32>>,
    /// Parent of every module. Module 0 is the root and its own parent.
    pub parents: Vec<u32>,
    /// Notes for the user on ignored or added input, one sentence each.
    pub notes: Vec<String>,
}

/// Reads overlapping modules from a `.tree` file, in which nodes may have several rows. Nodes
/// without a row get a module each.
///
/// # Errors
/// As for [`read_partition`](crate::read_partition), except that nodes may be in several modules.
pub fn read_memberships(path: &Path, nodes: &NodeTable) -> Result<MembershipsFile, ReadError> {
    read(Source::open(path)?, nodes)
}

/// Reads overlapping modules like [`read_memberships`] from any reader, which error messages call
/// `source_name`.
///
/// # Errors
/// As for [`read_memberships`].
pub fn read_memberships_from(
    reader: impl Read + Send,
    source_name: &str,
    nodes: &NodeTable,
) -> Result<MembershipsFile, ReadError> {
    read(Source::new(reader, Path::new(source_name))?, nodes)
}

fn read(source: Source<'_>, nodes: &NodeTable) -> Result<MembershipsFile, ReadError> {
    let mut lines = Lines::new(source)?;
    let mut builder = PartitionBuilder::new(nodes);
    let mut modules = PathTree::new();
    let mut of_nodes = vec![Vec::new(); nodes.len()];
    lines.each_row(|line, number| {
        let row = Row::parse(line, builder.has_string_ids())?;
        let Some(node) = builder.find(row.id, number)? else { return Ok(()) };
        let module = modules.insert_text(row.path, number)?;
        builder.assign(node, module);
        if of_nodes[node].contains(&module) {
            return Err(Fault::token(row.id, "is already in this module", "one row per node and module"));
        }
        of_nodes[node].push(module);
        Ok(())
    })?;
    let mut parents = modules.into_parents();
    let free = parents.len() as u32;
    let BuiltPartition { modules: alone, notes, .. } =
        builder.finish(free).map_err(|fault| fault.in_file(lines.path()))?;
    for (own, alone) in of_nodes.iter_mut().zip(alone) {
        if own.is_empty() {
            own.push(alone);
            parents.resize(parents.len().max(alone as usize + 1), 0);
        }
    }
    Ok(MembershipsFile { modules: of_nodes, parents, notes })
}
