//! Atomic writes: a file appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}", path.display())]
pub struct WriteError {
    /// Path of the file.
    pub path: PathBuf,
    /// The reason.
    pub source: io::Error,
}

/// Writes a temporary file in the same folder, which then replaces the file at `path`.
///
/// After a failure, an old file is unchanged and no temporary file is left. Symbolic links are
/// followed. Anything but a regular file, such as `/dev/stdout` or a pipe, is written to directly.
///
/// # Errors
/// If the folder or the file cannot be written, or if `write` fails.
///
/// ```
/// use std::io::Write;
///
/// let folder = tempfile::tempdir()?;
/// mapeq_io::write_atomically(&folder.path().join("modules.clu"), |out| writeln!(out, "1 1"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>,
) -> Result<(), WriteError> {
    replace(path, write).map_err(|source| WriteError { path: path.to_owned(), source })
}

fn replace(path: &Path, write: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(found) if !found.is_file() => return fill(&File::options().write(true).open(&target)?, write),
        _ => {}
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = temporary_file(folder)?;
    fill(temporary.as_file(), write)?;
    temporary.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

fn fill(file: &File, write: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    write(&mut out)?;
    out.flush()
}

/// Creates a temporary file with the permissions of an ordinary new file. Those of `tempfile` are
/// private by default.
fn temporary_file(folder: &Path) -> io::Result<NamedTempFile<File>> {
    tempfile::Builder::new().prefix(".mapeq-").make_in(folder, |path| File::create_new(path))
}
