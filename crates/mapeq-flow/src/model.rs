use mapeq_core::Direction;

/// How the random walk uses the links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowModel {
    /// In both directions, with probabilities in proportion to the weights.
    #[default]
    Undirected,
    /// From source to target, with teleportation.
    Directed,
    /// One step from source to target, from the flow of the undirected walk.
    UndirDir,
    /// One step from source to target, from nodes visited in proportion to the weight of their
    /// out-links. Gives the same flow as [`UndirDir`](Self::UndirDir).
    OutDirDir,
    /// Each link carries its share of the total weight from source to target. Gives the same flow
    /// as [`UndirDir`](Self::UndirDir).
    RawDir,
    /// Each link carries its weight from source to target, and nodes are visited in proportion to
    /// their weights.
    Precomputed,
}

impl FlowModel {
    /// All models, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Undirected, Self::Directed, Self::UndirDir, Self::OutDirDir, Self::RawDir, Self::Precomputed];

    /// Returns the direction of the links in networks for this model.
    pub fn direction(self) -> Direction {
        match self {
            Self::Undirected => Direction::Undirected,
            _ => Direction::Directed,
        }
    }

    /// Returns the model of the walk on expanded layers ([`expand_layers`](crate::expand_layers)):
    /// links between states have a direction, even if those in layers have none.
    pub fn between_layers(self) -> Self {
        match self {
            Self::Undirected | Self::UndirDir => Self::Directed,
            other => other,
        }
    }

    /// Returns whether the flow can be regularised.
    pub fn has_regularization(self) -> bool {
        matches!(self, Self::Undirected | Self::Directed)
    }
}

impl std::fmt::Display for FlowModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Undirected => "undirected",
            Self::Directed => "directed",
            Self::UndirDir => "undirdir",
            Self::OutDirDir => "outdirdir",
            Self::RawDir => "rawdir",
            Self::Precomputed => "precomputed",
        })
    }
}
