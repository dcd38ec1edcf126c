//! What a program costs: run as a process of its own, measured by the operating system.

use std::fs::File;
use std::path::Path;
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
    /// Most memory in use at a time. A process starts as a copy of this one, so that this program must stay small.
    pub peak_bytes: f64,
}

/// Runs a program to its end; returns its costs and what it printed. Its output goes to files in `folder`, never through a
/// pipe that it could wait for.
pub(crate) fn measure(command: &mut Command, folder: &Path) -> Result<(Usage, String), String> {
    let paths = ["stdout", "stderr"].map(|name| folder.join(name));
    let create = |path| File::create(path).map_err(|error| format!("cannot write into {}: {error}", folder.display()));
    command.stdin(Stdio::null()).stdout(create(&paths[0])?).stderr(create(&paths[1])?);
    let start = Instant::now();
    let ended = command.spawn().and_then(|mut child| child.wait4());
    let ended = ended.map_err(|error| format!("cannot run {command:?}: {error}"))?;
    let wall_seconds = start.elapsed().as_secs_f64();
    let [printed, errors] = paths.map(|path| std::fs::read_to_string(path).unwrap_or_default());
    if !ended.status.success() {
        return Err(format!("{command:?}: {}\n{errors}", ended.status));
    }
    let cpu_seconds = (ended.rusage.utime + ended.rusage.stime).as_secs_f64();
    Ok((Usage { cpu_seconds, wall_seconds, peak_bytes: ended.rusage.maxrss as f64 }, printed))
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
        let folder = std::env::temp_dir();
        let (usage, printed) = measure(Command::new("sh").args(["-c", "echo heard"]), &folder).expect("a shell");
        assert_eq!(printed, "heard\n");
        assert!(usage.peak_bytes > 1e5 && usage.wall_seconds > 0.0, "{usage:?}");
        let failure = measure(Command::new("sh").args(["-c", "echo why >&2; exit 3"]), &folder).expect_err("it fails");
        assert!(failure.contains("why"), "{failure}");
    }
}
