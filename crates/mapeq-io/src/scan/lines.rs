//! The lines of a source: one by one, or many at a time while those behind them are being read.

use std::io;
use std::path::Path;

use crate::error::{Fault, ReadError};
use crate::scan::source::{Source, without_utf8_mark};
use crate::scan::token::skip_blanks;

/// Bytes read at a time, per thread of the pool.
const BLOCK: usize = 1 << 20;

/// Longest line accepted: far beyond any row of any format, and a bound on what a hostile file can make us hold.
const MAX_LINE: usize = 1 << 26;

/// The lines of a source, without line feeds.
pub(crate) struct Lines<'a> {
    source: Source<'a>,
    /// Number of the line handed out last, from 1.
    number: u64,
    /// Lines to hand out, from `start` on.
    block: Block,
    start: usize,
    /// What follows, if it has been read already.
    read_ahead: Option<Block>,
    /// The memory of the block before, to be used again.
    spare: Vec<u8>,
}

/// A stretch of a source.
#[derive(Default)]
struct Block {
    /// Memory; only the beginning holds bytes of the source.
    bytes: Vec<u8>,
    /// So many bytes are of the source.
    end: usize,
    /// So many belong to whole lines; the next block begins with the others.
    whole: usize,
    /// Whether the source ends here.
    last: bool,
    /// What went wrong behind these bytes.
    failure: Option<io::Error>,
}

impl<'a> Lines<'a> {
    /// The lines of `source`. A mark of UTF-8 at the beginning is left out.
    pub(crate) fn new(mut source: Source<'a>) -> Result<Self, ReadError> {
        source.skip_utf8_mark()?;
        let (block, read_ahead, spare) = (Block::default(), None, Vec::new());
        Ok(Self { source, number: 0, block, start: 0, read_ahead, spare })
    }

    /// The next line, or `None` at the end.
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

    /// Calls `row` with every line that is neither empty nor a comment and with its number, up to the first heading.
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

    /// Lets `work` look at the whole lines that come next, at least one, while what follows them is read by another
    /// thread of the pool if there is one. [`advance`](Self::advance) tells which of them are done with. `None` at the
    /// end.
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

    /// The next `lines` lines, `bytes` bytes with their line feeds, are done with.
    pub(crate) fn advance(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.number += lines;
    }

    /// Number of the line handed out last, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// What the source is called in messages.
    pub(crate) fn path(&self) -> &Path {
        self.source.path()
    }

    /// The error of a fault in the line handed out last.
    pub(crate) fn error(&mut self, fault: Fault) -> ReadError {
        let known =
            self.read_ahead.as_mut().and_then(|read_ahead| read_ahead.failure.take()).or(self.block.failure.take());
        match known.map(|failure| self.source.read_error(failure)) {
            Some(damage @ ReadError::Compressed { .. }) => damage,
            _ => self.source.error(fault, Some(self.number)),
        }
    }

    /// Goes on to the next block; `false` if there is none.
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
    /// What follows in `source` behind the bytes of an unfinished line, with at least one whole line if that is not too
    /// long. `bytes` is memory to use.
    fn read(source: &mut Source<'_>, unfinished: &[u8], mut bytes: Vec<u8>) -> Self {
        // One byte more than there are tells that they end.
        let most = source.size().map_or(usize::MAX, |size| usize::try_from(size + 1).unwrap_or(usize::MAX));
        let size = most.min(BLOCK * rayon::current_num_threads()).max(2 * unfinished.len());
        if bytes.len() < size {
            // Zeroed anew, memory that nothing is read into is not touched.
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

/// The first line that is no comment and not empty, as far as `head` has it, without the mark of UTF-8.
pub(crate) fn first_line(head: &[u8]) -> &[u8] {
    let lines = without_utf8_mark(head).split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    lines.into_iter().find(|line| !line.is_empty() && line[0] != b'#').unwrap_or_default()
}
