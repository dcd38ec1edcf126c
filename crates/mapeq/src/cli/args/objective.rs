//! The objective and its options.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use mapeq_core::PreferredLevels;
use mapeq_labels::{Labels, Weight};
use serde_json::Value;

use super::headings::OBJECTIVE;
use super::parse::{at_least_zero, finite, up_to_half};
use crate::registry::{MapEquationOptions, ObjectiveOption, ObjectiveOptions};

/// Correction of entropies for small-sample bias.
#[derive(Debug, Args)]
#[command(next_help_heading = OBJECTIVE)]
pub(crate) struct EntropyArgs {
    /// Correct codebook entropies for their bias in networks with few links (map equation)
    #[arg(long)]
    entropy_corrected: bool,

    /// Strength of the entropy correction
    #[arg(long, allow_negative_numbers = true, value_name = "C", default_value_t = 1.0, value_parser = at_least_zero,
          requires = "entropy_corrected")]
    entropy_correction_strength: f64,
}

impl EntropyArgs {
    /// Returns the strength of the correction, if there is one.
    pub(crate) fn correction(&self) -> Option<f64> {
        self.entropy_corrected.then_some(self.entropy_correction_strength)
    }
}

/// The objective and its options.
#[derive(Debug, Args)]
#[command(next_help_heading = OBJECTIVE)]
pub(crate) struct ObjectiveArgs {
    /// Objective to minimise; `mapeq objectives` lists all
    #[arg(long, value_name = "NAME", default_value = "map-equation")]
    pub(crate) objective: String,

    #[command(flatten)]
    pub(crate) entropy: EntropyArgs,

    /// Add one bit for every top module above or below N (map equation)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    preferred_number_of_modules: Option<u32>,

    /// Prefer trees of N levels, the level of nodes included; 2 is a flat partition (map equation)
    ///
    /// Codelengths do not change, and --two-level takes precedence.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    preferred_number_of_levels: Option<u32>,

    /// Weight of every level above or below the preferred number (0: no preference)
    #[arg(long, allow_negative_numbers = true, value_name = "S", default_value_t = 1.0, value_parser = at_least_zero,
          requires = "preferred_number_of_levels")]
    preferred_number_of_levels_strength: f64,

    /// Categories of nodes (rows `id number`); modules pay for mixing them (map equation)
    #[arg(long, value_name = "FILE")]
    pub(crate) meta_data: Option<PathBuf>,

    /// Weight of the entropy of categories, in bits per bit
    #[arg(long, allow_negative_numbers = true, value_name = "RATE", default_value_t = 1.0, value_parser = finite,
          requires = "meta_data")]
    meta_data_rate: f64,

    /// Weight all nodes equally in the entropy of categories, instead of by their flow
    #[arg(long, requires = "meta_data")]
    meta_data_unweighted: bool,

    /// Probability of mistaking the type of a node, from 0 (codebooks depend on the type) to 0.5
    /// (types are ignored) (bipartite map equation) [default: 0]
    #[arg(long, allow_negative_numbers = true, value_name = "RATE", value_parser = up_to_half)]
    node_type_flipping_rate: Option<f64>,

    /// Resolution of modularity; values above 1 give more and smaller modules [default: 1]
    #[arg(long, allow_negative_numbers = true, value_name = "R", value_parser = at_least_zero)]
    resolution: Option<f64>,
}

impl ObjectiveArgs {
    /// Returns the options of the objective. `metadata` comes from the file of `--meta-data`.
    pub(crate) fn options(&self, metadata: Option<Labels>) -> ObjectiveOptions {
        let strength = self.preferred_number_of_levels_strength;
        let map_equation = MapEquationOptions {
            entropy_correction: self.entropy.correction(),
            preferred_modules: self.preferred_number_of_modules,
            preferred_levels: self.preferred_number_of_levels.map(|levels| PreferredLevels { levels, strength }),
            metadata,
        };
        ObjectiveOptions { map_equation, flipping_rate: self.node_type_flipping_rate, resolution: self.resolution }
    }

    /// Returns the options that are given, before any file is read.
    pub(crate) fn given(&self) -> impl Iterator<Item = ObjectiveOption> {
        let metadata = self.meta_data.is_some().then_some(ObjectiveOption::Metadata);
        self.options(None).given().collect::<Vec<_>>().into_iter().chain(metadata)
    }

    /// Returns the labels for the categories of `--meta-data`.
    pub(crate) fn labels(&self, categories: &[Option<u32>]) -> Labels {
        let weight = if self.meta_data_unweighted { Weight::Uniform } else { Weight::Flow };
        Labels::categories(categories, self.meta_data_rate, weight)
    }

    /// Returns whether a number of levels is preferred, which has an effect on searches for nested
    /// modules only.
    pub(crate) fn prefers_levels(&self) -> bool {
        self.preferred_number_of_levels.is_some()
    }

    /// Returns the names and values of the options, for the JSON summary.
    pub(crate) fn facts(&self) -> BTreeMap<&'static str, Value> {
        let given = self.given().flat_map(|option| match option {
            ObjectiveOption::EntropyCorrection => {
                vec![(option.name(), self.entropy.entropy_correction_strength.into())]
            }
            ObjectiveOption::PreferredModules => {
                vec![(option.name(), self.preferred_number_of_modules.map(f64::from).into())]
            }
            ObjectiveOption::PreferredLevels => vec![
                (option.name(), self.preferred_number_of_levels.map(f64::from).into()),
                ("preferred-number-of-levels-strength", self.preferred_number_of_levels_strength.into()),
            ],
            ObjectiveOption::Metadata => vec![
                (option.name(), self.meta_data.as_ref().map(|path| path.display().to_string()).into()),
                ("meta-data-rate", self.meta_data_rate.into()),
                ("meta-data-unweighted", self.meta_data_unweighted.into()),
            ],
            ObjectiveOption::FlippingRate => vec![(option.name(), self.node_type_flipping_rate.into())],
            ObjectiveOption::Resolution => vec![(option.name(), self.resolution.into())],
        });
        given.collect()
    }
}
