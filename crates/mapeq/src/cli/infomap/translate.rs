//! Translation of a command line of Infomap to one of `mapeq cluster`.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clap_complete::Shell;
use sha2::{Digest, Sha256};

use super::options::{Becomes, InfomapOption, OPTIONS, Takes};
use super::reports::Reports;
use crate::cli::args::program;
use crate::cli::exit::Failure;

const NETWORK: &str = "network_file";
const OUT: &str = "out_directory";
const MORE: &str = "more";

/// Task of a command line.
pub(super) enum Asked {
    /// Print this text.
    Text(String),
    /// Search for modules.
    Run(Run),
}

/// A search for modules.
pub(super) struct Run {
    /// The command line of `mapeq cluster`.
    pub(super) words: Vec<OsString>,
    /// Notes on options and arguments without effect.
    pub(super) notes: Vec<String>,
    pub(super) reports: Reports,
}

/// Translates the arguments after the program name. `environment` returns the value of a variable.
pub(super) fn translate(args: &[OsString], environment: impl Fn(&str) -> Option<String>) -> Result<Asked, Failure> {
    let matches = command().try_get_matches_from(args).map_err(|error| one_line(&error))?;
    if let Some(text) = text(&matches)? {
        return Ok(Asked::Text(text));
    }
    let (mut words, mut notes) = (vec!["mapeq".into(), "cluster".into()], Vec::new());
    for option in OPTIONS.iter().filter(|option| is_given(&matches, option)) {
        let long = option.long;
        match option.becomes {
            Becomes::Here(_) | Becomes::Nothing(_) => {}
            Becomes::Noted(why) => notes.push(format!("--{long} has no effect: {why}")),
            Becomes::Refused(why) => return Err(Failure::Usage(format!("--{long} is refused: {why}"))),
            Becomes::With(other) if !named(other).is_some_and(|other| is_given(&matches, other)) => {
                notes.push(format!("--{long} has no effect without --{other}"));
            }
            Becomes::Same | Becomes::With(_) => words.extend(with_value(&matches, option, &format!("--{long}"))),
            Becomes::Words(given) => {
                let (last, first) = given.split_last().expect("there are words");
                words.extend(first.iter().map(OsString::from));
                words.extend(with_value(&matches, option, last));
            }
        }
    }
    if matches.get_flag("multilayer-skip-absent-nodes") && !matches.get_flag("regularized") {
        return Err(Failure::Usage("--multilayer-skip-absent-nodes needs --regularized".to_owned()));
    }
    if matches.get_flag("print-config-fingerprint") {
        return Ok(Asked::Text(format!("{}\n", fingerprint(&matches))));
    }
    let threads = value(&matches, "threads").or(value(&matches, "num-threads")).unwrap_or(OsStr::new("auto"));
    match (threads == "auto").then(|| threads_of(environment)).flatten() {
        Some(count) => words.push(format!("--threads={count}").into()),
        None => words.push(joined("--threads", threads)),
    }
    if value(&matches, "trial-results").is_some() {
        let needed = ["tree", "print-all-trials"].into_iter().filter(|flag| !matches.get_flag(flag));
        words.extend(needed.map(|flag| format!("--{flag}").into()));
    }
    words.extend(place(&matches)?);
    if let Some(word) = matches.get_many::<OsString>(MORE).and_then(|mut more| more.next()) {
        notes.push(format!("extra arguments ignored (first: {}): expected options", word.display()));
    }
    Ok(Asked::Run(Run { words, notes, reports: reports(&matches)? }))
}

/// Converts an error of clap to a message of one line.
pub(super) fn one_line(error: &clap::Error) -> Failure {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let hint = match (error.get(ContextKind::SuggestedArg), error.get(ContextKind::ValidValue)) {
        (Some(ContextValue::String(option)), _) => format!("did you mean {option}?"),
        (_, Some(ContextValue::Strings(values))) if !values.is_empty() => format!("one of {}", values.join(", ")),
        _ => "-hh lists the options".to_owned(),
    };
    Failure::Usage(format!("{} (hint: {hint})", first.trim_start_matches("error: ")))
}

