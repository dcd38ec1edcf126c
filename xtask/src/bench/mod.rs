//! `cargo xtask bench`: measurements of mapeq and its peers.
//!
//! Each section is measured on its own and replaces its part of `docs/benchmarks.json`. Then
//! `docs/benchmarks.md` is written from all of that file.

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
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;
use crate::repository::{command, output, root, run};
pub(crate) use measure::MeasureArgs;
use measure::Usage;
use network::{Network, Recipe};
use peers::Peers;
use section::Section;
use tool::Levels;

/// Networks with more links are measured once.
const MAX_REPEATED_LINKS: u64 = 3_000_000;

/// Selection of sections and networks.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Section of docs/benchmarks.md to measure [default: all]
    section: Option<Section>,
    /// Additional link lists, plain or gzip; a path that ends with `:-d` is read as directed. For
    /// `layers`: state networks or multilayer networks
    networks: Vec<String>,
    /// Include the large networks: takes hours and up to 24 GB
    #[arg(long)]
    full: bool,
    /// Measure only the given networks, and none of the generated ones
    #[arg(long, requires = "networks")]
    only_given: bool,
    /// Runs of each program, interleaved; tables show medians
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    repeats: u64,
    /// Write docs/benchmarks.md from docs/benchmarks.json without measuring
    #[arg(long, conflicts_with_all = ["section", "check"])]
    render: bool,
    /// Compare instructions, time ratios and codelengths with benches/guard.json, and fail if they
    /// are worse
    #[arg(long, conflicts_with_all = ["section", "full"])]
    check: bool,
    /// Record the values of --check in benches/guard.json
    #[arg(long, requires = "check")]
    bless: bool,
}

/// Runs `cargo xtask bench`.
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

/// Programs, networks and settings that all sections share.
#[derive(Debug)]
pub(crate) struct Bench {
    /// Cargo's target folder.
    target: PathBuf,
    peers: OnceCell<Peers>,
    given: Vec<Network>,
    /// Paths given for the section `layers`.
    given_paths: Vec<String>,
    only_given: bool,
    /// Includes the large networks.
    full: bool,
    /// Runs of each program.
    repeats: u64,
}

impl Bench {
    /// Builds the programs to measure.
    fn prepare(args: &Args) -> Result<Self, String> {
        let build =
            ["cargo", "build", "--release", "--package", "mapeq", "--package", "mapeq-benches", "--package", "xtask"];
        // Profiles name files and lines.
        run(command(&build).env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only"))?;
        let metadata = output(&mut command(&["cargo", "metadata", "--format-version", "1", "--no-deps"]))?;
        let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
        let target = metadata["target_directory"].as_str().ok_or("cargo metadata lists no target directory")?;
        let bench = Self {
            target: PathBuf::from(target),
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

    /// Returns the networks to measure: the generated ones, with `--full` the `large` ones too, and
    /// the given ones.
    fn networks(&self, recipes: &[Recipe], large: &[Recipe]) -> Result<Vec<Network>, String> {
        let large = large.iter().filter(|_| self.full);
        let generated = recipes.iter().chain(large).filter(|_| !self.only_given);
        let generated = generated.map(|&recipe| network::generate(self, recipe));
        generated.chain(self.given.iter().cloned().map(Ok)).collect()
    }

    /// Measures two-level and multilevel searches on every network.
    fn each_search<T>(
        &self,
        networks: &[Network],
        mut measure: impl FnMut(&Network, Levels) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let mut rows = Vec::new();
        for network in networks {
            for levels in Levels::ALL {
                eprintln!("{}, {}", network.about.name, levels.name());
                rows.push(measure(network, levels)?);
            }
        }
        Ok(rows)
    }

    /// Returns the number of runs on `network`.
    fn repeats_on(&self, network: &Network) -> u64 {
        if network.about.links > MAX_REPEATED_LINKS { 1 } else { self.repeats }
    }

    /// Returns the peers, which are installed at the first call.
    fn peers(&self) -> Result<&Peers, String> {
        if self.peers.get().is_none() {
            let peers = Peers::install(self.target.join("bench-venv"))?;
            self.peers.set(peers).expect("set only here");
        }
        Ok(self.peers.get().expect("just set"))
    }

    /// Returns a command for a program of this workspace, built in the release profile.
    fn built(&self, name: &str) -> Command {
        let mut command = Command::new(self.target.join("release").join(name));
        command.current_dir(root());
        command
    }

    fn mapeq(&self, subcommand: &str) -> Command {
        let mut command = self.built("mapeq");
        command.arg(subcommand);
        command
    }

    /// Returns `mapeq cluster` on `network`, with the options for its direction and for `levels`.
    fn search(&self, network: &Network, levels: Levels) -> Command {
        let mut command = self.mapeq("cluster");
        command.arg(&network.path).args(network.options()).args(levels.options());
        command
    }

    fn folder(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.target.join("bench").join(name);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }

    fn networks_folder(&self) -> Result<PathBuf, String> {
        self.folder("networks")
    }

    /// Measures one run of a program; returns its costs and its standard output.
    fn measure(&self, command: &mut Command) -> Result<(Usage, String), String> {
        measure::measure(command, &self.folder("runs")?)
    }

    /// Measures one run of mapeq; returns its costs and its JSON summary.
    fn summary(&self, command: &mut Command) -> Result<(Usage, Value), String> {
        let (usage, printed) = self.measure(command.args(["--json", "--quiet"]))?;
        Ok((usage, serde_json::from_str(&printed).map_err(|error| format!("{command:?}: {error}"))?))
    }

    /// Returns the command that repeats the measurement of a section. Networks are listed without
    /// their folders.
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
            line += &format!(" {}", Path::new(path).file_name().unwrap_or_default().to_string_lossy());
        }
        line
    }
}

/// Returns the number at `path` in a JSON summary.
fn number(summary: &Value, path: &str) -> Result<f64, String> {
    summary.pointer(path).and_then(Value::as_f64).ok_or_else(|| format!("the summary has no number {path}"))
}
