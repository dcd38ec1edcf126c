//! The report of a run, before its search.

use crate::cli::args::ObjectiveArgs;
use crate::cli::input::Input;
use crate::cli::report::{Report, Seconds, TreeFacts, peak_memory_bytes};
use crate::cli::session::Session;

/// Returns the report on `input` with the given result. Trials, outputs and notes are empty.
pub(super) fn run_report(
    command: &'static str,
    session: &Session,
    input: &Input,
    objective: &ObjectiveArgs,
    seed: u64,
    result: TreeFacts,
) -> Report {
    Report {
        version: env!("CARGO_PKG_VERSION"),
        command,
        network: input.facts,
        lumping: input.lumping.clone(),
        memory: input.memory,
        flow_model: input.model.to_string(),
        objective: objective.objective.clone(),
        objective_options: objective.facts(),
        seed,
        threads: session.threads,
        result,
        trials: Vec::new(),
        best_trial: None,
        flow: input.flow_facts,
        seconds: Seconds { read: input.read_seconds, flow: input.flow_seconds, ..Seconds::default() },
        peak_memory_bytes: peak_memory_bytes(),
        predicted_peak_memory_bytes: input.predicted_peak_memory_bytes,
        notes: Vec::new(),
        outputs: Vec::new(),
        interrupted: false,
        codelength_per_level: Vec::new(),
        modules: Vec::new(),
    }
}
