//! The header of result files.

use std::path::Path;

use mapeq_flow::FlowModel;
use mapeq_io::{Header, InputFile, ReadError, RunDetails};

use crate::cli::args::InputArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::report::TreeFacts;
use crate::cli::session::Session;

/// Returns the header of a result that is being written.
pub(crate) fn header(
    session: &Session,
    clock: &Clock,
    result: &TreeFacts,
    model: FlowModel,
    details: Option<RunDetails>,
) -> Header {
    Header {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: session.command_line.clone(),
        started_at: clock.started_at().to_owned(),
        completed_in: clock.completed_in(),
        levels: result.levels,
        top_modules: result.top_modules,
        codelength: result.codelength,
        relative_savings: result.relative_savings,
        flow_model: model.to_string(),
        level: None,
        details,
    }
}

/// Returns the details of a full header.
///
/// # Errors
/// If the network file cannot be read.
pub(crate) fn run_details(input: &InputArgs, trials: usize, requested: u32, seed: u64) -> Result<RunDetails, Failure> {
    let path = &input.network;
    let file = (path != Path::new("-")).then(|| InputFile::from_path(path)).transpose();
    let file = file.map_err(|source| ReadError::Io { path: path.clone(), source })?;
    Ok(RunDetails { trials, trials_requested: requested as usize, seed, input: file })
}
