//! What can be typed: options, their help, and what they mean for the crates below.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use mapeq_core::Direction;
use mapeq_io::{ClusterLevel, ReadOptions, RowFilter};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::SearchOptions;

use super::demands::DemandArgs;
use super::effort::EffortArgs;
use super::every_trial::EveryTrialArgs;
use super::flow_args::FlowArgs;
use super::format_args::FormatArgs;
use super::manifest::ManifestArgs;
use super::objective_args::ObjectiveArgs;
use super::path_args::PathArgs;
use super::temporal_args::TemporalArgs;

/// Modules and hierarchies that compress a random walk on a network best.
#[derive(Debug, Parser)]
#[command(name = "mapeq", version, max_term_width = 100, arg_required_else_help = true, after_help = AFTER_HELP)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER_HELP: &str = "\
Example:
  mapeq cluster karate.txt results    find the modules of a network, write results/karate.tree

Exit codes: 0 success, 1 wrong arguments, 2 input error, 3 output error, 7 internal error,
130 interrupted.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find the modules of a network and write them to files
    #[command(after_help = CLUSTER_HELP)]
    Cluster(Box<ClusterArgs>),
    /// Codelength of a given partition, without a search
    #[command(after_help = SCORE_HELP, mut_arg("seed", |seed| seed.hide(true)))]
    Score(ScoreArgs),
    /// One-level, two-level and multilevel codelength of a network side by side
    #[command(after_help = COMPARE_HELP)]
    Compare(CompareArgs),
    /// Find modules that may overlap: nodes in several modules where that is shorter
    #[command(after_help = super::overlap::HELP)]
    Overlap(super::overlap::OverlapArgs),
    /// Write how often nodes are visited and what links carry, without a search
    #[command(after_help = super::flow::HELP)]
    Flow(super::flow::FlowCommandArgs),
    /// Write a network in another format, such as a snapshot that opens at once
    #[command(after_help = CONVERT_HELP)]
    Convert(ConvertArgs),
    /// Find modules as Infomap 2.16 is told to: with its arguments
    #[command(disable_help_flag = true, after_help = super::infomap::HELP)]
    Infomap {
        /// `network_file out_directory [options]`; -hh lists the options
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// List the objectives for `--objective`
    #[command(after_help = "Example:\n  mapeq objectives --json")]
    Objectives(ObjectivesArgs),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  mapeq completions bash > ~/.local/share/bash-completion/completions/mapeq")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the program or of one command
    #[command(after_help = "Example:\n  mapeq man cluster > mapeq-cluster.1")]
    Man {
        /// The command; without it the page of the program
        command: Option<String>,
    },
}

const CLUSTER_HELP: &str = "\
Example:
  mapeq cluster --directed --trials 10 citations.txt.gz results
      ten trials on directed links; the best tree goes to results/citations.tree

The same network, options and seed give the same result at any number of threads. Files are the
same to the byte if the environment sets SOURCE_DATE_EPOCH (seconds since 1970): their header then
tells that time, in UTC, as the start and 0 s as the duration.

Ctrl-C ends the search and writes the best tree so far; a second one ends at once.";

const SCORE_HELP: &str = "\
Example:
  mapeq score karate.txt results/karate.tree
      bits per step of these modules: in all, by level and by module";

const COMPARE_HELP: &str = "\
Example:
  mapeq compare --trials 20 karate.txt
      does a hierarchy pay, and how much do trials differ?

  mapeq compare --directed --orders 1,2,3 journeys.paths
      does it pay to remember where walks come from? Codelengths of different orders describe
      different walks; the last column has them all describe the walk of the largest order.";

const CONVERT_HELP: &str = "\
Example:
  mapeq convert --directed citations.txt.gz citations.mqb
      once; then `mapeq cluster --directed citations.mqb` opens it in a moment

A snapshot (.mqb) holds the network exactly: nodes with their ids, names and weights, and links,
those with the same ends summed. Other commands know it by its content. Where links have no
direction in it, --directed is refused; a directed one can be read both ways. --string-ids and
--weight-threshold belong to this command. A snapshot that is damaged or cut short is refused.

A link list (.txt) has no room for names, node weights and nodes without links; a Pajek file
(.net) has. Weights come back to the last digit from all three.";

