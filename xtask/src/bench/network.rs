//! The networks measured: made here, or files. Every program reads the same plain link list.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use mapeq_tests::POWER_LAW_REVISION;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Bench;
use crate::repository::{output, run};

/// What to know of a network.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct About {
    /// Name of the file, without folder and extension.
    pub name: String,
    /// Number of nodes.
    pub nodes: u64,
    /// Number of links.
    pub links: u64,
    /// Whether links have a direction.
    pub directed: bool,
    /// Whether the file has a column of weights.
    pub weighted: bool,
}

/// A network as a file.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// What it is.
    pub about: About,
    /// As given on the command line, without the folder; empty if it was made here.
    pub given: String,
    /// A link list of whole numbers from 0, separated by single spaces, without comments.
    pub path: PathBuf,
}

impl Network {
    /// The options for mapeq and Infomap alike.
    pub(crate) fn options(&self) -> &'static [&'static str] {
        if self.about.directed { &["--directed"] } else { &[] }
    }
}

/// A network to be made: nodes, mean number of links at a node, mixing in percent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recipe(pub u32, pub u32, pub u32);

/// Makes the network, unless it is there from a run before.
pub(crate) fn generate(bench: &Bench, Recipe(nodes, mean_degree, percent): Recipe) -> Result<Network, String> {
    let name = format!("power-law-{}-k{mean_degree}-mix{percent}", short(nodes));
    let path = bench.networks_folder()?.join(format!("{name}.r{POWER_LAW_REVISION}.txt"));
    if !path.exists() {
        eprintln!("making {name}");
        let mut generate = bench.xtask();
        generate.args(["generate", "--nodes", &nodes.to_string(), "--mean-degree", &mean_degree.to_string()]);
        run(generate.args(["--mixing", &(f64::from(percent) / 100.0).to_string()]).arg(&path))?;
    }
    about(bench, name, path, false, false)
}

/// Three nodes, for what a program costs that has nothing to do.
pub(crate) fn triangle(bench: &Bench) -> Result<Network, String> {
    let path = bench.networks_folder()?.join("triangle.txt");
    std::fs::write(&path, "0 1\n0 2\n1 2\n").map_err(|error| format!("{}: {error}", path.display()))?;
    about(bench, "triangle".to_owned(), path, false, false)
}

/// A file given on the command line, `:-d` at its end for links with a direction.
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
            _ => return Err(format!("`{line}` is not a link between whole numbers, as all programs can read it")),
        }
        weighted |= fields.len() == 3;
        writeln!(output, "{}", fields.join(" ")).map_err(|error| error.to_string())?;
    }
    output.flush().map_err(|error| error.to_string())?;
    Ok(weighted)
}

fn about(bench: &Bench, name: String, path: PathBuf, directed: bool, weighted: bool) -> Result<Network, String> {
    let mut command = bench.mapeq();
    command.arg("cluster").arg(&path).args(["--no-infomap", "--no-file-output", "--json", "--quiet"]);
    let summary: Value = serde_json::from_str(&output(&mut command)?).map_err(|error| error.to_string())?;
    let count = |key: &str| summary["network"][key].as_u64().ok_or_else(|| format!("{name}: no number of {key}"));
    let about = About { nodes: count("nodes")?, links: count("links")?, name, directed, weighted };
    Ok(Network { about, given: String::new(), path })
}

/// 10k, 2600k, 10M.
fn short(nodes: u32) -> String {
    match nodes {
        _ if nodes.is_multiple_of(1_000_000) => format!("{}M", nodes / 1_000_000),
        _ if nodes.is_multiple_of(1000) => format!("{}k", nodes / 1000),
        _ => nodes.to_string(),
    }
}
