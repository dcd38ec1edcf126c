//! All checks besides the tests of the workspace, the cheapest first.

use std::time::Instant;

use crate::Outcome;
use crate::repository::{command, run};

/// A crate with an objective of its own, outside the workspace. It uses the public API, as third
/// parties do.
const THIRD_PARTY: &str = "tests/third_party_objective/Cargo.toml";

/// Features of `mapeq` that each have to compile alone; the first is none.
const FEATURES: [&str; 4] = ["", "cli", "parquet", "petgraph"];

/// Examples of `mapeq`.
const EXAMPLES: [&str; 5] = ["cluster", "overlap", "own_objective", "petgraph", "weighted_links"];

/// Runs all checks and stops at the first that fails.
pub(crate) fn check() -> Outcome {
    step("tidy", crate::tidy::check)?;
    step("format", || run(&mut command(&["cargo", "fmt", "--all", "--check"])))?;
    step("clippy", || run(&mut command(&["cargo", "clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])))?;
    // Linted only: building the dependencies of Parquet for tests takes minutes.
    step("clippy with parquet", || {
        let packages = ["-p", "mapeq-io", "-p", "mapeq", "--features", "mapeq/parquet", "--all-targets"];
        run(&mut command(&[&["cargo", "clippy"], &packages[..], &["--", "-D", "warnings"]].concat()))
    })?;
    step("features", || {
        FEATURES.iter().try_for_each(|feature| {
            let options = ["--no-default-features", "--features", feature];
            run(&mut command(&[&["cargo", "check", "-p", "mapeq"], &options[..]].concat()))
        })
    })?;
    step("examples", || {
        EXAMPLES.iter().try_for_each(|name| run(&mut command(&["cargo", "run", "-p", "mapeq", "--example", name])))
    })?;
    step("documentation", || {
        let doc = &mut command(&["cargo", "doc", "--workspace", "--no-deps"]);
        run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    step("generated documentation", || crate::docs::write(true))?;
    step("third-party objective: clippy", || third_party(&["clippy", "--all-targets"], &["--", "-D", "warnings"]))?;
    step("third-party objective: tests", || third_party(&["test"], &[]))?;
    step("third-party objective: program", || {
        let search = ["cluster", "docs/examples/karate.txt", "--objective", "directed-modularity", "--no-file-output"];
        third_party(&["run"], &[&["--"], &search[..]].concat())
    })
}

/// Runs a cargo command on the third-party crate. It shares the target folder, and so the builds
/// of common dependencies.
fn third_party(subcommand: &[&str], rest: &[&str]) -> Outcome {
    let options = ["--manifest-path", THIRD_PARTY, "--target-dir", "target", "--locked"];
    run(&mut command(&[&["cargo"], subcommand, &options, rest].concat()))
}

/// Runs a named check and prints its time.
fn step(name: &str, action: impl FnOnce() -> Outcome) -> Outcome {
    println!("== {name}");
    let start = Instant::now();
    action().map_err(|error| format!("{name}: {error}"))?;
    println!("== {name}: passed in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