/// `mapeq cluster`
#[derive(Debug, Args)]
pub(super) struct ClusterArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(super) network: PathBuf,

    /// Folder for the results, created where it does not exist
    #[arg(default_value = ".")]
    pub(super) out_dir: PathBuf,

    #[command(flatten)]
    pub(super) input: InputArgs,

    #[command(flatten)]
    pub(super) flow: FlowArgs,

    /// Trials, the best of which is kept; from the fifth on they combine what others found [default: 1, or as many as
    /// --time-limit allows]
    #[arg(short = 'N', long, alias = "num-trials", value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..), help_heading = SEARCH)]
    pub(super) trials: Option<u32>,

    /// No trial learns from others
    #[arg(long, help_heading = SEARCH)]
    pub(super) independent_trials: bool,

    /// End the search after so long, with the best so far: 30s, 5m, 1h
    #[arg(long, value_name = "TIME", value_parser = time_span, help_heading = SEARCH)]
    pub(super) time_limit: Option<Duration>,

    /// Find modules, but none inside modules
    #[arg(short = '2', long, help_heading = SEARCH)]
    pub(super) two_level: bool,

    #[command(flatten)]
    pub(super) search: SearchArgs,

    #[command(flatten)]
    pub(super) effort: EffortArgs,

    #[command(flatten)]
    pub(super) demands: DemandArgs,

    /// Modules to start from (.clu, .tree, .ftree, .csv, .json, .nwk or .parquet), which are never made longer; with --no-infomap, to score
    #[arg(short, long, value_name = "FILE", help_heading = SEARCH)]
    pub(super) cluster_data: Option<PathBuf>,

    /// Nodes that --cluster-data does not name join the module that they are coupled to most, where there is one, in place of one
    /// of their own
    #[arg(long, requires = "cluster_data", help_heading = SEARCH)]
    pub(super) assign_to_neighbouring_module: bool,

    /// Do not search: score and write --cluster-data, or one module
    #[arg(long, alias = "no-search", help_heading = SEARCH)]
    pub(super) no_infomap: bool,

    #[command(flatten)]
    pub(super) output: OutputArgs,

    #[command(flatten)]
    pub(super) every_trial: EveryTrialArgs,

    #[command(flatten)]
    pub(super) common: CommonArgs,
}

/// `mapeq score`
#[derive(Debug, Args)]
pub(super) struct ScoreArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(super) network: PathBuf,

    /// Modules of its nodes (.clu, .tree, .ftree, .csv, .json, .nwk or .parquet)
    pub(super) partition: PathBuf,

    #[command(flatten)]
    pub(super) input: InputArgs,

    #[command(flatten)]
    pub(super) flow: FlowArgs,

    /// Nodes may have several rows: modules of `mapeq overlap` (.tree)
    #[arg(long, conflicts_with = "two_level", help_heading = SEARCH)]
    pub(super) overlap: bool,

    /// Score the top modules alone
    #[arg(short = '2', long, help_heading = SEARCH)]
    pub(super) two_level: bool,

    #[command(flatten)]
    pub(super) search: SearchArgs,

    #[command(flatten)]
    pub(super) common: CommonArgs,
}

/// `mapeq compare`
#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(super) network: PathBuf,

    #[command(flatten)]
    pub(super) input: InputArgs,

    #[command(flatten)]
    pub(super) flow: FlowArgs,

    /// Independent trials of each search
    #[arg(short = 'N', long, alias = "num-trials", value_name = "N", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(1..), help_heading = SEARCH)]
    pub(super) trials: u32,

    #[command(flatten)]
    pub(super) effort: EffortArgs,

    #[command(flatten)]
    pub(super) search: SearchArgs,

    /// The file holds paths (rows of nodes, last a weight): compare walks that remember so many nodes, as 1,2,3
    #[arg(long, value_name = "K,…", value_delimiter = ',', conflicts_with_all = ["order", "temporal", "format", "columns"],
          value_parser = clap::value_parser!(u8).range(1..), help_heading = INPUT)]
    pub(super) orders: Vec<u8>,

    /// Print the table as comma-separated values
    #[arg(long, conflicts_with = "json", help_heading = OUTPUT)]
    pub(super) csv: bool,

    #[command(flatten)]
    pub(super) common: CommonArgs,
}

