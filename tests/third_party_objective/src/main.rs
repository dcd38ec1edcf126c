//! The `mapeq` program with one more objective:
//! `cluster network.txt --objective directed-modularity`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mapeq::cli::main(third_party_objective::registry())
}
