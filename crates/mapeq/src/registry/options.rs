//! Options of objectives: each objective tells which it takes, and gets no other.
//!
//! Some carry data about the nodes, and so are known only once the network is. Which options are asked for is known before.

use mapeq_core::PreferredLevels;
use mapeq_labels::Labels;

/// An option that some objectives take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ObjectiveOption {
    /// [`MapEquationOptions::entropy_correction`]
    EntropyCorrection,
    /// [`MapEquationOptions::preferred_modules`]
    PreferredModules,
    /// [`MapEquationOptions::preferred_levels`]
    PreferredLevels,
    /// [`MapEquationOptions::metadata`]
    Metadata,
    /// [`ObjectiveOptions::flipping_rate`]
    FlippingRate,
    /// [`ObjectiveOptions::resolution`]
    Resolution,
}

impl ObjectiveOption {
    /// The name under which users know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::EntropyCorrection => "entropy-corrected",
            Self::PreferredModules => "preferred-number-of-modules",
            Self::PreferredLevels => "preferred-number-of-levels",
            Self::Metadata => "meta-data",
            Self::FlippingRate => "node-type-flipping-rate",
            Self::Resolution => "resolution",
        }
    }
}

/// Variants of the map equation. They can be combined.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapEquationOptions {
    /// Strength of the correction for the bias of entropies estimated from few links; 1 corrects for all of it.
    pub entropy_correction: Option<f64>,
    /// The number of top modules that costs nothing; one bit for each more or less.
    pub preferred_modules: Option<u32>,
    /// The number of levels that nodes should have, themselves counted. No part of a score, but of what trees are compared by.
    pub preferred_levels: Option<PreferredLevels>,
    /// Categories of the nodes, which modules pay for mixing: see [`Labels::categories`].
    pub metadata: Option<Labels>,
}

/// Values of the options of all objectives; `None` for the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectiveOptions {
    /// Variants of the map equation.
    pub map_equation: MapEquationOptions,
    /// How often the types of nodes are taken for each other, from 0 to 0.5: the less, the more codebooks know.
    pub flipping_rate: Option<f64>,
    /// γ of modularity: above 1, more and smaller modules.
    pub resolution: Option<f64>,
}

impl ObjectiveOptions {
    /// The options that have a value.
    pub fn given(&self) -> impl Iterator<Item = ObjectiveOption> {
        let Self { map_equation, flipping_rate, resolution } = self;
        let MapEquationOptions { entropy_correction, preferred_modules, preferred_levels, metadata } = map_equation;
        let options = [
            (ObjectiveOption::EntropyCorrection, entropy_correction.is_some()),
            (ObjectiveOption::PreferredModules, preferred_modules.is_some()),
            (ObjectiveOption::PreferredLevels, preferred_levels.is_some()),
            (ObjectiveOption::Metadata, metadata.is_some()),
            (ObjectiveOption::FlippingRate, flipping_rate.is_some()),
            (ObjectiveOption::Resolution, resolution.is_some()),
        ];
        options.into_iter().filter_map(|(option, given)| given.then_some(option))
    }
}
