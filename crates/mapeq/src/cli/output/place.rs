//! Names of result files, and checks that they can be written before the work begins.

use std::fs;
use std::path::{Path, PathBuf};

use mapeq_io::without_compression;

use crate::cli::args::OutputArgs;
use crate::cli::exit::Failure;

/// The folder of the results, and their name without extension.
#[derive(Clone, Default)]
pub(crate) struct Place {
    folder: PathBuf,
    name: String,
}

impl Place {
    /// Creates the folder if it does not exist. The results have the name of the network unless the
    /// options set another.
    ///
    /// # Errors
    /// If the name has a folder, or if files cannot be created in the folder of the results.
    pub(crate) fn new(network: &Path, output: &OutputArgs) -> Result<Self, Failure> {
        let name = match &output.out_name {
            Some(name) if name.is_empty() || name.contains(std::path::is_separator) => {
                let message = format!("--out-name {name:?}: expected a file name without a folder (hint: OUT_DIR)");
                return Err(Failure::Usage(message));
            }
            Some(name) => name.clone(),
            None => base_name(network),
        };
        let folder = output.out_dir.clone();
        fs::create_dir_all(&folder).map_err(|error| {
            Failure::Output(match folder.metadata() {
                Ok(found) if !found.is_dir() => format!("{} is not a folder", folder.display()),
                _ => format!("cannot create the folder {}: {error}", folder.display()),
            })
        })?;
        check_folder(&folder)?;
        Ok(Self { folder, name })
    }

    /// Returns the path of the file whose name ends with `suffix`.
    pub(crate) fn file(&self, suffix: &str) -> PathBuf {
        self.folder.join(format!("{}{suffix}", self.name))
    }

    /// Returns the place of files whose names continue with `suffix`.
    pub(crate) fn with_suffix(&self, suffix: &str) -> Self {
        Self { folder: self.folder.clone(), name: format!("{}{suffix}", self.name) }
    }
}

/// Checks that a file of results can be written and is no input.
pub(crate) fn check_result(path: &Path, inputs: &[&Path], no_overwrite: bool) -> Result<(), Failure> {
    if inputs.iter().any(|input| same_file(input, path)) {
        return Err(Failure::output(path, "it is an input file (hint: use another OUT_DIR)"));
    }
    check_file(path, no_overwrite)
}

/// Checks that a file can be written, considering what exists under its name.
pub(crate) fn check_file(path: &Path, no_overwrite: bool) -> Result<(), Failure> {
    if no_overwrite && path.symlink_metadata().is_ok() {
        return Err(Failure::output(path, "it exists and --no-overwrite is given"));
    }
    if path.is_dir() {
        return Err(Failure::output(path, "it is a folder"));
    }
    Ok(())
}

/// Checks that files can be created in a folder. Files are replaced by a temporary file beside
/// them.
fn check_folder(folder: &Path) -> Result<(), Failure> {
    tempfile::tempfile_in(folder).map_err(|error| Failure::output(folder, error))?;
    Ok(())
}

/// Checks that files can be created in the folder of a file.
pub(crate) fn check_folder_of(path: &Path) -> Result<(), Failure> {
    check_folder(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

/// Checks that a report on a run does not replace one of its results.
pub(crate) fn must_be_no_result(path: &Path, results: &[String]) -> Result<(), Failure> {
    match results.iter().any(|result| same_file(Path::new(result), path)) {
        true => Err(Failure::output(path, "it is a result file")),
        false => Ok(()),
    }
}

/// Returns the name of a network file without folder, compression and extension.
fn base_name(network: &Path) -> String {
    if network == Path::new("-") {
        return "stdin".to_owned();
    }
    let name = network.file_name().unwrap_or_default().to_string_lossy();
    let name = without_compression(&name);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Returns whether two paths lead to the same existing file.
pub(crate) fn same_file(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_named_after_the_network() {
        for (path, name) in [
            ("a/karate.txt", "karate"),
            ("karate.net.gz", "karate"),
            ("v1.2.links.zst", "v1.2"),
            ("links.csv.xz", "links"),
            ("links", "links"),
            (".hidden", ".hidden"),
            ("two words.txt", "two words"),
            ("-", "stdin"),
        ] {
            assert_eq!(base_name(Path::new(path)), name);
        }
    }
}
