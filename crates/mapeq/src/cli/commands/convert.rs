//! `mapeq convert`: write a network in another format.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use mapeq_core::{Direction, Network};
use mapeq_io::{
    has_ambiguous_ids, left_out_of_link_list, write_atomically, write_link_list, write_pajek, write_snapshot,
};
use serde::Serialize;

use crate::cli::args::ConvertArgs;
use crate::cli::clock::Clock;
use crate::cli::exit::Failure;
use crate::cli::input::prediction::Prediction;
use crate::cli::input::{paths, warn_of_direction};
use crate::cli::notes::Notes;
use crate::cli::output::place::{check_file, check_folder_of, same_file};
use crate::cli::output::table::{Summary, bytes, count, duration};
use crate::cli::output::{manifest, summary};
use crate::cli::progress::ProgressLine;
use crate::cli::report::{LumpingFacts, NetworkFacts, Seconds, peak_memory_bytes, seconds};
use crate::cli::session::{Session, must_exist, print};

/// Format of the file to write, by its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Format {
    Snapshot,
    LinkList,
    Pajek,
}

/// The result, as keys of the JSON object.
#[derive(Serialize)]
struct Conversion {
    version: &'static str,
    command: &'static str,
    network: NetworkFacts,
    #[serde(skip_serializing_if = "Option::is_none")]
    lumping: Option<LumpingFacts>,
    direction: &'static str,
    format: Format,
    threads: usize,
    seconds: Seconds,
    peak_memory_bytes: u64,
    output_bytes: u64,
    notes: Vec<String>,
    outputs: Vec<String>,
}

/// Runs `mapeq convert`.
pub(crate) fn run(args: &ConvertArgs, session: &Session) -> Result<(), Failure> {
    let clock = Clock::start()?;
    let out = &args.out;
    let format = Format::of(out)?;
    let path = args.input.network.as_path();
    must_exist(path)?;
    if same_file(path, out) {
        return Err(Failure::output(out, "it is the input file"));
    }
    check_file(out, args.manifest.no_overwrite)?;
    // Other than regular files, such as pipes, are written directly.
    if out.metadata().map_or(true, |found| found.is_file()) {
        check_folder_of(out)?;
    }

    let manifest = manifest::plan(&args.manifest, &[path], &args.common)?;
    let progress = ProgressLine::new(&args.common);
    let mut notes = Notes::default();
    let direction = args.direction.direction();
    Prediction::of_reading(&args.common, session).before_reading(path, &progress)?;
    let start = Instant::now();
    progress.step(format!("reading {}", path.display()));
    let (file, lumping) = paths::read(&args.input, direction)?;
    let read_seconds = seconds(start.elapsed());
    notes.extend(file.notes);
    warn_of_direction(file.directed_hint, direction, &mut notes);

    let start = Instant::now();
    progress.step(format!("writing {}", out.display()));
    let network = file.network;
    format.note_losses(&network, &mut notes);
    let mut output_bytes = 0;
    write_atomically(out, |file| {
        let mut counted = Counted { file, bytes: 0 };
        match format {
            Format::Snapshot => write_snapshot(&mut counted, &network),
            Format::LinkList => write_link_list(&mut counted, &network),
            Format::Pajek => write_pajek(&mut counted, &network),
        }?;
        output_bytes = counted.bytes;
        Ok(())
    })?;
    let write_seconds = seconds(start.elapsed());
    progress.finish();

    let conversion = Conversion {
        version: env!("CARGO_PKG_VERSION"),
        command: "convert",
        network: NetworkFacts::of(&network),
        lumping,
        direction: if direction == Direction::Directed { "directed" } else { "undirected" },
        format,
        threads: session.threads,
        seconds: Seconds { read: read_seconds, write: write_seconds, total: clock.elapsed(), ..Seconds::default() },
        peak_memory_bytes: peak_memory_bytes(),
        output_bytes,
        notes: notes.print(&args.common),
        outputs: vec![out.display().to_string()],
    };
    manifest.map_or(Ok(()), |plan| plan.write(session, &clock, &conversion, &conversion.outputs))?;
    if args.common.json {
        print(&summary::json(&conversion))
    } else if args.common.quiet {
        Ok(())
    } else {
        print(&table(&conversion))
    }
}

impl Format {
    /// Returns the format of a file by its name.
    fn of(path: &Path) -> Result<Self, Failure> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("mqb") => Ok(Self::Snapshot),
            Some("txt") => Ok(Self::LinkList),
            Some("net") => Ok(Self::Pajek),
            _ => Err(Failure::Usage(format!(
                "unknown network format {}: expected a name ending in .mqb, .txt or .net",
                path.display()
            ))),
        }
    }

    /// Notes what a file of this format does not keep.
    fn note_losses(self, network: &Network, notes: &mut Notes) {
        if self == Self::LinkList
            && let Some(left_out) = left_out_of_link_list(network)
        {
            notes.warning(format!("a link list does not keep {left_out} (hint: .net and .mqb do)"));
        }
        if self != Self::Snapshot && has_ambiguous_ids(network) {
            notes.warning("some text ids look like numbers: read the file with --string-ids");
        }
    }
}

/// A writer that counts bytes.
struct Counted<W> {
    file: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn table(conversion: &Conversion) -> String {
    let NetworkFacts { nodes, links, .. } = conversion.network;
    let mut summary = Summary::default();
    summary.line("network", format!("{}, {}", count(nodes, "node"), count(links, "link")));
    summary.line("links", conversion.direction);
    let Seconds { read, write, total, .. } = conversion.seconds;
    summary.line("time", format!("{} (read {}, write {})", duration(total), duration(read), duration(write)));
    if conversion.peak_memory_bytes > 0 {
        summary.line("peak memory", bytes(conversion.peak_memory_bytes));
    }
    for output in &conversion.outputs {
        summary.line("written", format!("{output} ({})", bytes(conversion.output_bytes)));
    }
    summary.aligned()
}
