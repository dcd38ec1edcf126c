//! Summaries of a run: a JSON object, or lines of text.

use serde::Serialize;

use super::table::{Summary, bytes, count, duration, modules_per_level, precise};
use crate::cli::report::{FlowFacts, MemoryFacts, NetworkFacts, Report};

/// Returns a report as one line of JSON.
pub(crate) fn json(report: &impl Serialize) -> String {
    let mut text = serde_json::to_string(report).expect("a report has string keys");
    text.push('\n');
    text
}

/// Returns the size of a network. For states, it includes physical nodes and layers.
pub(crate) fn of_network(network: &NetworkFacts) -> String {
    let NetworkFacts { nodes, links, physical_nodes, layers } = *network;
    let nodes = match (layers, physical_nodes == nodes) {
        (0, true) => count(nodes, "node"),
        (0, false) => format!("{} of {}", count(nodes, "state"), count(physical_nodes, "node")),
        _ => format!("{} of {} in {}", count(nodes, "state"), count(physical_nodes, "node"), count(layers, "layer")),
    };
    format!("{nodes}, {}", count(links, "link"))
}

/// Returns how the flow was computed, to follow the name of its model.
pub(crate) fn sweeps(flow: &FlowFacts) -> String {
    match flow.iterations {
        0 => String::new(),
        sweeps => format!(" ({}, residual {:.1e})", count(sweeps, "sweep"), flow.residual),
    }
}

/// Returns the summary of `mapeq cluster` and `mapeq score`.
pub(crate) fn of_run(report: &Report, unit: &str) -> String {
    let mut summary = Summary::default();
    let Report { network, result, .. } = report;
    summary.line("network", of_network(network));
    if let Some(memory) = &report.memory {
        let MemoryFacts { return_parameter, in_out_parameter, states, lumped_states } = *memory;
        let biases = format!("return {return_parameter}, in-out {in_out_parameter}");
        summary.line("memory", format!("{biases}; {} lumped to {lumped_states}", count(states, "state")));
    }
    summary.line("flow model", format!("{}{}", report.flow_model, sweeps(&report.flow)));
    let (total, index, module) = (result.codelength, result.index_codelength, result.module_codelength);
    let label = if unit.is_empty() { "value" } else { "codelength" };
    let in_unit = |value: f64| format!("{} {unit}", precise(value)).trim_end().to_owned();
    summary.line(label, format!("{} = {} index + {} module", in_unit(total), precise(index), precise(module)));
    let savings = 100.0 * result.relative_savings;
    summary.line("one level", format!("{}, savings {savings:.4} %", in_unit(result.one_level_codelength)));
    let modules = modules_per_level(&result.modules_per_level);
    let top_first = if result.levels > 2 { " (top first)" } else { "" };
    summary.line("levels", format!("{}, modules {modules}{top_first}", result.levels));
    summary.line("effective top modules", format!("{:.2}", result.effective_top_modules));
    if let (Some(best), 2..) = (report.best_trial, report.trials.len()) {
        let trials = report.trials.len();
        let mean = report.trials.iter().map(|trial| trial.codelength).sum::<f64>() / trials as f64;
        summary.line("trials", format!("{trials}, mean {}, best is number {best}", in_unit(mean)));
    }
    let seconds = &report.seconds;
    let parts = [("read", seconds.read), ("flow", seconds.flow), ("search", seconds.search), ("write", seconds.write)];
    let parts: Vec<String> = parts.iter().map(|(part, time)| format!("{part} {}", duration(*time))).collect();
    let threads = count(report.threads, "thread");
    summary.line("time", format!("{} ({}), {threads}", duration(seconds.total), parts.join(", ")));
    if report.peak_memory_bytes > 0 {
        summary.line("peak memory", bytes(report.peak_memory_bytes));
    }
    for output in &report.outputs {
        summary.line("written", output);
    }
    summary.aligned()
}
