//! Metadata files: a category per node.

use std::io::Read;
use std::path::Path;

use mapeq_core::NodeTable;

use crate::error::{Fault, ReadError, count, row_too_short};
use crate::partition::builder::{PartitionBuilder, repeated_rows};
use crate::scan::lines::Lines;
use crate::scan::source::Source;
use crate::scan::token::{fields, whole};

/// Largest category that other readers of these files accept.
const MAX_CATEGORY: u64 = i32::MAX as u64;

/// Categories of nodes as read from a file.
#[derive(Clone, Debug)]
pub struct MetadataFile {
    /// Category of every node, or `None` for nodes without a row.
    pub categories: Vec<Option<u32>>,
    /// Notes for the user on ignored or missing input, one sentence each.
    pub notes: Vec<String>,
}

/// Reads the categories of `nodes` from rows `id category`, up to the first line that begins with
/// `*`. The file may be compressed. Categories are whole numbers without an order.
///
/// All rows have the same number of columns, of which the first two are used. If a node has several
/// rows, the last one counts. Rows of unknown nodes are ignored. Notes report both.
///
/// # Complexity
/// O(input).
///
/// # Errors
/// If the file cannot be read or is invalid, or if no row names a node of the network.
pub fn read_metadata(path: &Path, nodes: &NodeTable) -> Result<MetadataFile, ReadError> {
    read(Source::open(path)?, nodes)
}

/// Reads categories like [`read_metadata`] from any reader, which error messages call
/// `source_name`.
///
/// # Errors
/// As for [`read_metadata`].
pub fn read_metadata_from(
    reader: impl Read + Send,
    source_name: &str,
    nodes: &NodeTable,
) -> Result<MetadataFile, ReadError> {
    read(Source::new(reader, Path::new(source_name))?, nodes)
}

fn read(source: Source<'_>, nodes: &NodeTable) -> Result<MetadataFile, ReadError> {
    let mut lines = Lines::new(source)?;
    let mut metadata = Metadata { builder: PartitionBuilder::new(nodes), columns: 0, repeated: 0 };
    lines.each_row(|line, number| metadata.row(line, number))?;
    metadata.finish().map_err(|fault| fault.in_file(lines.path()))
}

struct Metadata<'a> {
    builder: PartitionBuilder<'a>,
    /// Number of columns in all rows; 0 before the first row.
    columns: usize,
    repeated: u64,
}

impl Metadata<'_> {
    fn row(&mut self, line: &[u8], number: u64) -> Result<(), Fault> {
        let mut tokens = fields(line);
        let Some(id) = tokens.next() else { return Ok(()) };
        let Some(category) = tokens.next() else {
            return Err(row_too_short(id, "a category", "id category"));
        };
        let category = match whole(category) {
            Some(number) if number <= MAX_CATEGORY => number as u32,
            _ => {
                let expected = format!("a whole number from 0 to {MAX_CATEGORY}");
                return Err(Fault::token(category, "is not a category", expected));
            }
        };
        let columns = 2 + tokens.count();
        if self.columns != 0 && columns != self.columns {
            let (columns, expected) = (count(columns as u64, "column"), self.columns);
            return Err(Fault::new(format!("a row of {columns}: expected {expected}, as in the first row")));
        }
        self.columns = columns;
        if let Some(node) = self.builder.find(id, number)? {
            self.repeated += u64::from(!self.builder.assign(node, category));
        }
        Ok(())
    }

    fn finish(self) -> Result<MetadataFile, Fault> {
        let (categories, mut notes) = self.builder.into_assignments("categories")?;
        let without = categories.iter().filter(|category| category.is_none()).count();
        if without > 0 {
            let nodes = count(without as u64, "node");
            notes.push(format!("{nodes} without a row in a common category of their own"));
        }
        notes.extend(repeated_rows(self.repeated));
        if self.columns > 2 {
            notes.push(format!("only the first two of {} columns are used", self.columns));
        }
        Ok(MetadataFile { categories, notes })
    }
}
