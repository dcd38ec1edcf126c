//! Helpers that run the program in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;
use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_mapeq");

/// A temporary folder that contains `karate.txt` and `two_triangles.net`.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples");
        for name in ["karate.txt", "two_triangles.net"] {
            fs::copy(examples.join(name), folder.path(name)).unwrap();
        }
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Returns the rows of a result file, without comments.
    pub fn rows(&self, name: &str) -> Vec<String> {
        self.read(name).lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    /// Returns the command of the program in this folder, with `args` separated by blanks.
    pub fn mapeq(&self, args: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.0.path()).args(args.split_whitespace());
        command
    }

    /// Runs the program successfully and returns its standard output.
    pub fn stdout(&self, args: &str) -> String {
        text(&self.mapeq(args).assert().success().get_output().stdout)
    }

    /// Runs the program successfully and returns the JSON object that it prints.
    pub fn json(&self, args: &str) -> Value {
        serde_json::from_str(&self.stdout(args)).unwrap()
    }

    /// Returns standard error of a run that ends with this exit code and prints no output.
    pub fn failure(&self, args: &str, code: i32) -> String {
        stderr(self.mapeq(args).assert().code(code).stdout(""))
    }
}

pub fn stderr(run: Assert) -> String {
    text(&run.get_output().stderr)
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Asserts that two codelengths are equal up to rounding.
#[track_caller]
pub fn same_bits(left: impl Into<Value>, right: f64) {
    let left = left.into().as_f64().unwrap();
    assert!((left - right).abs() < 1e-12, "{left} is not {right}");
}

/// Writes `nested.txt`: three groups of three triangles. The triangles of a group are joined
/// pairwise by links, and so are the groups.
pub fn nested(folder: &Folder) {
    let mut links = String::new();
    let mut link = |source: usize, target: usize, weight: f64| links += &format!("{source} {target} {weight}\n");
    for first in (0..27).step_by(3) {
        (0..3).for_each(|node| link(first + node, first + (node + 1) % 3, 4.0));
    }
    for group in (0..27).step_by(9) {
        (0..3).for_each(|triangle| link(group + 3 * triangle, group + 3 * ((triangle + 1) % 3) + 1, 1.0));
        link(group + 2, (group + 9) % 27 + 5, 0.2);
    }
    folder.write("nested.txt", links);
}
