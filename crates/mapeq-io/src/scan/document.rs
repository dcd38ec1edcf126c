//! Files that have to be read as a whole before anything of them is known.

use crate::error::{Fault, ReadError};
use crate::scan::source::{Source, without_utf8_mark};

/// What is wrong with a document, and in which line, where that is known.
#[derive(Debug)]
pub(crate) struct LocatedFault {
    fault: Fault,
    line: Option<u64>,
}

impl LocatedFault {
    pub(crate) fn at_line(fault: Fault, line: u64) -> Self {
        Self { fault, line: Some(line) }
    }

    /// The error of a document from `source`.
    pub(crate) fn into_error(self, source: &mut Source<'_>) -> ReadError {
        source.error(self.fault, self.line)
    }
}

impl From<Fault> for LocatedFault {
    fn from(fault: Fault) -> Self {
        Self { fault, line: None }
    }
}

/// Reads all bytes and has them understood.
pub(crate) fn read<T>(
    mut source: Source<'_>,
    parse: impl FnOnce(Vec<u8>) -> Result<T, LocatedFault>,
) -> Result<T, ReadError> {
    let bytes = source.read_all()?;
    parse(bytes).map_err(|located| located.into_error(&mut source))
}

/// The text of a document, without the mark of UTF-8.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, LocatedFault> {
    let bytes = without_utf8_mark(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let fault = Fault::token(&bytes[before.len()..][..1], "is not text", "valid UTF-8");
        LocatedFault::at_line(fault, line_at(before, before.len()))
    })
}

/// Number of the line, from 1, that the byte at `place` is in.
pub(crate) fn line_at(text: &[u8], place: usize) -> u64 {
    1 + memchr::memchr_iter(b'\n', &text[..place.min(text.len())]).count() as u64
}
