//! State networks and networks of layers beside Infomap: the same scores, codelengths, CPU and memory.

use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::measure::{Usage, mean, median};
use super::scoring::SAME;
use super::table::{bits, digits, megabytes, table, times};
use super::variants::told_codelength;
use super::{Bench, number};
use crate::repository::run;

const TRIALS: u64 = 5;

/// Made here: layers, nodes, mean number of links at a node in each layer.
const MADE: [(u32, u32, u32); 2] = [(10, 1000, 4), (50, 400, 2)];

/// Made where large networks are asked for.
const LARGE: [(u32, u32, u32); 2] = [(50, 2000, 4), (50, 20_000, 2)];

/// What both programs are told, where links stay in layers.
const RELAXING: [&str; 9] = [
    "",
    "-2",
    "-d",
    "-d -e",
    "--multilayer-relax-rate 0.5",
    "-d --multilayer-relax-rate 0.5",
    "--multilayer-relax-limit 1",
    "-d --multilayer-relax-limit-up 1 --multilayer-relax-limit-down 0",
    "--multilayer-relax-by-jsd",
];

/// The same of links between states, and of those with layers.
const STATES: [&str; 4] = ["", "-d", "-d -2", "-d -e"];

/// Of large networks.
const FEW: [&str; 2] = ["-2", "-2 --multilayer-relax-limit 1"];

/// Both programs with the same options on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: String,
    options: String,
    /// Codelength of each trial.
    mapeq: Vec<f64>,
    infomap: Vec<f64>,
    /// Largest difference between Infomap's codelengths and the scores of its trees.
    difference: f64,
    /// Costs of each trial.
    mapeq_costs: Vec<Usage>,
    infomap_costs: Vec<Usage>,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for path in &bench.given_paths {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        let apart = text.lines().any(|line| line.eq_ignore_ascii_case("*intra"));
        let options: &[&str] = if apart { &RELAXING } else { &STATES };
        measure_one(bench, Path::new(path), options, TRIALS, &mut rows)?;
    }
    if bench.only_given {
        return Ok(rows);
    }
    for shape in MADE {
        measure_one(bench, &generate(bench, shape)?, &RELAXING, TRIALS, &mut rows)?;
    }
    for shape in LARGE.into_iter().filter(|_| bench.full) {
        measure_one(bench, &generate(bench, shape)?, &FEW, 1, &mut rows)?;
    }
    Ok(rows)
}

fn generate(bench: &Bench, (layers, nodes, degree): (u32, u32, u32)) -> Result<std::path::PathBuf, String> {
    let path = bench.networks_folder()?.join(format!("layers-{layers}x{nodes}-k{degree}.net"));
    if !path.exists() {
        let mut generate = bench.xtask();
        generate.args(["generate", "--nodes", &nodes.to_string(), "--mean-degree", &(degree * layers).to_string()]);
        generate.args(["--mixing", "0.4", "--layers", &layers.to_string()]);
        // Room for the links of all layers.
        generate.args(["--least-module", &(nodes / 10).to_string(), "--most-module", &(nodes / 4).to_string()]);
        run(generate.arg(&path))?;
    }
    Ok(path)
}

fn measure_one(bench: &Bench, path: &Path, options: &[&str], trials: u64, rows: &mut Vec<Row>) -> Result<(), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().trim_end_matches(".net").to_owned();
    eprintln!("{name}");
    let folder = bench.folder("results")?;
    for &options in options {
        let told = |command: &mut Command| {
            command.args(options.split_whitespace());
        };
        // Infomap 2.16 knows divergence by weights alone.
        let ours = |command: &mut Command| {
            told(command);
            if options.contains("-by-jsd") {
                command.arg("--multilayer-jsd-by-weights");
            }
        };
        let mut row = Row {
            network: name.clone(),
            options: options.to_owned(),
            mapeq: Vec::new(),
            infomap: Vec::new(),
            difference: 0.0,
            mapeq_costs: Vec::new(),
            infomap_costs: Vec::new(),
        };
        for seed in 1..=trials {
            let seed = seed.to_string();
            let mut mapeq = bench.mapeq_cluster();
            mapeq.arg(path).args(["--no-file-output", "--threads", "1", "--seed", &seed]);
            ours(&mut mapeq);
            let (usage, summary) = bench.summary(&mut mapeq)?;
            row.mapeq.push(number(&summary, "/codelength")?);
            row.mapeq_costs.push(usage);

            let mut infomap = bench.peers()?.infomap();
            infomap.arg(path).arg(&folder).args(["--out-name", "layers", "-o", "tree,json", "--silent"]);
            infomap.args(["--num-threads", "1", "--seed", &seed]);
            told(&mut infomap);
            let (usage, _) = bench.measure(&mut infomap)?;
            row.infomap_costs.push(usage);
            let codelength = told_codelength(&folder.join("layers_states.json"))?;
            row.infomap.push(codelength);

            let mut score = bench.mapeq();
            score.arg("score").arg(path).arg(folder.join("layers_states.tree"));
            ours(&mut score);
            let (_, summary) = bench.summary(&mut score)?;
            row.difference = f64::max(row.difference, (number(&summary, "/codelength")? - codelength).abs());
        }
        rows.push(row);
    }
    Ok(())
}

pub(crate) fn render(rows: &[Row]) -> String {
    let longer = rows.iter().filter(|row| is_longer(row)).count();
    let different = rows.iter().filter(|row| row.difference > SAME).count();
    let mut text = format!(
        "Single trials of mapeq and Infomap on one thread, the same options, seeds from 1; Infomap's trees of states scored by mapeq. \
         Codelengths are means, CPU and memory medians of whole processes; Infomap writes its results, which are scored. \
         Networks `layers-LxN-kK` are made by `cargo xtask generate --layers L --nodes N`, with K links at a node in a layer.\n\n\
         Codelengths longer than Infomap's: {longer} of {}. Scores that differ by more than {SAME:.0e} bits: {different}.\n\n",
        rows.len()
    );
    let head =
        ["network, options", "mapeq, bits", "Infomap", "difference of scores", "CPU, s", "Infomap", "MB", "Infomap"];
    let cpu = |costs: &[Usage]| median(costs.iter().map(|usage| usage.cpu_seconds));
    let memory = |costs: &[Usage]| median(costs.iter().map(|usage| usage.peak_bytes));
    text += &table(
        head,
        rows.iter().map(|row| {
            let [own_cpu, their_cpu] = [&row.mapeq_costs, &row.infomap_costs].map(|costs| cpu(costs));
            let [own_memory, their_memory] = [&row.mapeq_costs, &row.infomap_costs].map(|costs| memory(costs));
            let mark = if is_longer(row) { " (longer)" } else { "" };
            [
                format!("{} `{}`", row.network, row.options),
                format!("{}{mark}", bits(mean(&row.mapeq))),
                bits(mean(&row.infomap)),
                format!("{:.1e}", row.difference),
                digits(own_cpu),
                times(their_cpu, own_cpu),
                megabytes(own_memory),
                times(their_memory, own_memory),
            ]
        }),
    );
    text
}

/// The last bits of sums in another order do not count.
fn is_longer(row: &Row) -> bool {
    mean(&row.mapeq) > mean(&row.infomap) + SAME
}
