//! What can be typed about the objective, and what it means for the registry.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use mapeq_core::PreferredLevels;
use mapeq_labels::{Labels, Weight};
use serde_json::Value;

use super::headings::OBJECTIVE;
use super::parse::{at_least_zero, finite, up_to_half};
use crate::registry::{MapEquationOptions, ObjectiveOption, ObjectiveOptions};

/// Whether entropies are corrected for their bias.
#[derive(Debug, Args)]
pub(crate) struct EntropyArgs {
    /// Correct the entropy of codebooks for being estimated from few links (map equation)
    #[arg(long, help_heading = OBJECTIVE)]
    entropy_corrected: bool,

    /// Strength of that correction
    #[arg(long, allow_negative_numbers = true, value_name = "C", default_value_t = 1.0, value_parser = at_least_zero,
          requires = "entropy_corrected", help_heading = OBJECTIVE)]
    entropy_correction_strength: f64,
}

impl EntropyArgs {
    /// The strength of the correction, if there is one.
    pub(crate) fn correction(&self) -> Option<f64> {
        self.entropy_corrected.then_some(self.entropy_correction_strength)
    }
}

/// Options of objectives.
#[derive(Debug, Args)]
pub(crate) struct ObjectiveArgs {
    #[command(flatten)]
    pub(crate) entropy: EntropyArgs,

    /// One bit more for every top module more or less than this many (map equation)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = OBJECTIVE)]
    preferred_number_of_modules: Option<u32>,

    /// Lead the search to trees of this many levels, the nodes counted: 2 for modules of nodes. The codelength is not
    /// changed by it, and --two-level has the last word (map equation)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = OBJECTIVE)]
    preferred_number_of_levels: Option<u32>,

    /// How much each level more or less counts; 0: nothing
    #[arg(long, allow_negative_numbers = true, value_name = "S", default_value_t = 1.0, value_parser = at_least_zero,
          requires = "preferred_number_of_levels", help_heading = OBJECTIVE)]
    preferred_number_of_levels_strength: f64,

    /// Categories of nodes, rows of an id and a whole number, that modules pay for mixing (map equation)
    #[arg(long, value_name = "FILE", help_heading = OBJECTIVE)]
    pub(crate) meta_data: Option<PathBuf>,

    /// How much the entropy of the categories in modules counts, in bits per bit
    #[arg(long, allow_negative_numbers = true, value_name = "RATE", default_value_t = 1.0, value_parser = finite,
          requires = "meta_data", help_heading = OBJECTIVE)]
    meta_data_rate: f64,

    /// Count every node as much as any other one in that entropy, not by its flow
    #[arg(long, requires = "meta_data", help_heading = OBJECTIVE)]
    meta_data_unweighted: bool,

    /// How often the types of nodes are taken for each other (bipartite map equation): from 0, codebooks know the
    /// type of the next node, to 0.5, they know nothing of it [default: 0]
    #[arg(long, allow_negative_numbers = true, value_name = "RATE", value_parser = up_to_half,
          help_heading = OBJECTIVE)]
    node_type_flipping_rate: Option<f64>,

    /// Resolution of modularity: above 1, more and smaller modules [default: 1]
    #[arg(long, allow_negative_numbers = true, value_name = "R", value_parser = at_least_zero,
          help_heading = OBJECTIVE)]
    resolution: Option<f64>,
}

impl ObjectiveArgs {
    /// The options of the objective that were given; those that come from files are read already.
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

    /// The same, as far as it is known before files are read.
    pub(crate) fn asked(&self) -> impl Iterator<Item = ObjectiveOption> {
        let metadata = self.meta_data.is_some().then_some(ObjectiveOption::Metadata);
        self.options(None).given().collect::<Vec<_>>().into_iter().chain(metadata)
    }

    /// The labels that categories read for --meta-data are.
    pub(crate) fn labels(&self, categories: &[Option<u32>]) -> Labels {
        let weight = if self.meta_data_unweighted { Weight::Uniform } else { Weight::Flow };
        Labels::categories(categories, self.meta_data_rate, weight)
    }

    /// Whether a number of levels is preferred, which only a search for nested modules knows what to do with.
    pub(crate) fn prefers_levels(&self) -> bool {
        self.preferred_number_of_levels.is_some()
    }

    /// The options of the objective for a summary: names and values.
    pub(crate) fn facts(&self) -> BTreeMap<&'static str, Value> {
        let given = self.asked().flat_map(|option| match option {
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
