//! The context that all steps of a search share.

use crate::monitor::Monitor;
use crate::options::SearchOptions;

/// An objective to minimise, how thoroughly to search, and who watches.
///
/// The steps of a search are methods: [`louvain`](Search::louvain), [`tune`](Search::tune),
/// [`recombine`](Search::recombine), [`divide`](Search::divide) and others.
pub struct Search<'a, O> {
    /// The objective that the search minimises.
    pub objective: &'a O,
    /// How thoroughly to search.
    pub options: &'a SearchOptions,
    /// The caller's side of the search.
    pub monitor: &'a dyn Monitor,
}

impl<O> Clone for Search<'_, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O> Copy for Search<'_, O> {}
