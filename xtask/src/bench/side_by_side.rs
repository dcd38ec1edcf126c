//! All programs on the same networks.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::Bench;
use super::measure::{Usage, median, medians};
use super::network::{About, Network, Recipe, triangle};
use super::scoring::{SAME, infomap_score, score};
use super::table::{bits, digits, grouped, megabytes, table, times};
use super::tool::{Levels, Tool};
use crate::Outcome;

const RECIPES: [Recipe; 4] =
    [Recipe(10_000, 20, 30), Recipe(10_000, 20, 60), Recipe(100_000, 20, 30), Recipe(100_000, 20, 50)];
const LARGE: [Recipe; 2] = [Recipe(1_000_000, 20, 40), Recipe(1_000_000, 20, 60)];

/// All programs on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// The network.
    pub network: About,
    /// Runs of each program.
    pub rounds: u64,
    /// One entry per program.
    pub entries: Vec<Entry>,
    /// Programs that did not take part, and why.
    pub notes: Vec<String>,
}

/// One program on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Its name.
    pub tool: String,
    /// How deep modules may be nested.
    pub levels: String,
    /// Bits per step, in the median of the runs.
    pub codelength: f64,
    /// The most that the two scorers differ, in bits.
    pub difference: f64,
    /// Costs of a run.
    pub usage: Usage,
    /// Costs on three nodes.
    pub start: Usage,
}

impl Entry {
    /// CPU seconds without those of a start.
    fn work(&self) -> f64 {
        (self.usage.cpu_seconds - self.start.cpu_seconds).max(0.0)
    }
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Comparison>, String> {
    let mut recipes = RECIPES.to_vec();
    if bench.full {
        recipes.extend(LARGE);
    }
    bench.networks(&recipes)?.iter().map(|network| compare(bench, network, &Tool::ALL)).collect()
}

/// The given programs on one network, in turn.
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
    // Programs without modules in modules say so once for all networks.
    notes.retain(|note| !note.ends_with("no modules in modules"));
    let rounds = if network.about.links > 3_000_000 { 1 } else { bench.repeats };
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

/// A program, and its runs so far.
struct Runner {
    tool: Tool,
    levels: Levels,
    runs: Vec<Usage>,
    /// Runs on three nodes, one beside each of the others.
    starts: Vec<Usage>,
    /// Our score and Infomap's, of each run.
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
One trial on one thread. networkit and igraph find no modules in modules; `×` is relative to mapeq with the same levels. Every
result is scored a second time by Infomap (`--no-infomap -c`).\n"
        .to_owned();
    for comparison in comparisons {
        text += &render_one(comparison);
    }
    let worst = comparisons.iter().flat_map(|one| &one.entries).map(|entry| entry.difference).fold(0.0, f64::max);
    writeln!(text, "\nThe two scorers differ by {worst:.1e} bits at most.").expect("memory");
    text
}

/// The table of one network.
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
            // Of next to nothing there is no ratio.
            times(entry.work(), if base.work() < 0.02 { 0.0 } else { base.work() }),
            digits(entry.usage.wall_seconds),
            megabytes(entry.usage.peak_bytes),
            times(entry.usage.peak_bytes, base.usage.peak_bytes),
        ]
    });
    let head = ["program", "levels", "codelength", "CPU s", "×", "without start", "×", "wall s", "peak MB", "×"];
    text += &table(head, rows);
    for entry in comparison.entries.iter().filter(|entry| entry.difference > SAME) {
        let (tool, levels, difference) = (&entry.tool, &entry.levels, entry.difference);
        writeln!(text, "\n{tool}, {levels}: mapeq's and Infomap's scores differ by {difference:.1e} bits.")
            .expect("memory");
    }
    for note in &comparison.notes {
        writeln!(text, "\n{note}.").expect("memory");
    }
    text
}
