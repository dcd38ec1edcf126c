//! `mapeq completions` and `mapeq man`.

use clap_complete::Shell;

use crate::cli::args;
use crate::cli::exit::Failure;

/// Returns the completion script for a shell.
pub(crate) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::program(), "mapeq", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Returns the manual page of the program or of one command, in roff.
pub(crate) fn manual(command: Option<&str>) -> Result<String, Failure> {
    let mut program = args::program();
    program.build();
    let page = match command {
        None => program,
        Some(name) => program
            .get_subcommands()
            .find(|command| command.get_name() == name)
            .cloned()
            .ok_or_else(|| Failure::Usage(format!("unknown command {name:?} (hint: mapeq --help)")))?,
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff).map_err(|error| Failure::stdout(&error))?;
    Ok(String::from_utf8_lossy(&roff).into_owned())
}
