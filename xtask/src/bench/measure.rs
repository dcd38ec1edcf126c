//! Time and memory of a process, measured by the operating system.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use wait4::Wait4 as _;

use crate::Outcome;
use crate::repository::{read_json, write};

/// Costs of one run of a program.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// User and system time of all threads, in seconds.
    pub cpu_seconds: f64,
    /// Elapsed time, in seconds.
    pub wall_seconds: f64,
    /// Peak resident memory, in bytes.
    pub peak_bytes: f64,
}

/// A program to run, and the file for its costs.
///
/// The program runs as the child of a process that does nothing else. The peak of a process counts
/// the memory of its parent, and `cargo xtask bench` may hold networks.
#[derive(Debug, clap::Args)]
pub(crate) struct MeasureArgs {
    /// JSON file for the costs
    costs: PathBuf,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<OsString>,
}

impl MeasureArgs {
    /// Runs the program as the only child of this process.
    pub(crate) fn run(&self) -> Outcome {
        let (program, args) = self.command.split_first().expect("a required argument");
        let usage = usage_of(Command::new(program).args(args))?;
        let text = serde_json::to_string(&usage).map_err(|error| error.to_string())?;
        write(&self.costs, text)
    }
}

/// Runs a program to its end; returns its costs and its standard output. The output goes to files
/// in `folder`: a full pipe would make the program wait.
pub(crate) fn measure(command: &Command, folder: &Path) -> Result<(Usage, String), String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let costs = folder.join("costs.json");
    let mut wrapped = Command::new(this);
    wrapped.arg("measure").arg(&costs).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(directory) = command.get_current_dir() {
        wrapped.current_dir(directory);
    }
    let printed = printed_by(&mut wrapped, folder)?;
    Ok((read_json(&costs)?, printed))
}

fn usage_of(command: &mut Command) -> Result<Usage, String> {
    let start = Instant::now();
    let ended = command.spawn().and_then(|mut child| child.wait4());
    let ended = ended.map_err(|error| format!("cannot run {command:?}: {error}"))?;
    let wall_seconds = start.elapsed().as_secs_f64();
    if !ended.status.success() {
        return Err(format!("{command:?}: {}", ended.status));
    }
    let cpu_seconds = (ended.rusage.utime + ended.rusage.stime).as_secs_f64();
    Ok(Usage { cpu_seconds, wall_seconds, peak_bytes: ended.rusage.maxrss as f64 })
}

fn printed_by(command: &mut Command, folder: &Path) -> Result<String, String> {
    let paths = ["stdout", "stderr"].map(|name| folder.join(name));
    let create = |path| File::create(path).map_err(|error| format!("cannot write into {}: {error}", folder.display()));
    command.stdin(Stdio::null()).stdout(create(&paths[0])?).stderr(create(&paths[1])?);
    let status = command.status().map_err(|error| format!("cannot run {command:?}: {error}"))?;
    let [printed, errors] = paths.map(|path| std::fs::read_to_string(path).unwrap_or_default());
    if status.success() { Ok(printed) } else { Err(errors) }
}

/// Returns the median of each cost.
pub(crate) fn medians(runs: &[Usage]) -> Usage {
    let of = |cost: fn(&Usage) -> f64| median(runs.iter().map(cost));
    Usage {
        cpu_seconds: of(|usage| usage.cpu_seconds),
        wall_seconds: of(|usage| usage.wall_seconds),
        peak_bytes: of(|usage| usage.peak_bytes),
    }
}

/// Returns the median; 0 if there are no numbers.
pub(crate) fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    match numbers.len() {
        0 => 0.0,
        len => (numbers[(len - 1) / 2] + numbers[len / 2]) / 2.0,
    }
}

/// Returns the mean; 0 if there are no numbers.
pub(crate) fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_few_numbers() {
        assert_eq!(median([]), 0.0);
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([4.0, 1.0]), 2.5);
        assert_eq!(mean(&[4.0, 1.0]), 2.5);
    }

    #[test]
    fn a_process_is_measured_and_its_failure_reported() {
        let usage = usage_of(Command::new("sh").args(["-c", "true"])).expect("a shell");
        assert!(usage.peak_bytes > 1e5 && usage.wall_seconds > 0.0, "{usage:?}");
        let folder = std::env::temp_dir();
        assert_eq!(printed_by(Command::new("sh").args(["-c", "echo heard"]), &folder).expect("a shell"), "heard\n");
        let failing = ["-c", "echo why >&2; exit 3"];
        assert!(printed_by(Command::new("sh").args(failing), &folder).expect_err("it fails").contains("why"));
        assert!(usage_of(Command::new("sh").args(failing)).expect_err("it fails").contains("exit status: 3"));
    }
}
