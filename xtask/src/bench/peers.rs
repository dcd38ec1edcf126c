//! The other programs: wheels from PyPI in a virtual environment that can be thrown away.

use std::path::PathBuf;
use std::process::Command;

use crate::repository::{output, run};

/// The versions compared with.
const WHEELS: [&str; 3] = ["infomap==2.16.0", "networkit==11.3", "igraph==1.0.0"];

const SCRIPTS: [(&str, &str); 3] = [
    ("infomap_score.py", include_str!("peers/infomap_score.py")),
    ("networkit_trial.py", include_str!("peers/networkit_trial.py")),
    ("igraph_trial.py", include_str!("peers/igraph_trial.py")),
];

/// Where the other programs are.
#[derive(Debug)]
pub(crate) struct Peers {
    folder: PathBuf,
}

impl Peers {
    /// Installs them into `folder`, unless they are there.
    pub(crate) fn install(folder: PathBuf) -> Result<Self, String> {
        let peers = Self { folder };
        let mark = peers.folder.join("wheels");
        if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == WHEELS.join("\n")) {
            return peers.with_scripts();
        }
        eprintln!("installing {}", WHEELS.join(", "));
        output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&peers.folder))?;
        run(peers.python().args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:"]).args(WHEELS))?;
        std::fs::write(&mark, WHEELS.join("\n")).map_err(|error| format!("{}: {error}", mark.display()))?;
        peers.with_scripts()
    }

    fn with_scripts(self) -> Result<Self, String> {
        for (name, text) in SCRIPTS {
            let path = self.folder.join(name);
            std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(self)
    }

    /// The interpreter.
    fn python(&self) -> Command {
        self.program("python")
    }

    /// A program on one thread: some libraries start more of them when they are loaded, which then wait busily.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join("bin").join(name));
        command.env("OMP_NUM_THREADS", "1").env("OPENBLAS_NUM_THREADS", "1");
        command
    }

    /// One of the scripts.
    pub(crate) fn script(&self, name: &str) -> Command {
        let mut command = self.python();
        command.arg(self.folder.join(name));
        command
    }

    /// Infomap's own program.
    pub(crate) fn infomap(&self) -> Command {
        self.program("infomap")
    }

    /// The names and versions, for the report.
    pub(crate) fn versions() -> String {
        WHEELS.join(", ").replace("==", " ")
    }
}
