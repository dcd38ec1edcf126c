//! Bytes of a file, of standard input or of any reader. gzip, zstd and xz are detected and
//! decompressed.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use crate::error::{Fault, ReadError};

/// Bytes of compressed input read at a time.
const COMPRESSED_BLOCK: usize = 1 << 17;

const GZIP_MAGIC: &[u8] = b"\x1f\x8b";
const ZSTD_MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";
const XZ_MAGIC: &[u8] = b"\xfd7zXZ\0";

/// File extensions of compression formats.
const SUFFIXES: [&str; 3] = [".gz", ".zst", ".xz"];

const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// Returns whether a file that begins with `head` is compressed.
pub(crate) fn is_compressed(head: &[u8]) -> bool {
    [GZIP_MAGIC, ZSTD_MAGIC, XZ_MAGIC].iter().any(|magic| head.starts_with(magic))
}

/// Removes the extension of a compression format from a file name: `links.csv.gz` becomes
/// `links.csv`.
pub fn without_compression(name: &str) -> &str {
    SUFFIXES.iter().find_map(|packed| name.strip_suffix(packed)).unwrap_or(name)
}

/// Removes a UTF-8 byte order mark, which some programs write.
pub(crate) fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(UTF8_BOM).unwrap_or(text)
}

/// Upper bound on the memory of xz decompression, in KiB. Many times the need of the strongest xz
/// preset.
const MAX_XZ_MEMORY: u32 = 1 << 20;

/// The decompressed bytes of a source.
pub(crate) struct Source<'a> {
    reader: Box<dyn Read + Send + 'a>,
    compression: Option<&'static str>,
    path: PathBuf,
    /// Number of bytes, known for regular files that are not compressed.
    size: Option<u64>,
}

impl Source<'static> {
    /// Opens the file at `path`, or standard input if `path` is `-`.
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
    /// Reads from `reader`, which messages call `path`.
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

    /// Returns whether the bytes begin with `mark`, without consuming them.
    pub(crate) fn starts_with(&mut self, mark: &[u8]) -> Result<bool, ReadError> {
        Ok(self.peek(mark.len())? == mark)
    }

    /// Returns up to `length` first bytes without consuming them.
    pub(crate) fn peek(&mut self, length: usize) -> Result<Vec<u8>, ReadError> {
        let mut head = Vec::with_capacity(length);
        let outcome = self.reader.by_ref().take(length as u64).read_to_end(&mut head);
        outcome.map_err(|error| self.read_error(error))?;
        let rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(Cursor::new(head.clone()).chain(rest));
        Ok(head)
    }

    /// Skips a UTF-8 byte order mark.
    pub(crate) fn skip_bom(&mut self) -> Result<(), ReadError> {
        if self.starts_with(UTF8_BOM)? {
            self.fill(&mut [0; UTF8_BOM.len()]);
        }
        Ok(())
    }

    /// Reads all remaining bytes.
    pub(crate) fn read_all(&mut self) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        self.reader.read_to_end(&mut bytes).map_err(|error| self.read_error(error))?;
        Ok(bytes)
    }

    /// Fills `bytes` as far as possible. Returns the number of bytes read, and the error that ended
    /// reading.
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

    /// Returns the name of the source in messages.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the total number of bytes if known in advance.
    pub(crate) fn size(&self) -> Option<u64> {
        self.size
    }

    /// Converts a fault, in `line` or in the file as a whole, to an error.
    ///
    /// Damage to compressed data may appear as invalid text before the decompressor detects it. A
    /// compressed source is therefore read to its end, and a decompression error takes precedence.
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

    /// Converts a failure of reading to an error.
    pub(crate) fn read_error(&self, source: io::Error) -> ReadError {
        let path = self.path.clone();
        match self.compression {
            // Errors of the operating system have a code, those of the decompressors have none.
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
