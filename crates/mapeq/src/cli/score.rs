//! `mapeq score`: the codelength of given modules.

use std::time::Instant;

use mapeq_io::read_partition;

use super::args::ScoreArgs;
use super::clock::Clock;
use super::cluster::for_objective;
use super::exit::Failure;
use super::input::{Notes, load, must_exist};
use super::progress::ProgressLine;
use super::table::{Table, grouped};
use super::{Session, print, summary};
use crate::report::{LevelFacts, ModuleFacts, Report, Seconds, TreeFacts, peak_memory_bytes, seconds};

/// Modules shown without -v.
const SHOWN: usize = 20;

pub(super) fn run(args: &ScoreArgs, session: &Session) -> Result<(), Failure> {
    let clock = Clock::start()?;
    let objective = session.objective(&args.search.objective)?;
    must_exist(&args.partition)?;
    let progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let input = load(&args.network, &args.input, &args.flow, &progress, &mut notes)?;

    let start = Instant::now();
    progress.step("scoring");
    let file = read_partition(&args.partition, &input.nodes)?;
    file.notes.into_iter().for_each(|note| notes.note(note));
    let tree = for_objective(file.tree, args.two_level, objective, &mut notes).sorted_by_flow(&input.flow.nodes.flow);
    let score = objective.score(&input.flow, &tree);
    let search_seconds = seconds(start.elapsed());
    progress.finish();

    notes.print(&args.common);
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        command: "score",
        network: input.facts,
        flow_model: input.model.to_string(),
        objective: objective.name().to_owned(),
        seed: args.search.seed,
        threads: session.threads,
        result: TreeFacts::new(&tree, &score),
        trials: Vec::new(),
        best_trial: None,
        flow: input.flow_facts,
        seconds: Seconds {
            read: input.read_seconds,
            flow: input.flow_seconds,
            search: search_seconds,
            write: 0.0,
            total: clock.elapsed(),
        },
        peak_memory_bytes: peak_memory_bytes(),
        notes: notes.into_texts(),
        outputs: Vec::new(),
        interrupted: false,
        codelength_per_level: LevelFacts::of(&tree, &score),
        modules: ModuleFacts::of(&tree, &score),
    };
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
            format!("{index:.9}"),
            format!("{module:.9}"),
            format!("{:.9}", index + module),
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
            format!("{:.9}", module.flow),
            format!("{:.9}", module.enter_flow),
            format!("{:.9}", module.exit_flow),
            format!("{:.9}", module.codelength),
        ]);
    }
    let more = match modules.len().saturating_sub(shown) {
        0 => String::new(),
        more => format!("… and {} more (-v shows all)\n", grouped(more)),
    };
    table.aligned() + &more
}
