//! The `mapeq` program: every command of [`mapeq::cli`] with the objectives of this workspace.

use std::process::ExitCode;

fn main() -> ExitCode {
    mapeq::cli::main(mapeq::Registry::standard())
}
