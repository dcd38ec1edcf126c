//! The first half of every command on a network: reading it and computing its flow.

pub(crate) mod constraints;
pub(crate) mod missing_nodes;
pub(crate) mod paths;
pub(crate) mod prediction;
mod second_order;

use std::path::Path;
use std::time::Instant;

use mapeq_core::{Csr, Direction, NodeTable};
use mapeq_flow::{
    BipartiteFlow, FlowModel, FlowOptions, LinkFlow, compute_flow, count_expanded_links, count_factored_links,
    expand_layers,
};
use mapeq_io::{NetworkFile, read_metadata};
use mapeq_search::Layout;

use self::prediction::{Prediction, Walked};
use self::second_order::{Read, remembered};
use super::args::{FlowArgs, InputArgs, SearchArgs};
use super::exit::Failure;
use super::notes::Notes;
use super::progress::ProgressLine;
use super::report::{
    FlowFacts, LumpingFacts, MemoryFacts, NetworkFacts, Report, Seconds, TreeFacts, peak_memory_bytes, seconds,
};
use super::session::Session;
use crate::registry::{RegisteredObjective, SelectedObjective};

/// A network as far as the commands need it: the links are gone once their flow is known.
pub(crate) struct Input {
    pub(crate) nodes: NodeTable,
    pub(crate) layout: Layout,
    /// The links, where files tell of them.
    pub(crate) links: Option<KeptLinks>,
    pub(crate) facts: NetworkFacts,
    /// What became of states, where the walk remembers.
    pub(crate) memory: Option<MemoryFacts>,
    pub(crate) flow_facts: FlowFacts,
    pub(crate) model: FlowModel,
    /// What became of the states of paths, where they are lumped.
    pub(crate) lumping: Option<LumpingFacts>,
    pub(crate) read_seconds: f64,
    pub(crate) flow_seconds: f64,
    pub(crate) predicted_peak_memory_bytes: u64,
}

/// The links of a network and what they carry.
pub(crate) struct KeptLinks {
    pub(crate) links: Csr,
    pub(crate) direction: Direction,
    pub(crate) flow: LinkFlow,
}

impl KeptLinks {
    pub(crate) fn per_step(&self) -> Csr {
        self.flow.per_step(&self.links)
    }

    pub(crate) fn per_codeword(&self) -> Csr {
        self.flow.per_codeword(&self.links)
    }
}

impl Input {
    /// The same with the nodes laid out for a search.
    pub(crate) fn laid_out(self) -> Self {
        Self { layout: Layout::new(self.layout.into_network()), ..self }
    }

    /// The objective that the arguments ask for, with its options. Fails if it makes no sense for the walk.
    pub(crate) fn objective<'a>(
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
    pub(crate) fn report(
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

/// Tells if the headings of a file say one thing and the options another.
pub(crate) fn warn_of_direction(headings: Option<Direction>, options: Direction, notes: &mut Notes) {
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
pub(crate) fn load(
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
pub(crate) struct LoadArgs<'a> {
    pub(crate) input: &'a InputArgs,
    pub(crate) flow: &'a FlowArgs,
    pub(crate) keep: KeepLinks,
}

/// Whether links are kept after their flow is known. Of walks between layers that relax to self it is not.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum KeepLinks {
    No,
    /// Where it can be known.
    IfKnown,
    Yes,
}

/// The same, and the links are kept where that is asked for.
pub(crate) fn load_with(
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
    let (file, lumping) = paths::read(path, load.input, load.flow.model().direction())?;
    let read_seconds = seconds(start.elapsed());
    let input = with_flow(path, file, load, objective, prediction, progress, notes)?;
    Ok(Input { read_seconds, lumping, ..input })
}

/// The second half of loading: the flow of a network that was read from the file at `path`.
pub(crate) fn with_flow(
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
