//! The other commands, and what all have in common.

mod common;

use common::{Folder, same_bits, text};

#[test]
fn the_score_of_a_written_tree_is_what_cluster_reported() {
    let folder = Folder::new();
    for (network, flow) in
        [("karate.txt", ""), ("karate.txt", "-d"), ("karate.txt", "-d -e"), ("two_triangles.net", "")]
    {
        let found = folder.json(&format!("cluster {network} out {flow} -N 3 --json"));
        let tree = found["outputs"][0].as_str().unwrap();
        let scored = folder.json(&format!("score {network} {tree} {flow} --json"));
        for key in ["codelength", "index_codelength", "module_codelength", "one_level_codelength", "relative_savings"] {
            same_bits(scored[key].clone(), found[key].as_f64().unwrap());
        }
        assert_eq!(scored["modules_per_level"], found["modules_per_level"]);
    }
}

#[test]
fn score_tells_every_module_and_level() {
    let folder = Folder::new();
    // An only child costs real bits: each triangle wrapped in one more level.
    folder.write("wrapped.tree", (1..=6).map(|id| format!("{}:1:{id} 0 \"\" {id}\n", 1 + id / 4)).collect::<String>());
    let report = folder.json("score two_triangles.net wrapped.tree --json");
    same_bits(report["codelength"].clone(), 2.606444642548);
    let modules = report["modules"].as_array().unwrap();
    let paths: Vec<&str> = modules.iter().map(|module| module["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["1", "1:1", "2", "2:1"]);
    for module in modules {
        let keys: Vec<&String> = module.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["path", "flow", "enter_flow", "exit_flow", "codelength", "nodes"]);
        assert_eq!(module["nodes"], 3);
        same_bits(module["flow"].clone(), 0.5);
        same_bits(module["enter_flow"].clone(), 1.0 / 14.0);
        same_bits(module["exit_flow"].clone(), 1.0 / 14.0);
    }
    let sum: f64 = modules.iter().map(|module| module["codelength"].as_f64().unwrap()).sum();
    same_bits(report["module_codelength"].clone(), sum);
    let levels = report["codelength_per_level"].as_array().unwrap();
    assert_eq!(levels.len(), 3);
    assert_eq!((&levels[1]["modules"], &levels[2]["nodes"]), (&2.into(), &6.into()));
    let bits = |key: &str| levels.iter().map(|level| level[key].as_f64().unwrap()).sum::<f64>();
    same_bits(report["codelength"].clone(), bits("index_codelength") + bits("module_codelength"));
    same_bits(folder.json("score two_triangles.net wrapped.tree --json -2")["codelength"].clone(), 2.320730356834);

    let table = folder.stdout("score two_triangles.net wrapped.tree");
    assert!(table.contains("\n1:1         3  0.500000000  0.071428571  0.071428571"), "{table}");
}

#[test]
fn compare_sets_the_ways_to_search_side_by_side() {
    let folder = Folder::new();
    let table = folder.stdout("compare two_triangles.net -N 4");
    for mode in ["one-level", "two-level", "multilevel"] {
        assert!(table.lines().any(|line| line.starts_with(mode)), "{table}");
    }
    let report = folder.json("compare two_triangles.net -N 4 --json");
    assert_eq!(report["command"], "compare");
    let modes = report["modes"].as_array().unwrap();
    same_bits(modes[0]["best"].clone(), 2.556656707463);
    for mode in &modes[1..] {
        for value in ["best", "mean", "worst"] {
            same_bits(mode[value].clone(), 2.320730356834);
        }
        assert_eq!(
            (&mode["trials"], &mode["standard_deviation"], &mode["levels"]),
            (&4.into(), &0.0.into(), &2.into())
        );
    }
    let csv = folder.stdout("compare two_triangles.net --csv");
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert_eq!(rows[0][..3], ["mode", "trials", "best"]);
    assert_eq!(rows[2][..2], ["two-level", "10"]);
    same_bits(rows[2][2].parse::<f64>().unwrap(), 2.320730356834);
    let directed = folder.json("compare karate.txt -d --json -N 1");
    assert_eq!(directed["flow_model"], "directed");
    assert!(directed["flow"]["iterations"].as_u64().unwrap() > 0);
}

#[test]
fn objectives_are_listed() {
    let folder = Folder::new();
    assert!(folder.stdout("objectives").contains("\nmap-equation"));
    let listing = folder.json("objectives --json");
    assert_eq!(listing["objectives"][0]["name"], "map-equation");
    assert_eq!(listing["objectives"][0]["hierarchical"], true);
    let options = |objective: usize| listing["objectives"][objective]["options"].to_string();
    assert_eq!(options(0), r#"["entropy-corrected","preferred-number-of-modules"]"#);
    assert_eq!((&listing["objectives"][1]["name"], options(1).as_str()), (&"modularity".into(), r#"["resolution"]"#));
    let table = folder.stdout("objectives");
    assert!(table.contains("\nmodularity takes --resolution\n"), "{table}");
}

/// The golden numbers of the two triangles with the options, through every command that takes them.
#[test]
fn objectives_take_options_in_every_command() {
    let folder = Folder::new();
    folder.write("triangles.clu", (1..=6).map(|id| format!("{id} {}\n", 1 + id / 4)).collect::<String>());
    for (options, total, one_level) in [
        ("--entropy-corrected", 2.681404117056, 2.814280821907),
        ("--entropy-corrected --entropy-correction-strength 0.5", 2.501067236945, 2.685468764685),
        ("--preferred-number-of-modules 3", 3.320730356834, 4.556656707463),
        ("--preferred-number-of-modules 2", 2.320730356834, 3.556656707463),
    ] {
        let scored = folder.json(&format!("score two_triangles.net triangles.clu --json {options}"));
        same_bits(scored["codelength"].clone(), total);
        same_bits(scored["one_level_codelength"].clone(), one_level);
        let modes = folder.json(&format!("compare two_triangles.net --json -N 2 {options}"))["modes"].clone();
        same_bits(modes[0]["best"].clone(), one_level);
        let found = folder.json(&format!("cluster two_triangles.net -0 --json -2 {options}"));
        same_bits(found["codelength"].clone(), modes[1]["best"].as_f64().unwrap());
        assert!(found["codelength"].as_f64().unwrap() <= total + 1e-12, "{options}");
        assert_eq!(found["objective_options"], scored["objective_options"]);
    }
    let three = folder.json("cluster two_triangles.net -0 --json --preferred-number-of-modules 3");
    assert_eq!(three["top_modules"], 3);
    assert_eq!(three["objective_options"], serde_json::json!({"preferred-number-of-modules": 3.0}));
    let modularity = |options: &str| {
        let found = folder.json(&format!("cluster karate.txt -0 --json -2 -N 5 --objective modularity {options}"));
        found["codelength"].as_f64().unwrap()
    };
    assert!((modularity("") + 0.419789612097).abs() < 1e-9, "the maximum");
    same_bits(modularity("--resolution 1"), modularity(""));
    let scored = folder.json("score two_triangles.net triangles.clu --json --prefer-modular-solution");
    assert_eq!(scored["notes"][0], "--prefer-modular-solution has no effect without a search");
    let kept = folder.json("cluster karate.txt -0 --json --prefer-modular-solution");
    assert_eq!(kept["codelength"], folder.json("cluster karate.txt -0 --json")["codelength"]);
}

#[test]
fn every_command_answers_help_with_an_example() {
    let folder = Folder::new();
    for command in ["cluster", "score", "compare", "objectives", "completions", "man"] {
        let help = folder.stdout(&format!("{command} --help"));
        assert!(help.contains("\nExample:\n  mapeq "), "{help}");
        assert!(help.contains(&format!("\n  mapeq {command} ")), "{help}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
    let help = folder.stdout("--help");
    assert!(help.contains("\nExample:\n") && help.contains("Exit codes"), "{help}");
    assert_eq!(folder.stdout("--version"), concat!("mapeq ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn shells_get_completions_and_manual_pages() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(folder.stdout(&format!("completions {shell}")).contains("no-infomap"), "{shell}");
    }
    assert!(folder.stdout("man").contains(".TH mapeq 1"));
    let page = folder.stdout("man cluster");
    assert!(page.contains(".TH mapeq-cluster 1") && page.contains("no\\-infomap"), "{page}");
    folder.failure("man nothing", 1);
}

#[test]
fn a_reader_who_leaves_is_no_error() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut run = Command::new(common::PROGRAM)
        .args(["cluster", "-", "-0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(run.stdout.take());
    run.stdin.take().unwrap().write_all(b"1 2\n").unwrap();
    let output = run.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}
