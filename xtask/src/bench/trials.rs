//! Ten trials that combine earlier results, compared with ten independent ones.

use serde::{Deserialize, Serialize};

use super::measure::{Usage, mean, medians};
use super::network::{About, Recipe};
use super::table::{bits, digits, table, times};
use super::{Bench, number};
use crate::repository::output;

const RECIPES: [Recipe; 3] = [Recipe(10_000, 20, 30), Recipe(10_000, 20, 60), Recipe(100_000, 20, 50)];

/// Option for independent trials.
const INDEPENDENT: &str = "--independent-trials";

/// Combining and independent trials on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    levels: String,
    /// Best codelength of ten combining trials, for each seed.
    #[serde(alias = "learning")]
    combining: Vec<f64>,
    /// Best codelength of ten independent trials, for each seed.
    independent: Vec<f64>,
    #[serde(alias = "learning_usage")]
    combining_usage: Usage,
    independent_usage: Usage,
}

/// Measures both kinds of trials; returns `None` if the program does not have the option.
pub(crate) fn measure(bench: &Bench) -> Result<Option<Vec<Row>>, String> {
    if !output(bench.mapeq("cluster").arg("--help"))?.contains(INDEPENDENT) {
        eprintln!("note: nothing is compared because mapeq cluster has no option {INDEPENDENT}");
        return Ok(None);
    }
    let rows = bench.each_search(&bench.networks(&RECIPES, &[])?, |network, levels| {
        let (mut codelengths, mut usages) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
        for round in 0..bench.repeats {
            for (mode, options) in [&[][..], &[INDEPENDENT]].into_iter().enumerate() {
                // Trials use consecutive seeds; the rounds share none.
                let seed = (1 + 10 * round).to_string();
                let mut command = bench.search(network, levels);
                command.args(options).args(["--trials", "10", "--seed", &seed, "--threads=1", "--no-file-output"]);
                let (usage, summary) = bench.summary(&mut command)?;
                codelengths[mode].push(number(&summary, "/codelength")?);
                usages[mode].push(usage);
            }
        }
        let [combining, independent] = codelengths;
        let [combining_usage, independent_usage] = usages.map(|usages| medians(&usages));
        let (network, levels) = (network.about.clone(), levels.name().to_owned());
        Ok(Row { network, levels, combining, independent, combining_usage, independent_usage })
    })?;
    Ok(Some(rows))
}

pub(crate) fn render(rows: &Option<Vec<Row>>) -> String {
    let Some(rows) = rows else {
        return format!("Not measured: `mapeq cluster` had no option `{INDEPENDENT}`.\n");
    };
    let head = ["network", "levels", "combining", "independent", "difference", "CPU s", "independent CPU s", "×"];
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
        "Best codelength of ten trials: `-N 10`, in which later trials combine earlier results, and
`-N 10 {INDEPENDENT}`. Codelengths are means over seeds. *difference* is the codelength of combining
trials relative to independent ones, *×* the CPU time of independent trials relative to combining ones.\n\n"
    );
    text + &table(head, rows)
}
