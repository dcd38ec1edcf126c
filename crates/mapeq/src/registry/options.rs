//! Options of objectives.
//!
//! Names and values are separate types: the names that a user gives are available before the
//! network is read, while values such as categories of nodes need the network.

use mapeq_core::PreferredLevels;
use mapeq_labels::Labels;

/// The name of an option that some objectives take.
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
    /// Returns the name that users type, without leading dashes.
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
    /// Strength of the correction for the bias of entropies estimated from few links; 1 corrects
    /// the whole bias.
    pub entropy_correction: Option<f64>,
    /// Preferred number of top modules. Each module more or less costs one bit.
    pub preferred_modules: Option<u32>,
    /// Preferred number of levels, nodes included. It affects which tree is selected, not the
    /// reported score.
    pub preferred_levels: Option<PreferredLevels>,
    /// Categories of the nodes. Modules pay for mixing them: see [`Labels::categories`].
    pub metadata: Option<Labels>,
}

/// Values of the options of all objectives; `None` for the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectiveOptions {
    /// Variants of the map equation.
    pub map_equation: MapEquationOptions,
    /// Rate at which the types of nodes are confused, from 0 (codebooks use the types fully) to 0.5
    /// (not at all).
    pub flipping_rate: Option<f64>,
    /// Resolution γ of modularity. Above 1, modules are smaller and more numerous.
    pub resolution: Option<f64>,
}

impl ObjectiveOptions {
    /// Returns the names of the options that have a value.
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
