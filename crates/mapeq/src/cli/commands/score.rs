//! `mapeq score`: the codelength of given modules.

use std::time::Instant;

use mapeq_io::read_partition;

use super::cluster::for_objective;
use super::overlap;
use crate::cli::args::ScoreArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::load;
use crate::cli::input::prediction::Prediction;
use crate::cli::notes::Notes;
use crate::cli::output::summary;
use crate::cli::output::table::{Table, grouped, precise};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{LevelFacts, ModuleFacts, TreeFacts, seconds};
use crate::cli::session::{Session, must_exist, print};

/// Modules shown without -v.
const SHOWN: usize = 20;

pub(crate) fn run(args: &ScoreArgs, session: &Session) -> Result<(), Failure> {
    if args.overlap {
        return overlap::score(args, session);
    }
    let clock = Clock::start()?;
    let asked = session.objective(&args.search)?;
    must_exist(&args.partition)?;
    let progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let prediction = Prediction::of_reading(&args.common, session).with_search(args.flow.model(), 0, false);
    let input = load(&args.network, &args.input, &args.flow, asked, &prediction, &progress, &mut notes)?;
    let objective = input.objective(session, &args.search, &mut notes)?;
    let objective = &*objective;
    args.search.without_search().for_each(|option| notes.note(format!("{option} has no effect without a search")));

    let start = Instant::now();
    progress.step("scoring");
    let file = read_partition(&args.partition, &input.nodes)?;
    file.notes.into_iter().for_each(|note| notes.note(note));
    let flow = input.layout.network();
    let tree = for_objective(file.tree, args.two_level, objective, &mut notes).sorted_by_flow(&flow.nodes.flow);
    let score = objective.score(flow, &tree);
    let search_seconds = seconds(start.elapsed());
    progress.finish();

    notes.print(&args.common);
    let result = TreeFacts::new(&tree, &score);
    let mut report = input.report("score", session, objective, &args.search, result, notes);
    report.seconds.search = search_seconds;
    report.seconds.total = clock.elapsed();
    report.codelength_per_level = LevelFacts::of(&tree, &score);
    report.modules = ModuleFacts::of(&tree, &score);
    if args.common.json {
        print(&summary::json(&report))
    } else if args.common.quiet {
        Ok(())
    } else {
        let shown = if args.common.verbose > 0 { usize::MAX } else { SHOWN };
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
    let more = match modules.len().saturating_sub(shown) {
        0 => String::new(),
        more => format!("… and {} more (-v shows all)\n", grouped(more)),
    };
    table.aligned() + &more
}
