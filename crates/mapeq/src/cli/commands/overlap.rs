//! `mapeq overlap`: modules that may overlap, and their score.

use std::path::Path;
use std::time::Instant;

use mapeq_core::{FlowNetwork, Network, Tree};
use mapeq_flow::{FlowOptions, compute_flow};
use mapeq_io::{Header, read_memberships};
use mapeq_multilevel::MultilevelOptions;
use mapeq_overlap::{Copies, Cover, Entry, OverlapOptions, Walk, nested, one_level_codelength, overlapping};
use mapeq_search::Layout;
use mapeq_twolevel::{Penalties, entropy_bias};
use serde::Serialize;

use crate::cli::args::{CommonArgs, EntropyArgs, FlowArgs, InputArgs, OverlapArgs, ScoreArgs};
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::{paths, warn_of_direction};
use crate::cli::interrupt;
use crate::cli::notes::Notes;
use crate::cli::output::manifest;
use crate::cli::output::overlap_files::OverlapFiles;
use crate::cli::output::summary;
use crate::cli::output::table::{Summary, count, duration, precise};
use crate::cli::progress::ProgressLine;
use crate::cli::report::seconds;
use crate::cli::session::{Session, must_exist, print};
use crate::job::{ClusterOptions, SearchInput, cluster_with};
use crate::registry::{
    MapEquationOptions, ObjectiveOption, RegisteredMapEquation, RegisteredObjective, relative_savings,
};

/// What there is to tell, as keys of the JSON object.
#[derive(Debug, Default, Serialize)]
struct Facts {
    version: &'static str,
    command: &'static str,
    nodes: usize,
    links: usize,
    flow_model: String,
    codelength: f64,
    index_codelength: f64,
    module_codelength: f64,
    one_level_codelength: f64,
    relative_savings: f64,
    /// Of `--nested` alone: without the levels above the modules.
    #[serde(skip_serializing_if = "Option::is_none")]
    two_level_codelength: Option<f64>,
    levels: usize,
    top_modules: usize,
    modules: usize,
    memberships: usize,
    overlapping_nodes: usize,
    /// Of the search alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    hard_codelength: Option<f64>,
    hard_seconds: f64,
    seconds: f64,
    notes: Vec<String>,
    outputs: Vec<String>,
}

/// The walk that is described.
struct Input {
    network: Network,
    flow: FlowNetwork,
    walk: Walk,
    model: String,
    /// What codewords cost.
    penalties: Penalties,
}

pub(crate) fn run(args: &OverlapArgs, session: &Session) -> Result<(), Failure> {
    let clock = Clock::start()?;
    must_exist(&args.network)?;
    let files = match args.no_file_output {
        true => OverlapFiles::none(),
        false => OverlapFiles::plan(&args.network, &args.out_dir, &args.output, args.no_overwrite)?,
    };
    let manifest = manifest::plan(&args.manifest, &[&args.network], args.no_overwrite, &args.common)?;
    let progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let input = load(&args.network, &args.input, &args.flow, &args.entropy, &mut notes)?;

    let start = Instant::now();
    interrupt::search_begins();
    progress.step("searching");
    let options =
        ClusterOptions { two_level: true, trials: args.trials as usize, seed: args.seed, ..ClusterOptions::default() };
    let layout = Layout::new(input.flow.clone());
    let objective =
        MapEquationOptions { entropy_correction: args.entropy.correction(), ..MapEquationOptions::default() };
    let hard = cluster_with(&layout, &RegisteredMapEquation(objective), &options, SearchInput::default(), &progress);
    let hard_seconds = seconds(start.elapsed());
    drop(layout);
    let start = Instant::now();
    let partition = hard.tree.leaf_partition();
    let options = OverlapOptions { per_codeword: input.penalties.per_codeword, ..OverlapOptions::default() };
    let copies = overlapping(&input.walk, &input.flow, &partition, &options, args.seed, &progress);
    let tree = match args.nested {
        true => nested(&copies, &MultilevelOptions::default(), args.seed, &progress),
        false => copies.flat_tree(),
    };
    let mut facts = facts("overlap", &input, &copies, &tree);
    facts.two_level_codelength = args.nested.then(|| copies.flat_codelength().total());
    facts.hard_codelength = Some(hard.score.codelength.total());
    (facts.hard_seconds, facts.seconds) = (hard_seconds, seconds(start.elapsed()));

    progress.step("writing");
    facts.outputs = files.write(input.network.nodes(), &copies, &tree, &header(&facts, session, &clock))?;
    progress.finish();
    if interrupt::requested() {
        notes.warning("interrupted: the search ended early");
    }
    facts.notes = told(notes, &args.common);
    manifest.map_or(Ok(()), |plan| plan.write(session, clock.started_at(), &facts, &facts.outputs))?;
    tell(&facts, &args.common)?;
    if interrupt::requested() { Err(Failure::Interrupted) } else { Ok(()) }
}

/// `mapeq score --overlap`
pub(crate) fn score(args: &ScoreArgs, session: &Session) -> Result<(), Failure> {
    let others = session.objective(&args.search)?.name() != RegisteredMapEquation::default().name();
    let mut options = args.search.of_objective.asked().filter(|&option| option != ObjectiveOption::EntropyCorrection);
    if let Some(option) = others.then_some("objective").or_else(|| options.next().map(ObjectiveOption::name)) {
        let message = format!("--{option} is not known of overlapping modules, which the map equation alone describes");
        return Err(Failure::Usage(message));
    }
    must_exist(&args.partition)?;
    let mut notes = Notes::default();
    let input = load(&args.network, &args.input, &args.flow, &args.search.of_objective.entropy, &mut notes)?;
    let given = read_memberships(&args.partition, input.network.nodes())?;
    given.notes.into_iter().for_each(|note| notes.note(note));
    let (cover, labels) = Cover::with_labels(given.modules);
    let copies = Copies::new(&input.walk, &cover, Entry::default());
    let tree = copies.tree(&given.parents, &labels);
    let mut facts = facts("score", &input, &copies, &tree);
    facts.notes = told(notes, &args.common);
    tell(&facts, &args.common)
}