/// `mapeq convert`
#[derive(Debug, Args)]
pub(super) struct ConvertArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(super) network: PathBuf,

    /// File to write; the extension tells the format: .mqb (snapshot), .txt (links) or .net (Pajek)
    pub(super) out: PathBuf,

    /// Links have a direction
    #[arg(short, long, help_heading = INPUT)]
    pub(super) directed: bool,

    #[command(flatten)]
    pub(super) input: InputArgs,

    /// Stop if the file to write exists already
    #[arg(long, help_heading = OUTPUT)]
    pub(super) no_overwrite: bool,

    #[command(flatten)]
    pub(super) common: CommonArgs,
}

/// `mapeq objectives`
#[derive(Debug, Args)]
pub(super) struct ObjectivesArgs {
    /// Print one JSON object in place of the table
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const INPUT: &str = "Input";
pub(super) const SEARCH: &str = "Search";
pub(super) const OBJECTIVE: &str = "Objective";
pub(super) const OUTPUT: &str = "Output";
const GENERAL: &str = "General";

/// How the network is read.
#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// Ignore links from a node to itself
    #[arg(long, help_heading = INPUT)]
    no_self_links: bool,

    /// Ignore links lighter than this
    #[arg(long, allow_negative_numbers = true, value_name = "WEIGHT", default_value_t = 0.0, value_parser = at_least_zero, help_heading = INPUT)]
    weight_threshold: f64,

    /// Take every id as text, even if the first ones are numbers
    #[arg(long, help_heading = INPUT)]
    string_ids: bool,

    /// Ids of states in layers that are the same in every network with up to so many layers
    #[arg(long, value_name = "LAYERS", value_parser = clap::value_parser!(u32).range(1..=1 << 30), help_heading = INPUT)]
    matchable_multilayer_ids: Option<u32>,

    #[command(flatten)]
    pub(super) paths: PathArgs,

    #[command(flatten)]
    pub(super) temporal: TemporalArgs,

    #[command(flatten)]
    format: FormatArgs,
}

/// What is minimised, from which seed.
#[derive(Debug, Args)]
pub(super) struct SearchArgs {
    /// Seed of the first trial; then one more each
    #[arg(short, long, value_name = "N", default_value_t = 123, help_heading = SEARCH)]
    pub(super) seed: u64,

    /// What to minimise; `mapeq objectives` lists them
    #[arg(long, value_name = "NAME", default_value = "map-equation", help_heading = SEARCH)]
    pub(super) objective: String,

    /// Take less time for a worse tree: -F fewer attempts and less tuning of the levels, -FF no modules but those of
    /// the flat partition, grouped; -FFF does what -FF does
    #[arg(short = 'F', long, action = ArgAction::Count, help_heading = SEARCH)]
    fast_hierarchical_solution: u8,

    #[command(flatten)]
    pub(super) of_objective: ObjectiveArgs,

    /// Do not fall back to one module where that is shorter than the modules found
    #[arg(long, help_heading = OBJECTIVE)]
    prefer_modular_solution: bool,
}

/// What is written, and where.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Formats to write, separated by commas; tree, unless one of modules is among them
    #[arg(short, long, value_name = "FORMATS", value_delimiter = ',', help_heading = OUTPUT)]
    output: Vec<Format>,

    /// Write the tree of modules, as --output tree
    #[arg(long, help_heading = OUTPUT)]
    tree: bool,

    /// Write one module per node, as --output clu
    #[arg(long, help_heading = OUTPUT)]
    clu: bool,

    /// Write the tree with the flow between modules, as --output ftree
    #[arg(long, help_heading = OUTPUT)]
    ftree: bool,

    /// Write what every node exchanges with modules, as --output soft
    #[arg(long, help_heading = OUTPUT)]
    soft: bool,

    /// Rows of a .clu file: `id module flow`, or one module per row in the order of the nodes
    #[arg(long, value_name = "STYLE", default_value = "classic", help_heading = OUTPUT)]
    pub(super) clu_style: CluStyle,

    /// Modules in .clu and soft files: 1 for the top, -1 for the deepest
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true,
          value_parser = parse_level, help_heading = OUTPUT)]
    clu_level: i32,

    /// Leave out the rows of features of a bipartite network
    #[arg(long, help_heading = OUTPUT)]
    hide_bipartite_nodes: bool,

    /// Name of the results without extension [default: as the network]
    #[arg(long, value_name = "NAME", help_heading = OUTPUT)]
    pub(super) out_name: Option<String>,

    /// Write no files
    #[arg(short = '0', long, help_heading = OUTPUT)]
    pub(super) no_file_output: bool,

    /// Stop before the search if a result file exists already
    #[arg(long, help_heading = OUTPUT)]
    pub(super) no_overwrite: bool,

    #[command(flatten)]
    pub(super) manifest: ManifestArgs,

    /// Comment lines on top
    #[arg(long, value_name = "KIND", default_value = "classic", help_heading = OUTPUT)]
    pub(super) header: HeaderKind,
}

