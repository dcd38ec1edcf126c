//! Time and memory of mapeq from small networks to large ones.

use std::fmt::Write as _;
use std::fs;

use serde::{Deserialize, Serialize};

use super::Bench;
use super::measure::{Usage, medians};
use super::network::{About, Recipe};
use super::plot::{Line, log_log};
use super::table::{digits, grouped, megabytes, table};
use super::tool::Levels;
use crate::repository::root;

const RECIPES: [Recipe; 5] = [
    Recipe(10_000, 20, 40),
    Recipe(30_000, 20, 40),
    Recipe(100_000, 20, 40),
    Recipe(300_000, 20, 40),
    Recipe(1_000_000, 20, 40),
];
const LARGE: [Recipe; 2] = [Recipe(3_000_000, 20, 40), Recipe(10_000_000, 20, 40)];

const PLOT: &str = "docs/scaling.svg";

/// mapeq on one network.
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
    let mut recipes = RECIPES.to_vec();
    if bench.full {
        recipes.extend(LARGE);
    }
    let mut rows = Vec::new();
    for network in bench.networks(&recipes)? {
        let rounds = if network.about.links > 3_000_000 { 1 } else { bench.repeats };
        for levels in Levels::ALL {
            eprintln!("{}, {}", network.about.name, levels.name());
            let run = |seed: u64| {
                let mut command = bench.mapeq_cluster();
                command.arg(&network.path).args(network.options()).args(levels.options());
                command.args(["--threads=1", "--quiet", "--no-file-output", "--seed", &seed.to_string()]);
                Ok(bench.measure(&mut command)?.0)
            };
            let runs: Result<Vec<Usage>, String> = (1..=rounds).map(run).collect();
            let (network, levels) = (network.about.clone(), levels.name().to_owned());
            rows.push(Row { network, levels, usage: medians(&runs?) });
        }
    }
    Ok(rows)
}

/// The slope of the line through the points, both axes logarithmic: the power of the size that the cost grows with.
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
    let mut drawn = Vec::new();
    for levels in Levels::ALL {
        let of = |cost: fn(&Usage) -> f64| -> Vec<(f64, f64)> {
            let rows = rows.iter().filter(|row| row.levels == levels.name());
            rows.map(|row| (row.links(), cost(&row.usage))).collect()
        };
        let name = levels.name();
        let lines = [of(|usage| usage.cpu_seconds.max(1e-3)), of(|usage| usage.peak_bytes / 1e6)];
        if lines[0].len() > 1 {
            let [time, space] = [&lines[0], &lines[1]].map(|line| exponent(line));
            let [last_time, last_space] = [&lines[0], &lines[1]].map(|line| exponent(&line[line.len() - 2..]));
            writeln!(
                text,
                "- {name}: over all sizes time grows as links^{time:.2} and memory as links^{space:.2}; over the last two as \
                 links^{last_time:.2} and links^{last_space:.2}."
            )
            .expect("memory");
        }
        let [cpu, peak] = lines;
        drawn.push(Line { name: format!("{name}, CPU s"), points: cpu });
        if levels == Levels::Any {
            drawn.push(Line { name: format!("{name}, peak MB"), points: peak });
        }
    }
    // What the slopes are to be compared with.
    if let Some(&(least, seconds)) = drawn[0].points.first() {
        let ends = drawn[0].points.iter().map(|&(links, _)| (links, seconds * links / least));
        drawn.push(Line { name: "proportional to links".to_owned(), points: ends.collect() });
    }
    let plot = log_log("links", &drawn)?;
    fs::write(root().join(PLOT), plot).map_err(|error| format!("cannot write {PLOT}: {error}"))?;
    text += "\n![Seconds and megabytes against links](scaling.svg)\n";
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponent_of_a_power() {
        let points: Vec<(f64, f64)> = [1.0f64, 10.0, 50.0].map(|x| (x, 3.0 * x.powf(1.2))).into();
        assert!((exponent(&points) - 1.2).abs() < 1e-12);
    }
}
