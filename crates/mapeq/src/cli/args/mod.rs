//! The command line: commands, groups of options, and their help.
//!
//! An option that several commands share is a field of one struct, which those commands flatten.
//! The structs have fields and pure conversions to options of the library. Functions that open
//! files or write notes are in `input/`, `output/` and `commands/`.

mod commands;
mod common;
mod constraints;
mod every_trial;
mod flow;
mod format;
mod formats;
#[cfg(test)]
mod groups;
mod headings;
mod input;
mod manifest;
mod objective;
mod output;
mod parse;
mod paths;
mod search;
mod second_order;
mod start;
mod temporal;
mod trials;

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub(crate) use self::commands::{
    ClusterArgs, CompareArgs, ConvertArgs, FlowCommandArgs, ObjectivesArgs, OverlapArgs, ScoreArgs,
};
pub(crate) use self::common::CommonArgs;
pub(crate) use self::constraints::ConstraintArgs;
pub(crate) use self::flow::FlowArgs;
pub(crate) use self::formats::{Format, ModuleFormat, NetworkOutput, OverlapFormat, TreeFormat};
pub(crate) use self::input::InputArgs;
pub(crate) use self::manifest::ManifestArgs;
pub(crate) use self::objective::{EntropyArgs, ObjectiveArgs};
pub(crate) use self::output::{CluStyle, ClusterFileArgs, OutputArgs};
pub(crate) use self::parse::Threads;
pub(crate) use self::paths::Lump;
pub(crate) use self::search::SearchArgs;
pub(crate) use self::start::StartArgs;

/// Find modules and hierarchies in networks with the map equation
#[derive(Debug, Parser)]
#[command(name = "mapeq", version, max_term_width = 100, arg_required_else_help = true, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find the modules of a network and write them to files
    #[command(after_long_help = CLUSTER_HELP)]
    Cluster(Box<ClusterArgs>),
    /// Compute the codelength of a given partition
    #[command(after_long_help = SCORE_HELP, mut_arg("two_level", |arg| arg.help("Score the top modules only")),
              mut_args(hide_search))]
    Score(Box<ScoreArgs>),
    /// Compare the one-level, two-level and multilevel codelengths of a network
    #[command(after_long_help = COMPARE_HELP, mut_arg("trials", |arg| arg.help(COMPARE_TRIALS).long_help(COMPARE_TRIALS)),
              mut_arg("independent_trials", |arg| arg.hide(true)))]
    Compare(Box<CompareArgs>),
    /// Find overlapping modules: nodes are in several modules if that shortens the codelength
    #[command(after_long_help = OVERLAP_HELP, mut_arg("two_level", |arg| arg.help("Find no levels above the modules (the default)")))]
    Overlap(Box<OverlapArgs>),
    /// Compute the flow of nodes and links and write it to files
    #[command(after_long_help = FLOW_HELP)]
    Flow(Box<FlowCommandArgs>),
    /// Write a network in another format, such as a snapshot that loads fast
    #[command(after_long_help = CONVERT_HELP)]
    Convert(Box<ConvertArgs>),
    /// Accept the command line of Infomap 2.16
    #[command(disable_help_flag = true, after_help = INFOMAP_HELP)]
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
        /// Shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the program or of one command
    #[command(after_help = "Example:\n  mapeq man cluster > mapeq-cluster.1")]
    Man {
        /// Name of the command; without it, the page of the program
        command: Option<String>,
    },
}

/// Returns the program for the parser, for completions and for manual pages.
pub(crate) fn program() -> clap::Command {
    Cli::command().mut_subcommands(|command| {
        if command.get_after_long_help().is_none() {
            return command;
        }
        let hide = |arg: clap::Arg| {
            if IN_SHORT_HELP.contains(&arg.get_id().as_str()) { arg } else { arg.hide_short_help(true) }
        };
        command.after_help("Run with --help for all options.").mut_args(hide)
    })
}

/// Parses a command line, which begins with the name of the program.
pub(crate) fn parse(words: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = program().try_get_matches_from(words)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut program()))
}

/// Returns the names of the hidden options on a command line that has been parsed.
pub(crate) fn hidden_options(words: &[OsString]) -> Vec<String> {
    let matches = program().get_matches_from(words);
    let (name, matches) = matches.subcommand().expect("a command line that has been parsed");
    let program = program();
    let command = program.find_subcommand(name).expect("the command that was found");
    let hidden = command.get_arguments().filter(|arg| arg.is_hide_set());
    let given = hidden.filter(|arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine));
    given.filter_map(|arg| arg.get_long().map(str::to_owned)).collect()
}