/// Builds the command line of Infomap.
fn command() -> Command {
    let cluster = program().find_subcommand("cluster").expect("there is that command").clone();
    let mut command = Command::new("infomap")
        .about("Find the modules of a network, with the command line of Infomap 2.16")
        .after_help("docs/infomap-compatibility.md compares every option with that of Infomap.")
        .no_binary_name(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .max_term_width(100);
    for (name, help) in [(NETWORK, "Network to read"), (OUT, "Folder for the results, created if it does not exist")] {
        command = command.arg(Arg::new(name).value_parser(value_parser!(OsString)).help(help));
    }
    command = command.arg(Arg::new(MORE).num_args(0..).value_parser(value_parser!(OsString)).hide(true));
    for option in &OPTIONS {
        let hidden = matches!(option.becomes, Becomes::Refused(_) | Becomes::Noted(_));
        let negation = format!("no-{}", option.long);
        let arg = Arg::new(option.long).long(option.long).help(help(option, &cluster)).hide(hidden);
        let arg = if option.advanced { arg.hide_short_help(true) } else { arg };
        let arg = if let Some(short) = option.short { arg.short(short) } else { arg };
        command = match option.takes {
            Takes::Flag | Takes::Count => {
                let flag = option.takes == Takes::Flag;
                let arg = if flag { arg.overrides_with(option.long) } else { arg };
                let action = if flag { ArgAction::SetTrue } else { ArgAction::Count };
                command.arg(arg.action(action).overrides_with(negation.clone())).arg(
                    Arg::new(negation.clone())
                        .long(negation.clone())
                        .action(ArgAction::SetTrue)
                        .overrides_with_all([option.long.to_owned(), negation])
                        .hide(true),
                )
            }
            Takes::Value(name) => command.arg(taking(arg, name, option.long)),
            Takes::Steps => command.arg(taking(arg, "N", option.long)),
            Takes::List => command.arg(taking(arg, "LIST", option.long)),
        };
    }
    command
}

/// Adds a value to an option. The last value counts, and it may start with a hyphen.
fn taking(arg: Arg, name: &'static str, long: &'static str) -> Arg {
    let arg = arg.value_name(name).value_parser(value_parser!(OsString)).allow_hyphen_values(true);
    arg.action(ArgAction::Set).overrides_with(long)
}

/// Returns the help of an option. If `cluster` has the option, its help is used.
fn help(option: &InfomapOption, cluster: &Command) -> String {
    let long = match option.becomes {
        Becomes::Here(help) | Becomes::Nothing(help) | Becomes::Noted(help) | Becomes::Refused(help) => {
            return help.to_owned();
        }
        Becomes::Same | Becomes::With(_) => option.long,
        Becomes::Words(words) => words[0].trim_start_matches("--"),
    };
    let of_cluster = cluster.get_arguments().find(|arg| arg.get_long() == Some(long));
    of_cluster.and_then(|arg| arg.get_help()).map(ToString::to_string).unwrap_or_default()
}

/// Returns the text that options such as `--help` print instead of a search.
fn text(matches: &ArgMatches) -> Result<Option<String>, Failure> {
    if matches.get_flag("version") {
        let version = env!("CARGO_PKG_VERSION");
        return Ok(Some(format!("mapeq {version}, with the command line of Infomap 2.16.0\n")));
    }
    if matches.get_flag("print-json-parameters") {
        return Ok(Some(format!("{}\n", catalogue())));
    }
    let text = match (matches.get_count("help"), value(matches, "completion")) {
        (0, None) => return Ok(None),
        (0, Some(shell)) => {
            let shell: Shell = shell.to_string_lossy().parse().map_err(Failure::Usage)?;
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command(), "infomap", &mut script);
            String::from_utf8_lossy(&script).into_owned()
        }
        (1, _) => command().render_help().to_string(),
        _ => command().render_long_help().to_string(),
    };
    Ok(Some(text))
}

