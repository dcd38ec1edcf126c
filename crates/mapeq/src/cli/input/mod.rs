//! The first half of every command on a network: reading it and computing its flow.

pub(crate) mod constraints;
mod missing_nodes;
pub(crate) mod paths;
pub(crate) mod prediction;
mod second_order;
pub(crate) mod start;

use std::time::Instant;

use mapeq_core::{Csr, Direction, NodeTable};
use mapeq_flow::{
    BipartiteFlow, FlowModel, FlowOptions, FlowReport, LinkFlow, compute_flow, count_expanded_links,
    count_factored_links, expand_layers,
};
use mapeq_io::{NetworkFile, read_metadata};
use mapeq_search::Layout;

use self::prediction::{Prediction, WalkedLinks};
use self::second_order::second_order_input;
use super::args::{FlowArgs, InputArgs, ObjectiveArgs};
use super::exit::Failure;
use super::notes::Notes;
use super::progress::ProgressLine;
use super::report::{FlowFacts, LumpingFacts, MemoryFacts, NetworkFacts, seconds};
use super::session::Session;
use crate::registry::{RegisteredObjective, SelectedObjective};

/// A network with its flow. The links are dropped once their flow is known, unless they are kept.
pub(crate) struct Input {
    pub(crate) nodes: NodeTable,
    pub(crate) layout: Layout,
    /// The links, if they are kept.
    pub(crate) links: Option<KeptLinks>,
    pub(crate) facts: NetworkFacts,
    /// The states of a second-order walk.
    pub(crate) memory: Option<MemoryFacts>,
    pub(crate) flow_facts: FlowFacts,
    pub(crate) model: FlowModel,
    /// The states of paths, if they are lumped.
    pub(crate) lumping: Option<LumpingFacts>,
    pub(crate) read_seconds: f64,
    pub(crate) flow_seconds: f64,
    pub(crate) predicted_peak_memory_bytes: u64,
}

/// The links of a network and their flow.
pub(crate) struct KeptLinks {
    pub(crate) links: Csr,
    pub(crate) direction: Direction,
    pub(crate) flow: LinkFlow,
}

impl KeptLinks {
    /// Returns the flow of each link per step.
    pub(crate) fn per_step(&self) -> Csr {
        self.flow.per_step(&self.links)
    }

    /// Returns the flow of each link per codeword.
    pub(crate) fn per_codeword(&self) -> Csr {
        self.flow.per_codeword(&self.links)
    }
}

impl Input {
    /// Returns the input with the nodes in the order of a search.
    pub(crate) fn laid_out(self) -> Self {
        Self { layout: Layout::new(self.layout.into_network()), ..self }
    }

    /// Returns the objective with its options, those from files included.
    ///
    /// # Errors
    /// If a file cannot be read, or if the objective is not defined for the walk.
    pub(crate) fn objective<'a>(
        &self,
        session: &Session<'a>,
        args: &ObjectiveArgs,
        notes: &mut Notes,
    ) -> Result<SelectedObjective<'a>, Failure> {
        let metadata = match &args.meta_data {
            None => None,
            Some(path) => {
                let file = read_metadata(path, &self.nodes)?;
                notes.extend(file.notes);
                if self.nodes.states.as_ref().is_some_and(|states| states.are_shared()) {
                    notes.note("modules pay for categories instead of nodes: states of a node do not share a codeword");
                }
                Some(args.labels(&file.categories))
            }
        };
        let objective = session.registry.configure(&args.objective, &args.options(metadata));
        let objective = objective.map_err(|error| Failure::Usage(error.to_string()))?;
        objective.check(self.layout.network()).map_err(Failure::Usage)?;
        Ok(objective)
    }
}

/// Warns if the file and the options disagree on the direction of links.
pub(crate) fn warn_of_direction(file: Option<Direction>, options: Direction, notes: &mut Notes) {
    match (file, options) {
        (Some(Direction::Directed), Direction::Undirected) => {
            notes.warning(
                "the file has directed links, which are read as undirected: use --directed to keep directions",
            );
        }
        (Some(Direction::Undirected), Direction::Directed) => {
            notes.warning("the file has undirected links, which are read as directed: omit --directed");
        }
        _ => {}
    }
}

/// How to load a network.
#[derive(Clone, Copy)]
pub(crate) struct Load<'a> {
    pub(crate) input: &'a InputArgs,
    pub(crate) flow: &'a FlowArgs,
    pub(crate) keep: KeepLinks,
    pub(crate) objective: &'a dyn RegisteredObjective,
    pub(crate) prediction: &'a Prediction,
    pub(crate) progress: &'a ProgressLine,
}

