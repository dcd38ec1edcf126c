//! Errors of readers, each displayed on one line.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A file could not be read. Displayed on one line that names the path and, if possible, the line
/// number.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// Path of the file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The file begins like a compressed file but cannot be decompressed.
    #[error("{}: the {format} data is corrupted or truncated: {source}", path.display())]
    Compressed {
        /// Path of the file.
        path: PathBuf,
        /// `gzip`, `zstd` or `xz`.
        format: &'static str,
        /// The error of the decompressor.
        source: io::Error,
    },
    /// A line does not follow the format.
    #[error("{}:{line}: {message}", path.display())]
    Line {
        /// Path of the file.
        path: PathBuf,
        /// Line number, from 1.
        line: u64,
        /// The offending token, what was expected, and possibly a hint.
        message: String,
    },
    /// The file as a whole is invalid.
    #[error("{}: {message}", path.display())]
    File {
        /// Path of the file.
        path: PathBuf,
        /// What is wrong and what was expected.
        message: String,
    },
}

impl ReadError {
    /// Returns the path, or the name of the source, as passed by the caller.
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. } | Self::Compressed { path, .. } => path,
            Self::Line { path, .. } | Self::File { path, .. } => path,
        }
    }

    /// Returns the number of the offending line, from 1, if the error belongs to one.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Line { line, .. } => Some(*line),
            _ => None,
        }
    }
}

/// A problem in the input, without the place where it was found.
#[derive(Debug)]
pub(crate) struct Fault(String);

impl Fault {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Creates the message `"token" problem: expected …`.
    pub(crate) fn token(token: &[u8], problem: &str, expected: impl fmt::Display) -> Self {
        Self::new(format!("{} {problem}: expected {expected}", Quoted(token)))
    }

    pub(crate) fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.0.push_str(&format!(" (hint: {hint})"));
        self
    }

    /// Prefixes the message with the part of the file that it concerns.
    pub(crate) fn within(self, place: &str) -> Self {
        Self(format!("{place}: {}", self.0))
    }

    pub(crate) fn at_line(self, path: &Path, line: u64) -> ReadError {
        ReadError::Line { path: path.to_owned(), line, message: self.0 }
    }

    pub(crate) fn in_file(self, path: &Path) -> ReadError {
        ReadError::File { path: path.to_owned(), message: self.0 }
    }
}

/// Displays a token in quotes, fit for a terminal: shortened, with control characters and invalid
/// UTF-8 escaped.
pub(crate) struct Quoted<'a>(pub(crate) &'a [u8]);

impl Quoted<'_> {
    /// Maximum number of displayed characters, escapes included.
    const SHOWN: usize = 40;
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = Self::SHOWN;
        f.write_str("\"")?;
        for chunk in self.0.utf8_chunks() {
            let valid = chunk.valid().chars().map(Shown::Char);
            for shown in valid.chain(chunk.invalid().iter().copied().map(Shown::Byte)) {
                if left == 0 {
                    return f.write_str("…\"");
                }
                left = left.saturating_sub(shown.width());
                write!(f, "{shown}")?;
            }
        }
        f.write_str("\"")
    }
}

/// A displayed part of a token.
enum Shown {
    Char(char),
    Byte(u8),
}

impl Shown {
    fn width(&self) -> usize {
        match self {
            Self::Char(c) if c.is_control() => c.escape_default().len(),
            Self::Char(_) => 1,
            Self::Byte(_) => 4,
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(c) if c.is_control() => write!(f, "{}", c.escape_default()),
            Self::Char(c) => write!(f, "{c}"),
            Self::Byte(byte) => write!(f, "\\x{byte:02x}"),
        }
    }
}

/// Makes the message of a library fit for a terminal: shortened, with control characters escaped.
pub(crate) fn printable(problem: &str) -> String {
    const SHOWN: usize = 200;
    let mut printable = String::new();
    for c in problem.chars() {
        if printable.len() >= SHOWN {
            return printable + "…";
        }
        if c.is_control() { printable.extend(c.escape_default()) } else { printable.push(c) }
    }
    printable
}

/// Formats a number with its unit: `1 link`, `2 links`.
pub(crate) fn count(number: u64, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// The fault of a row that ends too early, after the field `last`. `row` describes a complete row.
pub(crate) fn row_too_short(last: &[u8], expected: &str, row: &str) -> Fault {
    let fault = Fault::new(format!("the row ends after {}: expected {expected}", Quoted(last)));
    if last.iter().any(|byte| matches!(byte, b',' | b';')) {
        fault.hint("fields are separated by blanks")
    } else {
        fault.hint(format_args!("a row is `{row}`"))
    }
}

/// The fault of reading a columnar table without the feature `parquet`.
#[cfg(not(feature = "parquet"))]
pub(crate) fn without_parquet() -> Fault {
    let fault = Fault::new("Parquet and Arrow files need a program built with the feature \"parquet\"");
    fault.hint("cargo install mapeq --features parquet")
}

/// The error of an id or a name that text files cannot represent.
pub(crate) fn cannot_write(what: &str, text: &str, expected: &str) -> io::Error {
    let message = format!("the {what} {} cannot be written as text: expected {expected}", Quoted(text.as_bytes()));
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_shortened_and_escaped() {
        assert_eq!(Quoted("é\u{1b}[31m\u{7f}".as_bytes()).to_string(), r#""é\u{1b}[31m\u{7f}""#);
        assert_eq!(Quoted(b"a\xff\0b").to_string(), r#""a\xff\u{0}b""#);
        assert_eq!(Quoted(&[b'x'; 40]).to_string(), format!("\"{}\"", "x".repeat(40)));
        assert_eq!(Quoted(&[0xff; 100]).to_string(), format!("\"{}…\"", r"\xff".repeat(10)));
        assert_eq!(Quoted(&[0; 100]).to_string(), format!("\"{}…\"", r"\u{0}".repeat(8)));
        assert_eq!(printable("no\n"), "no\\n");
        assert!(printable(&"\u{10}".repeat(1000)).len() < 220);
        assert_eq!(Quoted(&[b'x'; 41]).to_string(), format!("\"{}…\"", "x".repeat(40)));
    }
}
