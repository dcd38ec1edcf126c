//! What can be wrong with an input, said in one line.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file could not be read; displayed as one line that names the path and, where there is one, the line.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The reason the operating system gives.
        source: io::Error,
    },
    /// The file begins as a compressed file but does not unpack.
    #[error("{}: the {format} data is corrupted or truncated: {source}", path.display())]
    Compressed {
        /// The file.
        path: PathBuf,
        /// `gzip`, `zstd` or `xz`.
        format: &'static str,
        /// What the decompressor says.
        source: io::Error,
    },
    /// A line does not follow the format.
    #[error("{}:{line}: {message}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Number of the line, from 1.
        line: u64,
        /// The offending token, what was expected, and a hint where there is one.
        message: String,
    },
    /// The file as a whole is not what was expected.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong and what was expected.
        message: String,
    },
}

impl ReadError {
    /// The file, or the name of the source, as the caller gave it.
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. } | Self::Compressed { path, .. } => path,
            Self::Line { path, .. } | Self::File { path, .. } => path,
        }
    }

    /// Number of the offending line, from 1, where the error belongs to one.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Line { line, .. } => Some(*line),
            _ => None,
        }
    }
}

/// What is wrong with a row, before it is known where the row stands.
#[derive(Debug)]
pub(crate) struct Fault(String);

impl Fault {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// `"token" problem: expected what`.
    pub(crate) fn token(token: &[u8], problem: &str, expected: impl fmt::Display) -> Self {
        Self::new(format!("{} {problem}: expected {expected}", Quoted(token)))
    }

    pub(crate) fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.0.push_str(&format!(" (hint: {hint})"));
        self
    }

    /// The same, with the part of the file that it is about in front.
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

/// A token in quotes, fit for a terminal: shortened, control characters and invalid UTF-8 escaped.
pub(crate) struct Quoted<'a>(pub(crate) &'a [u8]);

impl Quoted<'_> {
    /// Characters shown of a token, escapes as they are shown.
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

/// What is shown for a part of a token.
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

/// What a library says is wrong, fit for a terminal: shortened, control characters escaped.
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

/// `1 link`, `2 links`.
pub(crate) fn count(number: u64, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// The fault of a row that ends too early, after `last`.
pub(crate) fn row_too_short(last: &[u8], expected: &str, row: &str) -> Fault {
    let fault = Fault::new(format!("the row ends after {}: expected {expected}", Quoted(last)));
    if last.iter().any(|byte| matches!(byte, b',' | b';')) {
        fault.hint("fields are separated by blanks")
    } else {
        fault.hint(format_args!("a row is `{row}`"))
    }
}

/// What reads and writes tables by column where the program was built without it.
#[cfg(not(feature = "parquet"))]
pub(crate) fn without_parquet() -> Fault {
    let fault = Fault::new("Parquet and Arrow files take a program that is built with the feature \"parquet\"");
    fault.hint("cargo install mapeq --features parquet")
}

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
