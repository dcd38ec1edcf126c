use crate::model::FlowModel;

/// Why there is no flow.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// The teleportation probability is not a probability.
    #[error("the teleportation probability is {0}, expected a number between 0 and 1")]
    Probability(f64),
    /// The tolerance is negative or not a number.
    #[error("the flow tolerance is {0}, expected a number of at least 0")]
    Tolerance(f64),
    /// The damping of variable Markov time is out of range.
    #[error("the damping of the Markov time is {0}, expected a number between 0 and 1")]
    Damping(f64),
    /// The relax rate is not a probability.
    #[error("the relax rate is {0}, expected a number between 0 and 1")]
    RelaxRate(f64),
    /// Relaxing by divergence is relative to staying in the layer.
    #[error("the relax rate is 1, expected a number below 1 for relaxing by divergence")]
    RelaxRateByDivergence,
    /// Relaxing to self is known of some walks only.
    #[error(
        "relaxing to self is known of undirected and directed walks that teleport, at a rate alone: without links between layers, \
         divergence, prior network, variable Markov time and flow by node weights"
    )]
    RelaxToSelf,
    /// The strength of the prior network is out of range.
    #[error("the regularisation strength is {0}, expected a number greater than 0")]
    Strength(f64),
    /// A parameter of a walk that remembers is out of range.
    #[error("the {name} is {number}, expected a number greater than 0")]
    WalkBias {
        /// Which one.
        name: &'static str,
        /// What it was.
        number: f64,
    },
    /// A walk that remembers is asked for more than it can.
    #[error(
        "walks that remember are undirected or directed, with teleportation that is not coded, and without prior \
         network, node weights as flow and variable Markov time"
    )]
    SecondOrderOptions,
    /// A walk that remembers is asked for on states or features.
    #[error("walks that remember are known of ordinary nodes, and these are states or features")]
    SecondOrderNetwork,
    /// Links are states of a walk that remembers, and there are more than can be numbered.
    #[error(
        "there are 2^31 links or more, those without a direction counted both ways: too many for a walk that remembers them"
    )]
    TooManyLinks,
    /// Another option is negative, infinite or not a number.
    #[error("the {name} is {number}, expected a number of at least 0")]
    Number {
        /// What it is.
        name: &'static str,
        /// What it was.
        number: f64,
    },
    /// The network's links were not read the way the model walks them.
    #[error("the flow model {model} needs a network with {} links", direction(.model))]
    Direction {
        /// The model that was asked for.
        model: FlowModel,
    },
    /// Nodes are to be visited or teleported to in proportion to weights that do not allow it.
    #[error("the node weights sum to {0}, so they cannot be shares of the flow")]
    NodeWeights(f64),
    /// The flow of nodes is precomputed, but not given.
    #[error(
        "the flow model precomputed takes the flow of nodes from their weights, and the network has none: expected a \
         weight in the rows of *Vertices"
    )]
    NoNodeWeights,
    /// There are links, but they carry no flow or too much to count.
    #[error("degenerate flow: the links of the network carry a total flow of {0:e}")]
    Degenerate(f64),
    /// No link leads from a feature to a primary node.
    #[error("no link leads from a feature to a primary node, so a walk in two steps gets nowhere")]
    NoWayBack,
}

fn direction(model: &FlowModel) -> &'static str {
    match model.direction() {
        mapeq_core::Direction::Undirected => "undirected",
        mapeq_core::Direction::Directed => "directed",
    }
}
