//! `cargo xtask bench --check`: the guard against gradual regressions.
//!
//! It compares values that hardly depend on the load of the machine: instruction counts, run times
//! relative to bare memory access, and codelengths.

use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use super::network::{Network, Recipe, generate};
use super::record::rustc;
use super::roofline::measure_one;
use super::tool::Levels;
use super::{Bench, number};
use crate::Outcome;
use crate::repository::{read_json, write};

const PATH: &str = "benches/guard.json";

/// Networks, and whether to read their links as directed.
const RECIPES: [(Recipe, bool); 4] = [
    (Recipe(2000, 10, 30), false),
    (Recipe(10_000, 20, 40), false),
    (Recipe(10_000, 20, 40), true),
    (Recipe(30_000, 20, 60), false),
];

/// Tolerated increase of instructions per link. Another compiler version changes a few percent.
const MAX_EXTRA_INSTRUCTIONS: f64 = 0.15;
/// Tolerated increase of time ratios. Runs on a busy machine differ by less.
const MAX_RATIO_INCREASE: f64 = 0.5;
/// Tolerated increase of codelengths. Trials with other seeds differ by less.
const MAX_CODELENGTH_INCREASE: f64 = 1e-3;

/// Compares the current values with the recorded ones. With `bless`, records them instead.
pub(crate) fn check(bench: &Bench, bless: bool) -> Outcome {
    let counter = Counter::find()?;
    println!("instruction counter: {}", counter.name());
    let mut found = Map::new();
    for (recipe, directed) in RECIPES {
        let mut network = generate(bench, recipe)?;
        network.about.directed = directed;
        for levels in Levels::ALL {
            let direction = if directed { "directed" } else { "undirected" };
            let name = format!("{}, {direction}, {}", network.about.name, levels.name());
            let mut quiet = cluster(bench, &network, levels);
            let instructions = counter.instructions(quiet.arg("--quiet"))? / network.about.links as f64;
            let (_, summary) = bench.summary(&mut cluster(bench, &network, levels))?;
            found.insert(format!("{name}: instructions per link"), json!(instructions.round()));
            found.insert(format!("{name}: bits per step"), json!(number(&summary, "/codelength")?));
        }
    }
    let network = generate(bench, RECIPES[1].0)?;
    let ratio = measure_one(bench, &network)?.moving_ratio();
    found.insert(format!("{}: local moving per gather", network.about.name), json!((ratio * 100.0).round() / 100.0));
    if bless {
        let record = json!({ "rustc": rustc()?, "counter": counter.name(), "values": found });
        let text = serde_json::to_string_pretty(&record).map_err(|error| error.to_string())? + "\n";
        return write(PATH, text);
    }
    let recorded: Value = read_json(PATH)?;
    for (key, now) in [("rustc", rustc()?.as_str()), ("counter", counter.name())] {
        if recorded[key] != now {
            println!("note: recorded with {}, now running {now}", recorded[key]);
        }
    }
    verdict(&found, &recorded["values"])
}

/// Returns the command for one trial on one thread.
fn cluster(bench: &Bench, network: &Network, levels: Levels) -> Command {
    let mut command = bench.search(network, levels);
    command.args(["--seed=1", "--threads=1", "--no-file-output"]);
    command
}

/// Prints every value next to the recorded one. Fails if one is worse than tolerated.
fn verdict(found: &Map<String, Value>, recorded: &Value) -> Outcome {
    let mut worse = Vec::new();
    for (name, value) in found {
        let value = value.as_f64().unwrap_or(f64::INFINITY);
        let Some(before) = recorded[name].as_f64() else {
            worse.push(format!("{name}: missing in {PATH}"));
            continue;
        };
        let tolerance = match name.rsplit(": ").next() {
            Some("instructions per link") => MAX_EXTRA_INSTRUCTIONS,
            Some("bits per step") => MAX_CODELENGTH_INCREASE,
            _ => MAX_RATIO_INCREASE,
        };
        let change = value / before - 1.0;
        println!("{name}: {value} ({before} recorded, {:+.2} %)", 100.0 * change);
        if change > tolerance {
            worse.push(format!("{name}: {value} exceeds {before} by more than {} %", 100.0 * tolerance));
        }
    }
    if worse.is_empty() {
        return Ok(());
    }
    let hint = "to accept the new values: cargo xtask bench --check --bless";
    Err(format!("worse than recorded ({hint})\n  {}", worse.join("\n  ")))
}

