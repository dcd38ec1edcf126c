//! The measurements with their commit, date and machine: `docs/benchmarks.json`.

use std::fs;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::peers::Peers;
use crate::Outcome;
use crate::repository::{command, output, read_json, root, write};

const PATH: &str = "docs/benchmarks.json";

/// The stored measurement of one section.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Measured commit; followed by `+` if files had been changed since.
    pub commit: String,
    /// Day of the measurement.
    pub date: String,
    /// Command that repeats the measurement.
    pub command: String,
    /// Machine of the measurement.
    pub machine: Machine,
    /// Data of the section.
    pub data: Value,
}

/// Description of a machine, without anything that identifies its owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Machine {
    /// Name of the processor.
    pub processor: String,
    /// Number of available processors.
    pub cores: usize,
    /// Memory in 10⁹ bytes.
    pub memory_gigabytes: u64,
    /// Operating system and architecture.
    pub system: String,
    /// Name and version of the compiler.
    pub rustc: String,
    /// Names and versions of the peers.
    pub peers: String,
}

/// Returns all stored measurements; none if there is no file.
pub(crate) fn load() -> Result<Map<String, Value>, String> {
    if root().join(PATH).exists() { read_json(PATH) } else { Ok(Map::new()) }
}

/// Stores the data of a section and replaces older data.
pub(crate) fn store(section: &str, command: &str, data: Value) -> Outcome {
    let record = Record {
        commit: commit()?,
        date: jiff::ZonedDateTime::now().date().to_string(),
        command: command.to_owned(),
        machine: machine()?,
        data,
    };
    let mut all = load()?;
    all.insert(section.to_owned(), serde_json::to_value(record).map_err(|error| error.to_string())?);
    let text = serde_json::to_string_pretty(&all).map_err(|error| error.to_string())? + "\n";
    write(PATH, text)
}

fn commit() -> Result<String, String> {
    let commit = output(&mut command(&["git", "rev-parse", "--short", "HEAD"]))?;
    // Changes in `docs` do not count: the report is written there.
    let changed = ["git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs"];
    let mark = if output(&mut command(&changed))?.is_empty() { "" } else { "+" };
    Ok(format!("{}{mark}", commit.trim()))
}

fn machine() -> Result<Machine, String> {
    let line = |path: &str, key: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split(':').nth(1).unwrap_or_default().trim().to_owned()
    };
    let kilobytes: u64 = line("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0);
    Ok(Machine {
        processor: line("/proc/cpuinfo", "model name"),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        memory_gigabytes: kilobytes * 1024 / 1_000_000_000,
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        rustc: rustc()?,
        peers: Peers::versions(),
    })
}

/// Returns name and version of the compiler.
pub(crate) fn rustc() -> Result<String, String> {
    let version = output(&mut command(&["rustc", "--version"]))?;
    Ok(version.split(" (").next().unwrap_or_default().trim().to_owned())
}
