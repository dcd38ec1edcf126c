//! What can be typed: options, their help, and what they mean for the crates below.

mod commands;
mod common;
mod constraints;
mod effort;
mod every_trial;
mod flow;
mod flow_command;
mod format;
mod headings;
mod input;
mod manifest;
mod objective;
mod output;
mod overlap;
mod parse;
mod paths;
mod search;
mod second_order;
mod temporal;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub(crate) use self::commands::{ClusterArgs, CompareArgs, ConvertArgs, ObjectivesArgs, ScoreArgs};
pub(crate) use self::common::CommonArgs;
pub(crate) use self::constraints::{DemandArgs, Way};
pub(crate) use self::flow::FlowArgs;
pub(crate) use self::flow_command::FlowCommandArgs;
pub(crate) use self::input::InputArgs;
pub(crate) use self::manifest::ManifestArgs;
pub(crate) use self::objective::EntropyArgs;
pub(crate) use self::output::{CluStyle, Format, HeaderKind, OutputArgs};
pub(crate) use self::overlap::{OverlapArgs, OverlapFormat};
pub(crate) use self::parse::Threads;
pub(crate) use self::paths::Lump;
pub(crate) use self::search::SearchArgs;

/// Modules and hierarchies that compress a random walk on a network best.
#[derive(Debug, Parser)]
#[command(name = "mapeq", version, max_term_width = 100, arg_required_else_help = true, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Example:
  mapeq cluster karate.txt results    find the modules of a network, write results/karate.tree

Exit codes: 0 success, 1 wrong arguments, 2 input error, 3 output error, 7 internal error,
130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
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
    #[command(after_help = OVERLAP_HELP)]
    Overlap(OverlapArgs),
    /// Write how often nodes are visited and what links carry, without a search
    #[command(after_help = FLOW_HELP)]
    Flow(FlowCommandArgs),
    /// Write a network in another format, such as a snapshot that opens at once
    #[command(after_help = CONVERT_HELP)]
    Convert(ConvertArgs),
    /// Find modules as Infomap 2.16 is told to: with its arguments
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

/// The arguments of a command line, the first being the name of the program.
pub(crate) fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = Cli::command().try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut Cli::command()))
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

const OVERLAP_HELP: &str = "\
Example:
  mapeq overlap karate.txt results
      results/karate.overlap.tree has a row for each module of a node, results/karate.overlap.tsv
      the shares of nodes in modules, results/karate.overlap.net the copies as a state network and
      results/karate.overlap_states.tree their modules;
      `mapeq score --overlap karate.txt results/karate.overlap.tree` gives the same codelength";

const FLOW_HELP: &str = "\
Example:
  mapeq flow --directed citations.txt.gz results
      results/citations_flow.csv has how often each node is visited, entered and left,
      results/citations_flow.net how much each link carries

Rates are per step of the walk, those of entering and leaving per codeword: with --markov-time 2
twice as high. Of links without a direction, both directions are taken together.";

const INFOMAP_HELP: &str = "\
Example:
  mapeq infomap network.net results --directed -N10 --clu
      the same as `infomap network.net results --directed -N10 --clu`, if there is a link
      of the name infomap to this program: ln -s mapeq infomap";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Cli::command().debug_assert();
    }
}
