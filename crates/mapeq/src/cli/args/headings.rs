//! Headings of groups of options in the help.

pub(crate) const INPUT: &str = "Input";
pub(crate) const SEARCH: &str = "Search";
pub(crate) const OBJECTIVE: &str = "Objective";
pub(crate) const OUTPUT: &str = "Output";
pub(crate) const GENERAL: &str = "General";
pub(crate) const FLOW: &str = "Flow";
