//! Rules about the files of the repository that the compiler does not check.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::Outcome;
use crate::circles::circles;
use crate::repository::{TrackedFile, command, output, root, tracked_files};

/// Allowed dependencies of each crate. Only these, so that objectives and search stay independent.
const EDGES: [(&str, &[&str]); 9] = [
    ("mapeq-core", &[]),
    ("mapeq-flow", &["mapeq-core"]),
    ("mapeq-labels", &["mapeq-core"]),
    ("mapeq-twolevel", &["mapeq-core"]),
    ("mapeq-search", &["mapeq-core"]),
    ("mapeq-io", &["mapeq-core"]),
    ("mapeq-multilevel", &["mapeq-core", "mapeq-search"]),
    ("mapeq-overlap", &["mapeq-core", "mapeq-labels", "mapeq-multilevel", "mapeq-search", "mapeq-twolevel"]),
    (
        "mapeq",
        &[
            "mapeq-core",
            "mapeq-flow",
            "mapeq-io",
            "mapeq-labels",
            "mapeq-multilevel",
            "mapeq-overlap",
            "mapeq-search",
            "mapeq-twolevel",
        ],
    ),
];

/// The crate outside the workspace and its allowed dependencies.
const THIRD_PARTY: (&str, &[&str]) = ("third-party-objective", &["mapeq", "mapeq-core"]);

/// Allowed entries in the root folder of the repository.
const TOP_LEVEL: [&str; 17] = [
    ".cargo",
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "crates",
    "docs",
    "rustfmt.toml",
    "tests",
    "xtask",
];

/// Maximum number of lines of a Rust file: one sitting.
const MAX_LINES: usize = 700;

/// Maximum number of source files in a folder: a glance.
const MAX_FILES: usize = 26;

/// Marks of unfinished work. Concatenated, so that this file does not contain them.
const LEFTOVERS: [&str; 5] = [
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("#[ig", "nore"),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
];

/// Prefixes of paths that exist on one machine only.
const MACHINE_PATHS: [&str; 3] = [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/")];

/// Parts of identifiers that must be called module.
const BANNED_NAMES: [&str; 2] = ["community", "communities"];

/// Checks all rules and reports every breach.
pub(crate) fn check() -> Outcome {
    let mut breaches = Vec::new();
    for manifest in ["Cargo.toml", "tests/third_party_objective/Cargo.toml"] {
        check_dependencies(manifest, &mut breaches)?;
    }
    let files = tracked_files()?;
    for file in &files {
        check_file(file, &mut breaches);
    }
    check_folders(&files, &mut breaches)?;
    check_test_command(&mut breaches)?;
    check_quotations(&mut breaches)?;
    if breaches.is_empty() {
        return Ok(());
    }
    let mut message = "the repository is not tidy:".to_owned();
    for breach in breaches {
        write!(message, "\n  {breach}").expect("memory");
    }
    Err(message)
}

fn check_dependencies(manifest: &str, breaches: &mut Vec<String>) -> Outcome {
    let line = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--manifest-path", manifest];
    let metadata: Value = serde_json::from_str(&output(&mut command(&line))?).map_err(|error| error.to_string())?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        // Unpublished packages may depend on everything.
        let Some((_, allowed)) = EDGES.iter().chain([&THIRD_PARTY]).find(|(known, _)| *known == name) else {
            if package["publish"].is_null() {
                breaches.push(format!("{name}: not listed in xtask/src/tidy.rs"));
            }
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"] == "dev" && name != THIRD_PARTY.0;
            if on.starts_with("mapeq") && !for_tests && !allowed.contains(&on) {
                breaches.push(format!("{name}: must not depend on {on}"));
            }
        }
    }
    Ok(())
}

