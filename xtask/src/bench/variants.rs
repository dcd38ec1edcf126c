//! Options of flow and objective compared with Infomap: scores and codelengths.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Bench;
use super::forms::Form;
use super::measure::{Usage, mean};
use super::network::{Network, Recipe};
use super::paired_trials::{PairedTrials, is_longer};
use super::scoring::TOLERANCE;
use super::table::{bits, code, table, times};
use crate::repository::write;

const RECIPES: [Recipe; 4] = [Recipe(1000, 8, 20), Recipe(1000, 20, 50), Recipe(3000, 10, 30), Recipe(5000, 6, 40)];

const TRIALS: u64 = 5;

/// Options for both programs and the form of the network; METADATA stands for a file of categories.
const OPTIONS: [(Form, &str); 42] = [
    (Form::Links, "-2"),
    (Form::Links, ""),
    (Form::Links, "-2 --entropy-corrected"),
    (Form::Links, "--entropy-corrected --entropy-correction-strength 0.5"),
    (Form::Links, "-2 --markov-time 2"),
    (Form::Links, "--markov-time 0.5"),
    (Form::Links, "-2 --variable-markov-time"),
    (Form::Links, "--variable-markov-time --variable-markov-damping 0.5"),
    (Form::Links, "-2 --regularized"),
    (Form::Links, "--regularized --regularization-strength 0.2"),
    (Form::Links, "-2 --preferred-number-of-modules 5"),
    (Form::Links, "-2 --meta-data METADATA"),
    (Form::Links, "--meta-data METADATA --meta-data-rate 0.3"),
    (Form::Links, "-d -2"),
    (Form::Links, "-d"),
    (Form::Links, "-d -e -2"),
    (Form::Links, "-d -e --to-nodes"),
    (Form::Links, "-d -2 --to-nodes -p 0.3"),
    (Form::Links, "-f undirdir -2"),
    (Form::Links, "-f outdirdir"),
    (Form::Links, "-f rawdir -2 --no-self-links"),
    (Form::Links, "-d --regularized"),
    (Form::Links, "-d -2 --entropy-corrected"),
    (Form::Links, "-d -2 --markov-time 2"),
    (Form::Links, "-d -e -2 --markov-time 0.7"),
    (Form::Links, "-d --variable-markov-time --variable-markov-min-scale 2"),
    (Form::Links, "-d -2 --meta-data METADATA --meta-data-unweighted"),
    (Form::Links, "--preferred-number-of-modules 5"),
    (Form::Links, "-2 --preferred-number-of-modules 30"),
    (Form::Links, "-d -e"),
    (Form::Weighted, "-2"),
    (Form::Weighted, ""),
    (Form::Weighted, "-2 --weight-threshold 2"),
    (Form::Weighted, "-d --no-self-links"),
    (Form::NodeWeights, "-d -2 --to-nodes"),
    (Form::NodeWeights, "-d -e --to-nodes"),
    (Form::NodeWeights, "-d --use-node-weights-as-flow"),
    (Form::Precomputed, "-f precomputed -2"),
    (Form::Precomputed, "-f precomputed"),
    (Form::Bipartite, "-2"),
    (Form::Bipartite, ""),
    (Form::Bipartite, "-2 --skip-adjust-bipartite-flow"),
];

/// Trials with the same options on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: String,
    options: String,
    /// Codelengths of mapeq's trials.
    mapeq: Vec<f64>,
    /// Codelengths of Infomap's trials.
    infomap: Vec<f64>,
    /// Largest difference between Infomap's codelengths and mapeq's scores of its trees.
    difference: f64,
    /// CPU seconds of mapeq's trials, added up.
    mapeq_cpu_seconds: f64,
    /// CPU seconds of Infomap's trials, added up.
    infomap_cpu_seconds: f64,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for network in bench.networks(&RECIPES, &[])? {
        eprintln!("{}", network.about.name);
        let metadata = categories(bench, &network)?;
        for (form, options) in OPTIONS {
            rows.push(row(bench, &network, (form, options), &metadata)?);
        }
    }
    Ok(rows)
}