/// A program that counts instructions.
#[derive(Clone, Copy, Debug)]
enum Counter {
    /// Hardware counters.
    Perf,
    /// Simulation.
    Valgrind,
}

impl Counter {
    /// Returns a counter that works on this machine.
    fn find() -> Result<Self, String> {
        let works = |counter: &Self| counter.instructions(&Command::new("true")).is_ok_and(|count| count > 0.0);
        [Self::Perf, Self::Valgrind].into_iter().find(works).ok_or_else(|| {
            "NOTHING WAS CHECKED: neither perf nor valgrind can count instructions; install one of them".to_owned()
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Perf => "perf stat",
            Self::Valgrind => "valgrind",
        }
    }

    /// Counts the instructions that a command executes in user space.
    fn instructions(self, command: &Command) -> Result<f64, String> {
        let mut counter = match self {
            Self::Perf => {
                let mut perf = Command::new("perf");
                perf.args(["stat", "-x", ",", "-e", "instructions:u", "--"]);
                perf
            }
            Self::Valgrind => {
                let mut valgrind = Command::new("valgrind");
                valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", "--"]);
                valgrind
            }
        };
        counter.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
        let output = counter.output().map_err(|error| format!("cannot run {counter:?}: {error}"))?;
        let errors = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("{counter:?}: {errors}"));
        }
        self.parse(&errors).ok_or_else(|| format!("{counter:?} prints no instruction count: {errors}"))
    }

    /// Finds the count in the output of the counter.
    fn parse(self, errors: &str) -> Option<f64> {
        match self {
            Self::Perf => {
                let line = errors.lines().find(|line| line.contains("instructions:u"))?;
                line.split(',').next()?.parse().ok()
            }
            Self::Valgrind => {
                let line = errors.lines().find(|line| line.contains("I ") && line.contains(" refs:"))?;
                line.rsplit(' ').next()?.replace(',', "").parse().ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_parsed() {
        assert_eq!(Counter::Perf.parse("123456,,instructions:u,12,100.00,,\n"), Some(123_456.0));
        assert_eq!(Counter::Perf.parse("<not supported>,,instructions:u,0,100.00,,\n"), None);
        assert_eq!(Counter::Valgrind.parse("==7== \n==7== I refs:        1,234,567\n"), Some(1_234_567.0));
    }

    #[test]
    fn only_worse_values_fail() {
        let recorded =
            json!({ "a: instructions per link": 100.0, "a: bits per step": 5.0, "a: local moving per gather": 10.0 });
        let verdict = |instructions: f64, bits: f64, ratio: f64| {
            let found = json!({
                "a: instructions per link": instructions, "a: bits per step": bits, "a: local moving per gather": ratio
            });
            verdict(found.as_object().expect("an object"), &recorded)
        };
        assert_eq!(verdict(50.0, 4.0, 1.0), Ok(()));
        assert_eq!(verdict(114.0, 5.004, 14.9), Ok(()));
        assert!(verdict(116.0, 5.0, 10.0).is_err());
        assert!(verdict(100.0, 5.006, 10.0).is_err());
        assert!(verdict(100.0, 5.0, 15.1).is_err());
    }

    #[test]
    fn unrecorded_values_fail() {
        let found = json!({ "b: bits per step": 5.0 });
        assert!(verdict(found.as_object().expect("an object"), &json!({})).is_err());
    }
}
