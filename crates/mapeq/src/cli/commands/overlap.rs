//! `mapeq overlap` and `mapeq score --overlap`: overlapping modules and their codelength.

use std::time::Instant;

use mapeq_core::{FlowNetwork, Network, Tree};
use mapeq_flow::{FlowModel, FlowOptions, compute_flow};
use mapeq_io::read_memberships;
use mapeq_overlap::{Copies, Cover, Entry, OverlapOptions, Walk, nested, one_level_codelength, overlapping};
use mapeq_search::Layout;
use mapeq_twolevel::{Penalties, entropy_bias};
use serde::Serialize;

use crate::cli::args::{CommonArgs, EntropyArgs, FlowArgs, InputArgs, OverlapArgs, ScoreArgs};
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::constraints::check_method;
use crate::cli::input::prediction::Prediction;
use crate::cli::input::start::read_start;
use crate::cli::input::{flow_facts, paths, warn_of_direction};
use crate::cli::interrupt;
use crate::cli::notes::Notes;
use crate::cli::output::header::{header, run_details};
use crate::cli::output::overlap_files::OverlapFiles;
use crate::cli::output::table::{Summary, count, duration, precise};
use crate::cli::output::{manifest, summary};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{FlowFacts, NetworkFacts, TreeFacts, TrialFacts, peak_memory_bytes, seconds};
use crate::cli::session::{Session, must_exist, print};
use crate::job::{ClusterOptions, SearchInput, cluster_with};
use crate::registry::{
    MapEquationOptions, ObjectiveOption, RegisteredMapEquation, RegisteredObjective, Score, relative_savings,
};

/// The result, as keys of the JSON object.
#[derive(Serialize)]
struct Facts {
    version: &'static str,
    command: &'static str,
    nodes: usize,
    links: usize,
    network: NetworkFacts,
    flow_model: String,
    objective: &'static str,
    seed: u64,
    threads: usize,
    #[serde(flatten)]
    result: TreeFacts,
    /// Codelength without the levels above the modules, with `--nested`.
    #[serde(skip_serializing_if = "Option::is_none")]
    two_level_codelength: Option<f64>,
    modules: usize,
    memberships: usize,
    overlapping_nodes: usize,
    /// Codelength of the hard modules; none without a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    hard_codelength: Option<f64>,
    /// Trials of the search for hard modules.
    trials: Vec<TrialFacts>,
    best_trial: Option<usize>,
    flow: FlowFacts,
    hard_seconds: f64,
    seconds: f64,
    peak_memory_bytes: u64,
    predicted_peak_memory_bytes: u64,
    notes: Vec<String>,
    outputs: Vec<String>,
    interrupted: bool,
}

/// A network with the walk that modules describe.
struct Input {
    network: Network,
    flow: FlowNetwork,
    walk: Walk,
    model: FlowModel,
    flow_facts: FlowFacts,
    /// Cost of codewords.
    penalties: Penalties,
    predicted_peak_memory_bytes: u64,
}

