//! `mapeq completions` and `mapeq man`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::args::Cli;
use crate::cli::exit::Failure;

/// The completion script for a shell.
pub(crate) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "mapeq", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The manual page of the program or of one of its commands, in roff.
pub(crate) fn manual(command: Option<&str>) -> Result<String, Failure> {
    let mut program = Cli::command();
    program.build();
    let page = match command {
        None => program,
        Some(name) => program
            .get_subcommands()
            .find(|command| command.get_name() == name)
            .cloned()
            .ok_or_else(|| Failure::Usage(format!("there is no command {name:?}: see mapeq --help")))?,
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff).map_err(|error| Failure::stdout(&error))?;
    Ok(String::from_utf8_lossy(&roff).into_owned())
}
