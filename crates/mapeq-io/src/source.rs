//! Bytes from a file, standard input or any reader, unpacked by content and handed out line by line.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use crate::error::{Fault, ReadError};

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;

/// Bytes of compressed input read at a time.
const COMPRESSED_BLOCK: usize = 1 << 17;

/// Longest line accepted: far beyond any row of any format, and a bound on what a hostile file can make us hold.
const LONGEST_LINE: usize = 1 << 26;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const UTF8_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The lines of a source, without line feeds, through one buffer of about 1 MiB.
pub(crate) struct Lines<'a> {
    reader: Box<dyn Read + 'a>,
    compression: Option<&'static str>,
    path: PathBuf,
    number: u64,
    buffer: Vec<u8>,
    /// The part of the buffer that is read but not handed out yet.
    start: usize,
    end: usize,
    at_end: bool,
}

impl Lines<'static> {
    /// Opens the file at `path`; `-` is standard input.
    pub(crate) fn open(path: &Path) -> Result<Self, ReadError> {
        if path == Path::new("-") {
            return Self::new(io::stdin(), Path::new("<stdin>"));
        }
        let file = File::open(path).map_err(|source| ReadError::Io { path: path.to_owned(), source })?;
        Self::new(file, path)
    }
}

impl<'a> Lines<'a> {
    /// The lines of `reader`, which is called `path` in messages.
    pub(crate) fn new(mut reader: impl Read + 'a, path: &Path) -> Result<Self, ReadError> {
        let failed = |source| ReadError::Io { path: path.to_owned(), source };
        let mut head = Vec::with_capacity(ZSTD_MAGIC.len());
        reader.by_ref().take(ZSTD_MAGIC.len() as u64).read_to_end(&mut head).map_err(failed)?;
        let (gzip, zstd) = (head.starts_with(&GZIP_MAGIC), head.starts_with(&ZSTD_MAGIC));
        let marked = head.starts_with(&UTF8_MARK);
        if marked {
            head.drain(..UTF8_MARK.len());
        }
        let bytes = Cursor::new(head).chain(reader);
        let (reader, compression): (Box<dyn Read + 'a>, _) = if gzip {
            let bytes = BufReader::with_capacity(COMPRESSED_BLOCK, bytes);
            (Box::new(flate2::bufread::MultiGzDecoder::new(bytes)), Some("gzip"))
        } else if zstd {
            let bytes = BufReader::with_capacity(COMPRESSED_BLOCK, bytes);
            (Box::new(zstd::stream::read::Decoder::with_buffer(bytes).map_err(failed)?), Some("zstd"))
        } else {
            (Box::new(bytes), None)
        };
        let buffer = vec![0; BLOCK];
        let path = path.to_owned();
        let mut lines = Self { reader, compression, path, number: 0, buffer, start: 0, end: 0, at_end: false };
        if compression.is_some() {
            lines.skip_mark()?;
        }
        Ok(lines)
    }

    /// The next line, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, ReadError> {
        let mut searched = self.start;
        loop {
            if let Some(length) = memchr::memchr(b'\n', &self.buffer[searched..self.end]) {
                let line = self.start..searched + length;
                self.start = line.end + 1;
                self.number += 1;
                return Ok(Some(&self.buffer[line]));
            }
            if self.at_end {
                let line = self.start..self.end;
                self.start = self.end;
                self.number += u64::from(!line.is_empty());
                return Ok((!line.is_empty()).then(|| &self.buffer[line]));
            }
            let unfinished = self.end - self.start;
            self.refill()?;
            searched = self.start + unfinished;
        }
    }

    /// What the source is called in messages.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The error of a fault in the line handed out last. Damage shows in what was unpacked before the decompressor can
    /// know of it: a compressed file is read to its end to tell which of the two it is.
    pub(crate) fn error(&mut self, fault: Fault) -> ReadError {
        if self.compression.is_some()
            && let Err(damage) = io::copy(&mut self.reader, &mut io::sink())
        {
            return self.read_error(damage);
        }
        fault.at_line(&self.path, self.number)
    }

    /// Moves the unfinished line to the front and reads on behind it.
    fn refill(&mut self) -> Result<(), ReadError> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            if self.end >= LONGEST_LINE {
                let fault = Fault::new(format!("the line is longer than {} MiB", LONGEST_LINE >> 20));
                return Err(fault.at_line(&self.path, self.number + 1));
            }
            self.buffer.resize(2 * self.end, 0);
        }
        loop {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(read) => {
                    self.end += read;
                    self.at_end = read == 0;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(self.read_error(source)),
            }
        }
    }

    fn read_error(&self, source: io::Error) -> ReadError {
        let path = self.path.clone();
        match self.compression {
            // An error of the operating system comes with its code, the decompressors' own ones without.
            Some(format) if source.raw_os_error().is_none() => ReadError::Compressed { path, format, source },
            _ => ReadError::Io { path, source },
        }
    }

    fn skip_mark(&mut self) -> Result<(), ReadError> {
        while self.end < UTF8_MARK.len() && !self.at_end {
            self.refill()?;
        }
        if self.buffer[..self.end].starts_with(&UTF8_MARK) {
            self.start = UTF8_MARK.len();
        }
        Ok(())
    }
}
