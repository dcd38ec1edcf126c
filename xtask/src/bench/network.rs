//! Networks to measure: generated or given. All programs read the same plain link list.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use mapeq_tests::POWER_LAW_REVISION;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Bench;
use crate::Outcome;
use crate::repository::{output, run, write};

/// Description of a network.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct About {
    /// File name, without folder and extension.
    pub name: String,
    /// Number of nodes.
    pub nodes: u64,
    /// Number of links.
    pub links: u64,
    /// Whether links are directed.
    pub directed: bool,
    /// Whether the file has a column of weights.
    pub weighted: bool,
}

/// A network as a file.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// Description.
    pub about: About,
    /// Argument of the command line, without the folder; empty if the network was generated.
    pub given: String,
    /// Link list of integers, separated by single spaces, without comments.
    pub path: PathBuf,
}

impl Network {
    /// Returns the options for mapeq and Infomap.
    pub(crate) fn options(&self) -> &'static [&'static str] {
        if self.about.directed { &["--directed"] } else { &[] }
    }
}

/// A network to generate: number of nodes, mean degree, mixing in percent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recipe(pub u32, pub u32, pub u32);

/// Generates the network of a recipe.
pub(crate) fn generate(bench: &Bench, Recipe(nodes, mean_degree, percent): Recipe) -> Result<Network, String> {
    let name = format!("power-law-{}-k{mean_degree}-mix{percent}", abbreviated(nodes));
    let path = bench.networks_folder()?.join(format!("{name}.r{POWER_LAW_REVISION}.txt"));
    let mixing = f64::from(percent) / 100.0;
    generate_file(bench, &path, &format!("--nodes={nodes} --mean-degree={mean_degree} --mixing={mixing}"))?;
    about(bench, name, path, false, false)
}

/// Runs `cargo xtask generate` with these options, unless the file exists from an earlier run.
pub(crate) fn generate_file(bench: &Bench, path: &Path, options: &str) -> Outcome {
    if path.exists() {
        return Ok(());
    }
    eprintln!("generating {}", path.display());
    run(bench.built("xtask").arg("generate").args(options.split(' ')).arg(path))
}

/// Writes a network of three nodes, for the costs of starting a program.
pub(crate) fn triangle(bench: &Bench) -> Result<Network, String> {
    let path = bench.networks_folder()?.join("triangle.txt");
    write(&path, "0 1\n0 2\n1 2\n")?;
    about(bench, "triangle".to_owned(), path, false, false)
}

/// Copies a network given on the command line; `:-d` at the end stands for directed links.
pub(crate) fn open(bench: &Bench, given: &str) -> Result<Network, String> {
    let (path, directed) = given.strip_suffix(":-d").map_or((given, false), |path| (path, true));
    let file_name = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
    let file_name = file_name.ok_or_else(|| format!("{path}: not a file"))?;
    let name = file_name.trim_end_matches(".gz").trim_end_matches(".txt").to_owned();
    let plain = bench.networks_folder()?.join(format!("{file_name}.plain.txt"));
    let weighted = copy(Path::new(path), &plain).map_err(|error| format!("{path}: {error}"))?;
    let given = format!("{file_name}{}", if directed { ":-d" } else { "" });
    Ok(Network { given, ..about(bench, name, plain, directed, weighted)? })
}

/// Copies the links; returns whether they have weights.
fn copy(from: &Path, to: &Path) -> Result<bool, String> {
    let file = File::open(from).map_err(|error| error.to_string())?;
    let gzip = from.extension().is_some_and(|extension| extension == "gz");
    let reader: Box<dyn Read> = if gzip { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut output = BufWriter::new(File::create(to).map_err(|error| error.to_string())?);
    let mut weighted = false;
    for line in BufReader::new(reader).lines() {
        let line = line.map_err(|error| error.to_string())?;
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        match fields.len() {
            _ if line.starts_with('#') => continue,
            0 => continue,
            2 | 3 if fields[..2].iter().all(|id| id.parse::<u32>().is_ok()) => {}
            _ => return Err(format!("`{line}` is not a link between integers, which all programs can read")),
        }
        weighted |= fields.len() == 3;
        writeln!(output, "{}", fields.join(" ")).map_err(|error| error.to_string())?;
    }
    output.flush().map_err(|error| error.to_string())?;
    Ok(weighted)
}

fn about(bench: &Bench, name: String, path: PathBuf, directed: bool, weighted: bool) -> Result<Network, String> {
    let mut command = bench.mapeq("cluster");
    command.arg(&path).args(["--no-infomap", "--no-file-output", "--json", "--quiet"]);
    let summary: Value = serde_json::from_str(&output(&mut command)?).map_err(|error| error.to_string())?;
    let count = |key: &str| {
        summary["network"][key].as_u64().ok_or_else(|| format!("{name}: the summary has no number of {key}"))
    };
    let about = About { nodes: count("nodes")?, links: count("links")?, name, directed, weighted };
    Ok(Network { about, given: String::new(), path })
}

/// Abbreviates a number: 10k, 2600k, 10M.
fn abbreviated(nodes: u32) -> String {
    match nodes {
        _ if nodes.is_multiple_of(1_000_000) => format!("{}M", nodes / 1_000_000),
        _ if nodes.is_multiple_of(1000) => format!("{}k", nodes / 1000),
        _ => nodes.to_string(),
    }
}
