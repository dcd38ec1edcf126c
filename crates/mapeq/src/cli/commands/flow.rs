//! `mapeq flow`: visit rates of nodes and flow of links.

use std::path::{Path, PathBuf};
use std::time::Instant;

use mapeq_io::{Header, write_atomically, write_flow, write_node_flow};
use serde::Serialize;

use crate::cli::args::FlowCommandArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::prediction::Prediction;
use crate::cli::input::{Input, KeepLinks, KeptLinks, Load, load};
use crate::cli::notes::Notes;
use crate::cli::output::place::{Place, check_result};
use crate::cli::output::table::{Summary, bytes, count, duration};
use crate::cli::output::{manifest, summary};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{FlowFacts, NetworkFacts, Seconds, peak_memory_bytes, seconds};
use crate::cli::session::{Session, must_exist, print};
use crate::registry::RegisteredMapEquation;

/// The result, as keys of the JSON object.
#[derive(Serialize)]
struct Facts {
    version: &'static str,
    command: &'static str,
    network: NetworkFacts,
    flow_model: String,
    threads: usize,
    flow: FlowFacts,
    seconds: Seconds,
    peak_memory_bytes: u64,
    notes: Vec<String>,
    outputs: Vec<String>,
}

/// Runs `mapeq flow`.
pub(crate) fn run(args: &FlowCommandArgs, session: &Session) -> Result<(), Failure> {
    let clock = Clock::start()?;
    let network = args.input.network.as_path();
    must_exist(network)?;
    let files = plan(args)?;
    let manifest = manifest::plan(&args.output.manifest, &[network], &args.common)?;
    let progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let prediction = &Prediction::of_reading(&args.common, session).with_search(args.flow.model(), 0, false);
    let keep = if files.is_some() { KeepLinks::IfDefined } else { KeepLinks::No };
    let (objective, progress_line) = (&RegisteredMapEquation::default(), &progress);
    let how = Load { input: &args.input, flow: &args.flow, keep, objective, prediction, progress: progress_line };
    let input = load(how, &mut notes)?;

    let start = Instant::now();
    progress.step("writing");
    let mut outputs = Vec::new();
    if let Some([of_nodes, of_links]) = &files {
        write_atomically(of_nodes, |out| write_node_flow(out, &input.nodes, &input.layout.network().nodes))?;
        outputs.push(of_nodes.display().to_string());
        if let Some(links) = &input.links {
            write_links(of_links, &input, links, session)?;
            outputs.push(of_links.display().to_string());
        } else {
            notes.note("the flow of links is not written: it is not defined with --multilayer-relax-to-self");
        }
    }
    progress.finish();

    let facts = Facts {
        version: env!("CARGO_PKG_VERSION"),
        command: "flow",
        network: input.facts,
        flow_model: input.model.to_string(),
        threads: session.threads,
        flow: input.flow_facts,
        seconds: Seconds {
            read: input.read_seconds,
            flow: input.flow_seconds,
            write: seconds(start.elapsed()),
            total: clock.elapsed(),
            ..Seconds::default()
        },
        peak_memory_bytes: peak_memory_bytes(),
        notes: notes.print(&args.common),
        outputs,
    };
    manifest.map_or(Ok(()), |plan| plan.write(session, &clock, &facts, &facts.outputs))?;
    if args.common.json {
        print(&summary::json(&facts))
    } else if args.common.quiet {
        Ok(())
    } else {
        print(&table(&facts))
    }
}

/// Returns the files to write, that of nodes and that of links, if any.
fn plan(args: &FlowCommandArgs) -> Result<Option<[PathBuf; 2]>, Failure> {
    if args.output.no_file_output {
        return Ok(None);
    }
    let place = Place::new(&args.input.network, &args.output)?;
    let files = ["_flow.csv", "_flow.net"].map(|suffix| place.file(suffix));
    let no_overwrite = args.output.manifest.no_overwrite;
    files.iter().try_for_each(|path| check_result(path, &[&args.input.network], no_overwrite))?;
    Ok(Some(files))
}

fn write_links(path: &Path, input: &Input, links: &KeptLinks, session: &Session) -> Result<(), Failure> {
    let header = Header {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: session.command_line.clone(),
        ..Header::default()
    };
    let flow = &input.layout.network().nodes.flow;
    Ok(write_atomically(path, |out| write_flow(out, &header, &input.nodes, flow, &links.per_step(), links.direction))?)
}

fn table(facts: &Facts) -> String {
    let mut summary = Summary::default();
    summary.line("network", summary::of_network(&facts.network));
    summary.line("flow model", format!("{}{}", facts.flow_model, summary::sweeps(&facts.flow)));
    let Seconds { read, flow, write, total, .. } = facts.seconds;
    let parts = format!("read {}, flow {}, write {}", duration(read), duration(flow), duration(write));
    summary.line("time", format!("{} ({parts}), {}", duration(total), count(facts.threads, "thread")));
    if facts.peak_memory_bytes > 0 {
        summary.line("peak memory", bytes(facts.peak_memory_bytes));
    }
    facts.outputs.iter().for_each(|output| summary.line("written", output));
    summary.aligned()
}