fn load(
    path: &Path,
    input: &InputArgs,
    flow: &FlowArgs,
    entropy: &EntropyArgs,
    notes: &mut Notes,
) -> Result<Input, Failure> {
    if flow.memory.bias().is_some() {
        let message =
            "a walk that remembers is in modules that overlap already (hint: `mapeq cluster --return` finds them)";
        return Err(Failure::Usage(message.to_owned()));
    }
    let options = flow.options(input.self_links());
    options.validate()?;
    let known = FlowOptions {
        model: options.model,
        teleportation: options.teleportation,
        tolerance: options.tolerance,
        min_iterations: options.min_iterations,
        max_iterations: options.max_iterations,
        bipartite: options.bipartite,
        ..FlowOptions::default()
    };
    let (file, _) = paths::read(path, input, options.model.direction())?;
    file.notes.into_iter().for_each(|note| notes.note(note));
    warn_of_direction(file.directed_hint, options.model.direction(), notes);
    let network = file.network;
    if network.nodes().states.is_some() {
        let message = "states of a node are in modules of their own already (hint: `mapeq cluster` finds them)";
        return Err(Failure::Usage(message.to_owned()));
    }
    if options != known || network.nodes().first_feature.is_some() {
        let message = "overlapping modules are known of walks along links alone, \
                       without prior network, node weights, other Markov times and features";
        return Err(Failure::Usage(message.to_owned()));
    }
    let computed = compute_flow(&network, &options)?;
    let report = computed.report;
    report.notes.into_iter().for_each(|note| if report.converged { notes.note(note) } else { notes.warning(note) });
    let flow = computed.network;
    let walk = Walk::new(&network, &flow).map_err(|error| Failure::Usage(error.to_string()))?;
    let per_codeword = entropy.correction().map_or(0.0, |strength| entropy_bias(&flow.degrees, strength));
    let penalties = Penalties { per_codeword, ..Penalties::default() };
    Ok(Input { network, flow, walk, model: options.model.to_string(), penalties })
}

fn facts(command: &'static str, input: &Input, copies: &Copies, tree: &Tree) -> Facts {
    let (mut codelength, penalties) = (copies.codelength(tree).codelength, input.penalties.per_module(tree));
    codelength.index += penalties[0];
    codelength.module += penalties[1..].iter().sum::<f64>();
    let one_level = one_level_codelength(&input.walk) + input.penalties.one_level(input.walk.len());
    let cover = copies.cover();
    Facts {
        version: env!("CARGO_PKG_VERSION"),
        command,
        nodes: input.walk.len(),
        links: input.network.links().links(),
        flow_model: input.model.clone(),
        codelength: codelength.total(),
        index_codelength: codelength.index,
        module_codelength: codelength.module,
        one_level_codelength: one_level,
        relative_savings: relative_savings(codelength.total(), one_level),
        levels: tree.levels(),
        top_modules: tree.top_modules(),
        modules: cover.modules(),
        memberships: cover.memberships(),
        overlapping_nodes: cover.overlapping_nodes(),
        ..Facts::default()
    }
}

fn header(facts: &Facts, session: &Session, clock: &Clock) -> Header {
    Header {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: session.command_line.clone(),
        started_at: clock.started_at().to_owned(),
        completed_in: clock.completed_in(),
        levels: facts.levels,
        top_modules: facts.top_modules,
        codelength: facts.codelength,
        relative_savings: facts.relative_savings,
        flow_model: facts.flow_model.clone(),
        level: None,
        details: None,
    }
}

fn told(notes: Notes, common: &CommonArgs) -> Vec<String> {
    notes.print(common);
    notes.into_texts()
}

fn tell(facts: &Facts, common: &CommonArgs) -> Result<(), Failure> {
    if common.json {
        return print(&summary::json(facts));
    } else if common.quiet {
        return Ok(());
    }
    let mut summary = Summary::default();
    summary.line("network", format!("{}, {}", count(facts.nodes, "node"), count(facts.links, "link")));
    summary.line("flow model", &facts.flow_model);
    let (total, index, module) = (facts.codelength, facts.index_codelength, facts.module_codelength);
    summary
        .line("codelength", format!("{} bits = {} index + {} module", precise(total), precise(index), precise(module)));
    if let Some(hard) = facts.hard_codelength {
        let shorter = 100.0 * relative_savings(total, hard);
        summary.line("without overlap", format!("{} bits, of which {shorter:.4} % saved", precise(hard)));
    }
    summary.line("one level", format!("{} bits", precise(facts.one_level_codelength)));
    if let Some(two_level) = facts.two_level_codelength {
        summary.line("two levels", format!("{} bits", precise(two_level)));
        summary.line("levels", format!("{}, {} at the top", facts.levels, count(facts.top_modules, "module")));
    }
    summary.line("modules", format!("{}, {}", facts.modules, count(facts.memberships, "membership")));
    summary.line("overlapping nodes", facts.overlapping_nodes.to_string());
    if facts.hard_codelength.is_some() {
        let times = (duration(facts.hard_seconds), duration(facts.seconds));
        summary.line("time", format!("{} for hard modules, {} for overlapping ones", times.0, times.1));
    }
    facts.outputs.iter().for_each(|output| summary.line("written", output));
    print(&summary.aligned())
}
