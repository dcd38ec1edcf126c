//! The arguments of the commands: groups of options, and what a single command has besides.

use std::path::{Path, PathBuf};

use clap::Args;

use super::common::CommonArgs;
use super::constraints::ConstraintArgs;
use super::every_trial::EveryTrialArgs;
use super::flow::{DirectionArgs, FlowArgs};
use super::headings::{INPUT, OUTPUT, SEARCH};
use super::input::InputArgs;
use super::manifest::ManifestArgs;
use super::objective::{EntropyArgs, ObjectiveArgs};
use super::output::{ClusterFileArgs, OutputArgs, OverlapFileArgs};
use super::search::{SearchArgs, TwoLevelArgs};
use super::start::StartArgs;
use super::trials::TrialArgs;

/// `mapeq cluster`
#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    #[command(flatten)]
    pub(crate) levels: TwoLevelArgs,

    #[command(flatten)]
    pub(crate) trials: TrialArgs,

    #[command(flatten)]
    pub(crate) search: SearchArgs,

    #[command(flatten)]
    pub(crate) start: StartArgs,

    /// Skip the search: score and write --cluster-data, or one module
    #[arg(long, alias = "no-search", help_heading = SEARCH)]
    pub(crate) no_infomap: bool,

    #[command(flatten)]
    pub(crate) constraints: ConstraintArgs,

    #[command(flatten)]
    pub(crate) objective: ObjectiveArgs,

    #[command(flatten)]
    pub(crate) files: ClusterFileArgs,

    #[command(flatten)]
    pub(crate) every_trial: EveryTrialArgs,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// `mapeq score`
#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Modules of the nodes (.clu, .tree, .ftree, .csv, .json, .nwk or .parquet)
    pub(crate) partition: PathBuf,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    #[command(flatten)]
    pub(crate) levels: TwoLevelArgs,

    /// Score the overlapping modules of `mapeq overlap` (.tree)
    #[arg(long, conflicts_with = "two_level", help_heading = SEARCH)]
    pub(crate) overlap: bool,

    /// Hidden: the options of `mapeq cluster` can be repeated for the score of its result.
    #[command(flatten)]
    pub(crate) trials: TrialArgs,

    /// Hidden, too.
    #[command(flatten)]
    search: SearchArgs,

    #[command(flatten)]
    pub(crate) objective: ObjectiveArgs,

    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// `mapeq compare`
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Read paths (`n1 n2 … weight`) and compare networks of these orders, as 1,2,3
    #[arg(long, value_name = "K,…", value_delimiter = ',',
          conflicts_with_all = ["order", "temporal", "format", "columns", "meta_data", "fixed", "cluster_data"],
          value_parser = clap::value_parser!(u8).range(1..), help_heading = INPUT)]
    pub(crate) orders: Vec<u8>,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    #[command(flatten)]
    pub(crate) trials: TrialArgs,

    #[command(flatten)]
    pub(crate) search: SearchArgs,

    #[command(flatten)]
    pub(crate) start: StartArgs,

    #[command(flatten)]
    pub(crate) constraints: ConstraintArgs,

    #[command(flatten)]
    pub(crate) objective: ObjectiveArgs,

    /// Print the table as comma-separated values
    #[arg(long, conflicts_with = "json", help_heading = OUTPUT)]
    pub(crate) csv: bool,

    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// `mapeq overlap`
#[derive(Debug, Args)]
pub(crate) struct OverlapArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    #[command(flatten)]
    levels: TwoLevelArgs,

    /// Find levels above the overlapping modules, too
    #[arg(long, conflicts_with_all = ["two_level", "entropy_corrected"], help_heading = SEARCH)]
    pub(crate) nested: bool,

    #[command(flatten)]
    pub(crate) trials: TrialArgs,

    #[command(flatten)]
    pub(crate) search: SearchArgs,

    #[command(flatten)]
    pub(crate) start: StartArgs,

    #[command(flatten)]
    pub(crate) entropy: EntropyArgs,

    #[command(flatten)]
    pub(crate) files: OverlapFileArgs,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// `mapeq flow`
#[derive(Debug, Args)]
pub(crate) struct FlowCommandArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) flow: FlowArgs,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// `mapeq convert`
#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// File to write; its extension selects the format: .mqb (snapshot), .txt (links) or .net
    /// (Pajek)
    pub(crate) out: PathBuf,

    #[command(flatten)]
    pub(crate) direction: DirectionArgs,

    #[command(flatten)]
    pub(crate) manifest: ManifestArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// `mapeq objectives`
#[derive(Debug, Args)]
pub(crate) struct ObjectivesArgs {
    /// Print one JSON object instead of the table
    #[arg(long)]
    pub(crate) json: bool,
}

impl ClusterArgs {
    /// Returns the files that are read.
    pub(crate) fn inputs(&self) -> Vec<&Path> {
        let optional = [&self.start.cluster_data, &self.constraints.fixed, &self.objective.meta_data];
        with_network(&self.input, &optional)
    }

    /// Returns the maximum number of trials.
    pub(crate) fn trials(&self) -> u32 {
        if self.no_infomap { 0 } else { self.trials.number(1) }
    }
}

impl CompareArgs {
    /// Returns the files that are read.
    pub(crate) fn inputs(&self) -> Vec<&Path> {
        let optional = [&self.start.cluster_data, &self.constraints.fixed, &self.objective.meta_data];
        with_network(&self.input, &optional)
    }

    /// Returns the maximum number of trials of each search.
    pub(crate) fn trials(&self) -> u32 {
        self.trials.number(10)
    }
}

impl ScoreArgs {
    /// Returns the files that are read.
    pub(crate) fn inputs(&self) -> Vec<&Path> {
        let mut inputs = with_network(&self.input, &[&self.objective.meta_data]);
        inputs.push(&self.partition);
        inputs
    }
}

impl OverlapArgs {
    /// Returns the files that are read.
    pub(crate) fn inputs(&self) -> Vec<&Path> {
        with_network(&self.input, &[&self.start.cluster_data])
    }

    /// Returns the maximum number of trials for hard modules. A time limit adds none: it covers the
    /// whole search.
    pub(crate) fn trials(&self) -> u32 {
        self.trials.given().unwrap_or(1)
    }
}

fn with_network<'a>(input: &'a InputArgs, optional: &[&'a Option<PathBuf>]) -> Vec<&'a Path> {
    let optional = optional.iter().copied().flatten().map(PathBuf::as_path);
    [input.network.as_path()].into_iter().chain(optional).collect()
}
