//! The first half of every command on a network: reading it and computing its flow.

use std::path::Path;
use std::time::Instant;

use mapeq_core::{Csr, Direction, NodeTable};
use mapeq_flow::{
    BipartiteFlow, FlowModel, FlowOptions, LinkFlow, compute_flow, count_expanded_links, count_factored_links,
    expand_layers,
};
use mapeq_io::{NetworkFile, ReadError, read_metadata};
use mapeq_search::Layout;

use super::Session;
use super::args::{CommonArgs, InputArgs, SearchArgs};
use super::exit::Failure;
use super::flow_args::FlowArgs;
use super::memory_args::{Read, remembered};
use super::path_args;
use super::prediction::{Prediction, Walked};
use super::progress::ProgressLine;
use crate::registry::{RegisteredObjective, SelectedObjective};
use crate::report::{
    FlowFacts, LumpingFacts, MemoryFacts, NetworkFacts, Report, Seconds, TreeFacts, peak_memory_bytes, seconds,
};

/// A network as far as the commands need it: the links are gone once their flow is known.
pub(super) struct Input {
    pub(super) nodes: NodeTable,
    pub(super) layout: Layout,
    /// The links, where files tell of them.
    pub(super) links: Option<KeptLinks>,
    pub(super) facts: NetworkFacts,
    /// What became of states, where the walk remembers.
    pub(super) memory: Option<MemoryFacts>,
    pub(super) flow_facts: FlowFacts,
    pub(super) model: FlowModel,
    /// What became of the states of paths, where they are lumped.
    pub(super) lumping: Option<LumpingFacts>,
    pub(super) read_seconds: f64,
    pub(super) flow_seconds: f64,
    pub(super) predicted_peak_memory_bytes: u64,
}

/// The links of a network and what they carry.
pub(super) struct KeptLinks {
    pub(super) links: Csr,
    pub(super) direction: Direction,
    pub(super) flow: LinkFlow,
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

    /// The objective that the arguments ask for, with its options. Fails if it makes no sense for the walk.
    pub(super) fn objective<'a>(
        &self,
        session: &Session<'a>,
        args: &SearchArgs,
        notes: &mut Notes,
    ) -> Result<SelectedObjective<'a>, Failure> {
        let metadata = match &args.of_objective.meta_data {
            None => None,
            Some(path) => {
                let file = read_metadata(path, &self.nodes)?;
                file.notes.into_iter().for_each(|note| notes.note(note));
                if self.nodes.states.as_ref().is_some_and(|states| states.are_shared()) {
                    notes
                        .note("modules pay for categories in place of nodes: states of a node do not share a codeword");
                }
                Some(args.of_objective.labels(&file.categories))
            }
        };
        let objective = session.registry.configure(&args.objective, &args.of_objective.options(metadata));
        let objective = objective.map_err(|error| Failure::Usage(error.to_string()))?;
        objective.check(self.layout.network()).map_err(Failure::Usage)?;
        Ok(objective)
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
            lumping: self.lumping.clone(),
            memory: self.memory,
            flow_model: self.model.to_string(),
            objective: objective.name().to_owned(),
            objective_options: search.of_objective.facts(),
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
        self.say("note", text.into());
    }

    /// Something that may make the result worthless.
    pub(super) fn warning(&mut self, text: impl Into<String>) {
        self.say("warning", text.into());
    }

    /// Says it, once.
    fn say(&mut self, label: &'static str, text: String) {
        if self.0.iter().all(|note| note.text != text) {
            self.0.push(Note { label, text });
        }
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
            notes.warning(
                "links have a direction in the file, but are read as undirected: use --directed to keep directions",
            );
        }
        (Some(Direction::Undirected), Direction::Directed) => {
            notes.warning(
                "links have no direction in the file, but are read as directed: omit --directed to walk them both ways",
            );
        }
        _ => {}
    }
}

/// Reads the network at `path` and computes its flow, the one that `objective` is about.
pub(super) fn load(
    path: &Path,
    input: &InputArgs,
    flow: &FlowArgs,
    objective: &dyn RegisteredObjective,
    prediction: &Prediction,
    progress: &ProgressLine,
    notes: &mut Notes,
) -> Result<Input, Failure> {
    load_with(path, LoadArgs { input, flow, keep: KeepLinks::No }, objective, prediction, progress, notes)
}

/// How a network is loaded.
pub(super) struct LoadArgs<'a> {
    pub(super) input: &'a InputArgs,
    pub(super) flow: &'a FlowArgs,
    pub(super) keep: KeepLinks,
}

