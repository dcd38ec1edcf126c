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
mod commands;
mod exit;
mod infomap;
mod input;
mod interrupt;
mod memory_model;
mod notes;
mod output;
mod progress;
mod report;
mod session;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use self::args::{Command, Threads, parse};
use self::commands::{cluster, compare, convert, flow, objectives, overlap, score, shell};
use self::exit::Failure;
use self::session::{Session, in_pool, print, typed};
use crate::registry::Registry;

/// Runs the program with the arguments of the process. `registry` holds the objectives it offers.
pub fn main(registry: Registry) -> ExitCode {
    allocator::map_large_arrays();
    run(&registry, std::env::args_os())
}

/// Runs the program with any arguments, the first being the name of the program.
///
/// Prints to the standard streams, listens for interrupts of the process and reads
/// `SOURCE_DATE_EPOCH`.
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
