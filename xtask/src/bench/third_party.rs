//! Speed of the search with an objective from outside the workspace, compared with the map
//! equation.

use serde::{Deserialize, Serialize};

use super::measure::median;
use super::network::{About, Recipe};
use super::table::{digits, table, times};
use super::{Bench, number};
use crate::repository::{command, run};

const RECIPES: [Recipe; 2] = [Recipe(10_000, 20, 30), Recipe(100_000, 20, 30)];

/// Speeds of the same search with two objectives on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    /// Speed with the map equation, in links per second.
    map_equation: f64,
    /// Speed with directed modularity, in links per second.
    modularity: f64,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    let mut build = command(&["cargo", "build", "--release", "--locked", "--manifest-path"]);
    build.arg("tests/third_party_objective/Cargo.toml").arg("--target-dir").arg(bench.target.join("third-party"));
    // The release profile of the workspace, which the third-party crate does not inherit.
    run(build.env("CARGO_PROFILE_RELEASE_LTO", "thin").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"))?;
    let program = bench.target.join("third-party/release/third-party-objective");
    let mut rows = Vec::new();
    for network in bench.networks(&RECIPES, &[])? {
        let mut speeds = [Vec::new(), Vec::new()];
        for round in 1..=bench.repeats {
            for (objective, speeds) in ["map-equation", "directed-modularity"].into_iter().zip(&mut speeds) {
                let mut command = std::process::Command::new(&program);
                command.arg("cluster").arg(&network.path).args(network.options()).args(["--objective", objective]);
                command.args(["--two-level", "--threads=1", "--no-file-output", "--seed", &round.to_string()]);
                let (_, summary) = bench.summary(&mut command)?;
                speeds.push(network.about.links as f64 / number(&summary, "/seconds/search")?);
            }
        }
        let [map_equation, modularity] = speeds.map(median);
        rows.push(Row { network: network.about, map_equation, modularity });
    }
    Ok(rows)
}

pub(crate) fn render(rows: &[Row]) -> String {
    let head = ["network", "map equation", "modularity", "modularity ×"];
    let rows = rows.iter().map(|row| {
        [
            row.network.name.clone(),
            digits(row.map_equation / 1e6),
            digits(row.modularity / 1e6),
            times(row.modularity, row.map_equation),
        ]
    });
    format!(
        "Speed of a two-level search with the map equation and with directed modularity, in million links of the
network per second: one trial on one thread, both objectives in the same program. Modularity comes from
the crate `tests/third_party_objective`, which uses the public interface of mapeq alone.

{}",
        table(head, rows)
    )
}
