//! Options of objectives: each objective tells which it takes, and gets no other.

/// An option that some objectives take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ObjectiveOption {
    /// [`ObjectiveOptions::entropy_correction`]
    EntropyCorrection,
    /// [`ObjectiveOptions::preferred_modules`]
    PreferredModules,
    /// [`ObjectiveOptions::resolution`]
    Resolution,
}

impl ObjectiveOption {
    /// The name under which users know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::EntropyCorrection => "entropy-corrected",
            Self::PreferredModules => "preferred-number-of-modules",
            Self::Resolution => "resolution",
        }
    }
}

/// Values of options; `None` where an objective is to be as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ObjectiveOptions {
    /// Strength of the correction for the bias of entropies estimated from few links; 1 corrects for all of it.
    pub entropy_correction: Option<f64>,
    /// The number of top modules that costs nothing; one bit for each more or less.
    pub preferred_modules: Option<u32>,
    /// γ of modularity: above 1, more and smaller modules.
    pub resolution: Option<f64>,
}

impl ObjectiveOptions {
    /// The options that have a value, and their values.
    pub fn given(&self) -> impl Iterator<Item = (ObjectiveOption, f64)> {
        let Self { entropy_correction, preferred_modules, resolution } = *self;
        let options = [
            (ObjectiveOption::EntropyCorrection, entropy_correction),
            (ObjectiveOption::PreferredModules, preferred_modules.map(f64::from)),
            (ObjectiveOption::Resolution, resolution),
        ];
        options.into_iter().filter_map(|(option, value)| Some((option, value?)))
    }
}
