//! Local moving: units join the module that lowers the objective most.

pub(crate) mod assignment;
pub(crate) mod batches;
pub(crate) mod best_move;
pub(crate) mod local_moving;
pub(crate) mod move_pass;
pub(crate) mod parts;
pub(crate) mod queue;
pub(crate) mod regions;
pub(crate) mod revisit_filter;
