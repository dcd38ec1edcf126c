//! The `mapeq` program: commands, options, messages, exit codes.
//!
//! A crate with an objective of its own ships the same program with it:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     let registry = mapeq::Registry::standard();
//!     // registry.add(mapeq::TwoLevel::new("my-modularity", "…", |network| MyModularity::new(network)));
//!     mapeq::cli::main(registry)
//! }
//! ```

mod allocator;
mod args;
mod clock;
mod cluster;
mod compare;
mod convert;
mod demands;
mod effort;
mod every_trial;
mod exit;
mod files;
mod flow;
mod flow_args;
mod format_args;
mod infomap;
mod input;
mod interrupt;
mod manifest;
mod memory_args;
mod missing_nodes;
mod objective_args;
mod objectives;
mod orders;
mod overlap;
mod overlap_files;
mod path_args;
mod prediction;
mod progress;
mod score;
mod shell;
mod summary;
mod table;
mod temporal_args;

use std::ffi::OsString;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches};

use self::args::{Cli, Command, SearchArgs, Threads};
use self::exit::Failure;
use self::input::must_exist;
use crate::registry::{RegisteredObjective, Registry};

/// Runs the program with the arguments of the process. `registry` holds the objectives it offers.
pub fn main(registry: Registry) -> ExitCode {
    allocator::large_arrays_apart();
    run(&registry, std::env::args_os())
}

/// Runs the program with any arguments, the first being the name of the program.
///
/// Prints to the standard streams, listens for interrupts of the process and reads `SOURCE_DATE_EPOCH`.
pub fn run(registry: &Registry, args: impl IntoIterator<Item = impl Into<OsString>>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    let command = match &args[..] {
        [program, given @ ..] if infomap::is_named(program) => Ok(Command::Infomap { args: given.to_vec() }),
        _ => parse(&args).map(|cli| cli.command),
    };
    let failure = match command {
        Ok(command) => match panic::catch_unwind(AssertUnwindSafe(|| dispatch(&command, registry, &args))) {
            Ok(Ok(())) => return ExitCode::SUCCESS,
            Ok(Err(failure)) => failure,
            Err(_) => Failure::Internal("internal error: please report the lines above and the command".to_owned()),
        },
        Err(error) => return usage(&error),
    };
    if let Some(message) = failure.message() {
        eprintln!("error: {message}");
    }
    ExitCode::from(failure.code())
}

/// What the commands share.
struct Session<'a> {
    registry: &'a Registry,
    threads: usize,
    /// The command as typed.
    command_line: String,
    /// The same, word by word.
    words: Vec<OsString>,
}

impl<'a> Session<'a> {
    /// The objective that the arguments ask for, as registered: its options may come from files, which are there. Then
    /// [`Input::objective`](input::Input::objective) has it with them.
    fn objective(&self, args: &SearchArgs) -> Result<&'a dyn RegisteredObjective, Failure> {
        let asked = self.registry.lookup(&args.objective, args.of_objective.asked());
        let asked = asked.map_err(|error| Failure::Usage(error.to_string()))?;
        args.of_objective.meta_data.as_deref().map_or(Ok(()), must_exist)?;
        Ok(asked)
    }
}

fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = Cli::command().try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut Cli::command()))
}

fn dispatch(command: &Command, registry: &Registry, args: &[OsString]) -> Result<(), Failure> {
    interrupt::install();
    let session = |threads: Threads| Session {
        registry,
        threads: threads.count(),
        command_line: typed(args),
        words: args.to_vec(),
    };
    match command {
        Command::Cluster(args) => in_pool(session(args.common.threads), |session| cluster::run(args, session)),
        Command::Score(args) => in_pool(session(args.common.threads), |session| score::run(args, session)),
        Command::Compare(args) => in_pool(session(args.common.threads), |session| compare::run(args, session)),
        Command::Overlap(args) => in_pool(session(args.common.threads), |session| overlap::run(args, session)),
        Command::Convert(args) => in_pool(session(args.common.threads), |session| convert::run(args, session)),
        Command::Flow(args) => in_pool(session(args.common.threads), |session| flow::run(args, session)),
        Command::Infomap { args: given } => infomap::run(given, registry, args),
        Command::Objectives(args) => print(&objectives::list(registry, args.json)),
        Command::Completions { shell } => print(&shell::completions(*shell)),
        Command::Man { command } => print(&shell::manual(command.as_deref())?),
    }
}

/// Runs a command in the one thread pool of the program.
fn in_pool(
    session: Session<'_>,
    command: impl FnOnce(&Session<'_>) -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(session.threads).build();
    let pool = pool.map_err(|error| Failure::Internal(format!("cannot start the threads: {error}")))?;
    pool.install(|| command(&session))
}

/// Writes to standard output.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}

/// Prints what clap has to say; its help and version requests are errors to it, but not to users.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if let (ErrorKind::InvalidSubcommand, Some(ContextValue::String(given))) =
        (error.kind(), error.get(ContextKind::InvalidSubcommand))
        && Path::new(given).exists()
    {
        eprintln!("\n  hint: to find the modules of {given}: mapeq cluster {given}");
    }
    ExitCode::from(u8::from(error.use_stderr()))
}

/// The command line as typed, the program by its name alone; arguments with blanks or quotes in quotes.
fn typed(args: &[OsString]) -> String {
    let words = args.iter().enumerate().map(|(place, word)| {
        let name = if place == 0 { Path::new(word).file_name().unwrap_or(word) } else { word };
        quoted(&name.to_string_lossy())
    });
    words.collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    // A header is one line per fact, whatever a file is called.
    let printable: String = word.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    format!("'{}'", printable.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_command_line_can_be_pasted_into_a_shell() {
        let args = ["/usr/bin/mapeq", "cluster", "my net.txt", "it's", ""].map(OsString::from);
        assert_eq!(typed(&args), r"mapeq cluster 'my net.txt' 'it'\''s' ''");
    }
}
