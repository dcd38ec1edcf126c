//! `mapeq score`: the codelength of a given partition.

use std::time::Instant;

use mapeq_io::read_partition;

use super::cluster::for_objective;
use super::overlap;
use super::run_report::run_report;
use crate::cli::args::{ScoreArgs, hidden_options};
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::prediction::Prediction;
use crate::cli::input::{KeepLinks, Load, load};
use crate::cli::notes::Notes;
use crate::cli::output::table::{Table, grouped, precise};
use crate::cli::output::{manifest, summary};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{LevelFacts, ModuleFacts, TreeFacts, seconds};
use crate::cli::session::{Session, must_exist, print};

/// Number of modules shown without `-v`.
const SHOWN_MODULES: usize = 20;

/// Runs `mapeq score`.
pub(crate) fn run(args: &ScoreArgs, session: &Session) -> Result<(), Failure> {
    let mut notes = Notes::default();
    let preference = args.objective.prefers_levels().then(|| "preferred-number-of-levels".to_owned());
    let unused = hidden_options(&session.words).into_iter().chain(preference);
    notes.extend(unused.map(|option| format!("--{option} has no effect without a search")));
    if args.overlap {
        return overlap::score(args, session, notes);
    }
    let clock = Clock::start()?;
    let objective = session.objective(&args.objective)?;
    args.inputs().into_iter().try_for_each(must_exist)?;
    let manifest = manifest::plan(&args.manifest, &args.inputs(), &args.common)?;
    let progress = ProgressLine::new(&args.common);
    let prediction = &Prediction::of_reading(&args.common, session).with_search(args.flow.model(), 0, false);
    let (keep, progress_line) = (KeepLinks::No, &progress);
    let how = Load { input: &args.input, flow: &args.flow, keep, objective, prediction, progress: progress_line };
    let input = load(how, &mut notes)?;
    let objective = input.objective(session, &args.objective, &mut notes)?;
    let objective = &*objective;

    let start = Instant::now();
    progress.step("scoring");
    let file = read_partition(&args.partition, &input.nodes)?;
    notes.extend(file.notes);
    let flow = input.layout.network();
    let tree = for_objective(file.tree, args.levels.two_level, objective, &mut notes).sorted_by_flow(&flow.nodes.flow);
    let score = objective.score(flow, &tree);
    let search_seconds = seconds(start.elapsed());
    progress.finish();

    let result = TreeFacts::new(&tree, &score);
    let mut report = run_report("score", session, &input, &args.objective, args.trials.seed, result);
    report.notes = notes.print(&args.common);
    report.seconds.search = search_seconds;
    report.seconds.total = clock.elapsed();
    report.codelength_per_level = LevelFacts::of(&tree, &score);
    report.modules = ModuleFacts::of(&tree, &score);
    manifest.map_or(Ok(()), |plan| plan.write(session, &clock, &report, &[]))?;
    if args.common.json {
        print(&summary::json(&report))
    } else if args.common.quiet {
        Ok(())
    } else {
        let shown = if args.common.verbose > 0 { usize::MAX } else { SHOWN_MODULES };
        let (levels, modules) = (levels(&report.codelength_per_level), modules(&report.modules, shown));
        print(&format!("{}\n{levels}\n{modules}", summary::of_run(&report, objective.unit())))
    }
}

fn levels(levels: &[LevelFacts]) -> String {
    let mut table = Table::new(["level", "modules", "nodes", "naming modules", "naming nodes", "codelength"]);
    for level in levels {
        let (index, module) = (level.index_codelength, level.module_codelength);
        table.row([
            level.level.to_string(),
            grouped(level.modules),
            grouped(level.nodes),
            precise(index),
            precise(module),
            precise(index + module),
        ]);
    }
    table.aligned()
}

fn modules(modules: &[ModuleFacts], shown: usize) -> String {
    let mut table = Table::new(["module", "nodes", "flow", "enter flow", "exit flow", "codelength"]);
    for module in modules.iter().take(shown) {
        table.row([
            module.path.clone(),
            grouped(module.nodes),
            precise(module.flow),
            precise(module.enter_flow),
            precise(module.exit_flow),
            precise(module.codelength),
        ]);
    }
    let hidden = match modules.len().saturating_sub(shown) {
        0 => String::new(),
        hidden => format!("… and {} more (-v shows all)\n", grouped(hidden)),
    };
    table.aligned() + &hidden
}
