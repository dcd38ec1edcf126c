//! The program as a user runs it, in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;
use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_mapeq");

/// A folder with `karate.txt` and `two_triangles.net` in it.
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

    /// The rows of a result, without comments.
    pub fn rows(&self, name: &str) -> Vec<String> {
        self.read(name).lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    /// The program with `args`, separated by blanks, in this folder.
    pub fn mapeq(&self, args: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.0.path()).args(args.split_whitespace());
        command
    }

    /// What the program prints if all goes well.
    pub fn stdout(&self, args: &str) -> String {
        text(&self.mapeq(args).assert().success().get_output().stdout)
    }

    /// The JSON object that the program prints if all goes well.
    pub fn json(&self, args: &str) -> Value {
        serde_json::from_str(&self.stdout(args)).unwrap()
    }

    /// The last lines on standard error if the program ends with `code`.
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

/// Asserts that two numbers of bits are the same up to rounding.
#[track_caller]
pub fn same_bits(left: impl Into<Value>, right: f64) {
    let left = left.into().as_f64().unwrap();
    assert!((left - right).abs() < 1e-12, "{left} is not {right}");
}

/// Three times three triangles: each triangle has a link to each other one of its three, and so have the three to each other.
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
