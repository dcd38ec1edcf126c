//! The context that all steps of a multilevel search share.

use mapeq_core::{FlowNetwork, HierarchicalObjective, NestedObjective};
use mapeq_search::{Monitor, Search, SearchOptions, Units};

use crate::options::MultilevelOptions;

/// Context of a search for a tree: the objective, the units, the options and the monitor.
pub(crate) struct TreeSearch<'a, O: NestedObjective> {
    pub objective: &'a O,
    pub units: Units<'a, O>,
    pub options: &'a MultilevelOptions,
    pub monitor: &'a dyn Monitor,
}

impl<O: NestedObjective> Clone for TreeSearch<'_, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O: NestedObjective> Copy for TreeSearch<'_, O> {}

impl<'a, O: NestedObjective> TreeSearch<'a, O> {
    /// Creates the context for a tree of the nodes of `network`. `level` must be the level of
    /// `objective` on `network`.
    pub fn new(
        network: &'a FlowNetwork,
        level: &'a O::Level,
        objective: &'a O,
        options: &'a MultilevelOptions,
        monitor: &'a dyn Monitor,
    ) -> Self {
        Self { objective, units: Units::new(&network.couplings, level), options, monitor }
    }

    /// Returns the search for flat partitions with the same objective and monitor.
    pub fn flat<'b>(&self, options: &'b SearchOptions) -> Search<'b, O>
    where
        'a: 'b,
    {
        Search { objective: self.objective, options, monitor: self.monitor }
    }

    /// Returns whether the objective prefers a number of levels.
    pub fn prefers_levels(&self) -> bool {
        self.objective.flow().preferred_levels().is_some()
    }
}
