//! Tables of links: values separated by commas, semicolons or tabs.
//!
//! ```text
//! source,target,weight
//! alice,bob,2.5
//! "Doe, John",bob,1
//! ```
//!
//! Columns are selected by [`ReadOptions::columns`], or by the names in the first row, or else the
//! first columns are used. Other columns are ignored. Lines before the first row that begin with
//! `#` are comments.

use std::io::{self, BufRead, BufReader};

use csv::{ByteRecord, ReaderBuilder};

use crate::error::{Fault, Quoted, ReadError, count};
use crate::network::builder::NetworkBuilder;
use crate::network::file::NetworkFile;
use crate::network::options::ReadOptions;
use crate::network::weight::link_weight;
use crate::scan::columns::LinkColumns;
use crate::scan::lines::first_line;
use crate::scan::source::Source;
use crate::scan::token::{real, whole};

/// Returns whether a line is the first row of a table whose columns have common names.
pub(crate) fn begins_with_header(line: &[u8]) -> bool {
    LinkColumns::by_name(line.split(|&byte| byte == delimiter_of(line))).is_some()
}

/// Returns the most frequent of the possible delimiters in a row.
fn delimiter_of(line: &[u8]) -> u8 {
    let number = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    // Of equal counts, the last delimiter wins.
    [b'\t', b';', b','].into_iter().max_by_key(number).unwrap_or(b',')
}

/// Number of first bytes in which the first row after comments is searched.
const MAX_COMMENTS: usize = 1 << 16;

pub(crate) fn read(
    mut source: Source<'_>,
    delimiter: Option<u8>,
    options: &ReadOptions,
) -> Result<NetworkFile, ReadError> {
    source.skip_bom()?;
    let delimiter = match delimiter {
        Some(delimiter) => delimiter,
        None => delimiter_of(first_line(&source.peek(MAX_COMMENTS)?)),
    };
    let mut bytes = BufReader::with_capacity(1 << 16, source);
    let comments = match skip_comments(&mut bytes) {
        Ok(comments) => comments,
        Err(error) => return Err(bytes.get_ref().read_error(error)),
    };
    let mut rows = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
    let mut table = Table { options, builder: NetworkBuilder::with_any_ids(options), columns: None, first: None };
    let mut record = ByteRecord::new();
    let (fault, line) = loop {
        match rows.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => match table.end() {
                Ok(()) => break (None, None),
                Err((fault, line)) => break (Some(fault), Some(line)),
            },
            Err(error) => {
                // Rows of any length and encoding are accepted, so only reading can fail.
                let source = rows.into_inner().into_inner();
                return Err(source.read_error(match error.into_kind() {
                    csv::ErrorKind::Io(error) => error,
                    other => io::Error::other(format!("{other:?}")),
                }));
            }
        }
        let line = comments + record.position().map_or(0, csv::Position::line);
        if let Err((fault, line)) = table.row(&record, line) {
            break (Some(fault), Some(line));
        }
    };
    let mut source = rows.into_inner().into_inner();
    if let Some(fault) = fault {
        return Err(source.error(fault, line));
    }
    let (network, notes) = table.builder.finish().map_err(|fault| fault.in_file(source.path()))?;
    Ok(NetworkFile { network, notes, directed_hint: None })
}

/// Skips comments at the beginning and returns their number.
fn skip_comments(bytes: &mut impl BufRead) -> io::Result<u64> {
    let mut lines = 0;
    while bytes.fill_buf()?.first() == Some(&b'#') {
        bytes.skip_until(b'\n')?;
        lines += 1;
    }
    Ok(lines)
}

struct Table<'a> {
    options: &'a ReadOptions,
    builder: NetworkBuilder<'a>,
    columns: Option<LinkColumns>,
    /// The first row and its line, until the second row decides whether it is a header.
    first: Option<(ByteRecord, u64)>,
}