/// Options of every command that works on a network.
#[derive(Debug, Args)]
pub(super) struct CommonArgs {
    /// Print one JSON object in place of the summary
    #[arg(long, help_heading = GENERAL)]
    pub(super) json: bool,

    /// Print nothing but errors (and what --json or --csv ask for)
    #[arg(short, long, alias = "silent", help_heading = GENERAL)]
    pub(super) quiet: bool,

    /// Tell more: -v every trial, -vv every stage of the search
    #[arg(short, long, action = ArgAction::Count, help_heading = GENERAL)]
    pub(super) verbose: u8,

    /// Refuse work whose predicted peak memory is larger: 8G, 500M, or a number of bytes
    #[arg(long, value_name = "SIZE", value_parser = memory, help_heading = GENERAL)]
    pub(super) max_memory: Option<u64>,

    /// Number of threads; results do not depend on it
    #[arg(long, alias = "num-threads", value_name = "N", default_value = "auto", value_parser = threads,
          help_heading = GENERAL)]
    pub(super) threads: Threads,
}

/// A kind of result file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Format {
    // Without help of their own: clap would spread every option over several lines.
    Tree,
    Ftree,
    Clu,
    Newick,
    Json,
    Csv,
    Modules,
    Memberships,
    Soft,
    Network,
    States,
    Flow,
    Graphml,
    Gexf,
    Parquet,
}

impl Format {
    /// What follows the name of the results in that of the file.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Tree => ".tree",
            Self::Ftree => ".ftree",
            Self::Clu => ".clu",
            Self::Newick => ".nwk",
            Self::Json => ".json",
            Self::Csv => ".csv",
            Self::Modules => "_modules.csv",
            Self::Memberships => "_memberships.csv",
            Self::Soft => "_soft.csv",
            Self::Network => ".net",
            Self::States => "_states.net",
            Self::Flow => "_flow.net",
            Self::Graphml => ".graphml",
            Self::Gexf => ".gexf",
            Self::Parquet => ".parquet",
        }
    }

    /// Whether the file tells all of the modules.
    fn is_modular(self) -> bool {
        !self.is_network() && self != Self::Soft
    }

    /// Whether the file is a network, whose nodes are the states where there are any.
    pub(super) fn is_network(self) -> bool {
        matches!(self, Self::Network | Self::States | Self::Flow)
    }

    /// Whether the file tells of links.
    pub(super) fn needs_links(self) -> bool {
        self.is_network() || matches!(self, Self::Ftree | Self::Json | Self::Graphml | Self::Gexf)
    }
}

/// The comment lines at the top of result files.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum HeaderKind {
    Classic,
    Full,
}

/// The rows of a `.clu` file.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum CluStyle {
    Classic,
    Pajek,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Threads(Option<usize>);

impl Threads {
    /// The number asked for, or as many as can run at a time.
    pub(super) fn count(self) -> usize {
        self.0.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
    }
}

impl InputArgs {
    pub(super) fn self_links(&self) -> bool {
        !self.no_self_links
    }

    pub(super) fn read_options(&self, direction: Direction) -> ReadOptions {
        self.format.apply(ReadOptions {
            direction,
            self_links: self.self_links(),
            weight_threshold: self.weight_threshold,
            string_ids: self.string_ids,
            matchable_layers: self.matchable_multilayer_ids,
            path_order: self.paths.order(),
            windows: self.temporal.windows(),
            ..ReadOptions::default()
        })
    }
}

/// Trials in a time limit, if there are no others: on small networks more would find nothing new.
const TRIALS_IN_TIME: u32 = 1000;

impl ClusterArgs {
    /// The files that are read.
    pub(super) fn inputs(&self) -> Vec<&Path> {
        let besides = [&self.cluster_data, &self.demands.fixed, &self.search.of_objective.meta_data];
        [self.network.as_path()].into_iter().chain(besides.into_iter().flatten().map(PathBuf::as_path)).collect()
    }

    /// Number of trials to run, if time allows.
    pub(super) fn trials(&self) -> u32 {
        self.trials.or(self.effort.trials()).unwrap_or(if self.time_limit.is_some() { TRIALS_IN_TIME } else { 1 })
    }
}

