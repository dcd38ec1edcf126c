//! Start and duration of a run, for result files.

use std::time::Instant;

use super::exit::Failure;

const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// The clock of a run. It stands still if the environment sets `SOURCE_DATE_EPOCH`, for
/// reproducible files.
pub(crate) struct Clock {
    start: Instant,
    fixed: bool,
    started_at: String,
}

impl Clock {
    /// Starts the clock.
    ///
    /// # Errors
    /// If `SOURCE_DATE_EPOCH` is no time.
    pub(crate) fn start() -> Result<Self, Failure> {
        let (fixed, started_at) = match std::env::var_os("SOURCE_DATE_EPOCH") {
            Some(epoch) => (true, in_utc(&epoch.to_string_lossy())?),
            None => (false, jiff::ZonedDateTime::now().strftime(FORMAT).to_string()),
        };
        Ok(Self { start: Instant::now(), fixed, started_at })
    }

    /// Returns the start in local time, or the fixed time in UTC.
    pub(crate) fn started_at(&self) -> &str {
        &self.started_at
    }

    /// Returns the seconds since the start, for files: 0 if the time is fixed.
    pub(crate) fn completed_in(&self) -> f64 {
        if self.fixed { 0.0 } else { self.elapsed() }
    }

    /// Returns the seconds since the start.
    pub(crate) fn elapsed(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}

fn in_utc(epoch: &str) -> Result<String, Failure> {
    let time = epoch.parse().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    let time = time.ok_or_else(|| {
        Failure::Usage(format!("SOURCE_DATE_EPOCH is {epoch:?}: expected a number of seconds since 1970"))
    })?;
    Ok(time.strftime(FORMAT).to_string())
}
