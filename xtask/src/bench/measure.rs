//! What a program costs: run as a process of its own, measured by the operating system.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use wait4::Wait4 as _;

/// What one run of a program costs.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// Seconds of all processors, in the program and in the system for it.
    pub cpu_seconds: f64,
    /// Seconds from start to end.
    pub wall_seconds: f64,
    /// Most memory in use at a time.
    pub peak_bytes: f64,
}

/// A program to run and measure in a process that does nothing else: a process counts what the one had that it was started
/// from, and this one may hold networks.
#[derive(Debug, clap::Args)]
pub(crate) struct Measured {
    /// Where to write what it cost
    costs: PathBuf,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<OsString>,
}

impl Measured {
    /// Runs the program, as this one's only child.
    pub(crate) fn run(&self) -> Result<(), String> {
        let (program, args) = self.command.split_first().expect("clap asks for a program");
        let usage = usage_of(Command::new(program).args(args))?;
        let text = serde_json::to_string(&usage).map_err(|error| error.to_string())?;
        std::fs::write(&self.costs, text).map_err(|error| format!("{}: {error}", self.costs.display()))
    }
}

/// Runs a program to its end; returns its costs and what it printed. Its output goes to files in `folder`, never through a
/// pipe that it could wait for.
pub(crate) fn measure(command: &Command, folder: &Path) -> Result<(Usage, String), String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let costs = folder.join("costs.json");
    let mut wrapped = Command::new(this);
    wrapped.arg("measured").arg(&costs).arg(command.get_program()).args(command.get_args());
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
    let read = std::fs::read_to_string(&costs).map_err(|error| format!("{}: {error}", costs.display()))?;
    let usage = serde_json::from_str(&read).map_err(|error| format!("{}: {error}", costs.display()))?;
    Ok((usage, printed))
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

/// The median of each cost.
pub(crate) fn medians(runs: &[Usage]) -> Usage {
    let of = |cost: fn(&Usage) -> f64| median(runs.iter().map(cost));
    Usage {
        cpu_seconds: of(|usage| usage.cpu_seconds),
        wall_seconds: of(|usage| usage.wall_seconds),
        peak_bytes: of(|usage| usage.peak_bytes),
    }
}

/// The middle one of the numbers, or the mean of the two in the middle; 0 of none.
pub(crate) fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    match numbers.len() {
        0 => 0.0,
        len => (numbers[(len - 1) / 2] + numbers[len / 2]) / 2.0,
    }
}

/// The mean of the numbers; 0 of none.
pub(crate) fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_few() {
        assert_eq!(median([]), 0.0);
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([4.0, 1.0]), 2.5);
        assert_eq!(mean(&[4.0, 1.0]), 2.5);
    }

    #[test]
    fn a_process_is_measured_and_its_failure_told() {
        let usage = usage_of(Command::new("sh").args(["-c", "true"])).expect("a shell");
        assert!(usage.peak_bytes > 1e5 && usage.wall_seconds > 0.0, "{usage:?}");
        let folder = std::env::temp_dir();
        assert_eq!(printed_by(Command::new("sh").args(["-c", "echo heard"]), &folder).expect("a shell"), "heard\n");
        let failing = ["-c", "echo why >&2; exit 3"];
        assert!(printed_by(Command::new("sh").args(failing), &folder).expect_err("it fails").contains("why"));
        assert!(usage_of(Command::new("sh").args(failing)).expect_err("it fails").contains("exit status: 3"));
    }
}