impl SearchArgs {
    /// How to search.
    pub(super) fn options(&self) -> MultilevelOptions {
        let default = MultilevelOptions::default();
        let two_level = SearchOptions { one_module: !self.prefer_modular_solution, ..default.two_level };
        MultilevelOptions { two_level, fast: self.fast_hierarchical_solution, ..default }
    }

    /// Options that were given although they are about searching.
    pub(super) fn without_search(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            (self.prefer_modular_solution, "--prefer-modular-solution"),
            (self.fast_hierarchical_solution > 0, "--fast-hierarchical-solution"),
            (self.of_objective.prefers_levels(), "--preferred-number-of-levels"),
        ];
        given.into_iter().filter_map(|(given, option)| given.then_some(option))
    }
}

impl OutputArgs {
    /// The formats to write, in a fixed order.
    pub(super) fn formats(&self) -> Vec<Format> {
        let mut formats = self.output.clone();
        let shorthands = [
            (self.tree, Format::Tree),
            (self.ftree, Format::Ftree),
            (self.clu, Format::Clu),
            (self.soft, Format::Soft),
        ];
        formats.extend(shorthands.into_iter().filter_map(|(asked, format)| asked.then_some(format)));
        if !formats.iter().any(|format| format.is_modular()) {
            formats.push(Format::Tree);
        }
        formats.sort_unstable();
        formats.dedup();
        formats
    }

    /// Whether files tell of the input and the trials.
    pub(super) fn wants_details(&self) -> bool {
        let formats = self.formats();
        matches!(self.header, HeaderKind::Full) || formats.contains(&Format::Json)
    }

    /// The rows of result files.
    pub(super) fn rows(&self) -> RowFilter {
        if self.hide_bipartite_nodes { RowFilter::WithoutFeatures } else { RowFilter::All }
    }

    /// The modules shown in a `.clu` file.
    pub(super) fn cluster_level(&self) -> ClusterLevel {
        usize::try_from(self.clu_level).map_or(ClusterLevel::Deepest, ClusterLevel::Depth)
    }
}

fn time_span(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).len());
    let seconds = match unit {
        "ms" => Some(1e-3),
        "" | "s" => Some(1.0),
        "m" | "min" => Some(60.0),
        "h" => Some(3600.0),
        _ => None,
    };
    let span = seconds.zip(number.parse::<f64>().ok()).map(|(seconds, number)| number * seconds);
    let span = span.filter(|&span| span > 0.0).and_then(|span| Duration::try_from_secs_f64(span).ok());
    span.ok_or_else(|| "expected a time such as 30s, 5m or 1h".to_owned())
}

pub(super) fn at_least_zero(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|number: &f64| *number >= 0.0).ok_or_else(|| "expected a number >= 0".to_owned())
}

pub(super) fn finite(text: &str) -> Result<f64, String> {
    at_least_zero(text).ok().filter(|number| number.is_finite()).ok_or_else(|| "expected a number >= 0".to_owned())
}

fn memory(text: &str) -> Result<u64, String> {
    const UNITS: [(char, u64); 4] = [('k', 1 << 10), ('m', 1 << 20), ('g', 1 << 30), ('t', 1 << 40)];
    let lower = text.to_lowercase();
    let number = lower.trim_end_matches("ib").trim_end_matches('b');
    let unit = UNITS.iter().find(|(letter, _)| number.ends_with(*letter));
    let number = number.trim_end_matches(|letter| unit.is_some_and(|unit| unit.0 == letter));
    let size = number.parse::<f64>().ok().map(|number| number * unit.map_or(1, |unit| unit.1) as f64);
    let size = size.filter(|size| *size >= 1.0 && size.is_finite());
    size.map(|size| size as u64).ok_or_else(|| "expected a size such as 8G, 500M or 1000000".to_owned())
}

fn threads(text: &str) -> Result<Threads, String> {
    match text.parse() {
        _ if text == "auto" => Ok(Threads(None)),
        Ok(count) if count > 0 => Ok(Threads(Some(count))),
        _ => Err("expected a whole number >= 1, or auto".to_owned()),
    }
}

fn parse_level(text: &str) -> Result<i32, String> {
    match text.parse() {
        Ok(level) if level >= -1 => Ok(level),
        _ => Err("expected 1 for the top modules, 2 for those inside, …, or -1 for the deepest".to_owned()),
    }
}
