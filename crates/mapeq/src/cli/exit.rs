//! How a command can end.

use std::fmt;
use std::io;

use mapeq_flow::FlowError;
use mapeq_io::{ReadError, WriteError};

/// Why a command did not succeed; displayed as one line.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments are wrong.
    Usage(String),
    /// A network or partition cannot be used.
    Input(String),
    /// A result cannot be written.
    Output(String),
    /// A mistake of the program.
    Internal(String),
    /// The reader of standard output has gone: nothing is wrong.
    BrokenPipe,
    /// The user ended the run; what there was has been written.
    Interrupted,
}

impl Failure {
    /// The exit code.
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

    /// What went wrong, where there is something to say.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Usage(message) | Self::Input(message) | Self::Output(message) | Self::Internal(message) => {
                Some(message)
            }
            Self::BrokenPipe | Self::Interrupted => None,
        }
    }

    /// A failure to write to standard output.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::Output(format!("cannot write to standard output: {error}")),
        }
    }

    /// A file that cannot be written, and why.
    pub(crate) fn output(path: &std::path::Path, reason: impl fmt::Display) -> Self {
        Self::Output(format!("cannot write {}: {reason}", path.display()))
    }
}

/// The exit code of an interrupted run, as shells have it.
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
