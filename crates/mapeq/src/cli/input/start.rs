//! The initial partition of a search.

use mapeq_core::{Couplings, NodeTable, Tree};
use mapeq_io::read_partition;

use super::missing_nodes::join_neighbours;
use crate::cli::args::StartArgs;
use crate::cli::exit::Failure;
use crate::cli::notes::Notes;

/// Reads the modules of `--cluster-data`. `couplings` places the nodes that it omits.
pub(crate) fn read_start(
    args: &StartArgs,
    nodes: &NodeTable,
    couplings: &Couplings,
    notes: &mut Notes,
) -> Result<Option<Tree>, Failure> {
    let Some(path) = &args.cluster_data else { return Ok(None) };
    let file = read_partition(path, nodes)?;
    notes.extend(file.notes);
    if !args.assign_to_neighbouring_module || file.missing.is_empty() {
        return Ok(Some(file.tree));
    }
    let (tree, joined) = join_neighbours(&file.tree, &file.missing, couplings);
    notes.note(format!("{joined} of these joined the module with the strongest coupling"));
    Ok(Some(tree))
}
