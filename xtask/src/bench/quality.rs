//! Codelengths of single trials of mapeq against the best of several by Infomap.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::Bench;
use super::measure::mean;
use super::network::{About, Network, Recipe};
use super::scoring::score;
use super::table::{bits, digits, table};
use super::tool::{Levels, Tool};

const RECIPES: [Recipe; 3] = [Recipe(10_000, 20, 30), Recipe(10_000, 20, 60), Recipe(100_000, 20, 50)];

const MAPEQ_TRIALS: u64 = 5;
const INFOMAP_TRIALS: u64 = 10;

/// Trials of mapeq and Infomap on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    levels: String,
    /// Codelengths of mapeq's trials.
    mapeq: Vec<f64>,
    /// Codelengths of Infomap's trials.
    infomap: Vec<f64>,
    /// Mean CPU seconds of mapeq's trials.
    mapeq_cpu_seconds: f64,
    /// Mean CPU seconds of Infomap's trials.
    infomap_cpu_seconds: f64,
}

impl Row {
    fn best_of_infomap(&self) -> f64 {
        self.infomap.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Returns how much longer mapeq's mean is than Infomap's best, relative to the latter.
    fn excess(&self) -> f64 {
        mean(&self.mapeq) / self.best_of_infomap() - 1.0
    }
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    bench.each_search(&bench.networks(&RECIPES, &[])?, |network, levels| {
        let (mapeq, mapeq_cpu_seconds) = trials(bench, network, levels, Tool::Mapeq, MAPEQ_TRIALS)?;
        let (infomap, infomap_cpu_seconds) = trials(bench, network, levels, Tool::Infomap, INFOMAP_TRIALS)?;
        let (network, levels) = (network.about.clone(), levels.name().to_owned());
        Ok(Row { network, levels, mapeq, infomap, mapeq_cpu_seconds, infomap_cpu_seconds })
    })
}

/// Returns the codelengths of trials with the seeds 1, 2, …, and their mean CPU seconds.
fn trials(
    bench: &Bench,
    network: &Network,
    levels: Levels,
    tool: Tool,
    trials: u64,
) -> Result<(Vec<f64>, f64), String> {
    let folder = bench.folder("results")?;
    let mut codelengths = Vec::new();
    let mut seconds = Vec::new();
    for seed in 1..=trials {
        let (mut command, result) = tool.trial(bench, network, levels, seed, &folder)?;
        seconds.push(bench.measure(&mut command)?.0.cpu_seconds);
        codelengths.push(score(bench, network, &result)?);
    }
    Ok((codelengths, mean(&seconds)))
}

pub(crate) fn render(rows: &[Row]) -> String {
    let mut text = format!(
        "Codelengths of single trials: {MAPEQ_TRIALS} by mapeq and {INFOMAP_TRIALS} by Infomap, with seeds from 1. CPU seconds are means.
*difference* compares mapeq's mean with Infomap's best. If it is negative, one trial of mapeq is shorter
on average than the best of {INFOMAP_TRIALS} by Infomap.\n\n"
    );
    let head = [
        "network",
        "levels",
        "mapeq mean",
        "mapeq worst",
        "Infomap mean",
        "Infomap best",
        "mapeq CPU s",
        "Infomap CPU s",
        "difference",
    ];
    text += &table(
        head,
        rows.iter().map(|row| {
            [
                format!("{}{}", row.network.name, if row.network.directed { " -d" } else { "" }),
                row.levels.clone(),
                bits(mean(&row.mapeq)),
                bits(row.mapeq.iter().copied().fold(0.0, f64::max)),
                bits(mean(&row.infomap)),
                bits(row.best_of_infomap()),
                digits(row.mapeq_cpu_seconds),
                digits(row.infomap_cpu_seconds),
                format!("{:+.4} %", 100.0 * row.excess()),
            ]
        }),
    );
    // Rounding errors are no exceptions.
    let exceptions: Vec<&Row> = rows.iter().filter(|row| row.excess() > 1e-9).collect();
    if exceptions.is_empty() {
        text += "\nOn every network, mapeq's mean is at most Infomap's best.\n";
    } else {
        writeln!(text, "\nInfomap's best is shorter in {} of {} rows:\n", exceptions.len(), rows.len())
            .expect("memory");
        for row in exceptions {
            writeln!(text, "- {}, {}: {:+.4} %", row.network.name, row.levels, 100.0 * row.excess()).expect("memory");
        }
    }
    text
}
