//! Recovery of planted overlapping modules by hard modules, `mapeq overlap` and second-order walks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mapeq_tests::{PlantedCover, PowerLaw, omega_index, overlapping_mutual_information, overlapping_power_law};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::measure::mean;
use super::table::table;
use super::{Bench, number};
use crate::repository::{read, write};

const NODES: usize = 2000;
const MEAN_DEGREE: f64 = 20.0;

/// Links between modules, in percent.
const MIXING: [u32; 2] = [10, 30];

/// Nodes in two modules, in percent.
const OVERLAPPING: [u32; 3] = [5, 10, 20];

/// Networks of each kind.
const NETWORKS: u64 = 3;

/// Name in the report, subcommand, options, and the file with a row for each module of a node.
const METHODS: [(&str, &str, &[&str], &str); 8] = [
    ("hard", "cluster", &["--two-level"], "net.tree"),
    ("`overlap`", "overlap", &[], "net.overlap.tree"),
    ("`overlap --entropy-corrected`", "overlap", &["--entropy-corrected"], "net.overlap.tree"),
    ("… and `--entropy-correction-strength 3`", "overlap", &CORRECTED, "net.overlap.tree"),
    ("`--in-out 2`", "cluster", &["--two-level", "--in-out", "2"], "net.tree"),
    ("`--in-out 4`", "cluster", &["--two-level", "--in-out", "4"], "net.tree"),
    ("`--return 4 --in-out 4`", "cluster", &["--two-level", "--return", "4", "--in-out", "4"], "net.tree"),
    ("`--in-out 16`", "cluster", &["--two-level", "--in-out", "16"], "net.tree"),
];

/// Corrects more than the bias of a given cover: the search chooses the best of many candidates.
const CORRECTED: [&str; 3] = ["--entropy-corrected", "--entropy-correction-strength", "3"];

/// Memberships with a smaller fraction of their node's flow are ignored: they stem from one or two
/// stray states.
const MIN_SHARE: f64 = 0.1;

