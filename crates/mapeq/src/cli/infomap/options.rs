//! Every option of Infomap 2.16, and its translation.

use self::Becomes::{Here, Noted, Nothing, Refused, Same, With, Words};
use self::Takes::{Count, Flag, List, Steps, Value};

/// An option of Infomap 2.16.
pub(super) struct InfomapOption {
    pub(super) long: &'static str,
    pub(super) short: Option<char>,
    pub(super) takes: Takes,
    pub(super) becomes: Becomes,
    /// True if only `-hh` lists the option.
    pub(super) advanced: bool,
}

/// Kind of argument of an option.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// No argument. `--no-` before the name revokes the option.
    Flag,
    /// No argument. The number of repetitions counts.
    Count,
    /// A value with this name in the help. The last value counts.
    Value(&'static str),
    /// A number. If it is negative, the option is ignored.
    Steps,
    /// Values separated by commas.
    List,
}

/// Translation of an option to those of `mapeq cluster`.
#[derive(Clone, Copy)]
pub(super) enum Becomes {
    /// The option of the same name.
    Same,
    /// The option of the same name. It has no effect without this other option.
    With(&'static str),
    /// These options. The last one takes the value.
    Words(&'static [&'static str]),
    /// No option: this module implements it. The text is its help.
    Here(&'static str),
    /// No option, because mapeq always does this. The text is its help.
    Nothing(&'static str),
    /// No option. A note gives the reason.
    Noted(&'static str),
    /// An error with this reason.
    Refused(&'static str),
}

/// Reason why options of regularised layers have no effect.
const MULTILAYER_PRIOR: &str = "it applies to layers with --regularized, which Infomap 2.16 refuses, too";

/// All options, in the order of the help.
pub(super) const OPTIONS: [InfomapOption; 84] = [
    // About
    new("help", Some('h'), Count, Here("Print the common options; -hh includes advanced ones")),
    new("version", Some('V'), Flag, Here("Print the version")),
    expert("completion", Value("SHELL"), Here("Print a completion script for a shell")),
    expert("print-json-parameters", Flag, Here("Print the options as JSON")),
    // Input
    expert("skip-adjust-bipartite-flow", Flag, Same),
    expert("bipartite-teleportation", Flag, Same),
    expert("weight-threshold", Value("WEIGHT"), Same),
    InfomapOption {
        advanced: true,
        ..new(
            "include-self-links",
            Some('k'),
            Flag,
            Refused("self-links are included unless --no-self-links is given, in Infomap 2.16, too"),
        )
    },
    expert("no-self-links", Flag, Same),
    expert("node-limit", Value("N"), Noted("Infomap 2.16 reads all nodes, too")),
    expert("matchable-multilayer-ids", Value("LAYERS"), Same),
    new("cluster-data", Some('c'), Value("FILE"), Same),
    expert("assign-to-neighbouring-module", Flag, With("cluster-data")),
    expert("meta-data", Value("FILE"), Same),
    expert("meta-data-rate", Value("RATE"), With("meta-data")),
    expert("meta-data-unweighted", Flag, With("meta-data")),
    new("no-infomap", None, Flag, Same),
    // Algorithm
    new("two-level", Some('2'), Flag, Same),
    new("flow-model", Some('f'), Value("MODEL"), Same),
    new("directed", Some('d'), Flag, Same),
    InfomapOption { advanced: true, ..new("recorded-teleportation", Some('e'), Flag, Same) },
    expert("use-node-weights-as-flow", Flag, Same),
    expert("to-nodes", Flag, Same),
    InfomapOption { advanced: true, ..new("teleportation-probability", Some('p'), Value("P"), Same) },
    expert("max-flow-iterations", Value("N"), Same),
    expert("min-flow-iterations", Value("N"), Same),
    expert("flow-tolerance", Value("ERROR"), Same),
    expert("regularized", Flag, Same),
    expert("regularization-strength", Value("STRENGTH"), Same),
    expert("intra-regularization-strength", Value("STRENGTH"), Noted(MULTILAYER_PRIOR)),
    expert("inter-regularization-strength", Value("STRENGTH"), Noted(MULTILAYER_PRIOR)),
    expert("multilayer-skip-absent-nodes", Flag, Noted(MULTILAYER_PRIOR)),
    expert("entropy-corrected", Flag, Same),
    expert("entropy-correction-strength", Value("C"), With("entropy-corrected")),
    expert("markov-time", Value("TIME"), Same),
    expert("variable-markov-time", Flag, Same),
    expert("variable-markov-damping", Value("Q"), Same),
    expert("variable-markov-min-scale", Value("SCALE"), Same),
    expert("preferred-number-of-modules", Value("N"), Same),
    expert("preferred-number-of-levels", Value("N"), Same),
    expert("preferred-number-of-levels-strength", Value("STRENGTH"), With("preferred-number-of-levels")),
    expert("multilayer-relax-rate", Value("R"), Same),
    expert("multilayer-relax-limit", Steps, Same),
    expert("multilayer-relax-limit-up", Steps, Same),
    expert("multilayer-relax-limit-down", Steps, Same),
    expert("multilayer-relax-by-jsd", Flag, Words(&["--multilayer-relax-by-jsd", "--multilayer-jsd-by-weights"])),
    expert("multilayer-relax-to-self", Flag, Same),
    // Accuracy
    new("seed", Some('s'), Value("N"), Same),
    new("num-trials", Some('N'), Value("N"), Words(&["--trials"])),
    InfomapOption { advanced: true, ..new("core-loop-limit", Some('M'), Value("N"), Same) },
    InfomapOption { advanced: true, ..new("core-level-limit", Some('L'), Value("N"), Same) },
    InfomapOption { advanced: true, ..new("tune-iteration-limit", Some('T'), Value("N"), Same) },
    expert("core-loop-codelength-threshold", Value("BITS"), Noted("nodes move until no move improves the objective")),
    expert("tune-iteration-relative-threshold", Value("SHARE"), Noted("tuning ends when it improves nothing more")),
    InfomapOption { advanced: true, ..new("fast-hierarchical-solution", Some('F'), Count, Same) },
    expert("inner-parallelization", Flag, Nothing("Every search uses all threads, and they change no result")),
    expert("parallel-trials", Flag, Nothing("Trials always run in parallel")),
    new("converge", None, Flag, Same),
    expert("num-threads", Value("N"), Here("Number of threads, or auto: from the environment, or else all")),
    expert("threads", Value("N"), Here("The same as --num-threads")),
    expert("prefer-modular-solution", Flag, Same),
    expert("num-random-moves", Value("N"), Same),
    expert("max-degree-for-random-moves", Value("N"), With("num-random-moves")),
    // Output
    expert("out-name", Value("NAME"), Here("Name of the results without extension")),
    InfomapOption { advanced: true, ..new("no-file-output", Some('0'), Flag, Same) },
    new("tree", None, Flag, Same),
    new("ftree", None, Flag, Same),
    new("clu", None, Flag, Same),
    expert("clu-level", Value("N"), Same),
    new("output", Some('o'), List, Same),
    expert("hide-bipartite-nodes", Flag, Same),
    expert("print-all-trials", Flag, Same),
    expert("no-overwrite", Flag, Same),
    expert("print-config-fingerprint", Flag, Here("Print a fingerprint of the options that results depend on")),
    expert("timing-json", Value("FILE"), Here("Write the times of the run as JSON; - for standard output")),
    expert("summary-json", Value("FILE"), Here("Write a summary of the run as JSON; - for standard output")),
    expert("manifest-json", Value("FILE"), Words(&["--manifest"])),
    expert("memory-report", Flag, Here("Include the peak memory in --timing-json")),
    expert("trial-offset", Value("N"), Same),
    expert("trial-results", Value("FILE"), Here("Write the result of every trial as JSON; implies --print-all-trials")),
    expert("no-final-output", Flag, Same),
    InfomapOption { advanced: true, ..new("verbose", Some('v'), Count, Same) },
    new("silent", None, Flag, Words(&["--quiet"])),
    expert("pretty", Flag, Nothing("It has no effect in Infomap 2.16, either")),
];

const fn new(long: &'static str, short: Option<char>, takes: Takes, becomes: Becomes) -> InfomapOption {
    InfomapOption { long, short, takes, becomes, advanced: false }
}

const fn expert(long: &'static str, takes: Takes, becomes: Becomes) -> InfomapOption {
    InfomapOption { long, short: None, takes, becomes, advanced: true }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// `docs/infomap-compatibility.md` lists the same options, in the same order, with matching
    /// verdicts.
    #[test]
    fn documentation_lists_every_option() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/infomap-compatibility.md");
        let text = fs::read_to_string(path).unwrap();
        let rows: Vec<Vec<&str>> = text
            .lines()
            .filter(|line| line.starts_with("| `-"))
            .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
            .collect();
        let names: Vec<String> = rows.iter().map(|row| row[0].replace('`', "")).collect();
        let expected: Vec<String> = OPTIONS
            .iter()
            .map(|InfomapOption { long, short, .. }| match short {
                Some(short) => format!("-{short} --{long}"),
                None => format!("--{long}"),
            })
            .collect();
        assert_eq!(names, expected);
        for (row, option) in rows.iter().zip(&OPTIONS) {
            let verdicts: &[&str] = match option.becomes {
                Refused(_) => &["refused"],
                Noted(_) => &["no effect"],
                _ => &["same", "better"],
            };
            assert!(verdicts.contains(&row[1]), "--{}: {}", option.long, row[1]);
            assert!(row[1] == "same" || !row[2].is_empty(), "--{}: the reason is missing", option.long);
        }
    }
}