fn check_file(file: &TrackedFile, breaches: &mut Vec<String>) {
    let TrackedFile { path, text } = file;
    let top = path.split('/').next().unwrap_or_default();
    if !TOP_LEVEL.contains(&top) {
        breaches.push(format!("{path}: {top} not allowed in the root folder of the repository"));
    }
    let rust = path.ends_with(".rs");
    if rust && text.lines().count() > MAX_LINES {
        breaches.push(format!("{path}: more than {MAX_LINES} lines"));
    }
    let crate_source = rust && path.starts_with("crates/") && path.contains("/src/");
    for (number, line) in text.lines().enumerate() {
        let mut found = |what: &str| breaches.push(format!("{path}:{}: {what}", number + 1));
        for path in MACHINE_PATHS.iter().filter(|path| line.contains(**path)) {
            found(&format!("{path} is a path of one machine"));
        }
        if rust {
            for leftover in LEFTOVERS.iter().filter(|leftover| line.contains(**leftover)) {
                found(&format!("{leftover} marks unfinished work"));
            }
        }
        if crate_source {
            let code = line.split("//").next().unwrap_or_default().to_lowercase();
            for name in BANNED_NAMES.iter().filter(|name| code.contains(**name)) {
                found(&format!("{name} must be called module"));
            }
        }
    }
}

/// Checks that source files do not import each other in circles, and that folders are small.
fn check_folders(files: &[TrackedFile], breaches: &mut Vec<String>) -> Outcome {
    let sources = files.iter().filter(|file| file.path.ends_with(".rs") && file.path.contains("/src/"));
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for (folder, _) in sources.filter_map(|file| file.path.rsplit_once('/')) {
        *folders.entry(folder).or_default() += 1;
    }
    let large = folders.iter().filter(|(_, count)| **count > MAX_FILES);
    breaches.extend(large.map(|(folder, count)| format!("{folder}: {count} source files, more than {MAX_FILES}")));
    let roots = folders.keys().filter(|folder| folder.ends_with("/src"));
    for root in roots {
        for circle in circles(files, &format!("{root}/"))? {
            breaches.push(format!("{root}: a circle of imports: {}", circle.join(", ")));
        }
    }
    Ok(())
}

/// Checks that the guide to objectives quotes the tested crate literally.
fn check_quotations(breaches: &mut Vec<String>) -> Outcome {
    const GUIDE: &str = "docs/objectives.md";
    let quoted = ["src/lib.rs", "src/main.rs", "tests/laws.rs"];
    let quoted = quoted.map(|path| read(&format!("tests/third_party_objective/{path}")));
    let quoted = quoted.into_iter().collect::<Result<Vec<String>, String>>()?;
    for block in read(GUIDE)?.split("```rust\n").skip(1) {
        let code = block.split("```").next().unwrap_or_default();
        if !quoted.iter().any(|text| text.contains(code)) {
            breaches.push(format!("{GUIDE}: not in tests/third_party_objective:\n{code}"));
        }
    }
    Ok(())
}

fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// Checks that the README and CI run all tests by the same command.
fn check_test_command(breaches: &mut Vec<String>) -> Outcome {
    let command = "cargo test --workspace";
    for path in ["README.md", ".ci/run"] {
        if !read(path)?.lines().any(|line| line.trim_start().starts_with(command)) {
            breaches.push(format!("{path}: does not run `{command}`"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, text: &str) -> usize {
        let mut breaches = Vec::new();
        check_file(&TrackedFile { path: path.to_owned(), text: text.to_owned() }, &mut breaches);
        breaches.len()
    }

    #[test]
    fn every_rule_finds_its_breach_and_nothing_else() {
        assert_eq!(breaches("crates/mapeq/src/lib.rs", "// A community detector.\nfn modules() {}\n"), 0);
        assert_eq!(breaches("crates/mapeq/src/lib.rs", "fn communities() {}\n"), 1);
        assert_eq!(breaches("crates/mapeq/src/lib.rs", &"\n".repeat(MAX_LINES)), 0);
        assert_eq!(breaches("crates/mapeq/src/lib.rs", &"\n".repeat(MAX_LINES + 1)), 1);
        for leftover in LEFTOVERS {
            assert_eq!(breaches("tests/it/laws.rs", &format!("    {leftover}\n")), 1, "{leftover}");
        }
        for path in MACHINE_PATHS {
            assert_eq!(breaches("docs/cli.md", &format!("in {path}someone\n")), 1, "{path}");
        }
        assert_eq!(breaches("scratch/notes.md", ""), 1);
    }

    #[test]
    fn no_crate_may_depend_on_an_unlisted_crate() {
        let known: Vec<&str> = EDGES.iter().map(|(name, _)| *name).collect();
        assert!(EDGES.iter().flat_map(|(_, allowed)| *allowed).all(|name| known.contains(name)));
    }
}
