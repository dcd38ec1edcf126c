//! The levels of a search: nodes or modules as units, their couplings, and their order in memory.

pub(crate) mod consolidation;
pub(crate) mod grouping;
pub(crate) mod layout;
pub(crate) mod reorder;
pub(crate) mod unit_constraints;
pub(crate) mod units;
