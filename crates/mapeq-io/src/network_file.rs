//! Networks from files of any format.

use std::io::Read;
use std::num::NonZeroUsize;
use std::path::Path;

use mapeq_core::{Direction, Network};

use crate::error::ReadError;
use crate::formats::{self, Columns, NetworkFormat};
use crate::path_file;
use crate::source::Source;
use crate::temporal_file::{self, Windows};

/// How a network file is read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOptions {
    /// Whether links in opposite directions are the same link.
    pub direction: Direction,
    /// Whether links from a node to itself are kept.
    pub self_links: bool,
    /// Rows of a smaller weight are ignored, each on its own, before the weights of equal links are summed.
    pub weight_threshold: f64,
    /// Whether every id is text. Otherwise the first row decides: digits mean that all ids are numbers.
    pub string_ids: bool,
    /// Whether ids of states in layers are the same in every network with so many layers; otherwise states are numbered from 0,
    /// by node and then by layer.
    pub matchable_layers: Option<u32>,
    /// The file holds paths, rows of nodes and a weight, and is read as a network of states that remember so many nodes, the one
    /// that is visited included.
    pub path_order: Option<NonZeroUsize>,
    /// The file holds links in time, rows `time source target [weight]`, and is read as a network of layers, one for each of
    /// these windows that has links.
    pub windows: Option<Windows>,
    /// The format; without one, the name of the file tells, or else its content.
    pub format: Option<NetworkFormat>,
    /// The columns of a table that links are read from; without them, the names in its first row tell, or else they are the
    /// first ones.
    pub columns: Option<Columns>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            direction: Direction::Undirected,
            self_links: true,
            weight_threshold: 0.0,
            string_ids: false,
            matchable_layers: None,
            path_order: None,
            windows: None,
            format: None,
            columns: None,
        }
    }
}

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

/// Reads the network in the file at `path`, `-` being standard input. O(input), links being held in 8 bytes each (16
/// with weights) until the network is built from them.
///
/// The format is the one of the options, or that of the name ([`NetworkFormat::of_name`]), or else what the content looks like;
/// snapshots ([`write_snapshot`](crate::write_snapshot)) and gzip, zstd and xz compression are always known by content. Links of
/// weight 0 are ignored and do not create nodes; declared nodes without links are kept.
///
/// A snapshot of directed links can be read as undirected. What it cannot tell any more is refused: directions if it has
/// none, rows lighter than a threshold, numeric ids as text.
///
/// # Errors
/// If the file cannot be read, is not of a known format or holds no node; the first offending line is named.
pub fn read_network(path: &Path, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    read(Source::open(path)?, options)
}

/// Like [`read_network`], from any source of bytes, which error messages call `source_name`.
///
/// # Errors
/// As for [`read_network`].
pub fn read_network_from(
    reader: impl Read + Send,
    source_name: &str,
    options: &ReadOptions,
) -> Result<NetworkFile, ReadError> {
    read(Source::new(reader, Path::new(source_name))?, options)
}

fn read(source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    if let Some(order) = options.path_order {
        path_file::read(source, order.get(), options)
    } else if let Some(windows) = options.windows {
        temporal_file::read(source, windows, options)
    } else {
        formats::read(source, options)
    }
}
