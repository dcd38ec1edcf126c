//! Documents: files that are read as a whole before they are parsed.

use crate::error::{Fault, ReadError};
use crate::scan::source::{Source, without_bom};

/// A problem in a document, and its line if known.
#[derive(Debug)]
pub(crate) struct LocatedFault {
    fault: Fault,
    line: Option<u64>,
}

impl LocatedFault {
    pub(crate) fn at_line(fault: Fault, line: u64) -> Self {
        Self { fault, line: Some(line) }
    }

    /// Converts the problem to the error of reading `source`.
    pub(crate) fn into_error(self, source: &mut Source<'_>) -> ReadError {
        source.error(self.fault, self.line)
    }
}

impl From<Fault> for LocatedFault {
    fn from(fault: Fault) -> Self {
        Self { fault, line: None }
    }
}

/// Reads all bytes and parses them.
pub(crate) fn read<T>(
    mut source: Source<'_>,
    parse: impl FnOnce(Vec<u8>) -> Result<T, LocatedFault>,
) -> Result<T, ReadError> {
    let bytes = source.read_all()?;
    parse(bytes).map_err(|located| located.into_error(&mut source))
}

/// Decodes the text of a document and removes a byte order mark.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, LocatedFault> {
    let bytes = without_bom(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let fault = Fault::token(&bytes[before.len()..][..1], "is not text", "valid UTF-8");
        LocatedFault::at_line(fault, line_at(before, before.len()))
    })
}

/// Returns the number, from 1, of the line that contains the byte at `place`.
pub(crate) fn line_at(text: &[u8], place: usize) -> u64 {
    1 + memchr::memchr_iter(b'\n', &text[..place.min(text.len())]).count() as u64
}
