//! Two threads beside one: less time, the same bytes.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Bench;
use super::measure::{Usage, medians};
use super::network::{About, Network, Recipe};
use super::table::{digits, megabytes, table};
use super::tool::Levels;

const RECIPES: [Recipe; 2] = [Recipe(10_000, 20, 30), Recipe(100_000, 20, 50)];

/// One job at one and at two threads.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    levels: String,
    trials: u64,
    /// Costs at one and at two threads.
    usage: [Usage; 2],
    /// Whether the files were the same, byte by byte, in all runs.
    same_bytes: bool,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for network in bench.networks(&RECIPES)? {
        for levels in Levels::ALL {
            for trials in [1, 4] {
                eprintln!("{}, {}, trials: {trials}", network.about.name, levels.name());
                rows.push(row(bench, &network, levels, trials)?);
            }
        }
    }
    Ok(rows)
}

fn row(bench: &Bench, network: &Network, levels: Levels, trials: u64) -> Result<Row, String> {
    let folder = bench.folder("results")?;
    let mut usages = [Vec::new(), Vec::new()];
    let mut files: Vec<String> = Vec::new();
    for _ in 0..bench.repeats {
        for (threads, usages) in (1..).zip(&mut usages) {
            let mut command = bench.mapeq_cluster();
            command.arg(&network.path).arg(&folder).args(network.options()).args(levels.options());
            command.args(["--quiet", "--out-name", "result", "--trials", &trials.to_string()]);
            // The time in the header comes from outside; the command in it tells the number of threads.
            let option = format!("--threads={threads}");
            command.arg(&option).env("SOURCE_DATE_EPOCH", "0");
            usages.push(bench.measure(&mut command)?.0);
            files.push(read(&folder.join("result.tree"))?.replacen(&option, "", 1));
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

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
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
        "MB, 1",
        "MB, 2",
        "bytes",
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
            if row.same_bytes { "the same" } else { "**differ**" }.to_owned(),
        ]
    });
    format!(
        "mapeq at one and at two threads; the result files compared byte by byte, but for the\nnumber of threads in the command that their header tells.\n\n{}",
        table(head, rows)
    )
}
