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
    /// One step from source to target, from nodes visited in proportion to the weight of their out-links. The same
    /// numbers as [`UndirDir`](Self::UndirDir).
    OutDirDir,
    /// Each link carries its share of the total weight from source to target. The same numbers as
    /// [`UndirDir`](Self::UndirDir).
    RawDir,
    /// Each link carries its weight from source to target, and nodes are visited in proportion to their weights.
    Precomputed,
}

impl FlowModel {
    /// All models, in the order in which they are listed to a person.
    pub const ALL: [Self; 6] =
        [Self::Undirected, Self::Directed, Self::UndirDir, Self::OutDirDir, Self::RawDir, Self::Precomputed];

    /// The direction of the links in the networks of this model.
    pub fn direction(self) -> Direction {
        match self {
            Self::Undirected => Direction::Undirected,
            _ => Direction::Directed,
        }
    }

    /// The model of the walk between layers that are joined: links between states have a direction, whether those in layers have
    /// one or not.
    pub fn between_layers(self) -> Self {
        match self {
            Self::Undirected | Self::UndirDir => Self::Directed,
            other => other,
        }
    }

    /// Whether the flow can be regularised.
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
