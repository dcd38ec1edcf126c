//! When a run began and how long it took, as result files tell it.

use std::time::Instant;

use super::exit::Failure;

const FORM: &str = "%Y-%m-%d %H:%M:%S";

/// The clock of a run. Stands still if the environment sets SOURCE_DATE_EPOCH, for files that are the same to the byte.
pub(crate) struct Clock {
    start: Instant,
    fixed: bool,
    started_at: String,
}

impl Clock {
    /// A run that begins now.
    pub(crate) fn start() -> Result<Self, Failure> {
        let (fixed, started_at) = match std::env::var_os("SOURCE_DATE_EPOCH") {
            Some(epoch) => (true, in_utc(&epoch.to_string_lossy())?),
            None => (false, jiff::ZonedDateTime::now().strftime(FORM).to_string()),
        };
        Ok(Self { start: Instant::now(), fixed, started_at })
    }

    /// Local time of the start, or the fixed time in UTC.
    pub(crate) fn started_at(&self) -> &str {
        &self.started_at
    }

    /// Seconds since the start, for files.
    pub(crate) fn completed_in(&self) -> f64 {
        if self.fixed { 0.0 } else { self.elapsed() }
    }

    /// Seconds since the start.
    pub(crate) fn elapsed(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}

fn in_utc(epoch: &str) -> Result<String, Failure> {
    let time = epoch.parse().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    let time = time.ok_or_else(|| {
        Failure::Usage(format!("SOURCE_DATE_EPOCH is {epoch:?}, expected a number of seconds since 1970"))
    })?;
    Ok(time.strftime(FORM).to_string())
}
