//! Values of options.

use std::time::Duration;

pub(crate) fn time_span(text: &str) -> Result<Duration, String> {
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

pub(crate) fn at_least_zero(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|number: &f64| *number >= 0.0).ok_or_else(|| "expected a number >= 0".to_owned())
}

pub(crate) fn finite(text: &str) -> Result<f64, String> {
    at_least_zero(text).ok().filter(|number| number.is_finite()).ok_or_else(|| "expected a number >= 0".to_owned())
}

pub(crate) fn memory(text: &str) -> Result<u64, String> {
    const UNITS: [(char, u64); 4] = [('k', 1 << 10), ('m', 1 << 20), ('g', 1 << 30), ('t', 1 << 40)];
    let lower = text.to_lowercase();
    let number = lower.trim_end_matches("ib").trim_end_matches('b');
    let unit = UNITS.iter().find(|(letter, _)| number.ends_with(*letter));
    let number = number.trim_end_matches(|letter| unit.is_some_and(|unit| unit.0 == letter));
    let size = number.parse::<f64>().ok().map(|number| number * unit.map_or(1, |unit| unit.1) as f64);
    let size = size.filter(|size| *size >= 1.0 && size.is_finite());
    size.map(|size| size as u64).ok_or_else(|| "expected a size such as 8G, 500M or 1000000".to_owned())
}

pub(crate) fn threads(text: &str) -> Result<Threads, String> {
    match text.parse() {
        _ if text == "auto" => Ok(Threads(None)),
        Ok(count) if count > 0 => Ok(Threads(Some(count))),
        _ => Err("expected a whole number >= 1, or auto".to_owned()),
    }
}

pub(crate) fn parse_level(text: &str) -> Result<i32, String> {
    match text.parse() {
        Ok(level) if level >= -1 => Ok(level),
        _ => Err("expected 1 for the top modules, 2 for those inside, …, or -1 for the deepest".to_owned()),
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Threads(Option<usize>);

impl Threads {
    /// The number asked for, or as many as can run at a time.
    pub(crate) fn count(self) -> usize {
        self.0.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
    }
}

pub(crate) fn above_zero(text: &str) -> Result<f64, String> {
    finite(text).ok().filter(|number| *number > 0.0).ok_or_else(|| "expected a number > 0".to_owned())
}

pub(crate) fn probability(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "expected a number between 0 and 1".to_owned())
}

pub(crate) fn up_to_half(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=0.5).contains(number));
    number.ok_or_else(|| "expected a number between 0 and 0.5".to_owned())
}
