//! Tables of links: values separated by commas, semicolons or tabs.
//!
//! ```text
//! source,target,weight
//! alice,bob,2.5
//! "Doe, John",bob,1
//! ```
//!
//! Which columns are meant is said by [`ReadOptions::columns`], or by the names of the first row, or else they are the first
//! ones. Other columns are not looked at. Lines before the first row that begin with `#` are comments.

use std::io::{self, BufRead, BufReader};
use std::str::FromStr;

use csv::{ByteRecord, ReaderBuilder};

use crate::error::{Fault, Quoted, ReadError, count};
use crate::intake::Intake;
use crate::network_file::{NetworkFile, ReadOptions};
use crate::source::Source;
use crate::token::{real, whole};

use super::link_weight;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The one with this name in the first row.
    Name(String),
    /// The one at this position, from 1.
    Number(usize),
}

/// The columns of a table that links are read from; parsed from `source,target` or `source,target,weight`, each a name or a
/// number from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Where a link begins.
    pub source: Column,
    /// Where it ends.
    pub target: Column,
    /// Its weight; without one, all weights are 1.
    pub weight: Option<Column>,
}

impl FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected two or three names or numbers of columns, such as source,target,weight".to_owned();
        let column = |text: &str| match text.parse() {
            _ if text.is_empty() => Err(expected()),
            Ok(0) => Err("columns are numbered from 1".to_owned()),
            Ok(number) => Ok(Column::Number(number)),
            Err(_) => Ok(Column::Name(text.to_owned())),
        };
        let columns: Vec<Column> = text.split(',').map(|text| column(text.trim())).collect::<Result<_, _>>()?;
        match <[Column; 3]>::try_from(columns) {
            Ok([source, target, weight]) => Ok(Self { source, target, weight: Some(weight) }),
            Err(columns) => match <[Column; 2]>::try_from(columns) {
                Ok([source, target]) => Ok(Self { source, target, weight: None }),
                Err(_) => Err(expected()),
            },
        }
    }
}

const SOURCES: &[&str] = &["source", "from", "src", "sender", "source_id", "from_id", ":start_id"];
const TARGETS: &[&str] = &["target", "to", "dst", "receiver", "target_id", "to_id", ":end_id"];
const WEIGHTS: &[&str] = &["weight", "value", "w", "count"];

/// Whether a line is the first row of a table with columns that are known by name.
pub(crate) fn begins_with_header(line: &[u8]) -> bool {
    let names = || line.split(|&byte| byte == delimiter_of(line)).map(|name| name.trim_ascii());
    let known = |wanted: &[&str]| names().any(|name| is_among(wanted, name.trim_ascii()));
    known(SOURCES) && known(TARGETS)
}

fn is_among(wanted: &[&str], name: &[u8]) -> bool {
    wanted.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
}

/// What separates the values of a row: what it has most of.
fn delimiter_of(line: &[u8]) -> u8 {
    let number = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    // The last of equals is taken.
    [b'\t', b';', b','].into_iter().max_by_key(number).unwrap_or(b',')
}

/// Bytes among which the first row begins, behind comments.
const LONGEST_BEGINNING: usize = 1 << 16;

