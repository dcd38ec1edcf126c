//! Costs of one and of two threads, and whether the results are identical.

use serde::{Deserialize, Serialize};

use super::Bench;
use super::measure::{Usage, medians};
use super::network::{About, Network, Recipe};
use super::table::{digits, megabytes, table};
use super::tool::Levels;
use crate::repository::read;

const RECIPES: [Recipe; 2] = [Recipe(10_000, 20, 30), Recipe(100_000, 20, 50)];

/// Costs of one job.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    levels: String,
    trials: u64,
    /// Costs on one and on two threads.
    usage: [Usage; 2],
    /// Whether the result files of all runs were identical.
    same_bytes: bool,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    let rows = bench.each_search(&bench.networks(&RECIPES, &[])?, |network, levels| {
        Ok([row(bench, network, levels, 1)?, row(bench, network, levels, 4)?])
    })?;
    Ok(rows.into_iter().flatten().collect())
}

fn row(bench: &Bench, network: &Network, levels: Levels, trials: u64) -> Result<Row, String> {
    let folder = bench.folder("results")?;
    let mut usages = [Vec::new(), Vec::new()];
    let mut files: Vec<String> = Vec::new();
    for _ in 0..bench.repeats {
        for (threads, usages) in (1..).zip(&mut usages) {
            let mut command = bench.search(network, levels);
            command.arg(&folder).args(["--quiet", "--out-name", "result", "--trials", &trials.to_string()]);
            // The header of the file contains the time, which the variable fixes, and the command.
            let option = format!("--threads={threads}");
            command.arg(&option).env("SOURCE_DATE_EPOCH", "0");
            usages.push(bench.measure(&mut command)?.0);
            files.push(read(folder.join("result.tree"))?.replacen(&option, "", 1));
        }
    }
    Ok(Row {
        network: network.about.clone(),
        levels: levels.name().to_owned(),
        trials,
        usage: usages.map(|usages| medians(&usages)),
        same_bytes: files.windows(2).all(|pair| pair[0] == pair[1]),
    })
}

pub(crate) fn render(rows: &[Row]) -> String {
    let head = [
        "network",
        "levels",
        "trials",
        "wall s, 1",
        "wall s, 2",
        "speed-up",
        "CPU s, 1",
        "CPU s, 2",
        "peak MB, 1",
        "peak MB, 2",
        "results",
    ];
    let rows = rows.iter().map(|row| {
        let [one, two] = &row.usage;
        [
            row.network.name.clone(),
            row.levels.clone(),
            row.trials.to_string(),
            digits(one.wall_seconds),
            digits(two.wall_seconds),
            digits(one.wall_seconds / two.wall_seconds),
            digits(one.cpu_seconds),
            digits(two.cpu_seconds),
            megabytes(one.peak_bytes),
            megabytes(two.peak_bytes),
            if row.same_bytes { "identical" } else { "**differ**" }.to_owned(),
        ]
    });
    format!(
        "mapeq on one and on two threads. The result files are compared byte by byte, apart from the number of
threads in their header.\n\n{}",
        table(head, rows)
    )
}
