//! Checks and chores of the repository: `cargo xtask --help`.

mod bench;
mod ci;
mod docs;
mod generate;
mod golden;
mod repository;
mod tidy;

use std::process::ExitCode;

use clap::Parser;

/// Checks and chores of the mapeq repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", arg_required_else_help = true)]
enum Task {
    /// Everything that has to hold besides the tests of the workspace
    Ci,
    /// Rules about the files: dependencies between crates, length, names, leftovers
    Tidy,
    /// Run the golden cases
    Golden {
        /// Write what searches find now as what they should find
        #[arg(long)]
        bless: bool,
    },
    /// Measure mapeq and its peers, and write docs/benchmarks.md
    Bench(bench::Args),
    /// Run a program and write what it cost: part of `bench`
    #[command(hide = true)]
    Measured(bench::Measured),
    /// Write a random network with power laws of degrees and of sizes of modules
    Generate(generate::Args),
    /// Write the generated part of the documentation: docs/cli.md
    Docs {
        /// Only tell whether it is up to date
        #[arg(long)]
        check: bool,
    },
}

/// What went wrong, for a person.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let outcome = match Task::parse() {
        Task::Ci => ci::check(),
        Task::Tidy => tidy::check(),
        Task::Golden { bless } => golden::run_cases(bless),
        Task::Bench(args) => bench::execute(args),
        Task::Measured(args) => args.run(),
        Task::Generate(args) => generate::write(&args),
        Task::Docs { check } => docs::write(check),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
