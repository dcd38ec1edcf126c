//! Options that several commands share take effect in each of them, and the help lists them.

use serde_json::Value;

use crate::common::{Folder, nested, same_bits, stderr};

/// The commands on a network.
const COMMANDS: [&str; 6] = ["cluster", "score", "compare", "overlap", "flow", "convert"];

fn number(report: &Value, key: &str) -> f64 {
    report[key].as_f64().unwrap()
}

#[test]
fn short_help_fits_a_screen_and_long_help_has_everything() {
    let folder = Folder::new();
    let help = |args: &str| {
        let run = folder.mapeq(args).env("COLUMNS", "80").assert().success();
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    for command in COMMANDS {
        let [short, long] = ["-h", "--help"].map(|option| help(&format!("{command} {option}")));
        assert!(short.lines().count() <= 60, "{command}: {} lines", short.lines().count());
        assert!(short.ends_with("\nRun with --help for all options.\n"), "{short}");
        assert!(short.lines().chain(long.lines()).all(|line| line.chars().count() <= 80), "{short}{long}");
        let options = |help: &str| help.lines().filter(|line| line.trim_start().starts_with('-')).count();
        assert!(options(&short) < options(&long), "{command}");
        for option in ["--max-memory", "--manifest", "--string-ids"] {
            assert!(long.contains(option) && !short.contains(option), "{command} {option}");
        }
        let example = long.find("\nExample:\n  mapeq ").unwrap_or_else(|| panic!("no example of {command}"));
        assert!(!long[example + 1..].contains("\n\n"), "the example is the end: {long}");
    }
    for option in ["--trials", "--seed", "--two-level", "--directed", "--objective", "--output", "--verbose"] {
        assert!(help("cluster -h").contains(option), "{option}");
    }
    assert!(help("score --help").lines().all(|line| !line.contains("--trials")), "hidden without a search");
}

#[test]
fn results_of_overlap_have_the_requested_name_format_and_header() {
    let folder = Folder::new();
    folder.stdout("overlap karate.txt out --out-name club -q");
    for suffix in [".overlap.tree", ".overlap.clu", ".overlap.tsv", ".overlap.net", ".overlap_states.tree"] {
        assert!(folder.path(&format!("out/club{suffix}")).exists(), "{suffix}");
    }
    let report = folder.json("overlap karate.txt few --ftree --header full --json");
    assert_eq!(report["outputs"], serde_json::json!(["few/karate.overlap.ftree"]));
    assert!(
        folder.read("few/karate.overlap.ftree").contains("# seed 123"),
        "{}",
        folder.read("few/karate.overlap.ftree")
    );
    assert!(!folder.read("out/club.overlap.tree").contains("# seed"));
    let error = folder.failure("overlap karate.txt out --out-name club --no-overwrite", 3);
    assert!(error.contains("out/club.overlap.tree: it exists and --no-overwrite is given"), "{error}");
}

#[test]
fn two_levels_are_the_default_of_overlap() {
    let folder = Folder::new();
    nested(&folder);
    let [default, two_level, nested] =
        ["", "--two-level", "--nested"].map(|levels| folder.json(&format!("overlap nested.txt -0 --json {levels}")));
    assert_eq!(default["codelength"], two_level["codelength"]);
    assert_eq!((&two_level["levels"], two_level.get("two_level_codelength")), (&2.into(), None));
    assert!(number(&nested, "levels") > 2.0 && number(&nested, "codelength") < number(&two_level, "codelength"));
    folder.failure("overlap nested.txt -0 --nested --two-level", 1);
    // The level selects the modules in .clu files.
    let modules = |level: i32| {
        folder.stdout(&format!("overlap nested.txt . --nested --clu --clu-level {level} -q"));
        let rows = folder.rows("nested.overlap.clu");
        rows.iter()
            .map(|row| row.split(' ').nth(1).unwrap().to_owned())
            .collect::<std::collections::BTreeSet<_>>()
            .len()
    };
    assert!(modules(1) < modules(-1));
}

#[test]
fn overlap_uses_initial_partitions_and_search_options() {
    let folder = Folder::new();
    let best = folder.json("cluster karate.txt best -2 -N 5 --json");
    // A single aggregation level without tuning misses the best modules, unless it starts from
    // them.
    let hard =
        |options: &str| number(&folder.json(&format!("overlap karate.txt -0 --json {options}")), "hard_codelength");
    let limited = hard("-L 1 -T 1");
    assert!(limited > number(&best, "codelength") + 1e-3, "{limited}");
    same_bits(hard("-L 1 -T 1 -c best/karate.tree"), number(&best, "codelength"));
    same_bits(hard("--search annealing"), number(&best, "codelength"));
    folder.write(
        "few.clu",
        folder
            .rows("best/karate.tree")
            .iter()
            .skip(2)
            .map(|row| {
                let (path, id) = (row.split(':').next().unwrap(), row.rsplit(' ').next().unwrap());
                format!("{id} {path}\n")
            })
            .collect::<String>(),
    );
    let joined = folder.json("overlap karate.txt -0 --json -c few.clu --assign-to-neighbouring-module");
    assert!(
        joined["notes"].to_string().contains("2 of these joined the module with the strongest coupling"),
        "{joined}"
    );
    folder.failure("overlap karate.txt -0 -c absent.tree", 2);
}

#[test]
fn trials_of_overlap_end_by_convergence_or_time() {
    let folder = Folder::new();
    let trials = |options: &str| {
        folder.json(&format!("overlap karate.txt -0 --json {options}"))["trials"].as_array().unwrap().len()
    };
    assert_eq!((trials(""), trials("-N 3 --independent-trials")), (1, 3));
    assert!((2..50).contains(&trials("--converge")));
    for command in ["overlap", "cluster"] {
        let report = folder.json(&format!("{command} karate.txt -0 --json -N 1000000 --time-limit 20ms"));
        assert!(report["trials"].as_array().unwrap().len() < 1_000_000);
        assert!(report["notes"].to_string().contains("the time limit ended the search"), "{report}");
    }
    let overlap = folder.json("overlap karate.txt -0 --json --time-limit 1ms");
    assert!(number(&overlap, "codelength") <= number(&overlap, "hard_codelength") + 1e-12);
}

#[test]
fn compare_takes_the_options_of_a_search() {
    let folder = Folder::new();
    let modes = |options: &str| folder.json(&format!("compare karate.txt --json -N 2 {options}"))["modes"].clone();
    let best = number(&folder.json("cluster karate.txt best -2 -N 5 --json"), "codelength");
    assert!(number(&modes("-L 1 -T 1")[1], "best") > best + 1e-3);
    same_bits(modes("-L 1 -T 1 -c best/karate.tree")[1]["best"].clone(), best);
    same_bits(modes("--search annealing")[1]["best"].clone(), best);
    let sizes = modes("--min-module-size 12");
    assert_eq!(sizes[1]["modules_per_level"].as_array().unwrap().len(), 1);
    assert!(sizes[1]["modules_per_level"][0].as_u64().unwrap() <= 2 && number(&sizes[1], "best") > best, "{sizes}");
    // The two hubs of the club.
    folder.write("fixed.txt", "1 1\n34 1\n");
    assert!(number(&modes("--fixed fixed.txt")[1], "best") > best + 1e-3);
    for (options, code) in
        [("--fixed absent.txt", 2), ("-c absent.tree", 2), ("--min-module-size 3 --max-module-size 2", 1)]
    {
        folder.failure(&format!("compare karate.txt {options}"), code);
    }
}

#[test]
fn the_time_limit_of_compare_is_for_all_searches() {
    let folder = Folder::new();
    let report = folder.json("compare karate.txt --json -N 1000000 --time-limit 40ms");
    let modes = report["modes"].as_array().unwrap();
    assert_eq!(modes.len(), 3);
    for (mode, name) in modes[1..].iter().zip(["two-level", "multilevel"]) {
        assert!((1..1_000_000).contains(&mode["trials"].as_u64().unwrap()), "{mode}");
        assert!(report["notes"].to_string().contains(&format!("the time limit ended the {name} search")), "{report}");
    }
}

/// A command line of `cluster` scores its result, with a note for what has no effect.
#[test]
fn score_accepts_the_options_of_a_search() {
    let folder = Folder::new();
    let options = "-d -N 3 --seed 7 --independent-trials -T 2 --time-limit 1m";
    let found = folder.json(&format!("cluster karate.txt out {options} --json"));
    let scored = folder.json(&format!("score karate.txt out/karate.tree {options} --json"));
    same_bits(scored["codelength"].clone(), number(&found, "codelength"));
    let notes = scored["notes"].to_string();
    for option in ["trials", "seed", "independent-trials", "tune-iteration-limit", "time-limit"] {
        assert!(notes.contains(&format!("--{option} has no effect without a search")), "{option}: {notes}");
    }
    let run = folder.mapeq("score karate.txt out/karate.tree -d").assert().success();
    assert!(!stderr(run).contains("no effect"));
}

#[test]
fn every_command_writes_a_manifest() {
    let folder = Folder::new();
    folder.stdout("cluster karate.txt out -q");
    folder.stdout("overlap karate.txt out -q");
    for (place, line) in [
        "cluster karate.txt out",
        "score karate.txt out/karate.tree",
        "score --overlap karate.txt out/karate.overlap.tree",
        "compare karate.txt -N 2",
        "overlap karate.txt out",
        "flow karate.txt out",
        "convert karate.txt out/karate.net",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("manifest{place}.json");
        folder.stdout(&format!("{line} -q --manifest {name}"));
        let manifest: Value = serde_json::from_str(&folder.read(&name)).unwrap();
        assert_eq!(manifest["run"]["command"], *line.split(' ').next().unwrap(), "{line}");
        assert_eq!(manifest["inputs"][0]["path"], "karate.txt");
        assert_eq!(
            manifest["outputs"].as_array().unwrap().is_empty(),
            line.starts_with("score") || line.starts_with("compare")
        );
        let error = folder.failure(&format!("{line} -q --no-overwrite --manifest {name}"), 3);
        assert!(error.contains("it exists and --no-overwrite is given"), "{line}: {error}");
    }
}

#[test]
fn every_command_keeps_to_the_memory_limit() {
    let folder = Folder::new();
    folder.stdout("cluster karate.txt out -q");
    folder.stdout("overlap karate.txt out -q");
    for line in [
        "cluster karate.txt",
        "score karate.txt out/karate.tree",
        "score --overlap karate.txt out/karate.overlap.tree",
        "compare karate.txt",
        "overlap karate.txt",
        "flow karate.txt",
        "convert karate.txt new.net",
    ] {
        let error = folder.failure(&format!("{line} --max-memory 1M"), 2);
        assert!(error.contains("above --max-memory 1 MiB"), "{line}: {error}");
    }
}
