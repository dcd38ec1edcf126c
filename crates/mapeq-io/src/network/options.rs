//! Options of network readers.

use std::num::NonZeroUsize;

use mapeq_core::Direction;

use crate::network::format::NetworkFormat;
use crate::scan::columns::Columns;

/// Options for reading a network file.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOptions {
    /// Whether links are directed or undirected.
    pub direction: Direction,
    /// Whether self-links are kept.
    pub self_links: bool,
    /// Rows with a smaller weight are ignored, before the weights of equal links are summed.
    pub weight_threshold: f64,
    /// Whether all ids are read as text. Otherwise the first row decides: digits make all ids
    /// numbers.
    pub string_ids: bool,
    /// If set, ids of states in layers match across all networks with at most this number of
    /// layers. Otherwise states are numbered from 0 by node, then by layer.
    pub matchable_layers: Option<u32>,
    /// If set, the file holds paths and is read as a network of this order: states remember this
    /// number of nodes, including the current one.
    pub path_order: Option<NonZeroUsize>,
    /// If set, the file holds temporal links in rows `time source target [weight]`. Every window
    /// with links becomes a layer.
    pub windows: Option<Windows>,
    /// Format of the file. `None` detects it by the file name, or else by the content.
    pub format: Option<NetworkFormat>,
    /// Table columns that links are read from. `None` finds them by the names in the first row, or
    /// else takes the first columns.
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

/// Windows of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Windows {
    /// Length of a window in the time unit of the file, finite and greater than 0.
    pub length: f64,
    /// Time between the starts of consecutive windows, finite and greater than 0. Windows overlap
    /// if `step` is less than `length`, and leave gaps if it is greater.
    pub step: f64,
}

impl Windows {
    /// Returns adjacent windows of this length.
    pub fn adjacent(length: f64) -> Self {
        Self { length, step: length }
    }
}
