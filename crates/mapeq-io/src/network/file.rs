//! A network with notes on what was read.

use mapeq_core::{Direction, Network};

/// A network as read from a file.
#[derive(Clone, Debug)]
pub struct NetworkFile {
    /// The network.
    pub network: Network,
    /// What was ignored or repaired, one sentence each, for the user to see.
    pub notes: Vec<String>,
    /// Whether links have a direction, as far as the file tells: by `*Arcs` or `*Edges`, by the attributes of documents, by the
    /// symmetry of matrices. `None` if it tells nothing or both. It does not change how links are read.
    pub directed_hint: Option<Direction>,
}
