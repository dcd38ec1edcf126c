use crate::options::FlowModel;

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
    /// The network's links were not read the way the model walks them.
    #[error("the flow model {model} needs a network with {model} links")]
    Direction {
        /// The model that was asked for.
        model: FlowModel,
    },
    /// Teleportation to nodes has nowhere to land.
    #[error("the node weights sum to {0}, so teleportation to nodes has no target")]
    NodeWeights(f64),
    /// There are links, but they carry no flow or too much to count.
    #[error("degenerate flow: the links of the network carry a total flow of {0:e}")]
    Degenerate(f64),
}
