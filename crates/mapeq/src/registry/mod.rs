//! The registry of objectives: a program offers objectives by name, including those of other
//! crates.
//!
//! Each objective of this crate has its own file, with its options, its search and its score.

mod bipartite;
mod custom;
mod map_equation;
mod modularity;
mod objective;
mod options;
mod preferred_modules;
mod random_candidates;
mod score;
mod trial;

use std::ops::Deref;

use mapeq_twolevel::Modularity;

pub use self::bipartite::RegisteredBipartite;
pub use self::custom::{Multilevel, TwoLevel};
pub use self::map_equation::RegisteredMapEquation;
pub use self::objective::{RegisteredObjective, SearchMethod, TrialRequest};
pub use self::options::{MapEquationOptions, ObjectiveOption, ObjectiveOptions};
pub(crate) use self::random_candidates::with_random_candidates;
pub use self::score::{Score, relative_savings};

/// Objectives that a program offers, in order. The first one is the default.
pub struct Registry {
    objectives: Vec<Box<dyn RegisteredObjective>>,
}

/// Error returned when an objective cannot be selected by name and options.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// No objective has this name.
    #[error("unknown objective {name:?}: expected {}", .known.join(" or "))]
    Unknown {
        /// Requested name.
        name: String,
        /// Registered names.
        known: Vec<String>,
    },
    /// The objective does not take a given option.
    #[error("the objective {objective} takes no --{} (hint: `mapeq objectives` lists the options of each objective)", .option.name())]
    Option {
        /// Name of the objective.
        objective: String,
        /// Rejected option.
        option: ObjectiveOption,
    },
}

/// An objective from a registry, with or without options.
pub enum SelectedObjective<'a> {
    /// The objective as registered.
    Registered(&'a dyn RegisteredObjective),
    /// The objective with options.
    Configured(Box<dyn RegisteredObjective>),
}

impl<'a> Deref for SelectedObjective<'a> {
    type Target = dyn RegisteredObjective + 'a;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Registered(objective) => *objective,
            Self::Configured(objective) => &**objective,
        }
    }
}

impl Registry {
    /// Returns the objectives of this crate: the map equation, the bipartite map equation, and
    /// modularity for comparison.
    pub fn standard() -> Self {
        let mut registry = Self { objectives: Vec::new() };
        registry.add(RegisteredMapEquation::default());
        registry.add(RegisteredBipartite::default());
        registry.add(modularity::RegisteredModularity(Modularity { resolution: 1.0 }));
        registry
    }

    /// Adds an objective.
    ///
    /// # Panics
    /// If an objective of the same name is registered.
    pub fn add(&mut self, objective: impl RegisteredObjective + 'static) {
        let name = objective.name();
        assert!(self.find(name).is_none(), "an objective named {name:?} is registered already");
        self.objectives.push(Box::new(objective));
    }

    /// Returns the objective named `name`, if it is registered.
    pub fn find(&self, name: &str) -> Option<&dyn RegisteredObjective> {
        self.iter().find(|objective| objective.name() == name)
    }

    /// Returns the objective named `name` with `options`.
    ///
    /// # Errors
    /// If the name is unknown, or if the objective does not take one of the options that have a
    /// value.
    pub fn configure(&self, name: &str, options: &ObjectiveOptions) -> Result<SelectedObjective<'_>, ChoiceError> {
        let objective = self.lookup(name, options.given())?;
        let configured = options.given().next().and_then(|_| objective.with_options(options));
        Ok(configured.map_or(SelectedObjective::Registered(objective), SelectedObjective::Configured))
    }

    /// Returns the objective named `name` as registered, if it takes all of `options`. Checks a
    /// selection before the values of the options are available.
    ///
    /// # Errors
    /// As [`configure`](Self::configure).
    pub fn lookup(
        &self,
        name: &str,
        mut options: impl Iterator<Item = ObjectiveOption>,
    ) -> Result<&dyn RegisteredObjective, ChoiceError> {
        let Some(objective) = self.find(name) else {
            let known = self.iter().map(|objective| objective.name().to_owned()).collect();
            return Err(ChoiceError::Unknown { name: name.to_owned(), known });
        };
        match options.find(|option| !objective.options().contains(option)) {
            None => Ok(objective),
            Some(option) => Err(ChoiceError::Option { objective: name.to_owned(), option }),
        }
    }

    /// Returns all objectives, in the order of registration.
    pub fn iter(&self) -> impl Iterator<Item = &dyn RegisteredObjective> {
        self.objectives.iter().map(|objective| &**objective)
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::standard()
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(RegisteredObjective::name)).finish()
    }
}
