//! Failures of a command, and their exit codes.

use std::fmt;
use std::io;

use mapeq_flow::FlowError;
use mapeq_io::{ReadError, WriteError};

/// A failure of a command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments are wrong.
    Usage(String),
    /// An input file cannot be used.
    Input(String),
    /// A result cannot be written.
    Output(String),
    /// An error of the program itself.
    Internal(String),
    /// The reader of standard output has left, which is no error.
    BrokenPipe,
    /// The user ended the run. The best result so far has been written.
    Interrupted,
}

impl Failure {
    /// Returns the exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::BrokenPipe => 0,
            Self::Usage(_) => 1,
            Self::Input(_) => 2,
            Self::Output(_) => 3,
            Self::Internal(_) => 7,
            Self::Interrupted => INTERRUPTED,
        }
    }

    /// Returns the error message, if there is one.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Usage(message) | Self::Input(message) | Self::Output(message) | Self::Internal(message) => {
                Some(message)
            }
            Self::BrokenPipe | Self::Interrupted => None,
        }
    }

    /// Returns the failure to write to standard output.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::Output(format!("cannot write to standard output: {error}")),
        }
    }

    /// Returns the failure to write a file.
    pub(crate) fn output(path: &std::path::Path, reason: impl fmt::Display) -> Self {
        Self::Output(format!("cannot write {}: {reason}", path.display()))
    }
}

/// Exit code of an interrupted run, as in shells.
pub(crate) const INTERRUPTED: u8 = 130;

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::Output(error.to_string())
    }
}

impl From<FlowError> for Failure {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Probability(_)
            | FlowError::Tolerance(_)
            | FlowError::Damping(_)
            | FlowError::RelaxRate(_)
            | FlowError::RelaxRateByDivergence
            | FlowError::Strength(_)
            | FlowError::WalkBias { .. }
            | FlowError::SecondOrderOptions
            | FlowError::SecondOrderNetwork
            | FlowError::Number { .. } => Self::Usage(error.to_string()),
            FlowError::Direction { .. } => Self::Internal(error.to_string()),
            _ => Self::Input(error.to_string()),
        }
    }
}
