//! `--manifest`: what it takes to do a run again.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use mapeq_io::{ReadError, write_atomically};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::files::{check_folder_of, check_result, must_be_no_result};
use crate::cli::args::{Cli, CommonArgs, ManifestArgs};
use crate::cli::exit::Failure;
use crate::cli::session::{Session, print};

/// A run that can be done again: with the same files, `arguments` give the same results.
#[derive(Serialize)]
struct Manifest<'a, R> {
    program: &'static str,
    version: &'static str,
    /// What was typed.
    command_line: &'a str,
    /// The command, word by word.
    arguments: Vec<String>,
    folder: Option<String>,
    /// Every option of the command, those that were not given with their defaults; null where the default depends on others.
    options: Map<String, Value>,
    platform: Platform,
    started_at: &'a str,
    inputs: Vec<FileFacts>,
    outputs: Vec<FileFacts>,
    /// As `--json` prints it.
    run: &'a R,
}

#[derive(Serialize)]
struct Platform {
    system: &'static str,
    architecture: &'static str,
    threads_available: Option<usize>,
}

/// A file as it is.
#[derive(Serialize)]
struct FileFacts {
    path: String,
    bytes: u64,
    sha256: String,
}

/// A manifest that is to be written.
pub(crate) struct Plan {
    path: PathBuf,
    inputs: Vec<FileFacts>,
}

/// Makes sure that the manifest can be written, if one is wanted, and looks at the input files before they are read.
pub(crate) fn plan(
    args: &ManifestArgs,
    inputs: &[&Path],
    no_overwrite: bool,
    common: &CommonArgs,
) -> Result<Option<Plan>, Failure> {
    let Some(path) = &args.manifest else { return Ok(None) };
    if path == Path::new("-") {
        if !common.quiet || common.json {
            let message = "--manifest - is all that goes to standard output: add --quiet, and no --json";
            return Err(Failure::Usage(message.to_owned()));
        }
    } else {
        check_result(path, inputs, no_overwrite)?;
        check_folder_of(path)?;
    }
    // What comes through a pipe can be read once.
    let files = inputs.iter().filter(|input| **input != Path::new("-") && input.is_file());
    let inputs = files.map(|path| {
        FileFacts::of(path).map_err(|source| Failure::from(ReadError::Io { path: path.to_path_buf(), source }))
    });
    Ok(Some(Plan { path: path.clone(), inputs: inputs.collect::<Result<_, _>>()? }))
}

impl Plan {
    /// Writes what there is to tell of the run that ends with `report` and has written `outputs`.
    pub(crate) fn write(
        self,
        session: &Session,
        started_at: &str,
        report: &impl Serialize,
        paths: &[String],
    ) -> Result<(), Failure> {
        let outputs = paths
            .iter()
            .map(|path| FileFacts::of(Path::new(path)).map_err(|error| Failure::output(Path::new(path), error)));
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
            started_at,
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

/// Every option of the command that was typed.
fn options(session: &Session) -> Map<String, Value> {
    let matches = Cli::command().get_matches_from(&session.words);
    let (name, matches) = matches.subcommand().expect("there is a command");
    let program = Cli::command();
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
    /// Looks at the file at `path`. O(bytes).
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
