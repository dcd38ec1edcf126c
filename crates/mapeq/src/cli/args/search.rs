//! What is minimised, from which seed.

use clap::{ArgAction, Args};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::SearchOptions;

use super::headings::{OBJECTIVE, SEARCH};
use super::objective::ObjectiveArgs;

/// What is minimised, from which seed.
#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// Seed of the first trial; then one more each
    #[arg(short, long, value_name = "N", default_value_t = 123, help_heading = SEARCH)]
    pub(crate) seed: u64,

    /// What to minimise; `mapeq objectives` lists them
    #[arg(long, value_name = "NAME", default_value = "map-equation", help_heading = SEARCH)]
    pub(crate) objective: String,

    /// Take less time for a worse tree: -F fewer attempts and less tuning of the levels, -FF no modules but those of
    /// the flat partition, grouped; -FFF does what -FF does
    #[arg(short = 'F', long, action = ArgAction::Count, help_heading = SEARCH)]
    fast_hierarchical_solution: u8,

    #[command(flatten)]
    pub(crate) of_objective: ObjectiveArgs,

    /// Do not fall back to one module where that is shorter than the modules found
    #[arg(long, help_heading = OBJECTIVE)]
    prefer_modular_solution: bool,
}

impl SearchArgs {
    /// How to search.
    pub(crate) fn options(&self) -> MultilevelOptions {
        let default = MultilevelOptions::default();
        let two_level = SearchOptions { allow_one_module: !self.prefer_modular_solution, ..default.two_level };
        MultilevelOptions { two_level, fast: self.fast_hierarchical_solution, ..default }
    }

    /// Options that were given although they are about searching.
    pub(crate) fn without_search(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            (self.prefer_modular_solution, "--prefer-modular-solution"),
            (self.fast_hierarchical_solution > 0, "--fast-hierarchical-solution"),
            (self.of_objective.prefers_levels(), "--preferred-number-of-levels"),
        ];
        given.into_iter().filter_map(|(given, option)| given.then_some(option))
    }
}
