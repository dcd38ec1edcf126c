//! Planted modules that overlap: hard modules, `mapeq overlap` and walks that remember, each beside the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mapeq_tests::{PlantedCover, PowerLaw, omega_index, overlapping_mutual_information, overlapping_power_law};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::measure::mean;
use super::table::table;
use super::{Bench, number};

const NODES: usize = 2000;
const MEAN_DEGREE: f64 = 20.0;

/// Percent of the links between modules.
const MIXING: [u32; 2] = [10, 30];

/// Percent of the nodes that are in two modules.
const OVERLAPPING: [u32; 3] = [5, 10, 20];

const NETWORKS: u64 = 3;

/// A name, the command, what it is told, and the file with a row for each module of a node.
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

/// More than the bias of what is given: candidates are many, and the best of them are chosen.
const CORRECTED: [&str; 3] = ["--entropy-corrected", "--entropy-correction-strength", "3"];

/// Memberships with a smaller share of their node's flow are left out: a state or two that went elsewhere.
const MIN_SHARE: f64 = 0.1;

/// One way on all networks with so many links between modules and so many nodes in two of them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    #[serde(alias = "way")]
    method: String,
    mixing: u32,
    overlapping: u32,
    /// Of each network.
    omega: Vec<f64>,
    information: Vec<f64>,
    /// Nodes in several modules: how many of those found are planted, and of the planted found.
    precision: Vec<f64>,
    recall: Vec<f64>,
    codelength: Vec<f64>,
    /// States per link and direction that are left; of walks that remember.
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
                let method = method.to_owned();
                let mut row = Row::new(method, mixing, overlapping);
                for planted in &planted {
                    let text: String = planted.links.iter().map(|(a, b)| format!("{a} {b}\n")).collect();
                    let path = folder.join("net.txt");
                    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
                    let mut run = bench.mapeq();
                    run.arg(command).arg(&path).arg(&folder).args(options);
                    let (_, summary) = bench.summary(&mut run)?;
                    row.add(planted, &read_modules(&folder.join(file))?, &summary)?;
                }
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// The nodes of every module, from a tree with a row for each module of a node.
fn read_modules(path: &Path) -> Result<Vec<Vec<u32>>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let parsed = rows.map(|row| {
        let mut fields = row.split(' ');
        let module: Option<u32> = fields.next()?.split(':').next()?.parse().ok();
        let flow: Option<f64> = fields.next()?.parse().ok();
        Some((module?, flow?, fields.next_back()?.parse::<u32>().ok()?))
    });
    let parsed: Option<Vec<(u32, f64, u32)>> = parsed.collect();
    let parsed = parsed.ok_or_else(|| format!("{}: not a tree of whole numbers", path.display()))?;
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
    fn new(method: String, mixing: u32, overlapping: u32) -> Self {
        let none = Vec::new;
        let (omega, information, precision, recall) = (none(), none(), none(), none());
        Self { method, mixing, overlapping, omega, information, precision, recall, codelength: none(), states: none() }
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
        "Networks of {NODES} nodes, {MEAN_DEGREE} links each, in modules of 20 to 200 nodes by power laws, {NETWORKS} of each kind; \
         some percent of the links\nleave modules, and some percent of the nodes are in two modules, with half of their inner \
         links in each. Omega index (Collins & Dent\n1988) and normalised mutual information of covers (McDaid, Greene & Hurley 2011) \
         beside the planted modules, 1 for equality;\nprecision and recall of nodes in several modules. Memberships with less than \
         {MIN_SHARE} of a node's flow do not count. `states`: those\nleft of walks that remember. Means over the networks, \
         single two-level trials. Codelengths of walks that remember are those of\nother walks.\n\n"
    );
    let head = ["between", "overlapping", "modules by", "omega", "NMI", "precision", "recall", "codelength", "states"];
    let share = |values: &[f64]| if values.is_empty() { String::new() } else { format!("{:.3}", mean(values)) };
    text += &table(
        head,
        rows.iter().map(|row| {
            [
                format!("{} %", row.mixing),
                format!("{} %", row.overlapping),
                row.method.clone(),
                share(&row.omega),
                share(&row.information),
                share(&row.precision),
                share(&row.recall),
                share(&row.codelength),
                if row.states.is_empty() { String::new() } else { format!("{:.0} %", 100.0 * mean(&row.states)) },
            ]
        }),
    );
    text
}
