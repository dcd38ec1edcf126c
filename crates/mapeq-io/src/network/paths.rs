//! Paths: rows of numeric node ids, in order of visit, and a weight.

use std::io::Read;
use std::path::Path;

use mapeq_core::{IdTable, NodeIds, Paths};

use crate::error::{Fault, ReadError, count, row_too_short};
use crate::network::file::NetworkFile;
use crate::network::options::ReadOptions;
use crate::network::skipped::SkippedRows;
use crate::network::weight::{infinite_sum, weight_and_more};
use crate::scan::lines::Lines;
use crate::scan::source::Source;
use crate::scan::token::{fields, whole};

/// Description of a row in error messages.
const ROW: &str = "node node … weight";

/// Paths as read from a file.
#[derive(Clone, Debug)]
pub struct PathFile {
    /// The paths.
    pub paths: Paths,
    /// Notes for the user on ignored input, one sentence each.
    pub notes: Vec<String>,
}

/// Reads the paths in the file at `path`, or from standard input if `path` is `-`. The file may be
/// compressed.
///
/// A row holds the ids of the visited nodes, in order, and the weight of the path. Paths of weight
/// 0 or below the threshold are ignored.
///
/// # Complexity
/// O(input).
///
/// # Errors
/// If the file cannot be read, is invalid or has no paths. The error names the first offending
/// line.
pub fn read_paths(path: &Path, options: &ReadOptions) -> Result<PathFile, ReadError> {
    read_rows(Source::open(path)?, options)
}

/// Reads paths like [`read_paths`] from any reader, which error messages call `source_name`.
///
/// # Errors
/// As for [`read_paths`].
pub fn read_paths_from(
    reader: impl Read + Send,
    source_name: &str,
    options: &ReadOptions,
) -> Result<PathFile, ReadError> {
    read_rows(Source::new(reader, Path::new(source_name))?, options)
}

/// Reads a file of paths as a network of this order.
pub(crate) fn read(source: Source<'_>, order: usize, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    let name = source.path().to_owned();
    let file = read_rows(source, options)?;
    file.network(order, options).map_err(|fault| fault.in_file(&name))
}

impl PathFile {
    /// Builds the network of this order with [`Paths::network`]. States remember the last `order`
    /// nodes, including the current one. Notes count the paths that are too short.
    ///
    /// # Errors
    /// If no path is long enough, or if the sum of weights is infinite. The error names `path`.
    pub fn network_of_order(&self, order: usize, options: &ReadOptions, path: &Path) -> Result<NetworkFile, ReadError> {
        self.network(order, options).map_err(|fault| fault.in_file(path))
    }

    fn network(&self, order: usize, options: &ReadOptions) -> Result<NetworkFile, Fault> {
        let Self { paths, notes } = self;
        let states = paths.states(order);
        if states.is_empty() {
            return Err(Fault::new(format!("no path of {order} nodes: expected rows `{ROW}`")));
        }
        let network = paths.network(&states, options.direction, options.self_links).map_err(|_| infinite_sum())?;
        let mut notes = notes.clone();
        let short = (0..paths.len()).filter(|&path| paths.path(path).len() < order).count();
        if short > 0 {
            notes.push(format!("{} of fewer than {order} nodes ignored", count(short as u64, "path")));
        }
        Ok(NetworkFile { network, notes, directed_hint: None })
    }
}

fn read_rows(source: Source<'_>, options: &ReadOptions) -> Result<PathFile, ReadError> {
    let mut lines = Lines::new(source)?;
    let mut rows = PathRows::default();
    lines.for_each(|line, _| rows.row(line, options))?;
    rows.finish(options).map_err(|fault| fault.in_file(lines.path()))
}

/// Paths in input order. Visited nodes are ids.
#[derive(Default)]
struct PathRows {
    visits: Vec<u32>,
    ends: Vec<usize>,
    weights: Vec<f64>,
    skipped: SkippedRows,
}

impl PathRows {
    fn row(&mut self, line: &[u8], options: &ReadOptions) -> Result<(), Fault> {
        let mut tokens: Vec<&[u8]> = fields(line).collect();
        let Some(weight) = tokens.pop() else { return Ok(()) };
        if tokens.is_empty() {
            return Err(row_too_short(weight, "a weight", ROW));
        }
        let weight = weight_and_more(weight, "path", ROW)?.0.unwrap_or(1.0);
        let start = self.visits.len();
        for token in tokens {
            let id = whole(token).and_then(|id| u32::try_from(id).ok()).ok_or_else(|| {
                let fault = Fault::token(token, "is not the id of a node in a path", "a whole number below 2^32");
                fault.hint(format_args!("a row is `{ROW}`"))
            })?;
            self.visits.push(id);
        }
        if self.skipped.accepts(options, weight, false) {
            self.ends.push(self.visits.len());
            self.weights.push(weight);
        } else {
            self.visits.truncate(start);
        }
        Ok(())
    }

    fn finish(self, options: &ReadOptions) -> Result<PathFile, Fault> {
        let Self { visits, ends, weights, skipped } = self;
        let notes = skipped.notes(options, "path");
        if ends.is_empty() {
            let fault = Fault::new(format!("no paths: expected rows `{ROW}`"));
            return Err(if notes.is_empty() { fault } else { fault.hint(notes.join("; ")) });
        }
        let mut ids = visits.clone();
        ids.sort_unstable();
        ids.dedup();
        let node = |id: &u32| ids.binary_search(id).expect("one of the ids") as u32;
        let mut paths = Paths::new(IdTable::new(NodeIds::ascending(ids.iter().map(|&id| u64::from(id)).collect())));
        let mut start = 0;
        for (end, weight) in ends.into_iter().zip(weights) {
            paths.push(visits[start..end].iter().map(node), weight);
            start = end;
        }
        Ok(PathFile { paths, notes })
    }
}