/// Whether links are kept after their flow is computed.
///
/// The flow of links is not defined for multilayer walks that relax to self.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum KeepLinks {
    No,
    /// Kept if their flow is defined.
    IfDefined,
    Yes,
}

/// Reads the network and computes its flow.
pub(crate) fn load(load: Load<'_>, notes: &mut Notes) -> Result<Input, Failure> {
    let Load { input, flow, prediction, progress, .. } = load;
    flow.options(input.self_links()).validate()?;
    prediction.before_reading(&input.network, progress)?;
    let start = Instant::now();
    progress.step(format!("reading {}", input.network.display()));
    let (file, lumping) = paths::read(input, flow.model().direction())?;
    let read_seconds = seconds(start.elapsed());
    Ok(Input { read_seconds, lumping, ..with_flow(file, load, notes)? })
}

/// Computes the flow of a network that has been read.
pub(crate) fn with_flow(file: NetworkFile, load: Load<'_>, notes: &mut Notes) -> Result<Input, Failure> {
    let Load { input, flow, keep, objective, prediction, progress } = load;
    let mut options = flow.options(input.self_links());
    input.temporal.limit(&mut options.relaxation);
    options.validate()?;
    let requested = options.bipartite;
    if objective.needs_unipartite_flow() {
        options.bipartite = BipartiteFlow::Unipartite;
    }
    notes.extend(file.notes);
    warn_of_direction(file.directed_hint, options.model.direction(), notes);
    let network = file.network;
    let bipartite = network.nodes().first_feature.is_some();
    notes.extend(flow.without_effect(bipartite));
    if bipartite && options.bipartite != requested {
        let name = objective.name();
        notes.note(format!("{name} implies --skip-adjust-bipartite-flow: features are visited"));
    }
    if let Some(bias) = flow.second_order.bias() {
        return second_order_input(network, &bias, &options, load, notes);
    }

    let start = Instant::now();
    progress.step("computing the flow");
    let facts = NetworkFacts::of(&network);
    let states = network.nodes().states.as_ref();
    let layers = states.and_then(|states| states.layers.as_ref());
    let relaxes = layers.is_some_and(|layers| layers.inter.is_some());
    let defined = !(relaxes && options.relaxation.to_self);
    let keep_links = keep != KeepLinks::No && defined;
    // If links are kept, the walk is expanded to the links that it takes.
    let walked = relaxes.then(|| {
        let links = count_expanded_links(&network, &options);
        let factored = if keep_links { None } else { count_factored_links(&network, &options, links) };
        WalkedLinks { links: links as u64, factored: factored.map(|links| links as u64) }
    });
    let predicted_peak_memory_bytes = prediction.after_reading(&input.network, &network, walked, progress)?;
    let model = if relaxes { options.model.between_layers() } else { options.model };
    if !relaxes && states.is_some() && options.model == FlowModel::Undirected {
        notes.warning(
            "links between states are followed in both directions, against the order of the states: use --directed",
        );
    }
    if keep == KeepLinks::Yes && !defined {
        let message =
            "the flow of links (ftree, json) is not defined with --multilayer-relax-to-self (hint: -o tree,csv)";
        return Err(Failure::Usage(message.to_owned()));
    }
    let (network, options) = match keep_links.then(|| expand_layers(&network, &options)).flatten() {
        Some(expanded) => (expanded, FlowOptions { model, ..options }),
        None => (network, options),
    };
    let computed = compute_flow(&network, &options)?;
    let (nodes, links, direction) = network.into_parts();
    Ok(Input {
        nodes,
        layout: Layout::as_it_is(computed.network),
        links: keep_links.then_some(KeptLinks { links, direction, flow: computed.links }),
        facts,
        memory: None,
        flow_facts: flow_facts(computed.report, notes),
        model,
        read_seconds: 0.0,
        lumping: None,
        flow_seconds: seconds(start.elapsed()),
        predicted_peak_memory_bytes,
    })
}

/// Returns the facts on how the flow was computed, and passes on its notes.
pub(crate) fn flow_facts(report: FlowReport, notes: &mut Notes) -> FlowFacts {
    let FlowReport { iterations, residual, converged, .. } = report;
    report.notes.into_iter().for_each(|note| if converged { notes.note(note) } else { notes.warning(note) });
    FlowFacts { iterations, residual, converged }
}
