//! Checks and chores of the repository: `cargo xtask --help`.

mod bench;
mod ci;
mod circles;
mod docs;
mod generate;
mod golden;
mod repository;
mod tidy;

use std::process::ExitCode;

use clap::Parser;

/// Checks and chores of the mapeq repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
enum Task {
    /// Run all checks except the tests of the workspace
    Ci,
    /// Check the files: dependencies between crates, lengths, names, leftovers
    Tidy,
    /// Run the golden cases
    Golden {
        /// Record the current search results as the expected ones
        #[arg(long)]
        bless: bool,
    },
    /// Measure mapeq and its peers, and write docs/benchmarks.md
    Bench(bench::Args),
    /// Run a program and write its costs to a file (part of `bench`)
    #[command(hide = true)]
    Measure(bench::MeasureArgs),
    /// Generate a random network with power-law degrees and module sizes
    Generate(generate::Args),
    /// Write the generated documentation, docs/cli.md
    Docs {
        /// Only check that it is up to date
        #[arg(long)]
        check: bool,
    },
}

/// The result of a task; errors are messages for the user.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let outcome = match Task::parse() {
        Task::Ci => ci::check(),
        Task::Tidy => tidy::check(),
        Task::Golden { bless } => golden::run_cases(bless),
        Task::Bench(args) => bench::execute(args),
        Task::Measure(args) => args.run(),
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
