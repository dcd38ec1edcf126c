//! The programs side by side, and how to run one trial of each on one thread.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Bench;
use super::network::Network;

/// How deep modules may be nested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Levels {
    /// Modules of nodes.
    Two,
    /// Modules in modules.
    Any,
}

impl Levels {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Two, Self::Any];

    /// For tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Two => "two-level",
            Self::Any => "multilevel",
        }
    }

    /// The option of mapeq and Infomap alike.
    pub(crate) fn options(self) -> &'static [&'static str] {
        match self {
            Self::Two => &["--two-level"],
            Self::Any => &[],
        }
    }
}

/// A program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// This one.
    Mapeq,
    /// Infomap, its program.
    Infomap,
    /// networkit's Louvain method with the map equation, sequential.
    Networkit,
    /// The same as RelaxMap does it.
    NetworkitRelaxmap,
    /// igraph's Infomap.
    Igraph,
}

impl Tool {
    /// All programs, ours first.
    pub(crate) const ALL: [Self; 5] =
        [Self::Mapeq, Self::Infomap, Self::Networkit, Self::NetworkitRelaxmap, Self::Igraph];

    /// For tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mapeq => "mapeq",
            Self::Infomap => "Infomap",
            Self::Networkit => "networkit, none",
            Self::NetworkitRelaxmap => "networkit, relaxmap",
            Self::Igraph => "igraph",
        }
    }

    /// Why a program cannot take part.
    pub(crate) fn exclusion(self, network: &Network, levels: Levels) -> Option<&'static str> {
        let networkit = matches!(self, Self::Networkit | Self::NetworkitRelaxmap);
        // What fits into 24 GB and an hour: measured per link with networks of 10⁶ links, for all but mapeq.
        let max_links = match self {
            Self::Mapeq => u64::MAX,
            Self::Infomap | Self::Networkit | Self::NetworkitRelaxmap => 40_000_000,
            Self::Igraph => 15_000_000,
        };
        match self {
            Self::Mapeq | Self::Infomap if network.about.links <= max_links => None,
            _ if network.about.links > max_links => Some("too many links for its time or memory"),
            _ if levels == Levels::Any => Some("finds no modules in modules"),
            _ if networkit && network.about.directed => Some("takes no links with a direction"),
            _ => None,
        }
    }

    /// One trial on one thread, and the file that it writes the modules to, in `folder`.
    pub(crate) fn trial(
        self,
        bench: &Bench,
        network: &Network,
        levels: Levels,
        seed: u64,
        folder: &Path,
    ) -> Result<(Command, PathBuf), String> {
        let seed = seed.to_string();
        let yes = |answer| if answer { "yes" } else { "no" };
        let about = &network.about;
        let labels = folder.join("result.clu");
        Ok(match self {
            Self::Mapeq | Self::Infomap => {
                let mut command = if self == Self::Mapeq { bench.mapeq_cluster() } else { bench.peers()?.infomap() };
                command.arg(&network.path).arg(folder).args(network.options()).args(levels.options());
                command.args(["--seed", &seed, "--out-name", "result"]);
                command.arg(if self == Self::Mapeq { "--quiet" } else { "--silent" }).args(["--num-threads", "1"]);
                (command, folder.join("result.tree"))
            }
            Self::Networkit | Self::NetworkitRelaxmap => {
                let strategy = if self == Self::Networkit { "none" } else { "relaxmap" };
                let mut command = bench.peers()?.script("networkit_trial.py");
                command.arg(&network.path).arg(&labels).args([&seed, strategy]);
                (command, labels)
            }
            Self::Igraph => {
                let mut command = bench.peers()?.script("igraph_trial.py");
                command.arg(&network.path).arg(&labels).args([&seed, yes(about.directed), yes(about.weighted)]);
                (command, labels)
            }
        })
    }
}
