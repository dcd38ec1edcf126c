//! `infomap`: the command line of Infomap 2.16, for existing scripts.
//!
//! The options are translated to those of `mapeq cluster`, which runs the search. [`options`] is
//! the table of options, [`translate`] translates a command line, and [`reports`] writes the files
//! that `mapeq cluster` does not have.

mod options;
mod reports;
mod translate;

use std::ffi::OsString;
use std::path::Path;

use self::translate::{Asked, Run, one_line};
use super::args::{Cli, Command, parse};
use super::commands::cluster;
use super::exit::Failure;
use super::notes::Notes;
use super::session::{Session, in_pool, print, typed};
use crate::registry::Registry;

/// Returns whether the program is called under the name `infomap`, in any case.
pub(super) fn is_named(program: &OsString) -> bool {
    Path::new(program).file_stem().is_some_and(|name| name.eq_ignore_ascii_case("infomap"))
}

/// Runs a command line of Infomap. `args` are the arguments after the program name, and `line` is
/// the whole command line as typed.
pub(super) fn run(args: &[OsString], registry: &Registry, line: &[OsString]) -> Result<(), Failure> {
    let Run { words, notes: told, reports } = match translate::translate(args, |name| std::env::var(name).ok())? {
        Asked::Text(text) => return print(&text),
        Asked::Run(run) => run,
    };
    let Cli { command: Command::Cluster(args) } = parse(&words).map_err(|error| one_line(&error))? else {
        return Err(Failure::Internal("the translated command line is not one of `mapeq cluster`".to_owned()));
    };
    reports.check(&args)?;
    let mut notes = Notes::default();
    notes.extend(told);
    notes.print(&args.common);
    let session = Session { registry, threads: args.common.threads.count(), command_line: typed(line), words };
    in_pool(session, |session| cluster::run_with(&args, session, |report| reports.write(report)))
}
