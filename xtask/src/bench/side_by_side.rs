//! All programs on the same networks.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::Bench;
use super::measure::{Usage, median, medians};
use super::network::{About, Network, Recipe, triangle};
use super::scoring::{TOLERANCE, infomap_score, score};
use super::table::{bits, digits, grouped, megabytes, table, times};
use super::tool::{Levels, TWO_LEVEL_ONLY, Tool};
use crate::Outcome;

const RECIPES: [Recipe; 4] =
    [Recipe(10_000, 20, 30), Recipe(10_000, 20, 60), Recipe(100_000, 20, 30), Recipe(100_000, 20, 50)];
const LARGE: [Recipe; 2] = [Recipe(1_000_000, 20, 40), Recipe(1_000_000, 20, 60)];

/// All programs on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// Measured network.
    pub network: About,
    /// Runs of each program.
    pub rounds: u64,
    /// One entry for each program and number of levels.
    pub entries: Vec<Entry>,
    /// Programs that were left out, with the reason.
    pub notes: Vec<String>,
}

/// One program on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Name of the program.
    pub tool: String,
    /// Name of the [`Levels`].
    pub levels: String,
    /// Median codelength, in bits per step.
    pub codelength: f64,
    /// Largest difference between mapeq's and Infomap's scores, in bits per step.
    pub difference: f64,
    /// Median costs.
    pub usage: Usage,
    /// Median costs on a network of three nodes.
    pub start: Usage,
}

impl Entry {
    /// Returns the CPU seconds without those of starting the program.
    fn work(&self) -> f64 {
        (self.usage.cpu_seconds - self.start.cpu_seconds).max(0.0)
    }
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Comparison>, String> {
    bench.networks(&RECIPES, &LARGE)?.iter().map(|network| compare(bench, network, &Tool::ALL)).collect()
}

/// Measures the programs on one network, with interleaved runs.
pub(crate) fn compare(bench: &Bench, network: &Network, tools: &[Tool]) -> Result<Comparison, String> {
    let mut notes = Vec::new();
    let mut runners: Vec<Runner> = Vec::new();
    for levels in Levels::ALL {
        for &tool in tools {
            match tool.exclusion(network, levels) {
                None => runners.push(Runner {
                    tool,
                    levels,
                    runs: Vec::new(),
                    starts: Vec::new(),
                    scores: Vec::new(),
                    failed: false,
                }),
                Some(exclusion) => {
                    let note = format!("{}: {exclusion}", tool.name());
                    if !notes.contains(&note) {
                        notes.push(note);
                    }
                }
            }
        }
    }
    // The caption of the section covers programs that are two-level only.
    notes.retain(|note| !note.ends_with(TWO_LEVEL_ONLY));
    let rounds = bench.repeats_on(network);
    for round in 1..=rounds {
        for runner in runners.iter_mut().filter(|runner| !runner.failed) {
            eprintln!("{}, {}, {}, run {round}", network.about.name, runner.tool.name(), runner.levels.name());
            if let Err(error) = runner.run(bench, network, round) {
                eprintln!("{error}");
                notes.push(format!("{}, {}: failed", runner.tool.name(), runner.levels.name()));
                runner.failed = true;
            }
        }
    }
    let entries = runners.into_iter().filter(|runner| !runner.failed).map(Runner::entry).collect();
    Ok(Comparison { network: network.about.clone(), rounds, entries, notes })
}

/// A program and its completed runs.
struct Runner {
    tool: Tool,
    levels: Levels,
    runs: Vec<Usage>,
    /// Runs on three nodes, one before each of the others.
    starts: Vec<Usage>,
    /// mapeq's and Infomap's score of each run.
    scores: Vec<(f64, f64)>,
    failed: bool,
}

impl Runner {
    fn run(&mut self, bench: &Bench, network: &Network, seed: u64) -> Outcome {
        let folder = bench.folder("results")?;
        let (mut start, _) = self.tool.trial(bench, &triangle(bench)?, self.levels, seed, &folder)?;
        self.starts.push(bench.measure(&mut start)?.0);
        let (mut command, result) = self.tool.trial(bench, network, self.levels, seed, &folder)?;
        self.runs.push(bench.measure(&mut command)?.0);
        self.scores.push((score(bench, network, &result)?, infomap_score(bench, network, &result)?));
        Ok(())
    }

    fn entry(self) -> Entry {
        Entry {
            tool: self.tool.name().to_owned(),
            levels: self.levels.name().to_owned(),
            codelength: median(self.scores.iter().map(|(ours, _)| *ours)),
            difference: self.scores.iter().map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f64::max),
            usage: medians(&self.runs),
            start: medians(&self.starts),
        }
    }
}

pub(crate) fn render(comparisons: &[Comparison]) -> String {
    let mut text = "\
One trial on one thread. networkit and igraph find two-level partitions only; networkit runs
sequentially (`none`) and with the strategy of RelaxMap (`relaxmap`). Columns named `×` are relative to
mapeq with the same levels. *start excluded* is the CPU time less that of the same program
on a network of three nodes; for Python programs, this leaves out the interpreter and its imports.
Infomap scores every result a second time (`--no-infomap -c`).\n"
        .to_owned();
    for comparison in comparisons {
        text += &render_one(comparison);
    }
    let worst = comparisons.iter().flat_map(|one| &one.entries).map(|entry| entry.difference).fold(0.0, f64::max);
    writeln!(text, "\nThe scores of mapeq and Infomap differ by at most {worst:.1e} bits.").expect("memory");
    text
}

/// Renders the table of one network.
pub(crate) fn render_one(comparison: &Comparison) -> String {
    let About { name, nodes, links, directed, .. } = &comparison.network;
    let (nodes, links) = (grouped(*nodes), grouped(*links));
    let direction = if *directed { "directed" } else { "undirected" };
    let mut text =
        format!("\n### {name}\n\n{nodes} nodes, {links} links, {direction}; runs: {}.\n\n", comparison.rounds);
    let rows = comparison.entries.iter().map(|entry| {
        let ours = |entry: &&Entry| entry.tool == Tool::Mapeq.name();
        let same_levels = |other: &&Entry| other.levels == entry.levels;
        let base = comparison.entries.iter().filter(same_levels).find(ours).unwrap_or(entry);
        [
            entry.tool.clone(),
            entry.levels.clone(),
            bits(entry.codelength),
            digits(entry.usage.cpu_seconds),
            times(entry.usage.cpu_seconds, base.usage.cpu_seconds),
            digits(entry.work()),
            // Ratios to tiny times mean nothing.
            times(entry.work(), if base.work() < 0.02 { 0.0 } else { base.work() }),
            digits(entry.usage.wall_seconds),
            megabytes(entry.usage.peak_bytes),
            times(entry.usage.peak_bytes, base.usage.peak_bytes),
        ]
    });
    let head = ["program", "levels", "codelength", "CPU s", "×", "start excluded", "×", "wall s", "peak MB", "×"];
    text += &table(head, rows);
    for entry in comparison.entries.iter().filter(|entry| entry.difference > TOLERANCE) {
        let (tool, levels, difference) = (&entry.tool, &entry.levels, entry.difference);
        writeln!(text, "\n{tool}, {levels}: the scores of mapeq and Infomap differ by {difference:.1e} bits.")
            .expect("memory");
    }
    for note in &comparison.notes {
        writeln!(text, "\n{note}.").expect("memory");
    }
    text
}
