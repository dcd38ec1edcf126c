//! Communication with a running search: reports of stages, and requests to stop.

/// The caller's side of a running search. Its functions are called from any thread.
pub trait Monitor: Sync {
    /// Returns whether the search should end as soon as possible, with the best result found.
    fn stop_requested(&self) -> bool {
        false
    }

    /// Receives the number of modules at the end of a stage.
    fn stage_ended(&self, stage: &'static str, modules: usize) {
        let _ = (stage, modules);
    }
}

/// A monitor that never stops the search and ignores its reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Monitor for Silent {}

/// Passes on stop requests of another monitor, without reports to it. For searches inside a search.
#[derive(Clone, Copy)]
pub struct OnlyStop<'a>(pub &'a dyn Monitor);

impl Monitor for OnlyStop<'_> {
    fn stop_requested(&self) -> bool {
        self.0.stop_requested()
    }
}
