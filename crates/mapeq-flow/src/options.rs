use mapeq_core::Direction;

use crate::error::FlowError;

/// How the random walk uses the links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowModel {
    /// In both directions, with probabilities in proportion to the weights.
    #[default]
    Undirected,
    /// From source to target, with teleportation.
    Directed,
}

impl FlowModel {
    /// The direction of the links in the networks of this model.
    pub fn direction(self) -> Direction {
        match self {
            Self::Undirected => Direction::Undirected,
            Self::Directed => Direction::Directed,
        }
    }
}

impl std::fmt::Display for FlowModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Undirected => "undirected",
            Self::Directed => "directed",
        })
    }
}

/// Where a walk on directed links teleports to, how often, and whether these steps are coded.
///
/// Lambiotte & Rosvall, Physical Review E 2012, doi:10.1103/PhysRevE.85.056107.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TeleportationOptions {
    /// Probability of teleporting in a step from a node with out-links; 1 from every other node.
    pub probability: f64,
    /// Whether teleportation steps are coded. If not, they serve to find the visit rates only, and the flow is
    /// that of one step along the links.
    pub recorded: bool,
    /// Whether the walk lands on nodes in proportion to their weights. If not, it lands on the links: at their
    /// source if unrecorded, at their target if recorded, in proportion to the weights.
    pub to_nodes: bool,
}

impl Default for TeleportationOptions {
    fn default() -> Self {
        Self { probability: 0.15, recorded: false, to_nodes: false }
    }
}

/// How to compute the flow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowOptions {
    /// How the walk uses the links.
    pub model: FlowModel,
    /// Teleportation; matters only to directed flow.
    pub teleportation: TeleportationOptions,
    /// Largest acceptable error of directed flow, summed over the nodes, in visits per step. The iteration stops
    /// below it, or where rounding allows no further progress.
    pub tolerance: f64,
    /// Largest number of sweeps over the links, at least one; `None` for the built-in cap of 10 000.
    pub max_iterations: Option<usize>,
}

impl Default for FlowOptions {
    fn default() -> Self {
        Self {
            model: FlowModel::default(),
            teleportation: TeleportationOptions::default(),
            tolerance: 1e-12,
            max_iterations: None,
        }
    }
}

impl FlowOptions {
    /// Checks that every number is in its range.
    ///
    /// # Errors
    /// If the teleportation probability is outside of [0, 1] or the tolerance is negative or not a number.
    pub fn validate(&self) -> Result<(), FlowError> {
        let probability = self.teleportation.probability;
        if !(0.0..=1.0).contains(&probability) {
            return Err(FlowError::Probability(probability));
        }
        if self.tolerance.is_nan() || self.tolerance < 0.0 {
            return Err(FlowError::Tolerance(self.tolerance));
        }
        Ok(())
    }
}
