//! `mapeq flow`: what the walk does, without a search.

use std::path::{Path, PathBuf};
use std::time::Instant;

use mapeq_io::{Header, write_atomically, write_flow, write_node_flow};
use serde::Serialize;

use crate::cli::args::FlowCommandArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::prediction::Prediction;
use crate::cli::input::{Input, KeepLinks, KeptLinks, LoadArgs, load_with};
use crate::cli::notes::Notes;
use crate::cli::output::files::{Place, check_result};
use crate::cli::output::manifest;
use crate::cli::output::summary;
use crate::cli::output::table::{Summary, bytes, count, duration};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{FlowFacts, NetworkFacts, Seconds, peak_memory_bytes, seconds};
use crate::cli::session::{Session, must_exist, print};
use crate::registry::RegisteredMapEquation;

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

pub(crate) fn run(args: &FlowCommandArgs, session: &Session) -> Result<(), Failure> {
    let clock = Clock::start()?;
    must_exist(&args.network)?;
    let files = planned(args)?;
    let manifest = manifest::plan(&args.manifest, &[&args.network], args.no_overwrite, &args.common)?;
    let progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let prediction = Prediction::of_reading(&args.common, session).with_search(args.flow.model(), 0, false);
    let keep = if files.is_some() { KeepLinks::IfKnown } else { KeepLinks::No };
    let load = LoadArgs { input: &args.input, flow: &args.flow, keep };
    let walked = RegisteredMapEquation::default();
    let input = load_with(&args.network, load, &walked, &prediction, &progress, &mut notes)?;

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
            notes.note("the flow of links is left out: it is not known of walks that relax to self");
        }
    }
    progress.finish();

    notes.print(&args.common);
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
        notes: notes.into_texts(),
        outputs,
    };
    manifest.map_or(Ok(()), |plan| plan.write(session, clock.started_at(), &facts, &facts.outputs))?;
    if args.common.json {
        print(&summary::json(&facts))
    } else if args.common.quiet {
        Ok(())
    } else {
        print(&table(&facts))
    }
}

/// The files to write, the first of nodes and the second of links, if there are any.
fn planned(args: &FlowCommandArgs) -> Result<Option<[PathBuf; 2]>, Failure> {
    if args.no_file_output {
        return Ok(None);
    }
    let place = Place::new(&args.network, &args.out_dir, args.out_name.as_deref())?;
    let files = ["_flow.csv", "_flow.net"].map(|suffix| place.file(suffix));
    files.iter().try_for_each(|path| check_result(path, &[&args.network], args.no_overwrite))?;
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
