//! Checks of constraints on modules, and the file of fixed nodes.

use std::collections::BTreeMap;

use mapeq_core::NodeTable;
use mapeq_io::read_metadata;
use mapeq_search::SizeBounds;

use crate::cli::args::{ConstraintArgs, SearchArgs};
use crate::cli::exit::Failure;
use crate::cli::notes::Notes;
use crate::registry::SearchMethod;

/// Limit for annealing: greedy merging of a larger network takes hours.
const MAX_NODES_FOR_ANNEALING: usize = 20_000;

/// Checks that the options can be combined, before any file is read.
pub(crate) fn check(args: &ConstraintArgs, search: &SearchArgs) -> Result<(), Failure> {
    let sizes = args.sizes();
    let SizeBounds { min, max } = sizes;
    if min > max {
        let message = format!("--min-module-size {min} is larger than --max-module-size {max}");
        return Err(Failure::Usage(message));
    }
    let constrained = args.fixed.is_some() || sizes != SizeBounds::default();
    if constrained && search.method() == SearchMethod::Annealing {
        let message = "--search annealing does not support --fixed, --min-module-size and --max-module-size";
        return Err(Failure::Usage(message.to_owned()));
    }
    Ok(())
}

/// Checks that the search method is feasible for a network of `nodes` nodes.
pub(crate) fn check_method(search: &SearchArgs, nodes: usize) -> Result<(), Failure> {
    if search.method() == SearchMethod::Annealing && nodes > MAX_NODES_FOR_ANNEALING {
        let message = format!(
            "--search annealing is limited to {MAX_NODES_FOR_ANNEALING} nodes: the network has {nodes} (hint: --search climb)"
        );
        return Err(Failure::Usage(message));
    }
    Ok(())
}

/// Reads the labels of fixed nodes.
pub(crate) fn read_fixed(
    args: &ConstraintArgs,
    nodes: &NodeTable,
    notes: &mut Notes,
) -> Result<Option<Vec<Option<u32>>>, Failure> {
    let Some(path) = &args.fixed else { return Ok(None) };
    let file = read_metadata(path, nodes)?;
    notes.extend(file.notes);
    let max_size = args.sizes().max as usize;
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    file.categories.iter().flatten().for_each(|&label| *sizes.entry(label).or_default() += 1);
    match sizes.into_values().find(|&size| size > max_size) {
        Some(size) => {
            let message = format!("--fixed has {size} nodes of one label, more than --max-module-size {max_size}");
            Err(Failure::Usage(message))
        }
        None => Ok(Some(file.categories)),
    }
}
