//! `cargo xtask bench`: mapeq and its peers, measured in one run, and what mapeq costs from small to large.
//!
//! Every section is measured on its own and replaces its part of `docs/benchmarks.json`; `docs/benchmarks.md` is then
//! written anew from all of that file.

mod forms;
mod guard;
mod layers;
mod measure;
mod network;
mod overlap;
mod paired_trials;
mod paper_era;
mod peers;
mod plot;
mod profile;
mod quality;
mod record;
mod report;
mod roofline;
mod scaling;
mod scoring;
mod section;
mod side_by_side;
mod table;
mod third_party;
mod threads;
mod tool;
mod trials;
mod variants;

use std::cell::OnceCell;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::Outcome;
use crate::repository::{command, output, root, run};
pub(crate) use measure::Measured;
use measure::Usage;
use network::{Network, Recipe};
use peers::Peers;
use section::Section;

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Part of docs/benchmarks.md to measure anew; without it, all parts
    section: Option<Section>,
    /// Link lists to measure as well, plain or gzip; `:-d` after the path for links with a direction. For `layers`: networks of
    /// states or layers
    networks: Vec<String>,
    /// The large networks too: hours, and up to 24 GB
    #[arg(long)]
    full: bool,
    /// None of the networks made here, only those given
    #[arg(long, requires = "networks")]
    only_given: bool,
    /// Runs of each program, one after the other in turn; tables tell the medians
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    repeats: u64,
    /// Measure nothing and write docs/benchmarks.md from docs/benchmarks.json
    #[arg(long, conflicts_with_all = ["section", "check"])]
    render: bool,
    /// Only compare instructions, ratios and codelengths with benches/guard.json, and fail if they are worse
    #[arg(long, conflicts_with_all = ["section", "full"])]
    check: bool,
    /// Write what --check finds into benches/guard.json
    #[arg(long, requires = "check")]
    bless: bool,
}

pub(crate) fn execute(args: Args) -> Outcome {
    if args.render {
        return report::write();
    }
    let mut bench = Bench::prepare(&args)?;
    if args.check {
        return guard::check(&bench, args.bless);
    }
    if args.section == Some(Section::Layers) {
        bench.given_paths.clone_from(&args.networks);
    } else {
        bench.given = args.networks.iter().map(|given| network::open(&bench, given)).collect::<Result<_, _>>()?;
    }
    let sections = args.section.map_or(Section::ALL.to_vec(), |section| vec![section]);
    for section in sections {
        eprintln!("== {}", section.name());
        let data = section.measure(&bench)?;
        record::store(section.name(), &bench.command_line(section), data)?;
        report::write()?;
    }
    Ok(())
}

/// What all sections use.
#[derive(Debug)]
pub(crate) struct Bench {
    /// The folder of build results.
    target: PathBuf,
    peers: OnceCell<Peers>,
    given: Vec<Network>,
    /// Files given for the section about layers, as they are.
    given_paths: Vec<String>,
    only_given: bool,
    /// Whether to measure large networks too.
    full: bool,
    /// Runs of each program.
    repeats: u64,
}

impl Bench {
    /// Builds what is measured.
    fn prepare(args: &Args) -> Result<Self, String> {
        let build =
            ["cargo", "build", "--release", "--package", "mapeq", "--package", "mapeq-benches", "--package", "xtask"];
        run(&mut command(&build))?;
        let metadata = output(&mut command(&["cargo", "metadata", "--format-version", "1", "--no-deps"]))?;
        let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
        let target = PathBuf::from(metadata["target_directory"].as_str().ok_or("cargo metadata tells no folder")?);
        let bench = Self {
            target,
            peers: OnceCell::new(),
            given: Vec::new(),
            given_paths: Vec::new(),
            only_given: args.only_given,
            full: args.full,
            repeats: args.repeats,
        };
        bench.networks_folder()?;
        Ok(bench)
    }

    /// The networks that these recipes make, and those given on the command line.
    fn networks(&self, recipes: &[Recipe]) -> Result<Vec<Network>, String> {
        let recipes = if self.only_given { &[] } else { recipes };
        let made = recipes.iter().map(|&recipe| network::generate(self, recipe));
        made.chain(self.given.iter().cloned().map(Ok)).collect()
    }

    /// The other programs, installed when first asked for.
    fn peers(&self) -> Result<&Peers, String> {
        if self.peers.get().is_none() {
            let peers = Peers::install(self.target.join("bench-venv"))?;
            self.peers.set(peers).expect("set only here");
        }
        Ok(self.peers.get().expect("just set"))
    }

    /// A program built in the release profile.
    fn built(&self, name: &str) -> Command {
        let mut command = Command::new(self.target.join("release").join(name));
        command.current_dir(root());
        command
    }

    fn mapeq(&self) -> Command {
        self.built("mapeq")
    }

    fn mapeq_cluster(&self) -> Command {
        let mut command = self.mapeq();
        command.arg("cluster");
        command
    }

    /// This program in the release profile, as a process of its own.
    fn xtask(&self) -> Command {
        self.built("xtask")
    }

    fn folder(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.target.join("bench").join(name);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }

    fn networks_folder(&self) -> Result<PathBuf, String> {
        self.folder("networks")
    }

    /// Measures one run of a program.
    fn measure(&self, command: &mut Command) -> Result<(Usage, String), String> {
        measure::measure(command, &self.folder("runs")?)
    }

    /// Measures one run of mapeq that prints its summary.
    fn summary(&self, command: &mut Command) -> Result<(Usage, Value), String> {
        let (usage, printed) = self.measure(command.args(["--json", "--quiet"]))?;
        Ok((usage, serde_json::from_str(&printed).map_err(|error| format!("{command:?}: {error}"))?))
    }

    /// How to measure a section again. Without the folders of networks, which are no one else's business.
    fn command_line(&self, section: Section) -> String {
        let mut line = format!("cargo xtask bench {}", section.name());
        if self.full {
            line += " --full";
        }
        if self.repeats != 3 {
            line += &format!(" --repeats {}", self.repeats);
        }
        if self.only_given {
            line += " --only-given";
        }
        for network in &self.given {
            line += " ";
            line += &network.given;
        }
        for path in &self.given_paths {
            line += &format!(" {}", std::path::Path::new(path).file_name().unwrap_or_default().to_string_lossy());
        }
        line
    }
}

/// A number in a JSON summary.
fn number(summary: &Value, path: &str) -> Result<f64, String> {
    summary.pointer(path).and_then(Value::as_f64).ok_or_else(|| format!("the summary has no number {path}"))
}