impl Table<'_> {
    fn row(&mut self, row: &ByteRecord, line: u64) -> Result<(), (Fault, u64)> {
        let Some(places) = self.columns else {
            let (places, header) = self.places(row).map_err(|fault| (fault, line))?;
            self.columns = Some(places);
            if !header {
                self.first = Some((row.clone(), line));
            }
            return Ok(());
        };
        if let Some((first, first_line)) = self.first.take()
            && !is_header(&first, Some(row), places)
        {
            self.link(&first, places).map_err(|fault| (fault, first_line))?;
        }
        self.link(row, places).map_err(|fault| (fault, line))
    }

    /// Handles a table with a single row.
    fn end(&mut self) -> Result<(), (Fault, u64)> {
        match (self.first.take(), self.columns) {
            (Some((first, line)), Some(places)) if !is_header(&first, None, places) => {
                self.link(&first, places).map_err(|fault| (fault, line))
            }
            _ => Ok(()),
        }
    }

    /// Returns the columns of links, and whether the first row is known to be a header.
    fn places(&self, row: &ByteRecord) -> Result<(LinkColumns, bool), Fault> {
        if let Some(columns) = &self.options.columns {
            return Ok((LinkColumns::selected(columns, row.iter())?, columns.any_named()));
        }
        if let Some(places) = LinkColumns::by_name(row.iter()) {
            return Ok((places, true));
        }
        if row.len() < 2 {
            let field = row.get(0).unwrap_or_default();
            let fault = Fault::new(format!("the row ends after {}: expected a target", Quoted(field)));
            return Err(fault.hint("values are separated by commas, semicolons or tabs"));
        }
        Ok((LinkColumns::first(row.len()), false))
    }

    fn link(&mut self, row: &ByteRecord, places: LinkColumns) -> Result<(), Fault> {
        let id = |place: usize, what: &str| match row.get(place).map(<[u8]>::trim_ascii) {
            Some(b"") => Err(Fault::new(format!("the {what} is empty: expected a node id in column {}", place + 1))),
            Some(id) => Ok(id),
            None => {
                let last = Quoted(row.iter().next_back().unwrap_or_default()).to_string();
                let columns = count(row.len() as u64, "column");
                Err(Fault::new(format!("the row ends after {last}: expected a {what} in column {}", place + 1))
                    .hint(format_args!("the row has {columns}")))
            }
        };
        let (source, target) = (id(places.source, "source")?, id(places.target, "target")?);
        let weight = match places.weight.and_then(|place| row.get(place)).map(<[u8]>::trim_ascii) {
            None | Some(b"") => 1.0,
            Some(token) => link_weight(token).map_err(|fault| match token.contains(&b',') {
                true => fault.hint("the decimal separator is a point"),
                false => fault.hint("--columns SOURCE,TARGET,WEIGHT selects columns"),
            })?,
        };
        self.builder.link_of_text(source, target, weight)
    }
}

/// Returns whether the first row is a header: its weight is not a number, or its ids are not
/// numbers and those of the second row are.
fn is_header(first: &ByteRecord, second: Option<&ByteRecord>, places: LinkColumns) -> bool {
    let field = |row: &ByteRecord, place: usize| row.get(place).unwrap_or_default().trim_ascii().to_vec();
    let weight = places.weight.map(|place| field(first, place));
    if weight.is_some_and(|weight| !weight.is_empty() && real(&weight).is_none()) {
        return true;
    }
    let numeric = |row: &ByteRecord| [places.source, places.target].map(|place| whole(&field(row, place)).is_some());
    numeric(first) == [false, false] && second.is_some_and(|second| numeric(second) == [true, true])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_recognized_by_names() {
        for line in ["source,target", "Source;Target;Type;Weight", "from\tto\tweight", "x,to,from"] {
            assert!(begins_with_header(line.as_bytes()), "{line}");
        }
        for line in ["1,2", "source target", "from,weight", ""] {
            assert!(!begins_with_header(line.as_bytes()), "{line}");
        }
    }
}