fn row(
    bench: &Bench,
    network: &Network,
    (form, options): (Form, &'static str),
    metadata: &Path,
) -> Result<Row, String> {
    let path = form.file(bench, network)?;
    let given: Vec<&OsStr> = options
        .split_whitespace()
        .map(|word| if word == "METADATA" { metadata.as_os_str() } else { OsStr::new(word) })
        .collect();
    let found = PairedTrials::measure(bench, &path, &given, &[], "", TRIALS)?;
    let cpu = |costs: &[Usage]| costs.iter().map(|usage| usage.cpu_seconds).sum();
    let (mapeq_cpu_seconds, infomap_cpu_seconds) = (cpu(&found.mapeq_costs), cpu(&found.infomap_costs));
    let PairedTrials { mapeq, infomap, difference, .. } = found;
    let (network, options) = (network.about.name.clone(), label((form, options)));
    Ok(Row { network, options, mapeq, infomap, difference, mapeq_cpu_seconds, infomap_cpu_seconds })
}

/// Writes a file that assigns two of three nodes to one of four categories.
fn categories(bench: &Bench, network: &Network) -> Result<PathBuf, String> {
    let path = bench.networks_folder()?.join("categories.txt");
    let text: String = (0..network.about.nodes)
        .filter(|node| node % 3 != 1)
        .map(|node| format!("{node} {}\n", node * 7 / 5 % 4))
        .collect();
    write(&path, text)?;
    Ok(path)
}

pub(crate) fn render(rows: &[Row]) -> String {
    let networks: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.network.as_str()).collect();
    let mut text = format!(
        "Single trials (seeds 1 to {TRIALS}) of mapeq and Infomap with the same options on {} networks. mapeq also
scores Infomap's trees. The options are described in [cli.md](cli.md): `-2` is `--two-level`, `-d` is
`--directed`, `-e` is `--recorded-teleportation`. METADATA is a file with the categories of nodes. Words
after the options name what was added to the network for them.

- *score difference*: largest difference between Infomap's codelength and mapeq's score of the same tree,
  in bits
- *codelength*: mean codelength of mapeq relative to Infomap's, averaged over the networks
- *longer on*: number of networks on which mapeq's mean is longer
- *Infomap CPU*: CPU time of Infomap relative to mapeq's, over all trials and networks
- *to baseline*: CPU time of mapeq relative to that without the options of the row other than direction
  and levels\n\n",
        networks.len()
    );
    let of = |options| -> Vec<&Row> { rows.iter().filter(|row| row.options == label(options)).collect() };
    let cpu = |options| of(options).iter().map(|row| row.mapeq_cpu_seconds).sum::<f64>();
    let head = ["options", "score difference", "codelength", "longer on", "Infomap CPU", "to baseline"];
    text += &table(
        head,
        OPTIONS.iter().map(|&options| {
            let own = of(options);
            let shares: Vec<f64> = own.iter().map(|row| excess(row)).collect();
            let longer = own.iter().filter(|row| is_longer(&row.mapeq, &row.infomap)).count();
            let theirs: f64 = own.iter().map(|row| row.infomap_cpu_seconds).sum();
            [
                label(options),
                format!("{:.1e}", own.iter().map(|row| row.difference).fold(0.0, f64::max)),
                format!("{:+.3} %", 100.0 * mean(&shares)),
                longer.to_string(),
                times(theirs, cpu(options)),
                format!("{:.2}", cpu(options) / cpu(baseline(options))),
            ]
        }),
    );
    let different: Vec<&Row> = rows.iter().filter(|row| row.difference > TOLERANCE).collect();
    list(&mut text, &format!("Scores that differ by more than {TOLERANCE:.0e} bits"), &different, |row| {
        format!("{:.1e}", row.difference)
    });
    let longer: Vec<&Row> = rows.iter().filter(|row| is_longer(&row.mapeq, &row.infomap)).collect();
    list(&mut text, "Rows in which mapeq's mean is longer than Infomap's", &longer, |row| {
        format!("{} against {}", bits(mean(&row.mapeq)), bits(mean(&row.infomap)))
    });
    text
}

fn list(text: &mut String, title: &str, rows: &[&Row], describe: impl Fn(&Row) -> String) {
    writeln!(text, "\n{title}: {}.", if rows.is_empty() { "none".to_owned() } else { rows.len().to_string() })
        .expect("memory");
    if !rows.is_empty() {
        writeln!(text).expect("memory");
    }
    for row in rows {
        writeln!(text, "- {}, {}: {}", row.network, row.options, describe(row)).expect("memory");
    }
}

/// Returns how much longer mapeq's mean is, relative to Infomap's.
fn excess(row: &Row) -> f64 {
    mean(&row.mapeq) / mean(&row.infomap) - 1.0
}

/// Returns the options without all but direction and levels.
fn baseline((form, options): (Form, &str)) -> (Form, &'static str) {
    let has = |word: &str| options.split_whitespace().any(|own| own == word);
    match (has("-d") || has("-f"), has("-2")) {
        _ if form == Form::Bipartite => (form, "-2"),
        (false, true) => (Form::Links, "-2"),
        (false, false) => (Form::Links, ""),
        (true, true) => (Form::Links, "-d -2"),
        (true, false) => (Form::Links, "-d"),
    }
}

/// Formats options and form for a table.
fn label((form, options): (Form, &str)) -> String {
    format!("{}{}", code(options), form.name())
}
