//! What the commands share.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use mapeq_io::ReadError;

use super::args::SearchArgs;
use super::exit::Failure;
use crate::registry::{RegisteredObjective, Registry};

/// What the commands share.
pub(crate) struct Session<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) threads: usize,
    /// The command as typed.
    pub(crate) command_line: String,
    /// The same, word by word.
    pub(crate) words: Vec<OsString>,
}

impl<'a> Session<'a> {
    /// The objective that the arguments ask for, as registered: its options may come from files, which are there. Then
    /// [`Input::objective`](super::input::Input::objective) has it with them.
    pub(crate) fn objective(&self, args: &SearchArgs) -> Result<&'a dyn RegisteredObjective, Failure> {
        let asked = self.registry.lookup(&args.objective, args.of_objective.asked());
        let asked = asked.map_err(|error| Failure::Usage(error.to_string()))?;
        args.of_objective.meta_data.as_deref().map_or(Ok(()), must_exist)?;
        Ok(asked)
    }
}

/// Runs a command in the one thread pool of the program.
pub(crate) fn in_pool(
    session: Session<'_>,
    command: impl FnOnce(&Session<'_>) -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(session.threads).build();
    let pool = pool.map_err(|error| Failure::Internal(format!("cannot start the threads: {error}")))?;
    pool.install(|| command(&session))
}

/// Writes to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}

/// The command line as typed, the program by its name alone; arguments with blanks or quotes in quotes.
pub(crate) fn typed(args: &[OsString]) -> String {
    let words = args.iter().enumerate().map(|(place, word)| {
        let name = if place == 0 { Path::new(word).file_name().unwrap_or(word) } else { word };
        quoted(&name.to_string_lossy())
    });
    words.collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    // A header is one line per fact, whatever a file is called.
    let printable: String = word.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    format!("'{}'", printable.replace('\'', "'\\''"))
}

/// Fails as [`read_network`] would for a file that is not there, before anything is done.
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
