//! Communication with a running search: reports of stages, and requests to stop.

/// The caller's side of a running search. Its functions are called from any thread.
pub trait Monitor: Sync {
    /// Returns whether the search should end as soon as possible, with the best result found.
    fn stop_requested(&self) -> bool {
        false
    }

    /// Receives the result of a stage.
    fn stage_ended(&self, stage: Stage<'_>) {
        let _ = stage;
    }
}

/// Result of a stage of a search.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Stage<'a> {
    /// Name of the stage.
    pub name: &'static str,
    /// Number of modules; in a tree, of all modules below the root.
    pub modules: usize,
    value: &'a dyn Fn() -> f64,
}

impl<'a> Stage<'a> {
    /// Creates a result. `value` returns the value of the objective. It is computed only for
    /// monitors that ask for it.
    pub fn new(name: &'static str, modules: usize, value: &'a dyn Fn() -> f64) -> Self {
        Self { name, modules, value }
    }

    /// Returns the value of the objective. A search reports it without
    /// [`Objective::constant`](mapeq_core::Objective::constant). At most O(links).
    pub fn value(&self) -> f64 {
        (self.value)()
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
