//! How a network file is read.

use std::num::NonZeroUsize;

use mapeq_core::Direction;

use crate::network::format::NetworkFormat;
use crate::scan::columns::Columns;

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

/// Windows that time is cut into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Windows {
    /// How long each is, in the units of the file: finite and greater than 0.
    pub length: f64,
    /// How long after the one before each begins, finite and greater than 0: `length`, unless windows overlap, which needs less,
    /// or leave out times between them.
    pub step: f64,
}

impl Windows {
    /// Windows of this length, each from where the one before ends.
    pub fn adjacent(length: f64) -> Self {
        Self { length, step: length }
    }
}
