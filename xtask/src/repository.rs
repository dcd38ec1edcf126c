//! Files of the repository, and commands run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;

use crate::Outcome;

/// Returns the folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above this package").to_owned()
}

/// Returns a command that runs in the folder of the repository. `cargo` stands for the cargo that
/// runs this program.
pub(crate) fn command(line: &[&str]) -> Command {
    let program = if line[0] == "cargo" { env!("CARGO") } else { line[0] };
    let mut command = Command::new(program);
    command.args(&line[1..]).current_dir(root());
    command
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| format!("cannot run {command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}")) }
}

/// Runs a command and returns its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot run {command:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{command:?} does not print text"))
}

/// Reads a text file. Relative paths start at the folder of the repository.
pub(crate) fn read(path: impl AsRef<Path>) -> Result<String, String> {
    let path = path.as_ref();
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads a JSON file. Relative paths start at the folder of the repository.
pub(crate) fn read_json<T: DeserializeOwned>(path: impl AsRef<Path>) -> Result<T, String> {
    let path = path.as_ref();
    serde_json::from_str(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file. Relative paths start at the folder of the repository.
pub(crate) fn write(path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> Outcome {
    let path = path.as_ref();
    std::fs::write(root().join(path), text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// A file under version control.
#[derive(Debug)]
pub(crate) struct TrackedFile {
    /// Path from the folder of the repository, with `/`.
    pub path: String,
    /// Contents; empty if the file is not text.
    pub text: String,
}

/// Returns all files under version control that exist.
pub(crate) fn tracked_files() -> Result<Vec<TrackedFile>, String> {
    let paths = output(&mut command(&["git", "ls-files", "-z"]))?;
    let read = |path: &str| {
        let bytes = std::fs::read(root().join(path)).ok()?;
        Some(TrackedFile { path: path.to_owned(), text: String::from_utf8(bytes).unwrap_or_default() })
    };
    Ok(paths.split('\0').filter(|path| !path.is_empty()).filter_map(read).collect())
}
