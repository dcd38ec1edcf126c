//! Comment lines at the top of result files.

use std::fs::File;
use std::hash::Hasher;
use std::io::{self, Read, Write};
use std::path::Path;

use twox_hash::XxHash3_64;

use crate::number::format_g6;

/// Description of the run in the header lines of result files, which third-party readers parse.
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
    /// Level of the rows, for state networks.
    pub level: Option<Level>,
    /// Details in additional header lines.
    pub details: Option<RunDetails>,
}

/// Level of the rows in results on a state network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// One row per state.
    States,
    /// One row per physical node and module that contains states of it.
    PhysicalNodes,
}

/// Details that, with the command line, make a run reproducible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunDetails {
    /// Number of completed trials.
    pub trials: usize,
    /// Number of requested trials.
    pub trials_requested: usize,
    /// Seed of the first trial.
    pub seed: u64,
    /// The network file, unless the network was read from standard input.
    pub input: Option<InputFile>,
}

/// Path, size and hash of an input file.
#[derive(Clone, Debug, PartialEq)]
pub struct InputFile {
    /// Path as passed by the caller.
    pub path: String,
    /// Number of bytes.
    pub bytes: u64,
    /// 64-bit XXH3 hash of the bytes.
    pub hash: u64,
}

impl InputFile {
    /// Hashes the file at `path` without decompressing it.
    ///
    /// # Complexity
    /// O(bytes).
    ///
    /// # Errors
    /// If the file cannot be read.
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
    /// Writes all header lines except the one that names the columns.
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
