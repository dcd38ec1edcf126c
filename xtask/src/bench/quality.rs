//! How short the codelengths of single trials are.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::Bench;
use super::measure::mean;
use super::network::{About, Network, Recipe};
use super::scoring::score;
use super::table::{bits, digits, table};
use super::tool::{Levels, Tool};

const RECIPES: [Recipe; 3] = [Recipe(10_000, 20, 30), Recipe(10_000, 20, 60), Recipe(100_000, 20, 50)];

const OUR_TRIALS: u64 = 5;
const THEIR_TRIALS: u64 = 10;

/// mapeq and Infomap on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    levels: String,
    /// Codelength of each trial.
    mapeq: Vec<f64>,
    infomap: Vec<f64>,
    /// Mean CPU seconds of a trial.
    mapeq_cpu_seconds: f64,
    infomap_cpu_seconds: f64,
}

impl Row {
    fn best_of_infomap(&self) -> f64 {
        self.infomap.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// How much longer the mean trial of mapeq is, as a share.
    fn excess(&self) -> f64 {
        mean(&self.mapeq) / self.best_of_infomap() - 1.0
    }
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for network in bench.networks(&RECIPES)? {
        for levels in Levels::ALL {
            eprintln!("{}, {}", network.about.name, levels.name());
            let (mapeq, mapeq_cpu_seconds) = trials(bench, &network, levels, Tool::Mapeq, OUR_TRIALS)?;
            let (infomap, infomap_cpu_seconds) = trials(bench, &network, levels, Tool::Infomap, THEIR_TRIALS)?;
            let (network, levels) = (network.about.clone(), levels.name().to_owned());
            rows.push(Row { network, levels, mapeq, infomap, mapeq_cpu_seconds, infomap_cpu_seconds });
        }
    }
    Ok(rows)
}

/// The codelengths of single trials with the seeds 1, 2, …, and their mean CPU seconds.
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
        "The mean of {OUR_TRIALS} single trials of mapeq (seeds 1 to {OUR_TRIALS}) beside the mean and the best of {THEIR_TRIALS} \
         of Infomap. The last column\nis mapeq's mean relative to Infomap's best; below 0, a single trial of mapeq is expected to be \
         shorter than ten of Infomap.\n\n"
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
        "to the best",
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
    // The last bits of sums in another order are no exception.
    let exceptions: Vec<&Row> = rows.iter().filter(|row| row.excess() > 1e-9).collect();
    if exceptions.is_empty() {
        text += "\nNo exception: on every network the mean is at most Infomap's best.\n";
    } else {
        writeln!(
            text,
            "\nExceptions ({} of {}), where Infomap's best of ten is shorter:\n",
            exceptions.len(),
            rows.len()
        )
        .expect("memory");
        for row in exceptions {
            writeln!(text, "- {}, {}: {:+.4} %", row.network.name, row.levels, 100.0 * row.excess()).expect("memory");
        }
    }
    text
}
