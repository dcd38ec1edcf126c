//! The peers: wheels from PyPI in a virtual environment below the target folder.

use std::path::PathBuf;
use std::process::Command;

use crate::repository::{output, read, run, write};

/// Versions to compare with.
const WHEELS: [&str; 3] = ["infomap==2.16.0", "networkit==11.3", "igraph==1.0.0"];

const SCRIPTS: [(&str, &str); 3] = [
    ("infomap_score.py", include_str!("peers/infomap_score.py")),
    ("networkit_trial.py", include_str!("peers/networkit_trial.py")),
    ("igraph_trial.py", include_str!("peers/igraph_trial.py")),
];

/// Installed peers.
#[derive(Debug)]
pub(crate) struct Peers {
    folder: PathBuf,
}

impl Peers {
    /// Installs the peers into `folder`, unless these versions are installed.
    pub(crate) fn install(folder: PathBuf) -> Result<Self, String> {
        let peers = Self { folder };
        let mark = peers.folder.join("wheels");
        if read(&mark).is_ok_and(|installed| installed == WHEELS.join("\n")) {
            return peers.with_scripts();
        }
        eprintln!("installing {}", WHEELS.join(", "));
        output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&peers.folder))?;
        run(peers.python().args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:"]).args(WHEELS))?;
        write(&mark, WHEELS.join("\n"))?;
        peers.with_scripts()
    }

    fn with_scripts(self) -> Result<Self, String> {
        for (name, text) in SCRIPTS {
            write(self.folder.join(name), text)?;
        }
        Ok(self)
    }

    fn python(&self) -> Command {
        self.program("python")
    }

    /// Returns a command on one thread. Some libraries would start more threads when they are
    /// loaded, and these spin while they wait.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join("bin").join(name));
        command.env("OMP_NUM_THREADS", "1").env("OPENBLAS_NUM_THREADS", "1");
        command
    }

    /// Returns the command for one of [`SCRIPTS`].
    pub(crate) fn script(&self, name: &str) -> Command {
        let mut command = self.python();
        command.arg(self.folder.join(name));
        command
    }

    /// Returns the command for Infomap's own program.
    pub(crate) fn infomap(&self) -> Command {
        self.program("infomap")
    }

    /// Lists names and versions, for the report.
    pub(crate) fn versions() -> String {
        WHEELS.join(", ").replace("==", " ")
    }
}
