//! `mapeq objectives`: what can be minimised.

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
    let mut table = Table::new(["objective", "levels", "minimises"]).ending_in_words();
    let mut taken = String::new();
    for objective in registry.iter() {
        let levels = if objective.is_hierarchical() { "any" } else { "two" };
        table.row([objective.name().to_owned(), levels.to_owned(), objective.summary().to_owned()]);
        let options: Vec<String> = options(objective).iter().map(|option| format!("--{option}")).collect();
        if !options.is_empty() {
            taken.push_str(&format!("{} takes {}\n", objective.name(), options.join(", ")));
        }
    }
    format!("{}\n{taken}", table.aligned())
}

fn options(objective: &dyn RegisteredObjective) -> Vec<&'static str> {
    objective.options().iter().map(|option| option.name()).collect()
}