pub(crate) fn read(
    mut source: Source<'_>,
    delimiter: Option<u8>,
    options: &ReadOptions,
) -> Result<NetworkFile, ReadError> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if source.begins_with(MARK)? {
        source.fill(&mut [0; MARK.len()]);
    }
    let delimiter = match delimiter {
        Some(delimiter) => delimiter,
        None => delimiter_of(super::first_line(&source.peek(LONGEST_BEGINNING)?)),
    };
    let mut bytes = BufReader::with_capacity(1 << 16, source);
    let comments = match skip_comments(&mut bytes) {
        Ok(comments) => comments,
        Err(error) => return Err(bytes.get_ref().read_error(error)),
    };
    let mut rows = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
    let mut table = Table { options, intake: Intake::of_any_ids(options), columns: None, first: None };
    let mut record = ByteRecord::new();
    let (fault, line) = loop {
        match rows.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => match table.end() {
                Ok(()) => break (None, None),
                Err((fault, line)) => break (Some(fault), Some(line)),
            },
            Err(error) => {
                // Bytes in rows of any length are all that is asked for: nothing but reading them can fail.
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
    let (network, notes) = table.intake.finish().map_err(|fault| fault.in_file(source.path()))?;
    Ok(NetworkFile { network, notes, directed_hint: None })
}

/// Leaves out the comments at the beginning; returns how many lines that were.
fn skip_comments(bytes: &mut impl BufRead) -> io::Result<u64> {
    let mut lines = 0;
    while bytes.fill_buf()?.first() == Some(&b'#') {
        bytes.skip_until(b'\n')?;
        lines += 1;
    }
    Ok(lines)
}

/// Positions of columns.
#[derive(Clone, Copy)]
struct Places {
    source: usize,
    target: usize,
    weight: Option<usize>,
}

struct Table<'a> {
    options: &'a ReadOptions,
    intake: Intake<'a>,
    columns: Option<Places>,
    /// The first row and its line, as long as it is not known whether it names the columns.
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

    /// A first row without others.
    fn end(&mut self) -> Result<(), (Fault, u64)> {
        match (self.first.take(), self.columns) {
            (Some((first, line)), Some(places)) if !is_header(&first, None, places) => {
                self.link(&first, places).map_err(|fault| (fault, line))
            }
            _ => Ok(()),
        }
    }

    /// Where the columns are, and whether the first row is known to name them.
    fn places(&self, row: &ByteRecord) -> Result<(Places, bool), Fault> {
        let named = |wanted: &[&str]| row.iter().position(|name| is_among(wanted, name.trim_ascii()));
        if let Some(Columns { source, target, weight }) = &self.options.columns {
            let place = |column| place_of(column, row);
            let header = [Some(source), Some(target), weight.as_ref()];
            let header = header.into_iter().flatten().any(|column| matches!(column, Column::Name(_)));
            let weight = weight.as_ref().map(place).transpose()?;
            return Ok((Places { source: place(source)?, target: place(target)?, weight }, header));
        }
        if let (Some(source), Some(target)) = (named(SOURCES), named(TARGETS)) {
            return Ok((Places { source, target, weight: named(WEIGHTS) }, true));
        }
        if row.len() < 2 {
            let field = row.get(0).unwrap_or_default();
            let fault = Fault::new(format!("the row ends after {}: expected a target", Quoted(field)));
            return Err(fault.hint("values are separated by commas, semicolons or tabs"));
        }
        Ok((Places { source: 0, target: 1, weight: (row.len() > 2).then_some(2) }, false))
    }

    fn link(&mut self, row: &ByteRecord, places: Places) -> Result<(), Fault> {
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
                true => fault.hint("decimals begin with a point"),
                false => fault.hint("--columns SOURCE,TARGET,WEIGHT says which columns are meant"),
            })?,
        };
        self.intake.link_of_text(source, target, weight)
    }
}

/// Whether the first row names columns, as far as it and the second one tell: where links have numbers it has none.
fn is_header(first: &ByteRecord, second: Option<&ByteRecord>, places: Places) -> bool {
    let field = |row: &ByteRecord, place: usize| row.get(place).unwrap_or_default().trim_ascii().to_vec();
    let no_weight = places.weight.map(|place| field(first, place));
    if no_weight.is_some_and(|weight| !weight.is_empty() && real(&weight).is_none()) {
        return true;
    }
    let numeric = |row: &ByteRecord| [places.source, places.target].map(|place| whole(&field(row, place)).is_some());
    numeric(first) == [false, false] && second.is_some_and(|second| numeric(second) == [true, true])
}

fn place_of(column: &Column, row: &ByteRecord) -> Result<usize, Fault> {
    match column {
        Column::Number(number) if *number > row.len() => {
            let columns = count(row.len() as u64, "column");
            Err(Fault::new(format!("there is no column {number}: expected at most {columns}, as in the first row")))
        }
        Column::Number(number) => Ok(number - 1),
        Column::Name(name) => {
            let exact = row.iter().position(|field| field.trim_ascii() == name.as_bytes());
            let similar = || row.iter().position(|field| field.trim_ascii().eq_ignore_ascii_case(name.as_bytes()));
            exact.or_else(similar).ok_or_else(|| {
                let names = row.iter().take(8).map(|name| Quoted(name.trim_ascii()).to_string());
                let expected = format!("one of {}", names.collect::<Vec<_>>().join(", "));
                Fault::token(name.as_bytes(), "is no column", expected)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_names_or_numbers() {
        let name = |name: &str| Column::Name(name.to_owned());
        let columns: Columns = "from, 3,w".parse().unwrap();
        assert_eq!(columns, Columns { source: name("from"), target: Column::Number(3), weight: Some(name("w")) });
        assert_eq!("1,2".parse::<Columns>().unwrap().weight, None);
        for wrong in ["", "1", "a,,b", "1,2,3,4", "0,1"] {
            assert!(wrong.parse::<Columns>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn headers_are_known_by_their_names() {
        for line in ["source,target", "Source;Target;Type;Weight", "from\tto\tweight", "x,to,from"] {
            assert!(begins_with_header(line.as_bytes()), "{line}");
        }
        for line in ["1,2", "source target", "from,weight", ""] {
            assert!(!begins_with_header(line.as_bytes()), "{line}");
        }
    }
}
