//! `--manifest`: a description of a run, from which it can be repeated.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use mapeq_io::{ReadError, write_atomically};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::place::{check_folder_of, check_result, must_be_no_result};
use crate::cli::args::{CommonArgs, ManifestArgs, program};
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::session::{Session, print};

/// A description of a run. With the same files, `arguments` give the same results.
#[derive(Serialize)]
struct Manifest<'a, R> {
    program: &'static str,
    version: &'static str,
    /// Command line as text.
    command_line: &'a str,
    /// Command line, word by word.
    arguments: Vec<String>,
    folder: Option<String>,
    /// Values of all options of the command, defaults included; null if the default depends on
    /// other options.
    options: Map<String, Value>,
    platform: Platform,
    started_at: &'a str,
    inputs: Vec<FileFacts>,
    outputs: Vec<FileFacts>,
    /// Report as printed by `--json`.
    run: &'a R,
}

#[derive(Serialize)]
struct Platform {
    system: &'static str,
    architecture: &'static str,
    threads_available: Option<usize>,
}

/// Size and checksum of a file.
#[derive(Serialize)]
struct FileFacts {
    path: String,
    bytes: u64,
    sha256: String,
}

/// A manifest to be written at the end of the run.
pub(crate) struct Plan {
    path: PathBuf,
    inputs: Vec<FileFacts>,
}

/// Checks that the manifest can be written, if there is one, and takes the checksums of the input
/// files.
///
/// # Errors
/// If the manifest cannot be written, or an input file cannot be read.
pub(crate) fn plan(args: &ManifestArgs, inputs: &[&Path], common: &CommonArgs) -> Result<Option<Plan>, Failure> {
    let Some(path) = &args.manifest else { return Ok(None) };
    if path == Path::new("-") {
        if !common.quiet || common.json {
            let message = "--manifest - must be the only output: add --quiet, and remove --json";
            return Err(Failure::Usage(message.to_owned()));
        }
    } else {
        check_result(path, inputs, args.no_overwrite)?;
        check_folder_of(path)?;
    }
    // A pipe can be read only once.
    let files = inputs.iter().filter(|input| **input != Path::new("-") && input.is_file());
    let inputs = files.map(|path| {
        FileFacts::of(path).map_err(|source| Failure::from(ReadError::Io { path: path.to_path_buf(), source }))
    });
    Ok(Some(Plan { path: path.clone(), inputs: inputs.collect::<Result<_, _>>()? }))
}

impl Plan {
    /// Writes the manifest of a run that ended with `report` and wrote the files `paths`.
    pub(crate) fn write(
        self,
        session: &Session,
        clock: &Clock,
        report: &impl Serialize,
        paths: &[String],
    ) -> Result<(), Failure> {
        let files = paths.iter().filter(|path| Path::new(path).is_file());
        let outputs =
            files.map(|path| FileFacts::of(Path::new(path)).map_err(|error| Failure::output(Path::new(path), error)));
        let manifest = Manifest {
            program: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            command_line: &session.command_line,
            arguments: session.words.iter().map(|word| word.to_string_lossy().into_owned()).collect(),
            folder: std::env::current_dir().ok().map(|folder| folder.display().to_string()),
            options: options(session),
            platform: Platform {
                system: std::env::consts::OS,
                architecture: std::env::consts::ARCH,
                threads_available: std::thread::available_parallelism().ok().map(usize::from),
            },
            started_at: clock.started_at(),
            inputs: self.inputs,
            outputs: outputs.collect::<Result<_, _>>()?,
            run: report,
        };
        let text = serde_json::to_string_pretty(&manifest).expect("a manifest has string keys");
        must_be_no_result(&self.path, paths)?;
        if self.path == Path::new("-") {
            return print(&format!("{text}\n"));
        }
        Ok(write_atomically(&self.path, |out| writeln!(out, "{text}"))?)
    }
}

/// Returns the values of all options of the command.
fn options(session: &Session) -> Map<String, Value> {
    let matches = program().get_matches_from(&session.words);
    let (name, matches) = matches.subcommand().expect("the command that runs");
    let program = program();
    let command = program.find_subcommand(name).expect("the command that was found");
    let option = |arg: &clap::Arg| {
        let id = arg.get_id().as_str();
        let words = matches.get_raw(id).map(|values| values.map(|value| value.to_string_lossy().into_owned()));
        let value = match arg.get_action() {
            clap::ArgAction::SetTrue => Value::Bool(matches.get_flag(id)),
            clap::ArgAction::Count => matches.get_count(id).into(),
            _ => words.map_or(Value::Null, |words| words.collect::<Vec<_>>().join(",").into()),
        };
        Some((arg.get_long()?.to_owned(), value))
    };
    command.get_arguments().filter_map(option).collect()
}

impl FileFacts {
    /// Reads the file at `path`. O(bytes).
    fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let (mut hasher, mut block, mut bytes) = (Sha256::new(), vec![0; 1 << 16], 0);
        loop {
            match file.read(&mut block)? {
                0 => break,
                read => {
                    hasher.update(&block[..read]);
                    bytes += read as u64;
                }
            }
        }
        let sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { path: path.display().to_string(), bytes, sha256 })
    }
}
