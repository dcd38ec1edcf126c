//! `mapeq cluster`: finds modules and writes them.

use std::time::Instant;

use mapeq_core::{Partition, Tree};
use mapeq_io::RunDetails;

use super::every_trial;
use super::run_report::run_report;
use crate::cli::args::ClusterArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::constraints::{check, check_method, read_fixed};
use crate::cli::input::prediction::Prediction;
use crate::cli::input::start::read_start;
use crate::cli::input::{Input, KeepLinks, Load, load};
use crate::cli::interrupt;
use crate::cli::notes::Notes;
use crate::cli::output::files::Files;
use crate::cli::output::header::{header, run_details};
use crate::cli::output::{manifest, summary};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{Report, TreeFacts, seconds};
use crate::cli::session::{Session, must_exist, print};
use crate::job::{ClusterOptions, Clustering, SearchInput, TrialSummary, cluster_with};
use crate::registry::RegisteredObjective;

/// Runs `mapeq cluster`.
pub(crate) fn run(args: &ClusterArgs, session: &Session) -> Result<(), Failure> {
    run_with(args, session, |_| Ok(()))
}

/// Runs `mapeq cluster`. `write_reports` writes further reports on the run.
pub(crate) fn run_with(
    args: &ClusterArgs,
    session: &Session,
    write_reports: impl FnOnce(&Report) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let clock = Clock::start()?;
    let objective = session.objective(&args.objective)?;
    check(&args.constraints, &args.search)?;
    args.inputs().into_iter().try_for_each(must_exist)?;
    let mut files = Files::plan(args)?;
    let manifest = manifest::plan(&args.output.manifest, &args.inputs(), &args.common)?;
    let mut progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let trials = args.trials();
    let prediction = Prediction::of_reading(&args.common, session);
    let prediction = prediction.with_search(args.flow.model(), trials, !args.levels.two_level);
    let keep = if files.need_links() { KeepLinks::Yes } else { KeepLinks::No };
    let (prediction, progress_line) = (&prediction, &progress);
    let how = Load { input: &args.input, flow: &args.flow, keep, objective, prediction, progress: progress_line };
    let mut input = load(how, &mut notes)?;
    let objective = input.objective(session, &args.objective, &mut notes)?;
    let objective = &*objective;
    files.plan_states(args, &input.nodes)?;
    let every_trial = &args.every_trial;
    if every_trial.is_requested(trials) {
        (0..trials as usize).try_for_each(|trial| files.of_trial(every_trial.number(trial)).check(args))?;
    }

    let start = Instant::now();
    let tree = read_start(&args.start, &input.nodes, &input.layout.network().couplings, &mut notes)?;
    let mut separate = Vec::new();
    let clustering = if args.no_infomap {
        given_modules(tree, args, &input, objective, &mut notes)
    } else {
        check_method(&args.search, input.nodes.len())?;
        let fixed = read_fixed(&args.constraints, &input.nodes, &mut notes)?;
        if args.levels.two_level && args.objective.prefers_levels() {
            notes.note("--preferred-number-of-levels has no effect with --two-level");
        }
        input = input.laid_out();
        let given = SearchInput { start: tree.as_ref(), fixed: fixed.as_deref() };
        let clustering = search(args, &input, objective, given, &mut progress, &mut separate);
        notes.extend(clustering.notes.iter().cloned());
        progress.note_early_end(clustering.trials.len(), trials as usize, &mut notes);
        clustering
    };
    let search_seconds = seconds(start.elapsed());

    let start = Instant::now();
    progress.step("writing");
    let result = TreeFacts::new(&clustering.tree, &clustering.score);
    let seed = every_trial.first_seed(args.trials.seed);
    let details = args.files.needs_details().then(|| run_details(&args.input, clustering.trials.len(), trials, seed));
    let details = details.transpose()?;
    let mut outputs = Vec::new();
    for trial in &separate {
        let TrialSummary { number, seed, .. } = trial.trials[0];
        let details = details.clone().map(|details| RunDetails { trials: 1, trials_requested: 1, seed, ..details });
        let header = header(session, &clock, &TreeFacts::new(&trial.tree, &trial.score), input.model, details);
        outputs.extend(files.of_trial(every_trial.number(number)).write(&input, trial, &args.files, &header)?);
    }
    if !every_trial.no_final_output {
        let header = header(session, &clock, &result, input.model, details);
        outputs.extend(files.write(&input, &clustering, &args.files, &header)?);
    }
    let write_seconds = seconds(start.elapsed());
    progress.finish();

    let mut report = run_report("cluster", session, &input, &args.objective, args.trials.seed, result);
    report.notes = notes.print(&args.common);
    report.trials = clustering.trials.iter().map(Into::into).collect();
    report.best_trial = clustering.trials.get(clustering.best_trial).map(|best| best.number + 1);
    report.seconds.search = search_seconds;
    report.seconds.write = write_seconds;
    report.seconds.total = clock.elapsed();
    report.outputs = outputs;
    report.interrupted = interrupt::requested();
    write_reports(&report)?;
    manifest.map_or(Ok(()), |plan| plan.write(session, &clock, &report, &report.outputs))?;
    if args.common.json {
        print(&summary::json(&report))?;
    } else if !args.common.quiet {
        print(&summary::of_run(&report, objective.unit()))?;
    }
    if report.interrupted { Err(Failure::Interrupted) } else { Ok(()) }
}

/// Searches for modules. If each trial is written to its own files, stores the trials in
/// `separate`.
fn search(
    args: &ClusterArgs,
    input: &Input,
    objective: &dyn RegisteredObjective,
    given: SearchInput<'_>,
    progress: &mut ProgressLine,
    separate: &mut Vec<Clustering>,
) -> Clustering {
    let options = ClusterOptions {
        two_level: args.levels.two_level,
        seed: args.every_trial.first_seed(args.trials.seed),
        sizes: args.constraints.sizes(),
        ..args.trials.options(args.trials(), &args.search)
    };
    interrupt::search_begins();
    progress.limit(args.trials.time_limit);
    progress.trials_begin("searching", options.trials, objective.unit());
    if args.every_trial.is_requested(args.trials()) {
        *separate = every_trial::run(&input.layout, objective, &options, given, progress);
        every_trial::best(separate)
    } else {
        cluster_with(&input.layout, objective, &options, given, progress)
    }
}

/// Scores the modules of `--cluster-data`, or one module, without a search.
fn given_modules(
    tree: Option<Tree>,
    args: &ClusterArgs,
    input: &Input,
    objective: &dyn RegisteredObjective,
    notes: &mut Notes,
) -> Clustering {
    let tree = tree.unwrap_or_else(|| Tree::from_partition(&Partition::one_module(input.nodes.len())));
    let flow = input.layout.network();
    let tree = for_objective(tree, args.levels.two_level, objective, notes).sorted_by_flow(&flow.nodes.flow);
    let score = objective.score(flow, &tree);
    let flow = flow.nodes.flow.clone();
    Clustering { tree, score, flow, trials: Vec::new(), best_trial: 0, notes: Vec::new() }
}

/// Reduces the tree to its top modules if `two_level` is set or the objective is not hierarchical.
pub(super) fn for_objective(
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
