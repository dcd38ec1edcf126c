//! Lines of a source, one by one, or a block of lines while the next block is read.

use std::io;
use std::path::Path;

use crate::error::{Fault, ReadError};
use crate::scan::source::{Source, without_bom};
use crate::scan::token::skip_blanks;

/// Bytes read at a time, per thread.
const BLOCK: usize = 1 << 20;

/// Longest accepted line. Far longer than any valid row, and a bound on the memory that a malicious
/// file can claim.
const MAX_LINE: usize = 1 << 26;

/// The lines of a source, without line feeds.
pub(crate) struct Lines<'a> {
    source: Source<'a>,
    /// Number of the last returned line, from 1.
    number: u64,
    /// The current block, of which lines before `start` have been returned.
    block: Block,
    start: usize,
    /// The next block, if it has been read.
    read_ahead: Option<Block>,
    /// Memory of the previous block, for reuse.
    spare: Vec<u8>,
}

/// A part of a source.
#[derive(Default)]
struct Block {
    /// Buffer whose beginning holds bytes of the source.
    bytes: Vec<u8>,
    /// Number of bytes of the source.
    end: usize,
    /// Number of bytes in whole lines. The next block begins with the remaining bytes.
    whole: usize,
    /// Whether the source ends with this block.
    last: bool,
    /// The error of reading beyond these bytes.
    failure: Option<io::Error>,
}

impl<'a> Lines<'a> {
    /// Starts at the first line of `source`, after a byte order mark.
    pub(crate) fn new(mut source: Source<'a>) -> Result<Self, ReadError> {
        source.skip_bom()?;
        let (block, read_ahead, spare) = (Block::default(), None, Vec::new());
        Ok(Self { source, number: 0, block, start: 0, read_ahead, spare })
    }

    /// Returns the next line, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, ReadError> {
        if self.start == self.block.whole && !self.refill()? {
            return Ok(None);
        }
        let lines = &self.block.bytes[self.start..self.block.whole];
        let length = memchr::memchr(b'\n', lines).unwrap_or(lines.len());
        self.start += lines.len().min(length + 1);
        self.number += 1;
        Ok(Some(&lines[..length]))
    }

    /// Calls `work` with every line and its number.
    pub(crate) fn for_each(&mut self, mut work: impl FnMut(&[u8], u64) -> Result<(), Fault>) -> Result<(), ReadError> {
        loop {
            let number = self.number + 1;
            let Some(line) = self.next()? else { return Ok(()) };
            work(line, number).map_err(|fault| self.error(fault))?;
        }
    }

    /// Calls `row` with every line and its number up to the first heading, but not with blank lines
    /// and comments.
    pub(crate) fn each_row(&mut self, mut row: impl FnMut(&[u8], u64) -> Result<(), Fault>) -> Result<(), ReadError> {
        loop {
            let number = self.number + 1;
            let Some(line) = self.next()? else { return Ok(()) };
            match skip_blanks(line).first() {
                None | Some(b'#') => {}
                Some(b'*') => return Ok(()),
                Some(_) => row(line, number).map_err(|fault| self.error(fault))?,
            }
        }
    }

    /// Calls `work` with the next whole lines, at least one, while another thread reads the next
    /// block. Returns `None` at the end. The caller skips the lines that it has used with
    /// [`advance`](Self::advance).
    pub(crate) fn process_block<R: Send>(
        &mut self,
        work: impl FnOnce(&[u8]) -> R + Send,
    ) -> Result<Option<R>, ReadError> {
        if self.start == self.block.whole && !self.refill()? {
            return Ok(None);
        }
        let Block { bytes, end, whole, last, failure } = &self.block;
        let lines = &bytes[self.start..*whole];
        if *last || failure.is_some() || self.read_ahead.is_some() {
            return Ok(Some(work(lines)));
        }
        let (source, spare) = (&mut self.source, std::mem::take(&mut self.spare));
        let (result, next) = rayon::join(|| work(lines), || Block::read(source, &bytes[*whole..*end], spare));
        self.read_ahead = Some(next);
        Ok(Some(result))
    }

    /// Skips the next `lines` lines, which take `bytes` bytes including line feeds.
    pub(crate) fn advance(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.number += lines;
    }

    /// Returns the number of the last returned line, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Returns the name of the source in messages.
    pub(crate) fn path(&self) -> &Path {
        self.source.path()
    }

    /// Converts a fault in the last returned line to an error.
    pub(crate) fn error(&mut self, fault: Fault) -> ReadError {
        let known =
            self.read_ahead.as_mut().and_then(|read_ahead| read_ahead.failure.take()).or(self.block.failure.take());
        match known.map(|failure| self.source.read_error(failure)) {
            Some(damage @ ReadError::Compressed { .. }) => damage,
            _ => self.source.error(fault, Some(self.number)),
        }
    }

    /// Moves to the next block. Returns whether there is one.
    fn refill(&mut self) -> Result<bool, ReadError> {
        if let Some(failure) = self.block.failure.take() {
            return Err(self.source.read_error(failure));
        }
        if self.block.last {
            return Ok(false);
        }
        let unfinished = &self.block.bytes[self.block.whole..self.block.end];
        let next = match self.read_ahead.take() {
            Some(next) => next,
            None => Block::read(&mut self.source, unfinished, std::mem::take(&mut self.spare)),
        };
        self.spare = std::mem::replace(&mut self.block, next).bytes;
        self.start = 0;
        if self.block.whole > 0 || self.block.last {
            return Ok(self.block.whole > 0);
        }
        Err(match self.block.failure.take() {
            Some(failure) => self.source.read_error(failure),
            None => {
                let fault = Fault::new(format!("the line is longer than {} MiB", MAX_LINE >> 20));
                fault.at_line(self.source.path(), self.number + 1)
            }
        })
    }
}

impl Block {
    /// Reads a block that begins with the bytes of an `unfinished` line. The block holds at least
    /// one whole line unless that is too long. `bytes` is memory for reuse.
    fn read(source: &mut Source<'_>, unfinished: &[u8], mut bytes: Vec<u8>) -> Self {
        // Asking for one byte more than the size detects the end.
        let most = source.size().map_or(usize::MAX, |size| usize::try_from(size + 1).unwrap_or(usize::MAX));
        let size = most.min(BLOCK * rayon::current_num_threads()).max(2 * unfinished.len());
        if bytes.len() < size {
            // New zeroed memory is not touched before bytes are read into it.
            bytes = vec![0; size];
        }
        bytes[..unfinished.len()].copy_from_slice(unfinished);
        let mut end = unfinished.len();
        loop {
            let (read, failure) = source.fill(&mut bytes[end..]);
            let fresh = end..end + read;
            end = fresh.end;
            let last = failure.is_none() && end < bytes.len();
            let line_feed = memchr::memrchr(b'\n', &bytes[fresh.clone()]);
            let whole = if last { end } else { line_feed.map_or(0, |place| fresh.start + place + 1) };
            if whole > 0 || last || failure.is_some() || end >= MAX_LINE {
                return Self { bytes, end, whole, last, failure };
            }
            bytes.resize(2 * end, 0);
        }
    }
}

/// Returns the first line in `head` that is neither blank nor a comment, without a byte order mark.
pub(crate) fn first_line(head: &[u8]) -> &[u8] {
    let lines = without_bom(head).split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    lines.into_iter().find(|line| !line.is_empty() && line[0] != b'#').unwrap_or_default()
}
