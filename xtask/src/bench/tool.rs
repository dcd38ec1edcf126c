//! The programs to compare, and the commands for one trial of each on one thread.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Bench;
use super::network::Network;

/// Reason to leave a program out of multilevel searches.
pub(crate) const TWO_LEVEL_ONLY: &str = "finds two-level partitions only";

/// Depth of the modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Levels {
    /// Modules, but none inside modules.
    Two,
    /// Modules inside modules, to any depth.
    Any,
}

impl Levels {
    /// Both variants.
    pub(crate) const ALL: [Self; 2] = [Self::Two, Self::Any];

    /// Returns the name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Two => "two-level",
            Self::Any => "multilevel",
        }
    }

    /// Returns the options for mapeq and Infomap.
    pub(crate) fn options(self) -> &'static [&'static str] {
        match self {
            Self::Two => &["--two-level"],
            Self::Any => &[],
        }
    }
}

/// A program to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// mapeq.
    Mapeq,
    /// Infomap, by its own program.
    Infomap,
    /// networkit's Louvain method with the map equation, sequential.
    Networkit,
    /// networkit's Louvain method with the map equation, with the strategy of RelaxMap.
    NetworkitRelaxmap,
    /// igraph's Infomap.
    Igraph,
}

impl Tool {
    /// All programs, mapeq first.
    pub(crate) const ALL: [Self; 5] =
        [Self::Mapeq, Self::Infomap, Self::Networkit, Self::NetworkitRelaxmap, Self::Igraph];

    /// Returns the name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mapeq => "mapeq",
            Self::Infomap => "Infomap",
            Self::Networkit => "networkit, none",
            Self::NetworkitRelaxmap => "networkit, relaxmap",
            Self::Igraph => "igraph",
        }
    }

    /// Returns the reason to leave the program out, if there is one.
    pub(crate) fn exclusion(self, network: &Network, levels: Levels) -> Option<&'static str> {
        let networkit = matches!(self, Self::Networkit | Self::NetworkitRelaxmap);
        // Limits for 24 GB and one hour, extrapolated from networks of 10⁶ links.
        let max_links = match self {
            Self::Mapeq => u64::MAX,
            Self::Infomap | Self::Networkit | Self::NetworkitRelaxmap => 40_000_000,
            Self::Igraph => 15_000_000,
        };
        match self {
            Self::Mapeq | Self::Infomap if network.about.links <= max_links => None,
            _ if network.about.links > max_links => Some("left out because it would need too much time or memory"),
            _ if levels == Levels::Any => Some(TWO_LEVEL_ONLY),
            _ if networkit && network.about.directed => Some("cannot read directed links"),
            _ => None,
        }
    }

    /// Returns the command for one trial on one thread, and the file in `folder` for its modules.
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
                let mut command = if self == Self::Mapeq { bench.mapeq("cluster") } else { bench.peers()?.infomap() };
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