/// Returns all options as JSON, with the keys of Infomap.
fn catalogue() -> serde_json::Value {
    let command = command();
    let described = |option: &InfomapOption| {
        let help = command.get_arguments().find(|arg| arg.get_long() == Some(option.long)).and_then(Arg::get_help);
        serde_json::json!({
            "long": format!("--{}", option.long),
            "short": option.short.map_or(String::new(), |short| format!("-{short}")),
            "description": help.map(ToString::to_string),
            "required": !matches!(option.takes, Takes::Flag | Takes::Count),
            "advanced": option.advanced,
            "incremental": option.takes == Takes::Count,
        })
    };
    serde_json::json!({ "parameters": OPTIONS.iter().map(described).collect::<Vec<_>>() })
}

/// Returns a hash of this version and all options that the result of a trial depends on, in 16
/// hexadecimal digits.
///
/// The order of options does not matter. Parts of one search, which differ in `--trial-offset`,
/// have equal fingerprints.
fn fingerprint(matches: &ArgMatches) -> String {
    let mut hash = Sha256::new_with_prefix(env!("CARGO_PKG_VERSION"));
    // From `--out-name` on, options concern files and the choice of trials.
    let of_search = OPTIONS.iter().take_while(|option| option.long != "out-name");
    let works =
        |option: &&InfomapOption| matches!(option.becomes, Becomes::Same | Becomes::With(_) | Becomes::Words(_));
    for option in of_search.filter(works).filter(|option| option.long != "num-trials" && is_given(matches, option)) {
        for word in with_value(matches, option, option.long) {
            hash.update([word.as_encoded_bytes(), b"\0"].concat());
        }
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn named(long: &str) -> Option<&'static InfomapOption> {
    OPTIONS.iter().find(|option| option.long == long)
}

fn value<'m>(matches: &'m ArgMatches, long: &str) -> Option<&'m OsStr> {
    matches.get_one::<OsString>(long).map(OsString::as_os_str)
}

/// Returns whether the option is given and not revoked.
fn is_given(matches: &ArgMatches, option: &InfomapOption) -> bool {
    match option.takes {
        Takes::Flag => matches.get_flag(option.long),
        Takes::Count => matches.get_count(option.long) > 0,
        Takes::Value(_) | Takes::List => value(matches, option.long).is_some(),
        Takes::Steps => value(matches, option.long).is_some_and(|steps| !steps.to_string_lossy().starts_with('-')),
    }
}

/// Returns the option under its name for `cluster`, with its value.
fn with_value(matches: &ArgMatches, option: &InfomapOption, name: &str) -> Vec<OsString> {
    let value = value_of(matches, option);
    match (option.takes, value) {
        (Takes::Count, _) => vec![name.into(); matches.get_count(option.long).into()],
        (Takes::List, Some(list)) => {
            let list = list.to_string_lossy();
            let formats: Vec<&str> = list.split(',').map(str::trim).filter(|format| !format.is_empty()).collect();
            vec![format!("{name}={}", formats.join(",")).into()]
        }
        (_, Some(value)) => vec![joined(name, value)],
        (_, None) => vec![name.into()],
    }
}

fn value_of<'m>(matches: &'m ArgMatches, option: &InfomapOption) -> Option<&'m OsStr> {
    matches!(option.takes, Takes::Value(_) | Takes::Steps | Takes::List).then(|| value(matches, option.long)).flatten()
}

fn joined(name: &str, value: &OsStr) -> OsString {
    let mut word = OsString::from(name);
    word.push("=");
    word.push(value);
    word
}

/// Returns the arguments for the network, the folder and the name of the results. If the name
/// contains a folder, it is appended to the folder of the results.
fn place(matches: &ArgMatches) -> Result<Vec<OsString>, Failure> {
    let usage =
        |missing: &str| Failure::Usage(format!("missing {missing}: infomap network_file out_directory [options]"));
    let network = value(matches, NETWORK).ok_or_else(|| usage(NETWORK))?;
    let mut out = match value(matches, OUT) {
        Some(out) => Path::new(out).to_owned(),
        None if matches.get_flag("no-file-output") => Path::new(".").to_owned(),
        None => return Err(usage(OUT)),
    };
    let mut words = Vec::new();
    if let Some(name) = value(matches, "out-name") {
        let (name, folder) = (Path::new(name), Path::new(name).parent());
        out.extend(folder.filter(|folder| !folder.as_os_str().is_empty()));
        words.push(joined("--out-name", name.file_name().unwrap_or_default()));
    }
    words.extend(["--".into(), network.to_owned(), out.into_os_string()]);
    Ok(words)
}