/// Runs `mapeq overlap`.
pub(crate) fn run(args: &OverlapArgs, session: &Session) -> Result<(), Failure> {
    let clock = Clock::start()?;
    args.inputs().into_iter().try_for_each(must_exist)?;
    let files = OverlapFiles::plan(args)?;
    let manifest = manifest::plan(&args.output.manifest, &args.inputs(), &args.common)?;
    let mut progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let trials = args.trials();
    let prediction = Prediction::of_reading(&args.common, session);
    let prediction = prediction.with_search(args.flow.model(), trials, args.nested);
    let input = load(&args.input, &args.flow, &args.entropy, &prediction, &progress, &mut notes)?;
    check_method(&args.search, input.walk.len())?;
    let tree = read_start(&args.start, input.network.nodes(), &input.flow.couplings, &mut notes)?;

    let start = Instant::now();
    let options = ClusterOptions { two_level: true, ..args.trials.options(trials, &args.search) };
    let layout = Layout::new(input.flow.clone());
    let objective = RegisteredMapEquation(MapEquationOptions {
        entropy_correction: args.entropy.correction(),
        ..MapEquationOptions::default()
    });
    interrupt::search_begins();
    progress.limit(args.trials.time_limit);
    progress.trials_begin("searching", options.trials, objective.unit());
    let given = SearchInput { start: tree.as_ref(), fixed: None };
    let hard = cluster_with(&layout, &objective, &options, given, &progress);
    let hard_seconds = seconds(start.elapsed());
    drop(layout);

    let start = Instant::now();
    let partition = hard.tree.leaf_partition();
    let options = OverlapOptions { per_codeword: input.penalties.per_codeword, ..OverlapOptions::default() };
    let seed = args.trials.seed;
    let copies = overlapping(&input.walk, &input.flow, &partition, &options, seed, &progress);
    let tree = match args.nested {
        true => nested(&copies, &args.search.options(), seed, &progress),
        false => copies.flat_tree(),
    };
    progress.note_early_end(hard.trials.len(), trials as usize, &mut notes);
    let mut facts = facts("overlap", session, &input, &copies, &tree);
    facts.seed = seed;
    facts.two_level_codelength = args.nested.then(|| copies.flat_codelength().total());
    facts.hard_codelength = Some(hard.score.codelength.total());
    facts.trials = hard.trials.iter().map(Into::into).collect();
    facts.best_trial = hard.trials.get(hard.best_trial).map(|best| best.number + 1);
    (facts.hard_seconds, facts.seconds) = (hard_seconds, seconds(start.elapsed()));

    progress.step("writing");
    let details = args.files.needs_details().then(|| run_details(&args.input, hard.trials.len(), trials, seed));
    let header = header(session, &clock, &facts.result, input.model, details.transpose()?);
    facts.outputs = files.write(args, input.network.nodes(), &copies, &tree, &header)?;
    progress.finish();
    facts.notes = notes.print(&args.common);
    facts.interrupted = interrupt::requested();
    manifest.map_or(Ok(()), |plan| plan.write(session, &clock, &facts, &facts.outputs))?;
    print_facts(&facts, &args.common)?;
    if facts.interrupted { Err(Failure::Interrupted) } else { Ok(()) }
}

/// Runs `mapeq score --overlap`. Prints `notes` with its own.
pub(super) fn score(args: &ScoreArgs, session: &Session, mut notes: Notes) -> Result<(), Failure> {
    let clock = Clock::start()?;
    let map_equation = RegisteredMapEquation::default();
    let other = session.objective(&args.objective)?.name() != map_equation.name();
    let mut options = args.objective.given().filter(|&option| option != ObjectiveOption::EntropyCorrection);
    if let Some(option) = other.then_some("objective").or_else(|| options.next().map(ObjectiveOption::name)) {
        let message = format!("--{option} is not supported for overlapping modules: they have the map equation only");
        return Err(Failure::Usage(message));
    }
    args.inputs().into_iter().try_for_each(must_exist)?;
    let manifest = manifest::plan(&args.manifest, &args.inputs(), &args.common)?;
    let progress = ProgressLine::new(&args.common);
    let prediction = Prediction::of_reading(&args.common, session).with_search(args.flow.model(), 0, false);
    let input = load(&args.input, &args.flow, &args.objective.entropy, &prediction, &progress, &mut notes)?;
    let given = read_memberships(&args.partition, input.network.nodes())?;
    notes.extend(given.notes);
    let (cover, labels) = Cover::with_labels(given.modules);
    let copies = Copies::new(&input.walk, &cover, Entry::default());
    let tree = copies.tree(&given.parents, &labels);
    let mut facts = facts("score", session, &input, &copies, &tree);
    facts.seed = args.trials.seed;
    progress.finish();
    facts.notes = notes.print(&args.common);
    manifest.map_or(Ok(()), |plan| plan.write(session, &clock, &facts, &[]))?;
    print_facts(&facts, &args.common)
}