/// Results of one method on all networks with the same mixing and overlap.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row {
    #[serde(alias = "way")]
    method: String,
    /// Links between modules, in percent.
    mixing: u32,
    /// Nodes in two modules, in percent.
    overlapping: u32,
    /// Omega index on each network.
    omega: Vec<f64>,
    /// Normalized mutual information on each network.
    information: Vec<f64>,
    /// Fraction of the nodes found in several modules that are planted in two.
    precision: Vec<f64>,
    /// Fraction of the nodes planted in two modules that are found in several.
    recall: Vec<f64>,
    codelength: Vec<f64>,
    /// Fraction of the states that remain after lumping, for second-order walks.
    states: Vec<f64>,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    let folder = bench.folder("overlap")?;
    let mut rows = Vec::new();
    for mixing in MIXING {
        for overlapping in OVERLAPPING {
            let shape =
                PowerLaw { max_module_size: 200, ..PowerLaw::new(NODES, MEAN_DEGREE, f64::from(mixing) / 100.0) };
            let plant = |seed| overlapping_power_law(&shape, f64::from(overlapping) / 100.0, seed);
            let planted: Vec<PlantedCover> = (1..=NETWORKS).map(plant).collect();
            for (method, command, options, file) in METHODS {
                eprintln!("{mixing} % between modules, {overlapping} % overlapping: {method}");
                let mut row = Row::new(method, mixing, overlapping);
                for planted in &planted {
                    let text: String = planted.links.iter().map(|(a, b)| format!("{a} {b}\n")).collect();
                    let path = folder.join("net.txt");
                    write(&path, text)?;
                    let mut run = bench.mapeq(command);
                    run.arg(&path).arg(&folder).args(options);
                    let (_, summary) = bench.summary(&mut run)?;
                    row.add(planted, &read_modules(&folder.join(file))?, &summary)?;
                }
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// Reads the nodes of every top module from a tree file with a row for each module of a node.
fn read_modules(path: &Path) -> Result<Vec<Vec<u32>>, String> {
    let text = read(path)?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let parsed = rows.map(|row| {
        let mut fields = row.split(' ');
        let module: Option<u32> = fields.next()?.split(':').next()?.parse().ok();
        let flow: Option<f64> = fields.next()?.parse().ok();
        Some((module?, flow?, fields.next_back()?.parse::<u32>().ok()?))
    });
    let parsed: Option<Vec<(u32, f64, u32)>> = parsed.collect();
    let parsed = parsed.ok_or_else(|| format!("{}: not a tree file with integer node names", path.display()))?;
    let mut visits: BTreeMap<u32, f64> = BTreeMap::new();
    parsed.iter().for_each(|&(_, flow, node)| *visits.entry(node).or_default() += flow);
    let mut modules: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (module, flow, node) in parsed {
        if flow >= MIN_SHARE * visits[&node] {
            modules.entry(module).or_default().insert(node);
        }
    }
    Ok(modules.into_values().map(|members| members.into_iter().collect()).collect())
}

impl Row {
    fn new(method: &str, mixing: u32, overlapping: u32) -> Self {
        Self { method: method.to_owned(), mixing, overlapping, ..Self::default() }
    }

    fn add(&mut self, planted: &PlantedCover, found: &[Vec<u32>], summary: &Value) -> Result<(), String> {
        self.omega.push(omega_index(found, &planted.modules, planted.nodes));
        self.information.push(overlapping_mutual_information(found, &planted.modules, planted.nodes));
        let overlapping: BTreeSet<u32> = planted.overlapping_nodes().into_iter().collect();
        let found_cover = PlantedCover { nodes: planted.nodes, links: Vec::new(), modules: found.to_vec() };
        let several = found_cover.overlapping_nodes();
        let right = several.iter().filter(|node| overlapping.contains(node)).count() as f64;
        if !several.is_empty() {
            self.precision.push(right / several.len() as f64);
        }
        self.recall.push(right / overlapping.len() as f64);
        self.codelength.push(number(summary, "/codelength")?);
        if summary.get("memory").is_some() {
            self.states.push(number(summary, "/memory/lumped_states")? / number(summary, "/memory/states")?);
        }
        Ok(())
    }
}

pub(crate) fn render(rows: &[Row]) -> String {
    let mut text = format!(
        "Networks of {NODES} nodes with mean degree {MEAN_DEGREE} and power-law modules of 20 to 200 nodes. The column
*mixing* is the fraction of links between modules, *overlap* the fraction of nodes that are in two
modules, with half of their internal links in each. Values are means over {NETWORKS} networks, of single
two-level trials.

*omega* is the omega index (Collins & Dent 1988) and *NMI* the normalized mutual information of covers
(McDaid, Greene & Hurley 2011), both between found and planted modules; 1 stands for equality.
*precision* and *recall* refer to the nodes in several modules. Memberships with less than {MIN_SHARE} of a
node's flow are ignored. *states* is the fraction of the states of a second-order walk that remain after
lumping. Codelengths of second-order walks cannot be compared with those of the other methods.

The method *hard* is `mapeq cluster --two-level`; options without a command are added to it and make the
walk second-order.\n\n"
    );
    let head = ["mixing", "overlap", "method", "omega", "NMI", "precision", "recall", "codelength", "states"];
    let average = |values: &[f64]| if values.is_empty() { String::new() } else { format!("{:.3}", mean(values)) };
    text += &table(
        head,
        rows.iter().map(|row| {
            [
                format!("{} %", row.mixing),
                format!("{} %", row.overlapping),
                row.method.clone(),
                average(&row.omega),
                average(&row.information),
                average(&row.precision),
                average(&row.recall),
                average(&row.codelength),
                if row.states.is_empty() { String::new() } else { format!("{:.0} %", 100.0 * mean(&row.states)) },
            ]
        }),
    );
    text
}
