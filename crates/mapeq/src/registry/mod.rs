//! Objectives by name, so that a program can offer more than it was compiled to know.
//!
//! An objective that comes with the program has a file of its own here: what it takes, how it is searched for and scored.

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

/// The objectives of a program. The first one is the default.
pub struct Registry {
    objectives: Vec<Box<dyn RegisteredObjective>>,
}

/// Why there is no objective of a name with some options.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// No objective has this name.
    #[error("unknown objective {name:?}: expected {}", .known.join(" or "))]
    Unknown {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// The objective does not take an option that has a value.
    #[error("the objective {objective} takes no --{} (hint: `mapeq objectives` tells which objective takes what)", .option.name())]
    Option {
        /// Name of the objective.
        objective: String,
        /// The option.
        option: ObjectiveOption,
    },
}

/// An objective as registered, or with options.
pub enum SelectedObjective<'a> {
    /// As it is.
    Registered(&'a dyn RegisteredObjective),
    /// With options.
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
    /// The objectives of this workspace: the map equation, that of node types, and modularity to compare with.
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
    /// If there is one of the same name.
    pub fn add(&mut self, objective: impl RegisteredObjective + 'static) {
        let name = objective.name();
        assert!(self.find(name).is_none(), "an objective named {name:?} is registered already");
        self.objectives.push(Box::new(objective));
    }

    /// The objective named `name`.
    pub fn find(&self, name: &str) -> Option<&dyn RegisteredObjective> {
        self.iter().find(|objective| objective.name() == name)
    }

    /// The objective named `name` with `options`.
    ///
    /// # Errors
    /// If there is none of that name, or if it does not take one of the options that have a value.
    pub fn configure(&self, name: &str, options: &ObjectiveOptions) -> Result<SelectedObjective<'_>, ChoiceError> {
        let objective = self.lookup(name, options.given())?;
        let configured = options.given().next().and_then(|_| objective.with_options(options));
        Ok(configured.map_or(SelectedObjective::Registered(objective), SelectedObjective::Configured))
    }

    /// The objective named `name` as registered, if it takes all of `options`: what is known of a choice before the values of
    /// the options are.
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

    /// All objectives, in the order in which they were added.
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
