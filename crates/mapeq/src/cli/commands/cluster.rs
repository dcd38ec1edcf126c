//! `mapeq cluster`: the main job.

use std::path::Path;
use std::time::Instant;

use mapeq_core::{Partition, Tree};
use mapeq_io::{Header, InputFile, ReadError, RunDetails, read_partition};

use super::every_trial;
use crate::cli::args::ClusterArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::constraints::{self, GivenFiles};
use crate::cli::input::missing_nodes::join_neighbours;
use crate::cli::input::prediction::Prediction;
use crate::cli::input::{Input, KeepLinks, LoadArgs, load_with};
use crate::cli::interrupt;
use crate::cli::notes::Notes;
use crate::cli::output::files::Files;
use crate::cli::output::manifest;
use crate::cli::output::summary;
use crate::cli::progress::ProgressLine;
use crate::cli::report::{Report, TreeFacts, seconds};
use crate::cli::session::{Session, must_exist, print};
use crate::job::{ClusterOptions, Clustering, TrialSummary, cluster_with};
use crate::registry::RegisteredObjective;

pub(crate) fn run(args: &ClusterArgs, session: &Session) -> Result<(), Failure> {
    run_with(args, session, |_| Ok(()))
}

/// The same, and `tell` has more to tell of the run.
pub(crate) fn run_with(
    args: &ClusterArgs,
    session: &Session,
    tell: impl FnOnce(&Report) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let clock = Clock::start()?;
    let asked = session.objective(&args.search)?;
    constraints::check(&args.demands)?;
    args.inputs().into_iter().try_for_each(must_exist)?;
    let mut files = Files::plan(args)?;
    let manifest = manifest::plan(&args.output.manifest, &args.inputs(), args.output.no_overwrite, &args.common)?;
    let mut progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let trials = if args.no_infomap { 0 } else { args.trials() };
    let prediction = Prediction::of_reading(&args.common, session);
    let prediction = prediction.with_search(args.flow.model(), trials, !args.two_level);
    let keep = if files.need_links() { KeepLinks::Yes } else { KeepLinks::No };
    let load = LoadArgs { input: &args.input, flow: &args.flow, keep };
    let mut input = load_with(&args.network, load, asked, &prediction, &progress, &mut notes)?;
    let objective = input.objective(session, &args.search, &mut notes)?;
    let objective = &*objective;
    files.plan_states(args, &input.nodes)?;
    let every_trial = &args.every_trial;
    if every_trial.asked(trials) {
        (0..trials as usize).try_for_each(|trial| files.of_trial(every_trial.number(trial)).check(args))?;
    }

    let start = Instant::now();
    let mut apart = Vec::new();
    let clustering = if args.no_infomap {
        given_modules(args, &input, objective, &mut notes)?
    } else {
        let start = given_tree(args, &input, &mut notes)?;
        let given = constraints::read(&args.demands, start, &input.nodes, &mut notes)?;
        if args.two_level && args.search.of_objective.prefers_levels() {
            notes.note("--preferred-number-of-levels has no effect with --two-level".to_owned());
        }
        input = input.laid_out();
        search(args, &input, objective, &given, &mut progress, &mut notes, &mut apart)
    };
    let search_seconds = seconds(start.elapsed());

    let start = Instant::now();
    progress.step("writing");
    let result = TreeFacts::new(&clustering.tree, &clustering.score);
    let details = details(args, &clustering)?;
    let mut outputs = Vec::new();
    for trial in &apart {
        let TrialSummary { number, seed, .. } = trial.trials[0];
        let details = details.clone().map(|details| RunDetails { trials: 1, trials_requested: 1, seed, ..details });
        let header = header(&input, &TreeFacts::new(&trial.tree, &trial.score), session, &clock, details);
        outputs.extend(files.of_trial(every_trial.number(number)).write(&input, trial, &args.output, &header)?);
    }
    if !every_trial.no_final_output {
        let header = header(&input, &result, session, &clock, details);
        outputs.extend(files.write(&input, &clustering, &args.output, &header)?);
    }
    let write_seconds = seconds(start.elapsed());
    progress.finish();

    notes.print(&args.common);
    let mut report = input.report("cluster", session, objective, &args.search, result, notes);
    report.trials = clustering.trials.iter().map(Into::into).collect();
    report.best_trial = clustering.trials.get(clustering.best_trial).map(|best| best.number + 1);
    report.seconds.search = search_seconds;
    report.seconds.write = write_seconds;
    report.seconds.total = clock.elapsed();
    report.outputs = outputs;
    report.interrupted = interrupt::requested();
    tell(&report)?;
    manifest.map_or(Ok(()), |plan| plan.write(session, clock.started_at(), &report, &report.outputs))?;
    if args.common.json {
        print(&summary::json(&report))?;
    } else if !args.common.quiet {
        print(&summary::of_run(&report, objective.unit()))?;
    }
    if report.interrupted { Err(Failure::Interrupted) } else { Ok(()) }
}

