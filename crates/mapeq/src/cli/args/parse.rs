//! Parsers of option values.

use std::time::Duration;

/// Parses a positive time such as `30s`, `5m` or `1h`; without a unit, in seconds.
pub(super) fn time_span(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).len());
    let seconds = match unit {
        "ms" => Some(1e-3),
        "" | "s" => Some(1.0),
        "m" | "min" => Some(60.0),
        "h" => Some(3600.0),
        _ => None,
    };
    let span = seconds.zip(number.parse::<f64>().ok()).map(|(seconds, number)| number * seconds);
    let span = span.filter(|&span| span > 0.0).and_then(|span| Duration::try_from_secs_f64(span).ok());
    span.ok_or_else(|| "expected a time such as 30s, 5m or 1h".to_owned())
}

/// Parses a number of at least 0, infinity included.
pub(super) fn at_least_zero(text: &str) -> Result<f64, String> {
    number(text, "expected a number >= 0", |number| number >= 0.0)
}

/// Parses a finite number of at least 0.
pub(super) fn finite(text: &str) -> Result<f64, String> {
    number(text, "expected a number >= 0", |number| number >= 0.0 && number.is_finite())
}

/// Parses a finite number above 0.
pub(super) fn above_zero(text: &str) -> Result<f64, String> {
    number(text, "expected a number > 0", |number| number > 0.0 && number.is_finite())
}

/// Parses a number from 0 to 1.
pub(super) fn probability(text: &str) -> Result<f64, String> {
    number(text, "expected a number between 0 and 1", |number| (0.0..=1.0).contains(&number))
}

/// Parses a number from 0 to 0.5.
pub(super) fn up_to_half(text: &str) -> Result<f64, String> {
    number(text, "expected a number between 0 and 0.5", |number| (0.0..=0.5).contains(&number))
}

fn number(text: &str, expected: &str, is_valid: impl Fn(f64) -> bool) -> Result<f64, String> {
    text.parse().ok().filter(|&number| is_valid(number)).ok_or_else(|| expected.to_owned())
}

/// Parses a size in bytes with a binary unit, such as `8G` or `500MiB`.
pub(super) fn memory(text: &str) -> Result<u64, String> {
    const UNITS: [(char, u64); 4] = [('k', 1 << 10), ('m', 1 << 20), ('g', 1 << 30), ('t', 1 << 40)];
    let lower = text.to_lowercase();
    let number = lower.trim_end_matches("ib").trim_end_matches('b');
    let unit = UNITS.iter().find(|(letter, _)| number.ends_with(*letter));
    let number = number.trim_end_matches(|letter| unit.is_some_and(|unit| unit.0 == letter));
    let size = number.parse::<f64>().ok().map(|number| number * unit.map_or(1, |unit| unit.1) as f64);
    let size = size.filter(|size| *size >= 1.0 && size.is_finite());
    size.map(|size| size as u64).ok_or_else(|| "expected a size such as 8G, 500M or 1000000".to_owned())
}

/// Parses a level of modules: at least 1, or -1 for the deepest. 0 is accepted like 1.
pub(super) fn parse_level(text: &str) -> Result<i32, String> {
    match text.parse() {
        Ok(level) if level >= -1 => Ok(level),
        _ => Err("expected 1 for the top modules, 2 for their submodules, …, or -1 for the deepest".to_owned()),
    }
}

/// Parses a number of threads.
pub(super) fn threads(text: &str) -> Result<Threads, String> {
    match text.parse() {
        _ if text == "auto" => Ok(Threads(None)),
        Ok(count) if count > 0 => Ok(Threads(Some(count))),
        _ => Err("expected a whole number >= 1, or auto".to_owned()),
    }
}

/// A number of threads; `None` for the parallelism of the machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threads(Option<usize>);

impl Threads {
    /// Returns the number of threads.
    pub(crate) fn count(self) -> usize {
        self.0.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
    }
}
