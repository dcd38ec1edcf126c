//! What has been measured, when, at which commit and on what machine: `docs/benchmarks.json`.

use std::fs;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::peers::Peers;
use crate::Outcome;
use crate::repository::{command, output, root};

const PATH: &str = "docs/benchmarks.json";

/// One section as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The commit that was measured; `+` if files had been changed since.
    pub commit: String,
    /// The day.
    pub date: String,
    /// How to measure it again.
    pub command: String,
    /// Where it was measured.
    pub machine: Machine,
    /// What the section makes of it.
    pub data: Value,
}

/// What a machine is like; nothing that tells whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Machine {
    /// Name of the processor.
    pub processor: String,
    /// Processors that can be used.
    pub cores: usize,
    /// Memory in 10⁹ bytes.
    pub memory_gigabytes: u64,
    /// Operating system and architecture.
    pub system: String,
    /// The compiler.
    pub rustc: String,
    /// The programs compared with.
    pub peers: String,
}

/// All that is stored; nothing if there is no file.
pub(crate) fn load() -> Result<Map<String, Value>, String> {
    match fs::read_to_string(root().join(PATH)) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| format!("{PATH}: {error}")),
        Err(_) => Ok(Map::new()),
    }
}

/// Stores the data of a section in place of older ones.
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
    fs::write(root().join(PATH), text).map_err(|error| format!("cannot write {PATH}: {error}"))
}

fn commit() -> Result<String, String> {
    let commit = output(&mut command(&["git", "rev-parse", "--short", "HEAD"]))?;
    // What the report itself writes does not count.
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

/// Name and version of the compiler.
pub(crate) fn rustc() -> Result<String, String> {
    let version = output(&mut command(&["rustc", "--version"]))?;
    Ok(version.split(" (").next().unwrap_or_default().trim().to_owned())
}
