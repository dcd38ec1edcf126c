//! Ten trials that learn from each other, and ten that do not.

use serde::{Deserialize, Serialize};

use super::measure::{Usage, mean, medians};
use super::network::{About, Recipe};
use super::table::{bits, digits, table, times};
use super::tool::Levels;
use super::{Bench, number};
use crate::repository::output;

const RECIPES: [Recipe; 3] = [Recipe(10_000, 20, 30), Recipe(10_000, 20, 60), Recipe(100_000, 20, 50)];

/// What this section is about.
const INDEPENDENT: &str = "--independent-trials";

/// Ten trials in both ways on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    levels: String,
    /// Codelengths with each seed.
    #[serde(alias = "learning")]
    combining: Vec<f64>,
    independent: Vec<f64>,
    #[serde(alias = "learning_usage")]
    combining_usage: Usage,
    independent_usage: Usage,
}

/// What was measured, or nothing if the program does not know the option.
pub(crate) fn measure(bench: &Bench) -> Result<Option<Vec<Row>>, String> {
    if !output(bench.mapeq_cluster().arg("--help"))?.contains(INDEPENDENT) {
        eprintln!(
            "note: mapeq cluster has no option {INDEPENDENT}: its trials are all independent, and nothing is compared"
        );
        return Ok(None);
    }
    let mut rows = Vec::new();
    for network in bench.networks(&RECIPES)? {
        for levels in Levels::ALL {
            eprintln!("{}, {}", network.about.name, levels.name());
            let (mut codelengths, mut usages) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
            for round in 0..bench.repeats {
                for (mode, options) in [&[][..], &[INDEPENDENT]].into_iter().enumerate() {
                    let mut command = bench.mapeq_cluster();
                    command.arg(&network.path).args(network.options()).args(levels.options()).args(options);
                    // Seeds are counted on from the first one: no seed is used in two rounds.
                    let seed = (1 + 10 * round).to_string();
                    command.args(["--trials", "10", "--seed", &seed, "--threads=1", "--no-file-output"]);
                    let (usage, summary) = bench.summary(&mut command)?;
                    codelengths[mode].push(number(&summary, "/codelength")?);
                    usages[mode].push(usage);
                }
            }
            let [combining, independent] = codelengths;
            let [combining_usage, independent_usage] = usages.map(|usages| medians(&usages));
            let (network, levels) = (network.about.clone(), levels.name().to_owned());
            rows.push(Row { network, levels, combining, independent, combining_usage, independent_usage });
        }
    }
    Ok(Some(rows))
}

pub(crate) fn render(rows: &Option<Vec<Row>>) -> String {
    let Some(rows) = rows else {
        return format!("Not measured: `mapeq cluster` had no option `{INDEPENDENT}`.\n");
    };
    let head = ["network", "levels", "-N 10", "independent", "difference", "CPU s", "independent CPU s", "×"];
    let rows = rows.iter().map(|row| {
        let (combining, independent) = (mean(&row.combining), mean(&row.independent));
        [
            row.network.name.clone(),
            row.levels.clone(),
            bits(combining),
            bits(independent),
            format!("{:+.4} %", 100.0 * (combining / independent - 1.0)),
            digits(row.combining_usage.cpu_seconds),
            digits(row.independent_usage.cpu_seconds),
            times(row.independent_usage.cpu_seconds, row.combining_usage.cpu_seconds),
        ]
    });
    let text = format!(
        "`-N 10`, trials that learn from each other, beside the best of ten with `{INDEPENDENT}`: means over seeds.\n\n"
    );
    text + &table(head, rows)
}
