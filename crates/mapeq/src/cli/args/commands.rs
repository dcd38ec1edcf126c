//! The arguments of the commands.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::common::CommonArgs;
use super::constraints::DemandArgs;
use super::effort::EffortArgs;
use super::every_trial::EveryTrialArgs;
use super::flow::FlowArgs;
use super::headings::{INPUT, OUTPUT, SEARCH};
use super::input::InputArgs;
use super::output::OutputArgs;
use super::parse::time_span;
use super::search::SearchArgs;

/// Trials in a time limit, if there are no others: on small networks more would find nothing new.
const TRIALS_IN_TIME: u32 = 1000;

/// `mapeq cluster`
#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(crate) network: PathBuf,

    /// Folder for the results, created where it does not exist
    #[arg(default_value = ".")]
    pub(crate) out_dir: PathBuf,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    /// Trials, the best of which is kept; from the fifth on they combine what others found [default: 1, or as many as
    /// --time-limit allows]
    #[arg(short = 'N', long, alias = "num-trials", value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..), help_heading = SEARCH)]
    pub(crate) trials: Option<u32>,

    /// No trial learns from others
    #[arg(long, help_heading = SEARCH)]
    pub(crate) independent_trials: bool,

    /// End the search after so long, with the best so far: 30s, 5m, 1h
    #[arg(long, value_name = "TIME", value_parser = time_span, help_heading = SEARCH)]
    pub(crate) time_limit: Option<Duration>,

    /// Find modules, but none inside modules
    #[arg(short = '2', long, help_heading = SEARCH)]
    pub(crate) two_level: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,

    #[command(flatten)]
    pub(crate) effort: EffortArgs,

    #[command(flatten)]
    pub(crate) demands: DemandArgs,

    /// Modules to start from (.clu, .tree, .ftree, .csv, .json, .nwk or .parquet), which are never made longer; with --no-infomap, to score
    #[arg(short, long, value_name = "FILE", help_heading = SEARCH)]
    pub(crate) cluster_data: Option<PathBuf>,

    /// Nodes that --cluster-data does not name join the module that they are coupled to most, where there is one, in place of one
    /// of their own
    #[arg(long, requires = "cluster_data", help_heading = SEARCH)]
    pub(crate) assign_to_neighbouring_module: bool,

    /// Do not search: score and write --cluster-data, or one module
    #[arg(long, alias = "no-search", help_heading = SEARCH)]
    pub(crate) no_infomap: bool,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    #[command(flatten)]
    pub(crate) every_trial: EveryTrialArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

impl ClusterArgs {
    /// The files that are read.
    pub(crate) fn inputs(&self) -> Vec<&Path> {
        let besides = [&self.cluster_data, &self.demands.fixed, &self.search.of_objective.meta_data];
        [self.network.as_path()].into_iter().chain(besides.into_iter().flatten().map(PathBuf::as_path)).collect()
    }

    /// Number of trials to run, if time allows.
    pub(crate) fn trials(&self) -> u32 {
        self.trials.or(self.effort.trials()).unwrap_or(if self.time_limit.is_some() { TRIALS_IN_TIME } else { 1 })
    }
}

/// `mapeq score`
#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(crate) network: PathBuf,

    /// Modules of its nodes (.clu, .tree, .ftree, .csv, .json, .nwk or .parquet)
    pub(crate) partition: PathBuf,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    /// Nodes may have several rows: modules of `mapeq overlap` (.tree)
    #[arg(long, conflicts_with = "two_level", help_heading = SEARCH)]
    pub(crate) overlap: bool,

    /// Score the top modules alone
    #[arg(short = '2', long, help_heading = SEARCH)]
    pub(crate) two_level: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// `mapeq compare`
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(crate) network: PathBuf,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    /// Independent trials of each search
    #[arg(short = 'N', long, alias = "num-trials", value_name = "N", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(1..), help_heading = SEARCH)]
    pub(crate) trials: u32,

    #[command(flatten)]
    pub(crate) effort: EffortArgs,

    #[command(flatten)]
    pub(crate) search: SearchArgs,

    /// The file holds paths (rows of nodes, last a weight): compare walks that remember so many nodes, as 1,2,3
    #[arg(long, value_name = "K,…", value_delimiter = ',', conflicts_with_all = ["order", "temporal", "format", "columns"],
          value_parser = clap::value_parser!(u8).range(1..), help_heading = INPUT)]
    pub(crate) orders: Vec<u8>,

    /// Print the table as comma-separated values
    #[arg(long, conflicts_with = "json", help_heading = OUTPUT)]
    pub(crate) csv: bool,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// `mapeq convert`
#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    pub(crate) network: PathBuf,

    /// File to write; the extension tells the format: .mqb (snapshot), .txt (links) or .net (Pajek)
    pub(crate) out: PathBuf,

    /// Links have a direction
    #[arg(short, long, help_heading = INPUT)]
    pub(crate) directed: bool,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Stop if the file to write exists already
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) no_overwrite: bool,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// `mapeq objectives`
#[derive(Debug, Args)]
pub(crate) struct ObjectivesArgs {
    /// Print one JSON object in place of the table
    #[arg(long)]
    pub(crate) json: bool,
}
