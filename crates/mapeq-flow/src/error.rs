use crate::model::FlowModel;

/// Reason why the flow cannot be computed.
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
    /// Relaxation by divergence needs a relax rate below 1: its weights are relative to those of
    /// the present layer.
    #[error("the relax rate is 1, expected a number below 1 for relaxation by divergence")]
    RelaxRateByDivergence,
    /// The walk cannot relax to self with these options.
    #[error(
        "relaxation to self needs undirected or directed flow with teleportation, and a relax rate: it excludes links \
         between layers, divergence, a prior network, variable Markov time and flow by node weights"
    )]
    RelaxToSelf,
    /// The strength of the prior network is out of range.
    #[error("the regularisation strength is {0}, expected a number greater than 0")]
    Strength(f64),
    /// A parameter of a second-order walk is out of range.
    #[error("the {name} is {number}, expected a number greater than 0")]
    WalkBias {
        /// Name of the parameter.
        name: &'static str,
        /// Value of the parameter.
        number: f64,
    },
    /// The options do not apply to second-order walks.
    #[error(
        "second-order walks need undirected flow, or directed flow with unrecorded teleportation: they exclude a prior \
         network, flow by node weights and variable Markov time"
    )]
    SecondOrderOptions,
    /// The network does not allow second-order walks.
    #[error("second-order walks need a first-order network: this one has state nodes or bipartite features")]
    SecondOrderNetwork,
    /// Links are the states of a second-order walk, and there are too many to be numbered.
    #[error("second-order walks need fewer than 2^31 links, and undirected links count in both directions")]
    TooManyLinks,
    /// Another option is negative, infinite or not a number.
    #[error("the {name} is {number}, expected a number of at least 0")]
    Number {
        /// Name of the option.
        name: &'static str,
        /// Value of the option.
        number: f64,
    },
    /// The direction of the network's links does not fit the flow model.
    #[error("the flow model {model} needs a network with {} links", direction(.model))]
    Direction {
        /// The flow model.
        model: FlowModel,
    },
    /// Node weights cannot be visit rates or teleportation targets.
    #[error("the node weights sum to {0}, so they cannot be shares of the flow")]
    NodeWeights(f64),
    /// The flow model is precomputed, but nodes have no weights.
    #[error(
        "the flow model precomputed uses node weights as flow, and the network has none: expected a weight in the rows \
         of *Vertices"
    )]
    NoNodeWeights,
    /// There are links, but their total flow is zero or not finite.
    #[error("degenerate flow: the links of the network carry a total flow of {0:e}")]
    Degenerate(f64),
    /// No link leads from a feature to a primary node.
    #[error("no link leads from a feature to a primary node: two-step flow needs such links")]
    NoWayBack,
}

fn direction(model: &FlowModel) -> &'static str {
    match model.direction() {
        mapeq_core::Direction::Undirected => "undirected",
        mapeq_core::Direction::Directed => "directed",
    }
}
