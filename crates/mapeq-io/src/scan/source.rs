//! Bytes from a file, standard input or any reader, unpacked by content: gzip, zstd and xz.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use crate::error::{Fault, ReadError};

/// Bytes of compressed input read at a time.
const COMPRESSED_BLOCK: usize = 1 << 17;

const GZIP_MAGIC: &[u8] = b"\x1f\x8b";
const ZSTD_MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";
const XZ_MAGIC: &[u8] = b"\xfd7zXZ\0";

/// Endings of names that tell a compression.
const SUFFIXES: [&str; 3] = [".gz", ".zst", ".xz"];

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether a file that begins so is compressed.
pub(crate) fn is_compressed(head: &[u8]) -> bool {
    [GZIP_MAGIC, ZSTD_MAGIC, XZ_MAGIC].iter().any(|magic| head.starts_with(magic))
}

/// A name of a file without the ending that tells how it is compressed: `links.csv` of `links.csv.gz`.
pub fn without_compression(name: &str) -> &str {
    SUFFIXES.iter().find_map(|packed| name.strip_suffix(packed)).unwrap_or(name)
}

/// Text without the mark of UTF-8 in front, which some programs write.
pub(crate) fn without_utf8_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(UTF8_MARK).unwrap_or(text)
}

/// Most memory that unpacking xz may take, in KiB: what the strongest setting of its own program takes fits many times.
const MAX_XZ_MEMORY: u32 = 1 << 20;

/// The unpacked bytes of a source.
pub(crate) struct Source<'a> {
    reader: Box<dyn Read + Send + 'a>,
    compression: Option<&'static str>,
    path: PathBuf,
    /// Number of bytes, where it is known: of files that are not compressed.
    size: Option<u64>,
}

impl Source<'static> {
    /// Opens the file at `path`; `-` is standard input.
    pub(crate) fn open(path: &Path) -> Result<Self, ReadError> {
        if path == Path::new("-") {
            return Self::new(io::stdin(), Path::new("<stdin>"));
        }
        let failed = |source| ReadError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let found = file.metadata().map_err(failed)?;
        let mut source = Self::new(file, path)?;
        source.size = (found.is_file() && source.compression.is_none()).then_some(found.len());
        Ok(source)
    }
}

impl<'a> Source<'a> {
    /// The bytes of `reader`, which is called `path` in messages.
    pub(crate) fn new(mut reader: impl Read + Send + 'a, path: &Path) -> Result<Self, ReadError> {
        let failed = |source| ReadError::Io { path: path.to_owned(), source };
        let mut head = Vec::with_capacity(XZ_MAGIC.len());
        reader.by_ref().take(XZ_MAGIC.len() as u64).read_to_end(&mut head).map_err(failed)?;
        let [gzip, zstd, xz] = [GZIP_MAGIC, ZSTD_MAGIC, XZ_MAGIC].map(|magic| head.starts_with(magic));
        let bytes = Cursor::new(head).chain(reader);
        let (reader, compression): (Box<dyn Read + Send + 'a>, _) = if gzip {
            let bytes = BufReader::with_capacity(COMPRESSED_BLOCK, bytes);
            (Box::new(flate2::bufread::MultiGzDecoder::new(bytes)), Some("gzip"))
        } else if zstd {
            let bytes = BufReader::with_capacity(COMPRESSED_BLOCK, bytes);
            (Box::new(zstd::stream::read::Decoder::with_buffer(bytes).map_err(failed)?), Some("zstd"))
        } else if xz {
            let bytes = BufReader::with_capacity(COMPRESSED_BLOCK, bytes);
            (Box::new(lzma_rust2::XzReader::new_mem_limit(bytes, true, MAX_XZ_MEMORY)), Some("xz"))
        } else {
            (Box::new(bytes), None)
        };
        Ok(Self { reader, compression, path: path.to_owned(), size: None })
    }

    /// Whether the bytes begin with `mark`; none of them is used up.
    pub(crate) fn starts_with(&mut self, mark: &[u8]) -> Result<bool, ReadError> {
        Ok(self.peek(mark.len())? == mark)
    }

    /// The first bytes, so many if there are; none of them is used up.
    pub(crate) fn peek(&mut self, length: usize) -> Result<Vec<u8>, ReadError> {
        let mut head = Vec::with_capacity(length);
        let outcome = self.reader.by_ref().take(length as u64).read_to_end(&mut head);
        outcome.map_err(|error| self.read_error(error))?;
        let rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(Cursor::new(head.clone()).chain(rest));
        Ok(head)
    }

    /// Leaves out a mark of UTF-8 that comes next.
    pub(crate) fn skip_utf8_mark(&mut self) -> Result<(), ReadError> {
        if self.starts_with(UTF8_MARK)? {
            self.fill(&mut [0; UTF8_MARK.len()]);
        }
        Ok(())
    }

    /// All bytes that are left.
    pub(crate) fn read_all(&mut self) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        self.reader.read_to_end(&mut bytes).map_err(|error| self.read_error(error))?;
        Ok(bytes)
    }

    /// Fills `bytes` as far as the source has any left; returns how many there were, and what went wrong behind them.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) -> (usize, Option<io::Error>) {
        let mut filled = 0;
        while filled < bytes.len() {
            match self.reader.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return (filled, Some(error)),
            }
        }
        (filled, None)
    }

    /// What the source is called in messages.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Number of bytes from first to last, where it is known beforehand.
    pub(crate) fn size(&self) -> Option<u64> {
        self.size
    }

    /// The error of a fault in line `line`, or without a line in the whole. Damage shows in what was unpacked before the
    /// decompressor can know of it: a compressed source is read to its end to tell which of the two it is.
    pub(crate) fn error(&mut self, fault: Fault, line: Option<u64>) -> ReadError {
        if self.compression.is_some()
            && let Err(damage) = io::copy(&mut self.reader, &mut io::sink())
        {
            return self.read_error(damage);
        }
        match line {
            Some(line) => fault.at_line(&self.path, line),
            None => fault.in_file(&self.path),
        }
    }

    /// The error of a failure to read.
    pub(crate) fn read_error(&self, source: io::Error) -> ReadError {
        let path = self.path.clone();
        match self.compression {
            // An error of the operating system comes with its code, the decompressors' own ones without.
            Some(format) if source.raw_os_error().is_none() => ReadError::Compressed { path, format, source },
            _ => ReadError::Io { path, source },
        }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.reader.read(bytes)
    }
}
