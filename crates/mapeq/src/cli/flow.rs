//! `mapeq flow`: what the walk does, without a search.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use mapeq_io::{Header, write_atomically, write_flow, write_node_flow};
use serde::Serialize;

use super::args::{CommonArgs, InputArgs};
use super::clock::Clock;
use super::exit::Failure;
use super::files::{Place, check_result};
use super::flow_args::FlowArgs;
use super::input::{Input, KeepLinks, KeptLinks, LoadArgs, Notes, load_with, must_exist};
use super::manifest::ManifestArgs;
use super::prediction::Prediction;
use super::progress::ProgressLine;
use super::table::{Summary, bytes, count, duration};
use super::{Session, print, summary};
use crate::registry::RegisteredMapEquation;
use crate::report::{FlowFacts, NetworkFacts, Seconds, peak_memory_bytes, seconds};

pub(super) const HELP: &str = "\
Example:
  mapeq flow --directed citations.txt.gz results
      results/citations_flow.csv has how often each node is visited, entered and left,
      results/citations_flow.net how much each link carries

Rates are per step of the walk, those of entering and leaving per codeword: with --markov-time 2
twice as high. Of links without a direction, both directions are taken together.";

/// `mapeq flow`
#[derive(Debug, Args)]
pub(super) struct FlowCommandArgs {
    /// Network in any format of docs/formats.md, plain, gzip, zstd or xz; `-` for standard input
    network: PathBuf,

    /// Folder for the results, created where it does not exist
    #[arg(default_value = ".")]
    out_dir: PathBuf,

    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    flow: FlowArgs,

    /// Name of the results without extension [default: as the network]
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    out_name: Option<String>,

    /// Write no files
    #[arg(short = '0', long, help_heading = "Output")]
    no_file_output: bool,

    /// Stop before the work if a result file exists already
    #[arg(long, help_heading = "Output")]
    no_overwrite: bool,

    #[command(flatten)]
    manifest: ManifestArgs,

    #[command(flatten)]
    pub(super) common: CommonArgs,
}

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

pub(super) fn run(args: &FlowCommandArgs, session: &Session) -> Result<(), Failure> {
    let clock = Clock::start()?;
    must_exist(&args.network)?;
    let files = planned(args)?;
    let manifest = args.manifest.plan(&[&args.network], args.no_overwrite, &args.common)?;
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