fn load(
    args: &InputArgs,
    flow: &FlowArgs,
    entropy: &EntropyArgs,
    prediction: &Prediction,
    progress: &ProgressLine,
    notes: &mut Notes,
) -> Result<Input, Failure> {
    let refuse = |message: &str| Err(Failure::Usage(message.to_owned()));
    if flow.second_order.bias().is_some() {
        return refuse("modules of second-order walks overlap already (hint: `mapeq cluster --return` finds them)");
    }
    let options = flow.options(args.self_links());
    options.validate()?;
    let supported = FlowOptions {
        model: options.model,
        teleportation: options.teleportation,
        tolerance: options.tolerance,
        min_iterations: options.min_iterations,
        max_iterations: options.max_iterations,
        bipartite: options.bipartite,
        ..FlowOptions::default()
    };
    let unsupported = "overlapping modules need a walk along links, without prior network, node weights as flow, \
                       other Markov times and bipartite features";
    if options.regularization != supported.regularization
        || options.node_weights_as_flow
        || options.markov_time != supported.markov_time
    {
        return refuse(unsupported);
    }
    prediction.before_reading(&args.network, progress)?;
    progress.step(format!("reading {}", args.network.display()));
    let (file, _) = paths::read(args, options.model.direction())?;
    notes.extend(file.notes);
    warn_of_direction(file.directed_hint, options.model.direction(), notes);
    let network = file.network;
    if network.nodes().states.is_some() {
        return refuse("modules of states overlap already (hint: `mapeq cluster` finds them)");
    }
    if options != supported || network.nodes().first_feature.is_some() {
        return refuse(unsupported);
    }
    notes.extend(flow.without_effect(false));
    let predicted_peak_memory_bytes = prediction.after_reading(&args.network, &network, None, progress)?;
    progress.step("computing the flow");
    let computed = compute_flow(&network, &options)?;
    let flow_facts = flow_facts(computed.report, notes);
    let flow = computed.network;
    let walk = Walk::new(&network, &flow).map_err(|error| Failure::Usage(error.to_string()))?;
    let per_codeword = entropy.correction().map_or(0.0, |strength| entropy_bias(&flow.degrees, strength));
    let penalties = Penalties { per_codeword, ..Penalties::default() };
    Ok(Input { network, flow, walk, model: options.model, flow_facts, penalties, predicted_peak_memory_bytes })
}

fn facts(command: &'static str, session: &Session, input: &Input, copies: &Copies, tree: &Tree) -> Facts {
    let (scored, penalties) = (copies.codelength(tree), input.penalties.per_module(tree));
    let mut codelength = scored.codelength;
    codelength.index += penalties[0];
    codelength.module += penalties[1..].iter().sum::<f64>();
    let one_level = one_level_codelength(&input.walk) + input.penalties.one_level(input.walk.len());
    let cover = copies.cover();
    let network = NetworkFacts::of(&input.network);
    Facts {
        version: env!("CARGO_PKG_VERSION"),
        command,
        nodes: network.nodes,
        links: network.links,
        network,
        flow_model: input.model.to_string(),
        objective: "map-equation",
        seed: 0,
        threads: session.threads,
        result: TreeFacts::new(tree, &Score { codelength, one_level, modules: scored.codebooks }),
        two_level_codelength: None,
        modules: cover.modules(),
        memberships: cover.memberships(),
        overlapping_nodes: cover.overlapping_nodes(),
        hard_codelength: None,
        trials: Vec::new(),
        best_trial: None,
        flow: input.flow_facts,
        hard_seconds: 0.0,
        seconds: 0.0,
        peak_memory_bytes: peak_memory_bytes(),
        predicted_peak_memory_bytes: input.predicted_peak_memory_bytes,
        notes: Vec::new(),
        outputs: Vec::new(),
        interrupted: false,
    }
}

fn print_facts(facts: &Facts, common: &CommonArgs) -> Result<(), Failure> {
    if common.json {
        return print(&summary::json(facts));
    } else if common.quiet {
        return Ok(());
    }
    let mut summary = Summary::default();
    let result = &facts.result;
    summary.line("network", summary::of_network(&facts.network));
    summary.line("flow model", format!("{}{}", facts.flow_model, summary::sweeps(&facts.flow)));
    let (total, index, module) = (result.codelength, result.index_codelength, result.module_codelength);
    summary
        .line("codelength", format!("{} bits = {} index + {} module", precise(total), precise(index), precise(module)));
    if let Some(hard) = facts.hard_codelength {
        let savings = 100.0 * relative_savings(total, hard);
        summary.line("without overlap", format!("{} bits, savings {savings:.4} %", precise(hard)));
    }
    summary.line("one level", format!("{} bits", precise(result.one_level_codelength)));
    if let Some(two_level) = facts.two_level_codelength {
        summary.line("two levels", format!("{} bits", precise(two_level)));
        summary.line("levels", format!("{}, {} at the top", result.levels, count(result.top_modules, "module")));
    }
    summary.line("modules", format!("{}, {}", facts.modules, count(facts.memberships, "membership")));
    summary.line("overlapping nodes", facts.overlapping_nodes.to_string());
    if facts.hard_codelength.is_some() {
        let [hard, overlapping] = [facts.hard_seconds, facts.seconds].map(duration);
        summary.line("time", format!("{hard} for hard modules, {overlapping} for overlapping ones"));
    }
    facts.outputs.iter().for_each(|output| summary.line("written", output));
    print(&summary.aligned())
}
