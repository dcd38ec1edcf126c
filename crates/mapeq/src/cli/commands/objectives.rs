//! `mapeq objectives`: the objectives for `--objective`.

use serde::Serialize;

use crate::cli::output::summary;
use crate::cli::output::table::Table;
use crate::registry::{RegisteredObjective, Registry};

#[derive(Serialize)]
struct Listing<'a> {
    version: &'static str,
    command: &'static str,
    objectives: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    summary: &'a str,
    unit: &'a str,
    hierarchical: bool,
    options: Vec<&'static str>,
}

/// Returns the list of objectives, as a table or as JSON.
pub(crate) fn list(registry: &Registry, json: bool) -> String {
    if json {
        let entries = registry.iter().map(|objective| Entry {
            name: objective.name(),
            summary: objective.summary(),
            unit: objective.unit(),
            hierarchical: objective.is_hierarchical(),
            options: options(objective),
        });
        let version = env!("CARGO_PKG_VERSION");
        return summary::json(&Listing { version, command: "objectives", objectives: entries.collect() });
    }
    let mut table = Table::new(["objective", "levels", "options", "description"]).with_words([0, 1, 2, 3]);
    for objective in registry.iter() {
        let levels = if objective.is_hierarchical() { "any" } else { "two" };
        // One option per row, so that the description fits.
        let mut options = options(objective).into_iter().map(|option| format!("--{option}"));
        let (name, description) = (objective.name().to_owned(), objective.summary().to_owned());
        table.row([name, levels.to_owned(), options.next().unwrap_or_default(), description]);
        options.for_each(|option| table.row([String::new(), String::new(), option, String::new()]));
    }
    table.aligned()
}

fn options(objective: &dyn RegisteredObjective) -> Vec<&'static str> {
    objective.options().iter().map(|option| option.name()).collect()
}
