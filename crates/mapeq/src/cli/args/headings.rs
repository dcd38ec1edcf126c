//! Headings of the groups of options in the help.

pub(super) const INPUT: &str = "Input";
pub(super) const FLOW: &str = "Flow";
pub(super) const SEARCH: &str = "Search";
pub(super) const OBJECTIVE: &str = "Objective";
pub(super) const OUTPUT: &str = "Output";
pub(super) const GENERAL: &str = "General";
