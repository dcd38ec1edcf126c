//! `infomap`: the command line of Infomap 2.16 for those who have it in their scripts.
//!
//! Its options become those of `mapeq cluster`, which does the work. [`options`] is the table of them, [`translate`] puts one
//! command line into the words of the other, [`reports`] has the files that only Infomap writes.

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

/// Whether the program goes by the name of Infomap.
pub(super) fn is_named(program: &OsString) -> bool {
    Path::new(program).file_stem().is_some_and(|name| name.eq_ignore_ascii_case("infomap"))
}

/// Does what a command line of Infomap asks for. `args` are the arguments behind the name; `line` is all that was typed.
pub(super) fn run(args: &[OsString], registry: &Registry, line: &[OsString]) -> Result<(), Failure> {
    let Run { words, notes: told, reports } = match translate::translate(args, |name| std::env::var(name).ok())? {
        Asked::Text(text) => return print(&text),
        Asked::Run(run) => run,
    };
    let Cli { command: Command::Cluster(args) } = parse(&words).map_err(|error| one_line(&error))? else {
        return Err(Failure::Internal("a command line of Infomap became one that finds no modules".to_owned()));
    };
    reports.check(&args)?;
    let mut notes = Notes::default();
    notes.extend(told);
    notes.print(&args.common);
    let session = Session { registry, threads: args.common.threads.count(), command_line: typed(line), words };
    in_pool(session, |session| cluster::run_with(&args, session, |report| reports.write(report)))
}
