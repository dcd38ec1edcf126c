//! State networks and networks of layers beside Infomap: the same scores, codelengths, CPU and memory.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Bench;
use super::measure::{Usage, mean, median};
use super::paired_trials::{PairedTrials, is_longer};
use super::scoring::SAME;
use super::table::{bits, digits, megabytes, table, times};
use crate::repository::run;

const TRIALS: u64 = 5;

/// Made here: layers, nodes, mean number of links at a node in each layer.
const GENERATED: [(u32, u32, u32); 2] = [(10, 1000, 4), (50, 500, 2)];

/// Made where large networks are asked for.
const LARGE: [(u32, u32, u32); 2] = [(50, 2000, 4), (50, 20_000, 2)];

/// What both programs are told, where links stay in layers.
const RELAXED_OPTIONS: [&str; 9] = [
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
const STATE_OPTIONS: [&str; 4] = ["", "-d", "-d -2", "-d -e"];

/// Of large networks.
const LARGE_OPTIONS: [&str; 2] = ["-2", "-2 --multilayer-relax-limit 1"];

/// Both programs with the same options on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: String,
    options: String,
    #[serde(flatten)]
    found: PairedTrials,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for path in &bench.given_paths {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        let is_intra = text.lines().any(|line| line.eq_ignore_ascii_case("*intra"));
        let options: &[&str] = if is_intra { &RELAXED_OPTIONS } else { &STATE_OPTIONS };
        measure_one(bench, Path::new(path), options, TRIALS, &mut rows)?;
    }
    if bench.only_given {
        return Ok(rows);
    }
    for shape in GENERATED {
        measure_one(bench, &generate(bench, shape)?, &RELAXED_OPTIONS, TRIALS, &mut rows)?;
    }
    for shape in LARGE.into_iter().filter(|_| bench.full) {
        measure_one(bench, &generate(bench, shape)?, &LARGE_OPTIONS, 1, &mut rows)?;
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
        generate.args(["--min-module-size", &(nodes / 10).to_string(), "--max-module-size", &(nodes / 4).to_string()]);
        run(generate.arg(&path))?;
    }
    Ok(path)
}

fn measure_one(bench: &Bench, path: &Path, options: &[&str], trials: u64, rows: &mut Vec<Row>) -> Result<(), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().trim_end_matches(".net").to_owned();
    eprintln!("{name}");
    for &options in options {
        let arguments: Vec<&str> = options.split_whitespace().collect();
        // Infomap 2.16 knows divergence by weights alone.
        let mapeq_only: &[&str] = if options.contains("-by-jsd") { &["--multilayer-jsd-by-weights"] } else { &[] };
        let found = PairedTrials::measure(bench, path, &arguments, mapeq_only, "_states", trials)?;
        rows.push(Row { network: name.clone(), options: options.to_owned(), found });
    }
    Ok(())
}

pub(crate) fn render(rows: &[Row]) -> String {
    let is_longer = |row: &Row| is_longer(&row.found.mapeq, &row.found.infomap);
    let longer = rows.iter().filter(|row| is_longer(row)).count();
    let different = rows.iter().filter(|row| row.found.difference > SAME).count();
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
            let [own_cpu, their_cpu] = [&row.found.mapeq_costs, &row.found.infomap_costs].map(|costs| cpu(costs));
            let [own_memory, their_memory] =
                [&row.found.mapeq_costs, &row.found.infomap_costs].map(|costs| memory(costs));
            let mark = if is_longer(row) { " (longer)" } else { "" };
            [
                format!("{} `{}`", row.network, row.options),
                format!("{}{mark}", bits(mean(&row.found.mapeq))),
                bits(mean(&row.found.infomap)),
                format!("{:.1e}", row.found.difference),
                digits(own_cpu),
                times(their_cpu, own_cpu),
                megabytes(own_memory),
                times(their_memory, own_memory),
            ]
        }),
    );
    text
}
