//! `cargo xtask docs`: the command line reference, generated from the help of the program.

use std::fmt::Write as _;

use crate::Outcome;
use crate::repository::{command, output, read, write as write_file};

const PATH: &str = "docs/cli.md";

/// Writes the command line reference. With `check`, only compares it with the file.
pub(crate) fn write(check: bool) -> Outcome {
    let fresh = reference()?;
    if !check {
        return write_file(PATH, fresh);
    }
    if read(PATH).is_ok_and(|old| old == fresh) {
        Ok(())
    } else {
        Err(format!("{PATH} is out of date: run cargo xtask docs"))
    }
}

fn reference() -> Result<String, String> {
    let overview = help(&[])?;
    let mut text = "# Command line\n\nWritten by `cargo xtask docs` from the help of the program.\n".to_owned();
    append(&mut text, "mapeq", &overview);
    for name in commands(&overview) {
        append(&mut text, &format!("mapeq {name}"), &help(&[name])?);
    }
    Ok(text)
}

/// Returns the help of a command, 100 columns wide.
fn help(command_path: &[&str]) -> Result<String, String> {
    let line = [&["cargo", "run", "--quiet", "--package", "mapeq", "--"], command_path, &["--help"]].concat();
    output(command(&line).env("COLUMNS", "100").env("NO_COLOR", "1"))
}

/// Returns the names in the list of commands, except `help`.
fn commands(overview: &str) -> impl Iterator<Item = &str> {
    let list = overview.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // Continuation lines are indented further.
    let names = list.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help")
}

fn append(text: &mut String, name: &str, help: &str) {
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    write!(text, "\n## {name}\n\n```text\n{}\n```\n", lines.join("\n")).expect("memory");
}
