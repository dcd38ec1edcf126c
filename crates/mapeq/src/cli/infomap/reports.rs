//! What `--summary-json` and `--timing-json` tell of a run, under Infomap's keys.

use std::io::Write;
use std::path::{Path, PathBuf};

use mapeq_io::write_atomically;
use serde_json::{Map, Value, json};

use crate::cli::exit::Failure;
use crate::cli::print;
use crate::report::Report;

/// Where reports go; `-` is standard output.
#[derive(Debug, Default)]
pub(super) struct Reports {
    pub(super) summary: Option<PathBuf>,
    pub(super) timing: Option<PathBuf>,
    /// Whether the times come with the peak of memory.
    pub(super) memory: bool,
}

impl Reports {
    /// Writes those that are asked for.
    pub(super) fn write(&self, report: &Report) -> Result<(), Failure> {
        if let Some(path) = &self.summary {
            write(path, &summary(report))?;
        }
        if let Some(path) = &self.timing {
            let mut timing = timing(report);
            if self.memory {
                timing.insert("memory".to_owned(), memory(report));
            }
            write(path, &Value::Object(timing))?;
        }
        Ok(())
    }
}

fn write(path: &Path, value: &Value) -> Result<(), Failure> {
    if path == Path::new("-") {
        return print(&format!("{value}\n"));
    }
    Ok(write_atomically(path, |out| writeln!(out, "{value}"))?)
}

fn summary(report: &Report) -> Value {
    let trials = &report.trials;
    json!({
        "version": report.version,
        "codelength": report.result.codelength,
        "top_modules": report.result.top_modules,
        "levels": report.result.levels,
        "trials": trials.len(),
        "best_trial": report.best_trial,
        "trial_codelengths": trials.iter().map(|trial| trial.codelength).collect::<Vec<_>>(),
        "trial_top_modules": trials.iter().map(|trial| trial.top_modules).collect::<Vec<_>>(),
    })
}

fn timing(report: &Report) -> Map<String, Value> {
    let seconds = &report.seconds;
    let trial = |trial: &crate::report::TrialFacts| {
        json!({
            "trial": trial.trial, "seed": trial.seed, "time_s": trial.seconds, "codelength": trial.codelength,
            "top_modules": trial.top_modules, "num_levels": trial.levels,
        })
    };
    let timing = json!({
        "version": report.version,
        "threads_used": report.threads,
        "network": {"nodes": report.network.nodes, "links": report.network.links},
        "timing": {
            "read_s": seconds.read, "flow_calculation_s": seconds.flow, "trial_optimize_s": seconds.search,
            "output_s": seconds.write, "total_s": seconds.total,
        },
        "trials": report.trials.iter().map(trial).collect::<Vec<_>>(),
    });
    match timing {
        Value::Object(timing) => timing,
        _ => unreachable!("an object was written"),
    }
}

fn memory(report: &Report) -> Value {
    let bytes = report.peak_memory_bytes as f64;
    let per = |count: usize| bytes / count.max(1) as f64;
    json!({
        "rss_peak_mb": bytes / f64::from(1 << 20),
        "bytes_per_node": per(report.network.nodes),
        "bytes_per_link": per(report.network.links),
    })
}
