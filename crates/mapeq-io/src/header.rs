//! The comment lines at the top of result files.

use std::io::{self, Write};

use crate::number::format_g6;

/// What a result file says about the run, in the classic lines that third-party readers know.
#[derive(Clone, Debug, PartialEq)]
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
}

/// What rows of results on a state network are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The states.
    States,
    /// Physical nodes, each in every module that has states of it.
    PhysicalNodes,
}

impl Header {
    /// Writes all lines but those that tell the columns.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "# v{}", self.version)?;
        writeln!(out, "# {}", self.command)?;
        writeln!(out, "# started at {}", self.started_at)?;
        writeln!(out, "# completed in {} s", format_g6(self.completed_in))?;
        writeln!(out, "# partitioned into {} levels with {} top modules", self.levels, self.top_modules)?;
        writeln!(out, "# codelength {} bits", format_g6(self.codelength))?;
        writeln!(out, "# relative codelength savings {}%", format_g6(100.0 * self.relative_savings))?;
        writeln!(out, "# flow model {}", self.flow_model)?;
        match self.level {
            None => Ok(()),
            Some(Level::States) => writeln!(out, "# higher order\n# state level"),
            Some(Level::PhysicalNodes) => writeln!(out, "# higher order\n# physical level"),
        }
    }
}
