//! Matrix Market files (`.mtx`): the entries of a sparse matrix.
//!
//! ```text
//! %%MatrixMarket matrix coordinate real symmetric
//! 3 3 2               rows, columns, entries
//! 2 1 0.5             row, column, weight
//! 3 2 1
//! ```
//!
//! R. Boisvert, R. Pozo & K. Remington, The Matrix Market exchange formats, NISTIR 5935 (1996).

use crate::error::{Fault, ReadError, row_too_short};
use crate::network::file::NetworkFile;
use crate::network::matrix::{Entries, Matrix, check_square};
use crate::network::options::ReadOptions;
use crate::network::weight::link_weight;
use crate::scan::lines::Lines;
use crate::scan::source::Source;
use crate::scan::token::{skip_blanks, split_field, whole};

const MARK: &[u8] = b"%%MatrixMarket";

/// Returns whether a file with this first line is a Matrix Market file.
pub(crate) fn begins(line: &[u8]) -> bool {
    line.get(..MARK.len()).is_some_and(|start| start.eq_ignore_ascii_case(MARK))
}

pub(crate) fn read(source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    let mut lines = Lines::new(source)?;
    let mut reader = Reader { kind: None, size: None, entries: 0, matrix: Matrix::new(options) };
    lines.for_each(|line, _| reader.line(line))?;
    reader.finish().map_err(|fault| fault.in_file(lines.path()))
}

/// Contents of the first line.
#[derive(Clone, Copy)]
struct Kind {
    /// Whether entries have no weights.
    pattern: bool,
    entries: Entries,
}

struct Size {
    rows: u64,
    entries: u64,
}

struct Reader<'a> {
    kind: Option<Kind>,
    size: Option<Size>,
    /// Number of entries so far.
    entries: u64,
    matrix: Matrix<'a>,
}

impl Reader<'_> {
    fn line(&mut self, line: &[u8]) -> Result<(), Fault> {
        let Some(kind) = self.kind else {
            self.kind = Some(Kind::of(line)?);
            return Ok(());
        };
        if matches!(skip_blanks(line).first(), None | Some(b'%')) {
            return Ok(());
        }
        match &self.size {
            None => {
                let [rows, columns, entries] = numbers(
                    line,
                    ["number of rows", "number of columns", "number of entries"],
                    "rows columns entries",
                )?
                .0;
                check_square(rows, columns)?;
                self.size = Some(Size { rows, entries });
                Ok(())
            }
            Some(size) => {
                let form = if kind.pattern { "row column" } else { "row column weight" };
                let ([row, column], rest) = numbers(line, ["number of a row", "number of a column"], form)?;
                for index in [row, column] {
                    if index == 0 || index > size.rows {
                        let expected = format!("1 to {}, the number of rows", size.rows);
                        return Err(Fault::token(index.to_string().as_bytes(), "is not a valid index", expected));
                    }
                }
                let weight = match split_field(rest) {
                    _ if kind.pattern => 1.0,
                    Some((token, _)) => link_weight(token)?,
                    None => return Err(row_too_short(column.to_string().as_bytes(), "a weight", form)),
                };
                self.entries += 1;
                if self.entries > size.entries {
                    return Err(Fault::new(format!("one entry too many: expected {}, as declared", size.entries)));
                }
                self.matrix.push(row - 1, column - 1, weight)
            }
        }
    }

    fn finish(self) -> Result<NetworkFile, Fault> {
        let Some(kind) = self.kind else { return Err(no_mark(b"")) };
        let Some(size) = self.size else {
            return Err(Fault::new("the size is missing: expected a line `rows columns entries`"));
        };
        if self.entries < size.entries {
            let (found, expected) = (self.entries, size.entries);
            return Err(Fault::new(format!("the file ends after {found} of {expected} entries: expected all of them")));
        }
        self.matrix.finish(size.rows, 1, kind.entries)
    }
}

impl Kind {
    /// Parses `%%MatrixMarket matrix coordinate real general`.
    fn of(line: &[u8]) -> Result<Self, Fault> {
        let words: Vec<String> =
            line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(lower).collect();
        let mut words = words.iter().map(String::as_str).skip(1);
        if !begins(line) {
            return Err(no_mark(line));
        }
        let mut word = |wanted: &[&'static str]| match words.next() {
            Some(word) if wanted.contains(&word) => Ok(word.to_owned()),
            Some(word) => Err(Fault::token(word.as_bytes(), "is not supported in the first line", wanted.join(" or "))),
            None => Err(Fault::new(format!("the first line is too short: expected {}", wanted.join(" or ")))),
        };
        word(&["matrix"])?;
        word(&["coordinate"])?;
        let pattern = word(&["real", "integer", "pattern", "double"])? == "pattern";
        let entries = if word(&["general", "symmetric"])? == "general" { Entries::All } else { Entries::OneTriangle };
        Ok(Self { pattern, entries })
    }
}

fn lower(word: &[u8]) -> String {
    String::from_utf8_lossy(word).to_lowercase()
}

fn no_mark(line: &[u8]) -> Fault {
    let expected = "%%MatrixMarket matrix coordinate real general, or similar";
    Fault::token(line.trim_ascii(), "is not the first line of a Matrix Market file", expected)
}

/// Splits off the whole numbers at the start of a line.
fn numbers<'l, const N: usize>(
    mut line: &'l [u8],
    names: [&str; N],
    form: &str,
) -> Result<([u64; N], &'l [u8]), Fault> {
    let (mut found, mut last) = ([0; N], &b""[..]);
    for (number, name) in found.iter_mut().zip(names) {
        let (token, rest) = split_field(line).ok_or_else(|| row_too_short(last, &format!("a {name}"), form))?;
        let problem = format!("is not a {name}");
        *number = whole(token).ok_or_else(|| Fault::token(token, &problem, "a whole number"))?;
        (last, line) = (token, rest);
    }
    Ok((found, line))
}
