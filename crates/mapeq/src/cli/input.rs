//! The first half of every command on a network: reading it and computing its flow.

use std::path::Path;
use std::time::Instant;

use mapeq_core::{Csr, Direction, NodeTable};
use mapeq_flow::{FlowModel, LinkFlow, compute_flow};
use mapeq_io::{ReadError, read_network};
use mapeq_search::Layout;

use super::Session;
use super::args::{CommonArgs, FlowArgs, InputArgs, SearchArgs};
use super::exit::Failure;
use super::prediction::Prediction;
use super::progress::ProgressLine;
use crate::registry::RegisteredObjective;
use crate::report::{FlowFacts, NetworkFacts, Report, Seconds, TreeFacts, peak_memory_bytes, seconds};

/// A network as far as the commands need it: the links are gone once their flow is known.
pub(super) struct Input {
    pub(super) nodes: NodeTable,
    pub(super) layout: Layout,
    /// The links, where files tell of them.
    pub(super) links: Option<KeptLinks>,
    pub(super) facts: NetworkFacts,
    pub(super) flow_facts: FlowFacts,
    pub(super) model: FlowModel,
    pub(super) read_seconds: f64,
    pub(super) flow_seconds: f64,
    pub(super) predicted_peak_memory_bytes: u64,
}

/// The links of a network and what they carry.
pub(super) struct KeptLinks {
    pub(super) links: Csr,
    pub(super) direction: Direction,
    flow: LinkFlow,
}

impl KeptLinks {
    pub(super) fn per_step(&self) -> Csr {
        self.flow.per_step(&self.links)
    }

    pub(super) fn per_codeword(&self) -> Csr {
        self.flow.per_codeword(&self.links)
    }
}

impl Input {
    /// The same with the nodes laid out for a search.
    pub(super) fn laid_out(self) -> Self {
        Self { layout: Layout::new(self.layout.into_network()), ..self }
    }

    /// Fails if `objective` makes no sense for the walk.
    pub(super) fn check(&self, objective: &dyn RegisteredObjective) -> Result<(), Failure> {
        objective.check(self.layout.network()).map_err(Failure::Usage)
    }

    /// The summary of a command so far: what it knows before any trial.
    pub(super) fn report(
        &self,
        command: &'static str,
        session: &Session,
        objective: &dyn RegisteredObjective,
        search: &SearchArgs,
        result: TreeFacts,
        notes: Notes,
    ) -> Report {
        Report {
            version: env!("CARGO_PKG_VERSION"),
            command,
            network: self.facts,
            flow_model: self.model.to_string(),
            objective: objective.name().to_owned(),
            objective_options: search.objective_facts(),
            seed: search.seed,
            threads: session.threads,
            result,
            trials: Vec::new(),
            best_trial: None,
            flow: self.flow_facts,
            seconds: Seconds { read: self.read_seconds, flow: self.flow_seconds, ..Seconds::default() },
            peak_memory_bytes: peak_memory_bytes(),
            predicted_peak_memory_bytes: self.predicted_peak_memory_bytes,
            notes: notes.into_texts(),
            outputs: Vec::new(),
            interrupted: false,
            codelength_per_level: Vec::new(),
            modules: Vec::new(),
        }
    }
}

/// What is worth telling the user, in the order in which it came up.
#[derive(Default)]
pub(super) struct Notes(Vec<Note>);

struct Note {
    label: &'static str,
    text: String,
}

impl Notes {
    /// Something that was done, or left, differently from what the user may expect.
    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.0.push(Note { label: "note", text: text.into() });
    }

    /// Something that may make the result worthless.
    pub(super) fn warning(&mut self, text: impl Into<String>) {
        self.0.push(Note { label: "warning", text: text.into() });
    }

    /// One line each on standard error, unless the user wants quiet or gets them as JSON.
    pub(super) fn print(&self, common: &CommonArgs) {
        if !common.quiet && !common.json {
            self.0.iter().for_each(|Note { label, text }| eprintln!("{label}: {text}"));
        }
    }

    /// The texts alone.
    pub(super) fn into_texts(self) -> Vec<String> {
        self.0.into_iter().map(|note| note.text).collect()
    }
}

/// Fails as [`read_network`] would for a file that is not there, before anything is done.
pub(super) fn must_exist(path: &Path) -> Result<(), Failure> {
    if path == Path::new("-") {
        return Ok(());
    }
    std::fs::metadata(path).map_err(|source| ReadError::Io { path: path.to_owned(), source })?;
    Ok(())
}

/// Tells if the headings of a file say one thing and the options another.
pub(super) fn warn_of_direction(headings: Option<Direction>, options: Direction, notes: &mut Notes) {
    match (headings, options) {
        (Some(Direction::Directed), Direction::Undirected) => {
            notes.warning("the file says *Arcs, but links are read as undirected: use --directed to keep directions");
        }
        (Some(Direction::Undirected), Direction::Directed) => {
            notes.warning(
                "the file says *Edges, but links are read as directed: omit --directed to walk them both ways",
            );
        }
        _ => {}
    }
}

/// Reads the network at `path` and computes its flow.
pub(super) fn load(
    path: &Path,
    input: &InputArgs,
    flow: &FlowArgs,
    prediction: &Prediction,
    progress: &ProgressLine,
    notes: &mut Notes,
) -> Result<Input, Failure> {
    load_and_keep(path, input, flow, prediction, progress, notes, false)
}

/// The same, and the links are kept if `keep_links`.
pub(super) fn load_and_keep(
    path: &Path,
    input: &InputArgs,
    flow: &FlowArgs,
    prediction: &Prediction,
    progress: &ProgressLine,
    notes: &mut Notes,
    keep_links: bool,
) -> Result<Input, Failure> {
    let options = flow.options(input.self_links());
    options.validate()?;

    prediction.before_reading(path, progress)?;
    let start = Instant::now();
    progress.step(format!("reading {}", path.display()));
    let file = read_network(path, &input.read_options(options.model.direction()))?;
    let read_seconds = seconds(start.elapsed());
    file.notes.into_iter().for_each(|note| notes.note(note));
    warn_of_direction(file.directed_hint, options.model.direction(), notes);
    let network = file.network;
    flow.without_effect(network.nodes().first_feature.is_some()).into_iter().for_each(|note| notes.note(note));

    let start = Instant::now();
    progress.step("computing the flow");
    let predicted_peak_memory_bytes = prediction.after_reading(path, &network, progress)?;
    let computed = compute_flow(&network, &options)?;
    let (nodes, links) = (network.nodes().len(), network.links().links());
    let facts = NetworkFacts { nodes, links, physical_nodes: nodes, layers: 0 };
    let (nodes, links, direction) = network.into_parts();
    let report = computed.report;
    report.notes.into_iter().for_each(|note| if report.converged { notes.note(note) } else { notes.warning(note) });
    Ok(Input {
        nodes,
        layout: Layout::as_it_is(computed.network),
        links: keep_links.then_some(KeptLinks { links, direction, flow: computed.links }),
        facts,
        flow_facts: FlowFacts { iterations: report.iterations, residual: report.residual, converged: report.converged },
        model: options.model,
        read_seconds,
        flow_seconds: seconds(start.elapsed()),
        predicted_peak_memory_bytes,
    })
}
