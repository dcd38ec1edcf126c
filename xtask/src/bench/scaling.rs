//! Time and memory of mapeq as functions of network size.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::Bench;
use super::measure::{Usage, medians};
use super::network::{About, Recipe};
use super::plot::{Line, log_log};
use super::table::{digits, grouped, megabytes, table};
use super::tool::Levels;
use crate::repository::write;

const RECIPES: [Recipe; 5] = [
    Recipe(10_000, 20, 40),
    Recipe(30_000, 20, 40),
    Recipe(100_000, 20, 40),
    Recipe(300_000, 20, 40),
    Recipe(1_000_000, 20, 40),
];
const LARGE: [Recipe; 2] = [Recipe(3_000_000, 20, 40), Recipe(10_000_000, 20, 40)];

const PLOT: &str = "docs/scaling.svg";

/// Costs on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    levels: String,
    usage: Usage,
}

impl Row {
    fn links(&self) -> f64 {
        self.network.links as f64
    }
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    bench.each_search(&bench.networks(&RECIPES, &LARGE)?, |network, levels| {
        let run = |seed: u64| {
            let mut command = bench.search(network, levels);
            command.args(["--threads=1", "--quiet", "--no-file-output", "--seed", &seed.to_string()]);
            Ok(bench.measure(&mut command)?.0)
        };
        let runs: Result<Vec<Usage>, String> = (1..=bench.repeats_on(network)).map(run).collect();
        Ok(Row { network: network.about.clone(), levels: levels.name().to_owned(), usage: medians(&runs?) })
    })
}

/// Fits y ∝ x^a to the points by linear regression of the logarithms, and returns a.
fn exponent(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (x.ln(), y.ln())).collect();
    let count = logs.len() as f64;
    let (mean_x, mean_y) = logs.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / count, b + y / count));
    let covariance: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let variance: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    covariance / variance
}

pub(crate) fn render(rows: &[Row]) -> Result<String, String> {
    let head = ["network", "levels", "nodes", "links", "CPU s", "µs per link", "wall s", "peak MB", "bytes per link"];
    let cells = rows.iter().map(|row| {
        [
            row.network.name.clone(),
            row.levels.clone(),
            grouped(row.network.nodes),
            grouped(row.network.links),
            digits(row.usage.cpu_seconds),
            digits(1e6 * row.usage.cpu_seconds / row.links()),
            digits(row.usage.wall_seconds),
            megabytes(row.usage.peak_bytes),
            digits(row.usage.peak_bytes / row.links()),
        ]
    });
    let mut text = format!("One trial of mapeq on one thread.\n\n{}\n", table(head, cells));
    let mut lines = Vec::new();
    for levels in Levels::ALL {
        let of = |cost: fn(&Usage) -> f64| -> Vec<(f64, f64)> {
            let rows = rows.iter().filter(|row| row.levels == levels.name());
            rows.map(|row| (row.links(), cost(&row.usage))).collect()
        };
        let name = levels.name();
        let [cpu, peak] = [of(|usage| usage.cpu_seconds.max(1e-3)), of(|usage| usage.peak_bytes / 1e6)];
        if cpu.len() > 1 {
            let [time, memory] = [&cpu, &peak].map(|points| exponent(points));
            let [last_time, last_memory] = [&cpu, &peak].map(|points| exponent(&points[points.len() - 2..]));
            writeln!(
                text,
                "- {name}: time grows as links^{time:.2} and memory as links^{memory:.2} over all sizes, and as \
                 links^{last_time:.2} and links^{last_memory:.2} over the two largest."
            )
            .expect("memory");
        }
        lines.push(Line { name: format!("{name}, CPU s"), points: cpu });
        if levels == Levels::Any {
            lines.push(Line { name: format!("{name}, peak MB"), points: peak });
        }
    }
    // A reference slope.
    if let Some(&(min_links, seconds)) = lines[0].points.first() {
        let points = lines[0].points.iter().map(|&(links, _)| (links, seconds * links / min_links)).collect();
        lines.push(Line { name: "proportional to links".to_owned(), points });
    }
    write(PLOT, log_log("links", &lines)?)?;
    text += "\n![CPU seconds and peak megabytes as functions of the number of links](scaling.svg)\n";
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponent_of_a_power_law_is_fitted() {
        let points: Vec<(f64, f64)> = [1.0f64, 10.0, 50.0].map(|x| (x, 3.0 * x.powf(1.2))).into();
        assert!((exponent(&points) - 1.2).abs() < 1e-12);
    }
}
