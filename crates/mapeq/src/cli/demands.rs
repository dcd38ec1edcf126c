//! Options of what the modules must keep to, and of where the search for them starts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mapeq_core::{NodeTable, Tree};
use mapeq_io::read_metadata;
use mapeq_search::Sizes;

use super::args::SEARCH;
use super::exit::Failure;
use super::input::Notes;
use crate::job::SearchInput;
use crate::registry::SearchMethod;

/// What modules must keep to.
#[derive(Debug, Args)]
pub(super) struct DemandArgs {
    /// Nodes with labels (rows `id number`): those of the same label stay together in the modules that hold nodes, those of
    /// different labels apart
    #[arg(long, value_name = "FILE", help_heading = SEARCH)]
    pub(super) fixed: Option<PathBuf>,

    /// No fewer nodes in a module that holds nodes, where nodes can be moved to it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = SEARCH)]
    min_module_size: Option<u32>,

    /// No more nodes in a module that holds nodes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = SEARCH)]
    max_module_size: Option<u32>,

    /// Way to search for flat modules, which others are then nested from; annealing (greedy merging, then simulated
    /// annealing) is for small networks
    #[arg(long, value_name = "WAY", default_value = "climb", help_heading = SEARCH)]
    search: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Way {
    Climb,
    Annealing,
}

/// A network of more nodes takes greedy merging hours.
const MOST_NODES_FOR_ANNEALING: usize = 20_000;

/// What was read of the files of [`DemandArgs`] and `--cluster-data`.
pub(super) struct GivenFiles {
    start: Option<Tree>,
    fixed: Option<Vec<Option<u32>>>,
}

impl GivenFiles {
    pub(super) fn given(&self) -> SearchInput<'_> {
        SearchInput { start: self.start.as_ref(), fixed: self.fixed.as_deref() }
    }
}

impl DemandArgs {
    /// The way to search.
    pub(super) fn method(&self) -> SearchMethod {
        match self.search {
            Way::Climb => SearchMethod::Louvain,
            Way::Annealing => SearchMethod::Annealing,
        }
    }

    /// The bounds of sizes.
    pub(super) fn sizes(&self) -> Sizes {
        let default = Sizes::default();
        Sizes {
            least: self.min_module_size.unwrap_or(default.least),
            most: self.max_module_size.unwrap_or(default.most),
        }
    }

    /// Whether the options go together.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let Sizes { least, most } = self.sizes();
        if least > most {
            return Err(Failure::Usage(format!("no module has at least {least} and at most {most} nodes")));
        }
        let others = self.fixed.is_some() || self.sizes() != Sizes::default();
        if others && self.search == Way::Annealing {
            return Err(Failure::Usage("--search annealing knows no --fixed nor sizes of modules".to_owned()));
        }
        Ok(())
    }

    /// Reads what the search is given.
    pub(super) fn read(
        &self,
        start: Option<Tree>,
        nodes: &NodeTable,
        notes: &mut Notes,
    ) -> Result<GivenFiles, Failure> {
        if self.search == Way::Annealing && nodes.len() > MOST_NODES_FOR_ANNEALING {
            let nodes = nodes.len();
            let message =
                format!("--search annealing is for up to {MOST_NODES_FOR_ANNEALING} nodes: these are {nodes}");
            return Err(Failure::Usage(message));
        }
        let mut given = GivenFiles { start, fixed: None };
        if let Some(path) = &self.fixed {
            let file = read_metadata(path, nodes)?;
            file.notes.into_iter().for_each(|note| notes.note(note));
            self.check_labels(&file.categories)?;
            given.fixed = Some(file.categories);
        }
        Ok(given)
    }

    fn check_labels(&self, labels: &[Option<u32>]) -> Result<(), Failure> {
        let most = self.sizes().most as usize;
        let mut sizes = std::collections::BTreeMap::new();
        labels.iter().flatten().for_each(|label| *sizes.entry(label).or_insert(0usize) += 1);
        match sizes.into_iter().find(|&(_, size)| size > most) {
            Some((_, size)) => {
                let message = format!("--fixed has {size} nodes of one label, more than --max-module-size {most}");
                Err(Failure::Usage(message))
            }
            None => Ok(()),
        }
    }
}
