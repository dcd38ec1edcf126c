//! The comment lines at the top of result files.

use std::fs::File;
use std::hash::Hasher;
use std::io::{self, Read, Write};
use std::path::Path;

use twox_hash::XxHash3_64;

use crate::number::format_g6;

/// What a result file says about the run, in the classic lines that third-party readers know.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Version of the program, without a leading `v`.
    pub version: String,
    /// The command line.
    pub command: String,
    /// Local time of the start, as `2026-01-31 20:40:03`.
    pub started_at: String,
    /// Duration in seconds.
    pub completed_in: f64,
    /// Number of levels, nodes included.
    pub levels: usize,
    /// Number of top modules.
    pub top_modules: usize,
    /// Codelength in bits per step.
    pub codelength: f64,
    /// Savings relative to the one-level codelength, as a fraction.
    pub relative_savings: f64,
    /// Name of the flow model.
    pub flow_model: String,
    /// What the rows are about, where nodes are states.
    pub level: Option<Level>,
    /// What the classic lines leave out.
    pub details: Option<RunDetails>,
}

/// What rows of results on a state network are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The states.
    States,
    /// Physical nodes, each in every module that has states of it.
    PhysicalNodes,
}

/// What makes a run repeatable, besides its command line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunDetails {
    /// Number of trials that ended.
    pub trials: usize,
    /// Number of trials that were asked for.
    pub trials_requested: usize,
    /// Seed of the first trial.
    pub seed: u64,
    /// The network file, where it is one.
    pub input: Option<InputFile>,
}

/// A file as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct InputFile {
    /// Path as the caller gave it.
    pub path: String,
    /// Number of bytes.
    pub bytes: u64,
    /// XXH3 hash of the bytes, 64 bits.
    pub hash: u64,
}

impl InputFile {
    /// Looks at the file at `path`, packed as it is. O(bytes).
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn from_path(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut hasher = XxHash3_64::default();
        let mut block = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            match file.read(&mut block)? {
                0 => break,
                read => {
                    hasher.write(&block[..read]);
                    bytes += read as u64;
                }
            }
        }
        Ok(Self { path: path.display().to_string(), bytes, hash: hasher.finish() })
    }
}

impl Header {
    /// Writes all lines but those that tell the columns.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "# v{}", self.version)?;
        writeln!(out, "# {}", self.command)?;
        writeln!(out, "# started at {}", self.started_at)?;
        writeln!(out, "# completed in {} s", format_g6(self.completed_in))?;
        if let Some(RunDetails { trials, trials_requested, seed, .. }) = &self.details {
            writeln!(out, "# trials {trials} of {trials_requested}")?;
            writeln!(out, "# seed {seed}")?;
        }
        writeln!(out, "# partitioned into {} levels with {} top modules", self.levels, self.top_modules)?;
        writeln!(out, "# codelength {} bits", format_g6(self.codelength))?;
        writeln!(out, "# relative codelength savings {}%", format_g6(100.0 * self.relative_savings))?;
        writeln!(out, "# flow model {}", self.flow_model)?;
        match self.level {
            None => {}
            Some(Level::States) => writeln!(out, "# higher order\n# state level")?,
            Some(Level::PhysicalNodes) => writeln!(out, "# higher order\n# physical level")?,
        }
        if let Some(InputFile { hash, bytes, .. }) = self.details.as_ref().and_then(|details| details.input.as_ref()) {
            writeln!(out, "# input fingerprint {hash:016x} ({bytes} bytes)")?;
        }
        Ok(())
    }
}
