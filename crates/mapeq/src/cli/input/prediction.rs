//! Prediction of the peak memory of a command, and rejection of work beyond `--max-memory`.

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

/// Smaller predictions, in bytes, are printed with `-v` only.
const MIN_PRINTED: u64 = 1 << 30;

/// Links of a multilayer walk that relaxes.
pub(crate) struct WalkedLinks {
    /// Links of the expanded walk, those between layers included.
    pub(crate) links: u64,
    /// Links within layers, if couplings between layers are factored.
    pub(crate) factored: Option<u64>,
}

/// The work of a command, and the memory that it may use.
pub(crate) struct Prediction {
    work: Work,
    limit: Option<u64>,
    verbose: bool,
    quiet: bool,
}

impl Prediction {
    /// Returns the prediction for a command that only reads a network.
    pub(crate) fn of_reading(common: &CommonArgs, session: &Session) -> Self {
        let work = Work { flow: None, trials: 0, nested: false, threads: session.threads as u64 };
        Self { work, limit: common.max_memory, verbose: common.verbose > 0, quiet: common.quiet || common.json }
    }

    /// Adds the flow and a search of `trials` trials; 0 for no search.
    pub(crate) fn with_search(mut self, model: FlowModel, trials: u32, nested: bool) -> Self {
        self.work.flow = Some(match model {
            FlowModel::Undirected => Walk::Undirected,
            _ => Walk::Directed,
        });
        self.work.trials = self.work.threads.min(u64::from(trials));
        self.work.nested = nested;
        self
    }

    /// Checks the limit before the network is read, by the size of its file.
    pub(crate) fn before_reading(&self, path: &Path, progress: &ProgressLine) -> Result<(), Failure> {
        let Some(estimate) = estimate_size(path)? else { return Ok(()) };
        let size = Size::estimated(estimate.nodes, estimate.links, estimate.weighted);
        let predicted = predicted_peak(&size, &self.work);
        if !estimate.exact {
            self.print(predicted, ", estimated from the size of the file", progress);
        }
        // An estimate must not reject work that fits: only the links are counted, unless the nodes
        // are known.
        let nodes = estimate.nodes.unwrap_or(0);
        let at_least = predicted_peak(&Size::estimated(Some(nodes), estimate.links, estimate.weighted), &self.work);
        if at_least > self.limit.unwrap_or(u64::MAX) {
            Err(self.exceeded(path, at_least, estimate.exact))
        } else {
            Ok(())
        }
    }

    /// Checks the limit once the network is read, and returns the predicted peak in bytes.
    ///
    /// `walked` has the number of links of the walk if it differs from that of the network.
    pub(crate) fn after_reading(
        &self,
        path: &Path,
        network: &Network,
        walked: Option<WalkedLinks>,
        progress: &ProgressLine,
    ) -> Result<u64, Failure> {
        let (mut size, mut work) = (Size::of(network), self.work);
        if let Some(WalkedLinks { links, factored }) = walked {
            // Links between layers are directed.
            work.flow = work.flow.map(|_| Walk::Directed);
            match factored {
                Some(inside) => (size.links, size.factored_links) = (inside, links),
                None => (size.links, size.weighted) = (links, true),
            }
        }
        // The peak of reading is past, and counts.
        let predicted = predicted_peak(&size, &work).max(peak_memory_bytes());
        self.print(predicted, "", progress);
        if predicted > self.limit.unwrap_or(u64::MAX) {
            Err(self.exceeded(path, predicted, true))
        } else {
            Ok(predicted)
        }
    }

    fn print(&self, predicted: u64, source: &str, progress: &ProgressLine) {
        if !self.quiet && (self.verbose || predicted > MIN_PRINTED) {
            progress.print(&format!("predicted peak memory {}{source}", bytes(predicted)));
        }
    }

    fn exceeded(&self, path: &Path, predicted: u64, exact: bool) -> Failure {
        let at_least = if exact { "" } else { "at least " };
        let hint = match self.work.trials {
            2.. => "--threads 1 runs one trial at a time",
            _ => "use a machine with more memory, or a part of the network",
        };
        Failure::Input(format!(
            "{}: the predicted peak memory is {at_least}{}, above --max-memory {} (hint: {hint})",
            path.display(),
            bytes(predicted),
            bytes(self.limit.unwrap_or(u64::MAX)),
        ))
    }
}