/// Hides the options of a search, which `mapeq score` accepts without effect.
fn hide_search(arg: clap::Arg) -> clap::Arg {
    let shown = ["two_level", "overlap"].contains(&arg.get_id().as_str());
    let is_search = arg.get_help_heading() == Some(headings::SEARCH);
    arg.hide(is_search && !shown)
}

/// Options in the help of `-h`; `--help` lists all.
const IN_SHORT_HELP: [&str; 23] = [
    "csv",
    "cluster_data",
    "directed",
    "flow_model",
    "json",
    "nested",
    "network",
    "objective",
    "orders",
    "out",
    "out_dir",
    "out_name",
    "output",
    "overlap",
    "partition",
    "quiet",
    "seed",
    "teleportation_probability",
    "threads",
    "time_limit",
    "trials",
    "two_level",
    "verbose",
];

const COMPARE_TRIALS: &str =
    "Number of independent trials of each search [default: 10, or as many as --time-limit allows]";

// Paragraphs are single lines: clap wraps them.

const AFTER_HELP: &str = "\
Exit codes: 0 success, 1 wrong arguments, 2 input error, 3 output error, 7 internal error, 130 interrupted.

Example:
  mapeq cluster karate.txt results
      find the modules of a network and write results/karate.tree";

const CLUSTER_HELP: &str = "\
The same network, options and seed give the same result at any number of threads. Files are identical to the byte if \
the environment sets SOURCE_DATE_EPOCH (seconds since 1970): the header then shows that time as the start, in UTC, and \
a duration of 0 s.

Ctrl-C ends the search and writes the best tree so far. A second Ctrl-C ends the program at once.

Example:
  mapeq cluster --directed --trials 10 citations.txt.gz results
      run ten trials on directed links and write the best tree to results/citations.tree";

const SCORE_HELP: &str = "\
Options for the search of `mapeq cluster`, such as --seed, are accepted and have no effect.

Example:
  mapeq score karate.txt results/karate.tree
      codelength in bits per step: total, by level and by module";

const COMPARE_HELP: &str = "\
--orders compares networks of several orders. Their codelengths describe different walks; the last column describes \
the walk of the largest order by the modules of each order.

--time-limit is divided equally among the searches.

Example:
  mapeq compare --trials 20 karate.txt
      codelengths with and without a hierarchy, and their spread over 20 trials";

const OVERLAP_HELP: &str = "\
The search starts from the modules that `mapeq cluster --two-level` finds, with the options for trials and their search \
given here. `mapeq score --overlap` reads results/karate.overlap.tree of the example and gives the same codelength.

Example:
  mapeq overlap karate.txt results
      results/karate.overlap.tree has a row for each module of a node,
      results/karate.overlap.tsv the shares of the nodes in modules,
      results/karate.overlap.net the copies of nodes as a state network,
      results/karate.overlap_states.tree the modules of these states";

const FLOW_HELP: &str = "\
Visit rates and link flow are per step of the walk, enter and exit rates per codeword: --markov-time 2 doubles the \
latter. The flow of an undirected link is the sum of both directions.

Example:
  mapeq flow --directed citations.txt.gz results
      results/citations_flow.csv has the visit, enter and exit rates of nodes,
      results/citations_flow.net the flow of links";

const CONVERT_HELP: &str = "\
A snapshot (.mqb) holds the network exactly: nodes with ids, names and weights, and links, with parallel links merged. \
All commands detect it by its content. An undirected snapshot is rejected with --directed; a directed one can be read \
either way. --string-ids and --weight-threshold apply when the snapshot is written. Damaged or truncated snapshots are \
rejected.

A link list (.txt) has no names, no node weights and no isolated nodes; a Pajek file (.net) has them. All three keep \
the exact weights.

Example:
  mapeq convert --directed citations.txt.gz citations.mqb
      `mapeq cluster --directed citations.mqb` then loads the network fast";

const INFOMAP_HELP: &str = "\
Example:
  mapeq infomap network.net results --directed -N10 --clu
      same as `infomap network.net results --directed -N10 --clu` if infomap is a link to this program";
