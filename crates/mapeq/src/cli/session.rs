//! The session of a command: its objectives, threads and command line.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use mapeq_io::ReadError;

use super::args::ObjectiveArgs;
use super::exit::Failure;
use crate::registry::{RegisteredObjective, Registry};

/// The session of a command.
pub(crate) struct Session<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) threads: usize,
    /// Command line as one string that can be pasted into a shell.
    pub(crate) command_line: String,
    /// Command line, word by word.
    pub(crate) words: Vec<OsString>,
}

impl<'a> Session<'a> {
    /// Returns the objective as registered, before its options are set from files.
    ///
    /// [`Input::objective`](super::input::Input::objective) sets them once the network is read.
    ///
    /// # Errors
    /// If there is no such objective, if it does not take one of the options, or if a file does not
    /// exist.
    pub(crate) fn objective(&self, args: &ObjectiveArgs) -> Result<&'a dyn RegisteredObjective, Failure> {
        let objective = self.registry.lookup(&args.objective, args.given());
        let objective = objective.map_err(|error| Failure::Usage(error.to_string()))?;
        args.meta_data.as_deref().map_or(Ok(()), must_exist)?;
        Ok(objective)
    }
}

/// Runs a command in a thread pool of its own.
pub(crate) fn in_pool(
    session: Session<'_>,
    command: impl FnOnce(&Session<'_>) -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(session.threads).build();
    let pool = pool.map_err(|error| Failure::Internal(format!("cannot start threads: {error}")))?;
    pool.install(|| command(&session))
}

/// Writes to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}

/// Returns the command line as text for a shell. The program is given without its folder.
pub(crate) fn typed(args: &[OsString]) -> String {
    let words = args.iter().enumerate().map(|(place, word)| {
        let name = if place == 0 { Path::new(word).file_name().unwrap_or(word) } else { word };
        quoted(&name.to_string_lossy())
    });
    words.collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    // A header has one line per fact, even if the name of a file has a line break.
    let printable: String = word.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    format!("'{}'", printable.replace('\'', "'\\''"))
}

/// Checks that a file exists, before the work begins.
///
/// # Errors
/// As for reading the file.
pub(crate) fn must_exist(path: &Path) -> Result<(), Failure> {
    if path == Path::new("-") {
        return Ok(());
    }
    std::fs::metadata(path).map_err(|source| ReadError::Io { path: path.to_owned(), source })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_can_be_pasted_into_a_shell() {
        let args = ["/usr/bin/mapeq", "cluster", "my net.txt", "it's", ""].map(OsString::from);
        assert_eq!(typed(&args), r"mapeq cluster 'my net.txt' 'it'\''s' ''");
    }
}
