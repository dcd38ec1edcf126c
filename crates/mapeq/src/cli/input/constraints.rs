//! Options of what the modules must keep to, and of where the search for them starts.

use mapeq_core::{NodeTable, Tree};
use mapeq_io::read_metadata;
use mapeq_search::SizeBounds;

use crate::cli::args::{DemandArgs, Way};
use crate::cli::exit::Failure;
use crate::cli::notes::Notes;
use crate::job::SearchInput;

/// A network of more nodes takes greedy merging hours.
const MOST_NODES_FOR_ANNEALING: usize = 20_000;

/// What was read of the files of [`DemandArgs`] and `--cluster-data`.
pub(crate) struct GivenFiles {
    start: Option<Tree>,
    fixed: Option<Vec<Option<u32>>>,
}

impl GivenFiles {
    pub(crate) fn given(&self) -> SearchInput<'_> {
        SearchInput { start: self.start.as_ref(), fixed: self.fixed.as_deref() }
    }
}

/// Whether the options go together.
pub(crate) fn check(args: &DemandArgs) -> Result<(), Failure> {
    let SizeBounds { min, max } = args.sizes();
    if min > max {
        return Err(Failure::Usage(format!("no module has at least {min} and at most {max} nodes")));
    }
    let others = args.fixed.is_some() || args.sizes() != SizeBounds::default();
    if others && args.search == Way::Annealing {
        return Err(Failure::Usage("--search annealing knows no --fixed nor sizes of modules".to_owned()));
    }
    Ok(())
}

/// Reads what the search is given.
pub(crate) fn read(
    args: &DemandArgs,
    start: Option<Tree>,
    nodes: &NodeTable,
    notes: &mut Notes,
) -> Result<GivenFiles, Failure> {
    if args.search == Way::Annealing && nodes.len() > MOST_NODES_FOR_ANNEALING {
        let nodes = nodes.len();
        let message = format!("--search annealing is for up to {MOST_NODES_FOR_ANNEALING} nodes: these are {nodes}");
        return Err(Failure::Usage(message));
    }
    let mut given = GivenFiles { start, fixed: None };
    if let Some(path) = &args.fixed {
        let file = read_metadata(path, nodes)?;
        file.notes.into_iter().for_each(|note| notes.note(note));
        check_labels(args, &file.categories)?;
        given.fixed = Some(file.categories);
    }
    Ok(given)
}

fn check_labels(args: &DemandArgs, labels: &[Option<u32>]) -> Result<(), Failure> {
    let max = args.sizes().max as usize;
    let mut sizes = std::collections::BTreeMap::new();
    labels.iter().flatten().for_each(|label| *sizes.entry(label).or_insert(0usize) += 1);
    match sizes.into_iter().find(|&(_, size)| size > max) {
        Some((_, size)) => {
            let message = format!("--fixed has {size} nodes of one label, more than --max-module-size {max}");
            Err(Failure::Usage(message))
        }
        None => Ok(()),
    }
}