/// Returns the paths of the reports, or an error if they cannot be combined.
fn reports(matches: &ArgMatches) -> Result<Reports, Failure> {
    let usage = |message: String| Err(Failure::Usage(message));
    let options = ["summary-json", "timing-json", "trial-results", "manifest-json"];
    let to_stdout: Vec<&str> =
        options.into_iter().filter(|option| value(matches, option) == Some("-".as_ref())).collect();
    match to_stdout[..] {
        [option] if !matches.get_flag("silent") => return usage(format!("--{option} - needs --silent")),
        [one, another, ..] => return usage(format!("--{one} and --{another} cannot both go to standard output")),
        _ => {}
    }
    let timing = value(matches, "timing-json").map(Into::into);
    let memory = matches.get_flag("memory-report");
    if memory && timing.is_none() {
        return usage("--memory-report needs --timing-json".to_owned());
    }
    let [summary, trials] = ["summary-json", "trial-results"].map(|option| value(matches, option).map(Into::into));
    Ok(Reports { summary, timing, memory, trials })
}

/// Returns the number of threads set in the environment.
fn threads_of(environment: impl Fn(&str) -> Option<String>) -> Option<usize> {
    ["INFOMAP_NUM_THREADS", "SLURM_CPUS_PER_TASK", "OMP_NUM_THREADS"].into_iter().find_map(|name| {
        let value = environment(name)?;
        value.split(',').next()?.trim().parse().ok().filter(|&count| count > 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Result<Run, Failure> {
        let args: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        match translate(&args, |_| None)? {
            Asked::Run(run) => Ok(run),
            Asked::Text(text) => panic!("{line}: {text}"),
        }
    }

    fn words(line: &str) -> String {
        let words = run(line).unwrap().words;
        let words: Vec<&str> = words.iter().skip(2).map(|word| word.to_str().unwrap()).collect();
        words.join(" ").replace("--threads=auto ", "")
    }

    #[test]
    fn command_lines_are_translated() {
        for (theirs, ours) in [
            ("a.net out", "-- a.net out"),
            ("--silent a.net -N10 out", "--trials=10 --quiet -- a.net out"),
            ("a.net out -2dN3", "--two-level --directed --trials=3 -- a.net out"),
            ("a.net out -d2", "--two-level --directed -- a.net out"),
            (
                "a.net out -vvv -FF",
                "--fast-hierarchical-solution --fast-hierarchical-solution --verbose --verbose --verbose -- a.net out",
            ),
            ("a.net out -s5 -s 6", "--seed=6 -- a.net out"),
            ("a.net out --two-level --no-two-level", "-- a.net out"),
            ("a.net out --no-two-level -2 -2", "--two-level -- a.net out"),
            ("a.net out --no-self-links --no-no-self-links", "-- a.net out"),
            ("a.net out --no-include-self-links --no-verbose", "-- a.net out"),
            ("a.net out -otree,clu, -o ftree,", "--output=ftree -- a.net out"),
            ("a.net out --clu --clu-level -1", "--clu --clu-level=-1 -- a.net out"),
            ("a.net out --multilayer-relax-limit -1", "-- a.net out"),
            ("a.net out --multilayer-relax-limit 2", "--multilayer-relax-limit=2 -- a.net out"),
            ("a.net -0", "--no-file-output -- a.net ."),
            ("a.net out --out-name deep/b", "--out-name=b -- a.net out/deep"),
            ("a.net out --trial-results t.json --tree", "--tree --print-all-trials -- a.net out"),
            ("a.net out --threads 2", "--threads=2 -- a.net out"),
            ("a.net out --parallel-trials --pretty", "-- a.net out"),
            ("a.net out --meta-data m.clu --meta-data-rate 2", "--meta-data=m.clu --meta-data-rate=2 -- a.net out"),
        ] {
            assert_eq!(words(theirs), ours, "{theirs}");
        }
    }

    #[test]
    fn options_without_effect_are_noted() {
        for (line, note) in [
            ("a.net out --meta-data-rate 2", "--meta-data-rate has no effect without --meta-data"),
            ("a.net out --node-limit 3", "--node-limit has no effect: Infomap 2.16 reads all nodes, too"),
            ("a.net out 2", "extra arguments ignored (first: 2): expected options"),
        ] {
            assert_eq!(run(line).unwrap().notes, [note]);
        }
    }

    #[test]
    fn fingerprints_depend_on_search_options_only() {
        let fingerprint = |line: &str| {
            let line = format!("a.net out --print-config-fingerprint {line}");
            match translate(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>(), |_| None).ok() {
                Some(Asked::Text(text)) => text,
                _ => panic!("{line}: no text"),
            }
        };
        let plain = fingerprint("");
        assert!(plain.len() == 17 && plain.trim_end().bytes().all(|byte| byte.is_ascii_hexdigit()), "{plain}");
        for same in [
            "-N 3",
            "-N 3 --trial-offset 3",
            "-o clu",
            "--silent",
            "--out-name x",
            "--num-threads 2",
            "-v",
            "-2 --no-two-level",
        ] {
            assert_eq!(fingerprint(same), plain, "{same}");
        }
        assert_eq!(fingerprint("-2 -s 5"), fingerprint("--seed 5 -N 2 --two-level"));
        let others = ["-s 5", "-s 6", "-d", "-2", "-c n.clu"].map(fingerprint);
        assert!(others.iter().enumerate().all(|(place, other)| *other != plain && !others[..place].contains(other)));
    }

    #[test]
    fn invalid_command_lines_give_one_line() {
        for (line, message) in [
            ("", "missing network_file: infomap network_file out_directory [options]"),
            ("a.net", "missing out_directory: infomap network_file out_directory [options]"),
            ("a.net out --xyz", "unexpected argument '--xyz' found (hint: -hh lists the options)"),
            ("a.net out --num-trial 3", "unexpected argument '--num-trial' found (hint: did you mean --num-trials?)"),
            (
                "a.net out -N",
                "a value is required for '--num-trials <N>' but none was supplied (hint: -hh lists the options)",
            ),
            ("a.net out --summary-json -", "--summary-json - needs --silent"),
            ("a.net out --memory-report", "--memory-report needs --timing-json"),
            ("a.net out --multilayer-skip-absent-nodes", "--multilayer-skip-absent-nodes needs --regularized"),
        ] {
            assert_eq!(
                run(line).err().and_then(|failure| failure.message().map(str::to_owned)).as_deref(),
                Some(message)
            );
        }
    }

    #[test]
    fn threads_are_read_from_the_environment() {
        let environment = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(threads_of(environment(&[])), None);
        assert_eq!(threads_of(environment(&[("OMP_NUM_THREADS", "3,2"), ("INFOMAP_NUM_THREADS", "x")])), Some(3));
        assert_eq!(threads_of(environment(&[("SLURM_CPUS_PER_TASK", "4"), ("OMP_NUM_THREADS", "3")])), Some(4));
    }

    /// Every translation is an option of `cluster`, and no refused option is.
    #[test]
    fn translations_are_options_of_cluster() {
        let cluster = program().find_subcommand("cluster").unwrap().clone();
        let has = |long: &str| cluster.get_arguments().any(|arg| arg.get_long() == Some(long));
        for option in &OPTIONS {
            let words = match option.becomes {
                Becomes::Same | Becomes::With(_) => vec![option.long],
                Becomes::Words(words) => words.iter().map(|word| word.trim_start_matches("--")).collect(),
                Becomes::Refused(_) => {
                    assert!(!has(option.long), "cluster has --{}", option.long);
                    Vec::new()
                }
                _ => Vec::new(),
            };
            assert!(words.iter().all(|word| has(word)), "cluster has no --{}", words.join(", --"));
        }
        command().debug_assert();
    }
}
