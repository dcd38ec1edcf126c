//! The commands of the program.

pub(crate) mod cluster;
pub(crate) mod compare;
pub(crate) mod convert;
mod every_trial;
pub(crate) mod flow;
pub(crate) mod objectives;
pub(crate) mod overlap;
mod run_report;
pub(crate) mod score;
pub(crate) mod shell;
