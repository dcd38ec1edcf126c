//! `docs/benchmarks.md`, written whole from what is stored.

use std::fmt::Write as _;
use std::fs;

use serde::Deserialize as _;

use super::record::{Record, load};
use super::section::Section;
use crate::Outcome;
use crate::repository::root;

const PATH: &str = "docs/benchmarks.md";

const INTRODUCTION: &str = "# Benchmarks

Written by `cargo xtask bench` from `benchmarks.json`; every section tells the command that measures it again, the commit and
the machine.

Costs are those of whole processes, one for each run, as the operating system counts them: reading, flow, search and writing. CPU
seconds are those of all threads. \"Without start\" leaves out what the same program needs for a network of three nodes, which for
programs in Python is the interpreter and its imports. Programs run in turn, A B C A B C, with the number of the round as the
seed; tables show medians. All results are scored by `mapeq score`. Codelengths are bits per step. A process starts as a copy of
the one that measures it, so a peak below that one's own (up to 52 MB after large networks, in records made before it was made
smaller) is told as that.

Networks named `power-law-N-kK-mixM` are made by `cargo xtask generate --nodes N --mean-degree K --mixing M/100`: power laws of degrees
and of sizes of modules, M percent of the links between modules. In the commands below, files stand without their folder.
";

/// Writes the report.
pub(crate) fn write() -> Outcome {
    let all = load()?;
    let mut text = INTRODUCTION.to_owned();
    for section in Section::ALL {
        let Some(stored) = all.get(section.name()) else { continue };
        let record = Record::deserialize(stored).map_err(|error| format!("docs/benchmarks.json: {error}"))?;
        let body = match section.render(&record.data) {
            Ok(body) => body,
            Err(error) => {
                eprintln!("note: {} is left out: {error}", section.name());
                continue;
            }
        };
        let machine = &record.machine;
        writeln!(text, "\n## {}\n", section.title()).expect("memory");
        writeln!(text, "{}", body.trim_end()).expect("memory");
        let peers = if section.has_peers() { format!("; {}", machine.peers) } else { String::new() };
        let place = format!(
            "{}, {} cores, {} GB, {}",
            machine.processor, machine.cores, machine.memory_gigabytes, machine.system
        );
        let Record { command, commit, date, .. } = &record;
        writeln!(text, "\n`{command}`: commit {commit}, {date}; {place}; {}{peers}.", machine.rustc).expect("memory");
    }
    fs::write(root().join(PATH), text).map_err(|error| format!("cannot write {PATH}: {error}"))
}