/// What the header tells besides its classic lines, if somebody wants it.
fn details(args: &ClusterArgs, clustering: &Clustering) -> Result<Option<RunDetails>, Failure> {
    if !args.output.wants_details() {
        return Ok(None);
    }
    let input = (args.network != Path::new("-")).then(|| InputFile::from_path(&args.network)).transpose();
    let input = input.map_err(|source| ReadError::Io { path: args.network.clone(), source })?;
    let (trials, seed) = (clustering.trials.len(), args.every_trial.first_seed(args.search.seed));
    let trials_requested = if args.no_infomap { 0 } else { args.trials() as usize };
    Ok(Some(RunDetails { trials, trials_requested, seed, input }))
}

fn header(input: &Input, result: &TreeFacts, session: &Session, clock: &Clock, details: Option<RunDetails>) -> Header {
    Header {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: session.command_line.clone(),
        started_at: clock.started_at().to_owned(),
        completed_in: clock.completed_in(),
        levels: result.levels,
        top_modules: result.top_modules,
        codelength: result.codelength,
        relative_savings: result.relative_savings,
        flow_model: input.model.to_string(),
        level: None,
        details,
    }
}

fn search(
    args: &ClusterArgs,
    input: &Input,
    objective: &dyn RegisteredObjective,
    given: &GivenFiles,
    progress: &mut ProgressLine,
    notes: &mut Notes,
    apart: &mut Vec<Clustering>,
) -> Clustering {
    let trials = args.trials() as usize;
    let options = ClusterOptions {
        two_level: args.two_level,
        trials,
        independent_trials: args.independent_trials,
        seed: args.every_trial.first_seed(args.search.seed),
        search: args.effort.restrict(args.search.options()),
        convergence: args.effort.convergence(),
        method: args.demands.method(),
        sizes: args.demands.sizes(),
        ..ClusterOptions::default()
    };
    interrupt::search_begins();
    progress.limit(args.time_limit);
    progress.trials_begin("searching", trials, objective.unit());
    let clustering = if args.every_trial.asked(args.trials()) {
        *apart = every_trial::run(&input.layout, objective, &options, given.given(), progress);
        every_trial::best(apart)
    } else {
        cluster_with(&input.layout, objective, &options, given.given(), progress)
    };
    clustering.notes.iter().for_each(|note| notes.note(note));
    if progress.time_is_over() && !interrupt::requested() {
        notes.note(match clustering.trials.len() {
            1 => "the time limit ended the search in its first trial or after it".to_owned(),
            ran => format!("the time limit ended the search: {ran} trials ran"),
        });
    } else if clustering.trials.len() < trials {
        notes.warning(format!("interrupted: {} of {trials} trials ran", clustering.trials.len()));
    } else if interrupt::requested() {
        notes.warning("interrupted: the search ended early");
    }
    clustering
}

/// The modules of --cluster-data, if it is given.
fn given_tree(args: &ClusterArgs, input: &Input, notes: &mut Notes) -> Result<Option<Tree>, Failure> {
    let Some(path) = &args.cluster_data else { return Ok(None) };
    let file = read_partition(path, &input.nodes)?;
    file.notes.into_iter().for_each(|note| notes.note(note));
    if !args.assign_to_neighbouring_module || file.missing.is_empty() {
        return Ok(Some(file.tree));
    }
    let (tree, joined) = join_neighbours(&file.tree, &file.missing, &input.layout.network().couplings);
    notes.note(format!("{joined} of these joined the modules they are coupled to most"));
    Ok(Some(tree))
}

/// The modules that the user gives, or one module, without a search.
fn given_modules(
    args: &ClusterArgs,
    input: &Input,
    objective: &dyn RegisteredObjective,
    notes: &mut Notes,
) -> Result<Clustering, Failure> {
    let given = given_tree(args, input, notes)?;
    let tree = given.unwrap_or_else(|| Tree::from_partition(&Partition::one_module(input.nodes.len())));
    let flow = input.layout.network();
    let tree = for_objective(tree, args.two_level, objective, notes).sorted_by_flow(&flow.nodes.flow);
    let score = objective.score(flow, &tree);
    let flow = flow.nodes.flow.clone();
    Ok(Clustering { tree, score, flow, trials: Vec::new(), best_trial: 0, notes: Vec::new() })
}

/// The top modules alone, where that is asked for or all that the objective can score.
pub(crate) fn for_objective(
    tree: Tree,
    two_level: bool,
    objective: &dyn RegisteredObjective,
    notes: &mut Notes,
) -> Tree {
    if tree.levels() <= 2 {
        return tree;
    }
    if !objective.is_hierarchical() && !two_level {
        let name = objective.name();
        notes.note(format!("the objective {name} has no hierarchy: the top modules are scored"));
    } else if !two_level {
        return tree;
    }
    Tree::from_partition(&tree.partition_at(1))
}
