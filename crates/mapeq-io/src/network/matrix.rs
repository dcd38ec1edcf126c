//! Networks as square matrices: an entry is a link from its row to its column.

use mapeq_core::{Csr, Direction, Network, NodeIds, NodeTable};

use crate::error::{Fault, count};
use crate::network::builder::network;
use crate::network::file::NetworkFile;
use crate::network::links::LinkBuffer;
use crate::network::options::ReadOptions;
use crate::network::skipped::SkippedRows;

/// Rows and columns without entries are nodes, too, if they are no more than so many and so many more per entry: what a file
/// says of its size must not decide on our memory.
const MAX_EMPTY: u64 = 1 << 16;
const MAX_EMPTY_PER_ENTRY: u64 = 16;

/// Entries of a matrix, in the order of the input.
pub(crate) struct Matrix<'a> {
    options: &'a ReadOptions,
    links: LinkBuffer,
    skipped: SkippedRows,
}

/// What the entries of a matrix stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entries {
    /// All entries are there.
    All,
    /// Those on the other side of the diagonal are the same and left out.
    OneTriangle,
}

impl<'a> Matrix<'a> {
    pub(crate) fn new(options: &'a ReadOptions) -> Self {
        Self { options, links: LinkBuffer::default(), skipped: SkippedRows::default() }
    }

    /// The entry of a finite weight >= 0 in row `row` and column `column`, from 0.
    pub(crate) fn push(&mut self, row: u64, column: u64, weight: f64) -> Result<(), Fault> {
        let beyond = |_| Fault::new("an index is beyond 2^32: expected fewer rows and columns");
        let index = |index: u64| u32::try_from(index).map_err(beyond);
        let (row, column) = (index(row)?, index(column)?);
        if self.skipped.accepts(self.options, weight, row == column) {
            self.links.push(row, column, weight);
        }
        Ok(())
    }

    /// The network of `size` nodes, with ids from `first` on.
    ///
    /// A symmetric matrix is an undirected network, each entry and its mirror image being one link. Any other one is directed, and
    /// if it is to be read as undirected, opposite entries add up.
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

/// All rows, or those with entries if they are too few among the others; the ends of links are renumbered then.
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
    notes.push(format!("{} without entries left out", count(size - used.len() as u64, "row")));
    NodeTable::new(NodeIds::ascending(used.iter().map(|&index| first + u64::from(index)).collect()))
}

fn is_symmetric(rows: &Csr) -> bool {
    rows.iter().all(|(source, target, value)| {
        let mirror = rows.range(target);
        let place = rows.targets()[mirror.clone()].binary_search(&(source as u32));
        place.is_ok_and(|place| rows.values().at(target, source, mirror.start + place) == value)
    })
}

/// The undirected network of some of the links.
fn undirected_rows(rows: &Csr, keep: impl Fn(usize, usize) -> bool) -> Csr {
    let mut links = LinkBuffer::default();
    for (source, target, weight) in rows.iter().filter(|&(source, target, _)| keep(source, target)) {
        links.push(source as u32, target as u32, weight);
    }
    links.into_rows(rows.rows(), Direction::Undirected)
}

/// The directed network of undirected links.
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

/// Refuses a matrix that is not square.
pub(crate) fn check_square(rows: u64, columns: u64) -> Result<(), Fault> {
    if rows == columns {
        return Ok(());
    }
    let fault = Fault::new(format!("a matrix of {rows} rows and {columns} columns: expected as many of both"));
    Err(fault.hint("entry (i, j) is the link from node i to node j"))
}