/// Whether links are kept after their flow is known. Of walks between layers that relax to self it is not.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum KeepLinks {
    No,
    /// Where it can be known.
    IfKnown,
    Yes,
}

/// The same, and the links are kept where that is asked for.
pub(super) fn load_with(
    path: &Path,
    load: LoadArgs<'_>,
    objective: &dyn RegisteredObjective,
    prediction: &Prediction,
    progress: &ProgressLine,
    notes: &mut Notes,
) -> Result<Input, Failure> {
    load.flow.options(load.input.self_links()).validate()?;
    prediction.before_reading(path, progress)?;
    let start = Instant::now();
    progress.step(format!("reading {}", path.display()));
    let (file, lumping) = path_args::read(path, load.input, load.flow.model().direction())?;
    let read_seconds = seconds(start.elapsed());
    let input = with_flow(path, file, load, objective, prediction, progress, notes)?;
    Ok(Input { read_seconds, lumping, ..input })
}

/// The second half of loading: the flow of a network that was read from the file at `path`.
pub(super) fn with_flow(
    path: &Path,
    file: NetworkFile,
    LoadArgs { input, flow, keep }: LoadArgs<'_>,
    objective: &dyn RegisteredObjective,
    prediction: &Prediction,
    progress: &ProgressLine,
    notes: &mut Notes,
) -> Result<Input, Failure> {
    let mut options = flow.options(input.self_links());
    input.temporal.limit(&mut options.relaxation);
    options.validate()?;
    let asked = options.bipartite;
    if objective.needs_unipartite_flow() {
        options.bipartite = BipartiteFlow::Unipartite;
    }
    file.notes.into_iter().for_each(|note| notes.note(note));
    warn_of_direction(file.directed_hint, options.model.direction(), notes);
    let network = file.network;
    let bipartite = network.nodes().first_feature.is_some();
    flow.without_effect(bipartite).into_iter().for_each(|note| notes.note(note));
    if bipartite && options.bipartite != asked {
        let name = objective.name();
        notes.note(format!("{name} is about features that are visited: as with --skip-adjust-bipartite-flow"));
    }

    if let Some(bias) = flow.memory.bias() {
        let read = Read { path, network, keep_links: keep != KeepLinks::No };
        return remembered(read, &bias, &options, prediction, progress, notes);
    }

    let start = Instant::now();
    progress.step("computing the flow");
    let facts = NetworkFacts::of(&network);
    let apart = network
        .nodes()
        .states
        .as_ref()
        .and_then(|states| states.layers.as_ref())
        .is_some_and(|layers| layers.inter.is_some());
    let known = !(apart && options.relaxation.to_self);
    let keep_links = keep != KeepLinks::No && known;
    // Files tell of the links that the walk takes, which are made for that.
    let walked = apart.then(|| {
        let links = count_expanded_links(&network, &options);
        let of_pools = if keep_links { None } else { count_factored_links(&network, &options, links) };
        Walked { links: links as u64, of_pools: of_pools.map(|links| links as u64) }
    });
    let predicted_peak_memory_bytes = prediction.after_reading(path, &network, walked, progress)?;
    let model = if apart { options.model.between_layers() } else { options.model };
    if !apart && network.nodes().states.is_some() && options.model == FlowModel::Undirected {
        notes.warning("links between states are walked both ways, and so against what states remember: use --directed");
    }
    if keep == KeepLinks::Yes && !known {
        let message = "results with links (ftree, json) are not known of walks that relax to self (hint: -o tree,csv)";
        return Err(Failure::Usage(message.to_owned()));
    }
    let (network, options) = match keep_links.then(|| expand_layers(&network, &options)).flatten() {
        Some(joined) => (joined, FlowOptions { model, ..options }),
        None => (network, options),
    };
    let computed = compute_flow(&network, &options)?;
    let (nodes, links, direction) = network.into_parts();
    let report = computed.report;
    report.notes.into_iter().for_each(|note| if report.converged { notes.note(note) } else { notes.warning(note) });
    Ok(Input {
        nodes,
        layout: Layout::as_it_is(computed.network),
        links: keep_links.then_some(KeptLinks { links, direction, flow: computed.links }),
        facts,
        memory: None,
        flow_facts: FlowFacts { iterations: report.iterations, residual: report.residual, converged: report.converged },
        model,
        read_seconds: 0.0,
        lumping: None,
        flow_seconds: seconds(start.elapsed()),
        predicted_peak_memory_bytes,
    })
}
