//! Run time by function and by file, sampled by `perf`.

use std::process::Command;

use serde::{Deserialize, Serialize};

use super::Bench;
use super::network::{About, Recipe};
use super::table::table;
use crate::repository::{command, output};

const RECIPES: [Recipe; 1] = [Recipe(100_000, 20, 40)];

/// Functions and files below this percentage share one row.
const MIN_PERCENTAGE: f64 = 1.0;

/// The profile of one search.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Profile {
    network: About,
    levels: String,
    /// Percentage of samples and function, in descending order.
    functions: Vec<(f64, String)>,
    /// Percentage of samples and file of the source line; inlined code counts for its own file.
    files: Vec<(f64, String)>,
}

/// Measures the profiles; returns `None` if `perf` does not work.
pub(crate) fn measure(bench: &Bench) -> Result<Option<Vec<Profile>>, String> {
    let samples = bench.folder("runs")?.join("perf.data");
    let record = || {
        let mut perf = Command::new("perf");
        // A clock event: virtual machines often lack a cycle counter.
        perf.args(["record", "-e", "cpu-clock", "-F", "997", "-o"]).arg(&samples).arg("--");
        perf
    };
    let mut perf = record();
    perf.arg("true");
    if let Err(error) = bench.measure(&mut perf) {
        eprintln!("note: nothing is profiled because perf does not work here: {error}");
        return Ok(None);
    }
    let sources = sources()?;
    let profiles = bench.each_search(&bench.networks(&RECIPES, &[])?, |network, levels| {
        let (mut perf, search) = (record(), bench.search(network, levels));
        perf.arg(search.get_program()).args(search.get_args());
        bench.measure(perf.args(["--threads=1", "--quiet", "--no-file-output"]))?;
        let report = |by: &str| {
            let mut report = Command::new("perf");
            output(report.args(["report", "--stdio", "--no-inline", "--sort", by, "-i"]).arg(&samples))
        };
        Ok(Profile {
            network: network.about.clone(),
            levels: levels.name().to_owned(),
            // `[.]` marks the program, `[k]` the kernel. Some versions of perf print more columns
            // after the name.
            functions: rows(&report("symbol")?, |row| {
                let function = row.strip_prefix("[.] ").map(|name| name.split("  ").next().unwrap_or_default());
                function.map_or("system".to_owned(), strip_generics)
            }),
            files: rows(&report("srcfile")?, |row| {
                let ours = sources.iter().find(|path| path.rsplit('/').next() == Some(row));
                ours.cloned().unwrap_or_else(|| "elsewhere: standard library, system".to_owned())
            }),
        })
    })?;
    Ok(Some(profiles))
}

/// Lists the source files of the crates, relative to `crates/`, without the ambiguous `lib.rs` and
/// `mod.rs`.
fn sources() -> Result<Vec<String>, String> {
    let files = output(&mut command(&["git", "ls-files", "crates/*/src/*.rs"]))?;
    let files = files.lines().filter_map(|path| path.strip_prefix("crates/"));
    Ok(files.filter(|path| !path.ends_with("/lib.rs") && !path.ends_with("/mod.rs")).map(str::to_owned).collect())
}

/// Adds up the percentages of a report by `name` of their rows, and merges small ones.
fn rows(report: &str, name: impl Fn(&str) -> String) -> Vec<(f64, String)> {
    let mut rows: Vec<(f64, String)> = Vec::new();
    for line in report.lines().filter(|line| !line.starts_with('#')) {
        let Some((percentage, row)) = line.trim().split_once('%') else { continue };
        let Ok(percentage) = percentage.trim().parse::<f64>() else { continue };
        let name = name(row.trim());
        match rows.iter_mut().find(|(_, known)| *known == name) {
            Some((sum, _)) => *sum += percentage,
            None => rows.push((percentage, name)),
        }
    }
    let small: f64 =
        rows.iter().filter(|(percentage, _)| *percentage < MIN_PERCENTAGE).map(|(percentage, _)| percentage).sum();
    rows.retain(|(percentage, _)| *percentage >= MIN_PERCENTAGE);
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    if small > 0.0 {
        rows.push((small, "others".to_owned()));
    }
    rows
}

/// Removes type parameters: `<A as B>::f::<C>` becomes `A::f`.
fn strip_generics(name: &str) -> String {
    let name = name.trim();
    // Of `<type as trait>::method`, the type locates the code.
    let (mut text, mut depth) = (String::new(), 0);
    let inner = name.strip_prefix('<').and_then(|rest| rest.split_once('>').map(|_| rest));
    let source = match inner {
        Some(rest) => match rest.split_once(" as ") {
            Some((first, after)) if !first.contains('<') => {
                let method = after.rsplit_once(">::").map_or("", |(_, method)| method);
                return format!("{first}::{}", strip_generics(method));
            }
            _ => rest,
        },
        None => name,
    };
    for character in source.chars() {
        match character {
            '<' => depth += 1,
            '>' => depth -= i32::from(depth > 0),
            _ if depth == 0 => text.push(character),
            _ => {}
        }
    }
    text.replace("::::", "::").trim_end_matches(':').to_owned()
}

pub(crate) fn render(profiles: &Option<Vec<Profile>>) -> String {
    let Some(profiles) = profiles else {
        return "Not measured: `perf` did not work.\n".to_owned();
    };
    let mut text = "\
Samples of one trial on one thread, from reading the network to the result. Inlined code counts for the
function that contains it, and for the file in which it is written. Names are those of the measured
commit.\n"
        .to_owned();
    for profile in profiles {
        text += &format!("\n### {}, {}\n\n", profile.network.name, profile.levels);
        for (kind, rows) in [("function", &profile.functions), ("file", &profile.files)] {
            let rows = rows.iter().map(|(share, name)| [format!("`{name}`"), format!("{share:.1} %")]);
            text += &table([kind, "share"], rows);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_parameters_are_removed() {
        assert_eq!(strip_generics("core::slice::sort<u32,fn(a)>"), "core::slice::sort");
        assert_eq!(strip_generics("mapeq_search::Mover::drain::<A<B>, C>"), "mapeq_search::Mover::drain");
        assert_eq!(strip_generics("<mapeq_search::Mover>::drain::<A<B>, C>"), "mapeq_search::Mover::drain");
        assert_eq!(strip_generics("<a::Node as b::Walk<c::D>>::step"), "a::Node::step");
    }

    #[test]
    fn small_functions_are_one_row() {
        let report = "# Overhead\n  60.00%  [.] big\n  30.00%  [k] page\n   9.20%  [k] clear\n   0.40%  [.] a\n   0.40%  [.] b\n";
        let name = |row: &str| row.strip_prefix("[.] ").unwrap_or("system").to_owned();
        let found: Vec<String> =
            rows(report, name).into_iter().map(|(share, name)| format!("{name} {share:.1}")).collect();
        assert_eq!(found, ["big 60.0", "system 39.2", "others 0.8"]);
    }
}
