//! Tests of the groups of options: which command has which, with all their options.

use std::collections::BTreeSet;

use clap::{Args, Command};

use super::program;
use super::{common, constraints, every_trial, flow, input, manifest, objective, output, search, start, trials};

/// Ids of the options that a group adds to a command.
fn ids<G: Args>() -> BTreeSet<String> {
    let command = G::augment_args(Command::new("group"));
    command.get_arguments().map(|arg| arg.get_id().to_string()).collect()
}

/// Groups of options, and the commands that have them.
///
/// `score` accepts the options for trials and their search without effect.
fn groups() -> [(&'static str, BTreeSet<String>, &'static [&'static str]); 17] {
    const ALL: &[&str] = &["cluster", "score", "compare", "overlap", "flow", "convert"];
    const FLOW: &[&str] = &["cluster", "score", "compare", "overlap", "flow"];
    const SEARCH: &[&str] = &["cluster", "score", "compare", "overlap"];
    const OBJECTIVE: &[&str] = &["cluster", "score", "compare"];
    [
        ("input", ids::<input::InputArgs>(), ALL),
        ("direction", ids::<flow::DirectionArgs>(), ALL),
        ("flow", ids::<flow::FlowArgs>(), FLOW),
        ("levels", ids::<search::TwoLevelArgs>(), &["cluster", "score", "overlap"]),
        ("trials", ids::<trials::TrialArgs>(), SEARCH),
        ("search", ids::<search::SearchArgs>(), SEARCH),
        ("start", ids::<start::StartArgs>(), &["cluster", "compare", "overlap"]),
        ("constraints", ids::<constraints::ConstraintArgs>(), &["cluster", "compare"]),
        ("entropy", ids::<objective::EntropyArgs>(), SEARCH),
        ("objective", ids::<objective::ObjectiveArgs>(), OBJECTIVE),
        ("every trial", ids::<every_trial::EveryTrialArgs>(), &["cluster"]),
        ("cluster files", ids::<output::ClusterFileArgs>(), &["cluster"]),
        ("overlap files", ids::<output::OverlapFileArgs>(), &["cluster", "overlap"]),
        ("module files", ids::<output::ModuleFileArgs>(), &["cluster", "overlap"]),
        ("output", ids::<output::OutputArgs>(), &["cluster", "overlap", "flow"]),
        ("manifest", ids::<manifest::ManifestArgs>(), ALL),
        ("general", ids::<common::CommonArgs>(), ALL),
    ]
}

/// Options that belong to no group.
const OWN: [(&str, &[&str]); 6] = [
    ("cluster", &["no_infomap"]),
    ("score", &["partition", "overlap"]),
    ("compare", &["orders", "csv"]),
    ("overlap", &["nested"]),
    ("flow", &[]),
    ("convert", &["out"]),
];

#[test]
fn the_arguments_are_well_formed() {
    program().debug_assert();
}

#[test]
fn every_command_has_its_groups_and_nothing_else() {
    for (name, own) in OWN {
        let mut program = program();
        program.build();
        let command = program.find_subcommand(name).unwrap();
        let found: BTreeSet<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
        let mut expected: BTreeSet<String> = own.iter().map(|&id| id.to_owned()).collect();
        expected.insert("help".to_owned());
        for (group, ids, commands) in groups() {
            assert!(!ids.is_empty(), "{group}");
            assert_eq!(ids.is_subset(&found), commands.contains(&name), "{name} and {group}");
            if commands.contains(&name) {
                expected.extend(ids);
            }
        }
        assert_eq!(found, expected, "{name}");
    }
}

/// An option of the same name means the same in every command: it comes from the same struct.
#[test]
fn options_of_one_name_take_the_same_values() {
    let mut program = program();
    program.build();
    let mut described = std::collections::BTreeMap::new();
    for command in program.get_subcommands().filter(|command| OWN.iter().any(|(name, _)| *name == command.get_name())) {
        for arg in command
            .get_arguments()
            .filter(|arg| arg.get_long().is_some_and(|long| long != "output" && long != "overlap"))
        {
            let form =
                (arg.get_short(), format!("{:?}", arg.get_value_names()), format!("{:?}", arg.get_default_values()));
            let first = described.entry(arg.get_long().unwrap()).or_insert_with(|| form.clone());
            assert_eq!(*first, form, "--{} of {}", arg.get_long().unwrap(), command.get_name());
        }
    }
    assert!(described.len() > 60);
}
