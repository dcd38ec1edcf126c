//! Files of `--summary-json`, `--timing-json` and `--trial-results`, with the keys of Infomap.

use std::io::Write;
use std::path::{Path, PathBuf};

use mapeq_io::write_atomically;
use serde_json::{Map, Value, json};

use crate::cli::args::ClusterArgs;
use crate::cli::exit::Failure;
use crate::cli::output::place::{check_folder_of, check_result, must_be_no_result};
use crate::cli::report::{Report, TrialFacts};
use crate::cli::session::print;

/// Paths of the reports. `-` is standard output.
#[derive(Debug, Default)]
pub(super) struct Reports {
    pub(super) summary: Option<PathBuf>,
    pub(super) timing: Option<PathBuf>,
    /// True if the peak memory is reported with the times.
    pub(super) memory: bool,
    /// Results of the trials, for the comparison of several processes.
    pub(super) trials: Option<PathBuf>,
}

impl Reports {
    fn paths(&self) -> impl Iterator<Item = &Path> {
        let paths = [&self.summary, &self.timing, &self.trials].into_iter().flatten();
        paths.map(PathBuf::as_path).filter(|path| *path != Path::new("-"))
    }

    /// Checks before the search that the reports can be written and overwrite no input.
    pub(super) fn check(&self, args: &ClusterArgs) -> Result<(), Failure> {
        let inputs = args.inputs();
        self.paths().try_for_each(|path| {
            check_result(path, &inputs, args.output.manifest.no_overwrite)?;
            // The folder of the results is created with the results.
            let with_results = path.parent() == Some(&*args.output.out_dir) && !args.output.out_dir.exists();
            if with_results { Ok(()) } else { check_folder_of(path) }
        })
    }

    /// Writes the requested reports.
    pub(super) fn write(&self, report: &Report) -> Result<(), Failure> {
        self.paths().try_for_each(|path| must_be_no_result(path, &report.outputs))?;
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
        if let Some(path) = &self.trials {
            write(path, &trials(report))?;
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
    let trial = |trial: &TrialFacts| {
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

/// Returns the results of the trials. Numbers of trials start at 0 and continue over all processes,
/// like the seeds.
fn trials(report: &Report) -> Value {
    let number = |trial: &TrialFacts| trial.seed.wrapping_sub(report.seed);
    let offset = report.trials.first().map_or(0, number);
    let best = report.best_trial.map(|best| offset + best as u64);
    let of_best = best.map(|best| format!("_trial_{best}.tree")).unwrap_or_default();
    let file = |suffix: &str| report.outputs.iter().find(|output| output.ends_with(suffix));
    let trial = |trial: &TrialFacts| {
        json!({
            "trial": number(trial), "seed": trial.seed, "codelength": trial.codelength,
            "num_top_modules": trial.top_modules, "num_levels": trial.levels, "time_s": trial.seconds,
        })
    };
    json!({
        "version": report.version,
        "base_seed": report.seed,
        "trial_offset": offset,
        "num_trials": report.trials.len(),
        "best_tree_file": file(&of_best).or_else(|| file(".tree")),
        "trials": report.trials.iter().map(trial).collect::<Vec<_>>(),
    })
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
