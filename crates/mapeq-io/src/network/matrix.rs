//! Networks as square matrices: an entry is a link from its row to its column.

use mapeq_core::{Csr, Direction, Network, NodeIds, NodeTable};

use crate::error::{Fault, count};
use crate::network::builder::network;
use crate::network::file::NetworkFile;
use crate::network::links::LinkBuffer;
use crate::network::options::ReadOptions;
use crate::network::skipped::SkippedRows;

/// Rows without entries become nodes if there are at most this number of rows, plus
/// `MAX_EMPTY_PER_ENTRY` per entry. The declared size of a file must not decide on memory.
const MAX_EMPTY: u64 = 1 << 16;

/// Number of rows without entries that become nodes, per entry.
const MAX_EMPTY_PER_ENTRY: u64 = 16;

/// Entries of a matrix in input order.
pub(crate) struct Matrix<'a> {
    options: &'a ReadOptions,
    links: LinkBuffer,
    skipped: SkippedRows,
}

/// The part of a matrix that its entries represent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entries {
    /// All entries are listed.
    All,
    /// One triangle of a symmetric matrix is listed.
    OneTriangle,
}

impl<'a> Matrix<'a> {
    pub(crate) fn new(options: &'a ReadOptions) -> Self {
        Self { options, links: LinkBuffer::default(), skipped: SkippedRows::default() }
    }

    /// Adds an entry with a finite weight >= 0. Rows and columns are numbered from 0.
    pub(crate) fn push(&mut self, row: u64, column: u64, weight: f64) -> Result<(), Fault> {
        let beyond = |_| Fault::new("an index is not below 2^32: expected fewer rows and columns");
        let index = |index: u64| u32::try_from(index).map_err(beyond);
        let (row, column) = (index(row)?, index(column)?);
        if self.skipped.accepts(self.options, weight, row == column) {
            self.links.push(row, column, weight);
        }
        Ok(())
    }

    /// Builds a network of `size` nodes with ids from `first` on.
    ///
    /// A symmetric matrix is an undirected network, in which an entry and its mirror image are one
    /// link. Any other matrix is directed. If it is read as undirected, opposite entries are
    /// summed.
    pub(crate) fn finish(self, size: u64, first: u64, entries: Entries) -> Result<NetworkFile, Fault> {
        let Self { options, mut links, skipped } = self;
        let mut notes = skipped.notes(options, "link");
        if links.len() == 0 && !(1..=MAX_EMPTY).contains(&size) {
            return Err(Fault::new("the matrix is empty: expected at least one entry"));
        }
        let nodes = self::nodes(&mut links, size, first, &mut notes);
        let (rows, hint) = match (entries, options.direction) {
            (Entries::OneTriangle, Direction::Undirected) => {
                (links.into_rows(nodes.len(), Direction::Undirected), None)
            }
            (Entries::OneTriangle, Direction::Directed) => {
                (directed_rows(links.into_rows(nodes.len(), Direction::Undirected)), None)
            }
            (Entries::All, direction) => {
                let rows = links.into_rows(nodes.len(), Direction::Directed);
                match (is_symmetric(&rows), direction) {
                    (true, Direction::Directed) => (rows, None),
                    (true, Direction::Undirected) => (undirected_rows(&rows, |source, target| source <= target), None),
                    (false, Direction::Directed) => (rows, Some(Direction::Directed)),
                    (false, Direction::Undirected) => (undirected_rows(&rows, |_, _| true), Some(Direction::Directed)),
                }
            }
        };
        let network: Network = network(nodes, rows, options.direction)?;
        Ok(NetworkFile { network, notes, directed_hint: hint })
    }
}

/// Returns all rows as nodes, or only rows with entries if most rows are empty. In that case the
/// ends of links are renumbered.
fn nodes(links: &mut LinkBuffer, size: u64, first: u64, notes: &mut Vec<String>) -> NodeTable {
    if size <= MAX_EMPTY + MAX_EMPTY_PER_ENTRY * links.len() as u64 {
        return NodeTable::new(NodeIds::Consecutive { first, len: size as usize });
    }
    let mut used: Vec<u32> = links.ends().iter().flat_map(|&(source, target)| [source, target]).collect();
    used.sort_unstable();
    used.dedup();
    let number = |index: u32| used.binary_search(&index).expect("an end of one of the links") as u32;
    for (source, target) in links.ends_mut() {
        (*source, *target) = (number(*source), number(*target));
    }
    notes.push(format!("{} without entries ignored", count(size - used.len() as u64, "row")));
    NodeTable::new(NodeIds::ascending(used.iter().map(|&index| first + u64::from(index)).collect()))
}

fn is_symmetric(rows: &Csr) -> bool {
    rows.iter().all(|(source, target, value)| {
        let mirror = rows.range(target);
        let place = rows.targets()[mirror.clone()].binary_search(&(source as u32));
        place.is_ok_and(|place| rows.values().at(target, source, mirror.start + place) == value)
    })
}

/// Builds undirected rows of the links that `keep` selects.
fn undirected_rows(rows: &Csr, keep: impl Fn(usize, usize) -> bool) -> Csr {
    let mut links = LinkBuffer::default();
    for (source, target, weight) in rows.iter().filter(|&(source, target, _)| keep(source, target)) {
        links.push(source as u32, target as u32, weight);
    }
    links.into_rows(rows.rows(), Direction::Undirected)
}

/// Builds directed rows with both directions of undirected links.
fn directed_rows(rows: Csr) -> Csr {
    let mut links = LinkBuffer::default();
    for (source, target, weight) in rows.iter() {
        links.push(source as u32, target as u32, weight);
        if source != target {
            links.push(target as u32, source as u32, weight);
        }
    }
    links.into_rows(rows.rows(), Direction::Directed)
}

/// Rejects a matrix that is not square.
pub(crate) fn check_square(rows: u64, columns: u64) -> Result<(), Fault> {
    if rows == columns {
        return Ok(());
    }
    let fault = Fault::new(format!("a matrix of {rows} rows and {columns} columns: expected a square matrix"));
    Err(fault.hint("entry (i, j) is the link from node i to node j"))
}
