//! A network as read from a file.

use mapeq_core::{Direction, Network};

/// A network and notes on how it was read.
#[derive(Clone, Debug)]
pub struct NetworkFile {
    /// The network.
    pub network: Network,
    /// Notes for the user on ignored or repaired input, one sentence each.
    pub notes: Vec<String>,
    /// Direction of links according to the file: headings `*Arcs` or `*Edges`, attributes of
    /// documents, or symmetry of matrices. `None` if the file is silent or ambiguous. This hint
    /// does not change how links are read.
    pub directed_hint: Option<Direction>,
}
