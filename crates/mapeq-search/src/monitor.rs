//! What a search tells its caller while it runs, and what the caller can tell the search.

/// The caller's side of a running search. Called from any thread.
pub trait Monitor: Sync {
    /// Whether the search should end as soon as it can, with the best it has.
    fn stop_requested(&self) -> bool {
        false
    }

    /// A stage of the search has ended with this many modules.
    fn stage_ended(&self, stage: &'static str, modules: usize) {
        let _ = (stage, modules);
    }
}

/// A monitor that never stops the search and shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Monitor for Silent {}

/// Passes on stop requests of another monitor, and tells it nothing: for searches inside a search.
#[derive(Clone, Copy)]
pub struct OnlyStop<'a>(pub &'a dyn Monitor);

impl Monitor for OnlyStop<'_> {
    fn stop_requested(&self) -> bool {
        self.0.stop_requested()
    }
}
