//! Telling how much memory a command will take, and refusing what is too much.

use std::path::Path;

use mapeq_core::Network;
use mapeq_flow::FlowModel;
use mapeq_io::estimate_size;

use crate::cli::args::CommonArgs;
use crate::cli::exit::Failure;
use crate::cli::memory_model::{Size, Walk, Work, predicted_peak};
use crate::cli::output::table::bytes;
use crate::cli::progress::ProgressLine;
use crate::cli::report::peak_memory_bytes;
use crate::cli::session::Session;

/// Predictions up to this are told only with -v.
const WORTH_TELLING: u64 = 1 << 30;

/// Links that a walk on layers takes.
pub(crate) struct Walked {
    pub(crate) links: u64,
    /// Those in layers, where pools tell of all.
    pub(crate) of_pools: Option<u64>,
}

/// The work of a command, and how much memory it may take.
pub(crate) struct Prediction {
    work: Work,
    limit: Option<u64>,
    verbose: bool,
    quiet: bool,
}

impl Prediction {
    /// A command that reads a network and no more.
    pub(crate) fn of_reading(common: &CommonArgs, session: &Session) -> Self {
        let work = Work { flow: None, trials: 0, nested: false, threads: session.threads as u64 };
        Self { work, limit: common.max_memory, verbose: common.verbose > 0, quiet: common.quiet || common.json }
    }

    /// The command goes on with the flow and with so many trials, 0 without a search.
    pub(crate) fn with_search(mut self, model: FlowModel, trials: u32, nested: bool) -> Self {
        self.work.flow = Some(match model {
            FlowModel::Undirected => Walk::Undirected,
            _ => Walk::Directed,
        });
        self.work.trials = self.work.threads.min(u64::from(trials));
        self.work.nested = nested;
        self
    }

    /// Before the network is read: by what its file shows.
    pub(crate) fn before_reading(&self, path: &Path, progress: &ProgressLine) -> Result<(), Failure> {
        let Some(estimate) = estimate_size(path)? else { return Ok(()) };
        let size = Size::guessed(estimate.nodes, estimate.links, estimate.weighted);
        let predicted = predicted_peak(&size, &self.work);
        if !estimate.exact {
            self.tell(predicted, ", as the size of the file has it", progress);
        }
        // A guess must not keep anyone from work that fits: the links alone have to be too many.
        let nodes = estimate.nodes.unwrap_or(0);
        let least = predicted_peak(&Size::guessed(Some(nodes), estimate.links, estimate.weighted), &self.work);
        if least > self.limit.unwrap_or(u64::MAX) { Err(self.too_much(path, least, estimate.exact)) } else { Ok(()) }
    }

    /// Once the network is read: by its size, and how many links the walk takes if those are others. Returns the prediction, in
    /// bytes.
    pub(crate) fn after_reading(
        &self,
        path: &Path,
        network: &Network,
        walked: Option<Walked>,
        progress: &ProgressLine,
    ) -> Result<u64, Failure> {
        // What has been held already belongs to the peak.
        let (mut size, mut work) = (Size::of(network), self.work);
        if let Some(Walked { links, of_pools }) = walked {
            // Between layers, links have directions.
            work.flow = work.flow.map(|_| Walk::Directed);
            match of_pools {
                Some(inside) => (size.links, size.by_pools) = (inside, links),
                None => (size.links, size.weighted) = (links, true),
            }
        }
        let predicted = predicted_peak(&size, &work).max(peak_memory_bytes());
        self.tell(predicted, "", progress);
        if predicted > self.limit.unwrap_or(u64::MAX) {
            Err(self.too_much(path, predicted, true))
        } else {
            Ok(predicted)
        }
    }

    fn tell(&self, predicted: u64, source: &str, progress: &ProgressLine) {
        if !self.quiet && (self.verbose || predicted > WORTH_TELLING) {
            progress.say(&format!("predicted peak memory {}{source}", bytes(predicted)));
        }
    }

    fn too_much(&self, path: &Path, predicted: u64, exact: bool) -> Failure {
        let at_least = if exact { "" } else { "at least " };
        let hint = match self.work.trials {
            2.. => "with --threads 1 there is one trial at a time",
            _ => "a machine with more memory, or a part of the network",
        };
        Failure::Input(format!(
            "{}: the predicted peak memory is {at_least}{}: expected at most {}, the --max-memory (hint: {hint})",
            path.display(),
            bytes(predicted),
            bytes(self.limit.unwrap_or(u64::MAX)),
        ))
    }
}
