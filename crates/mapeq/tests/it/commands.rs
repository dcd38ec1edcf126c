//! The other commands, and properties of all commands.

use crate::common::{Folder, same_bits, text};

#[test]
fn score_of_a_written_tree_equals_the_reported_codelength() {
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
fn score_reports_every_module_and_level() {
    let folder = Folder::new();
    // Each triangle is wrapped in one more level, which costs bits.
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
fn compare_reports_every_search_mode() {
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
    assert_eq!(
        options(0),
        r#"["entropy-corrected","preferred-number-of-modules","preferred-number-of-levels","meta-data"]"#
    );
    let name = |objective: usize| listing["objectives"][objective]["name"].as_str().unwrap();
    assert_eq!((name(1), options(1).as_str()), ("bipartite-map-equation", r#"["node-type-flipping-rate"]"#));
    assert_eq!((name(2), options(2).as_str()), ("modularity", r#"["resolution"]"#));
    let table = folder.stdout("objectives");
    let cells: Vec<Vec<&str>> =
        table.lines().map(|row| row.split("  ").filter(|cell| !cell.is_empty()).collect()).collect();
    assert_eq!(
        cells[0].iter().map(|cell| cell.trim()).collect::<Vec<_>>(),
        ["objective", "levels", "options", "description"]
    );
    assert!(
        cells.iter().any(|row| row.len() > 3 && row[0] == "modularity" && row[2].trim() == "--resolution"),
        "{table}"
    );
}

/// Golden codelengths of the two triangles, with every command that accepts the options.
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
    let scored = folder.json("score two_triangles.net triangles.clu --json -FF");
    assert_eq!(scored["notes"][0], "--fast-hierarchical-solution has no effect without a search");
    let kept = folder.json("cluster karate.txt -0 --json --prefer-modular-solution");
    assert_eq!(kept["codelength"], folder.json("cluster karate.txt -0 --json")["codelength"]);
}

/// The network has nine triangles in three groups.
#[test]
fn faster_searches_are_never_better() {
    let folder = Folder::new();
    let mut links = String::new();
    for first in (1..=25).step_by(3) {
        links.push_str(&format!("{first} {}\n{} {}\n{} {first}\n", first + 1, first + 1, first + 2, first + 2));
        let group = (first - 1) / 9 * 9;
        links.push_str(&format!("{} {}\n", first + 1, group + (first - group + 2) % 9 + 1));
        if first == group + 1 {
            links.push_str(&format!("{first} {}\n", (group + 9) % 27 + 2));
        }
    }
    folder.write("triangles.txt", links);
    let bits = |fast: &str| folder.json(&format!("cluster triangles.txt -0 --json -N 6 {fast}"))["codelength"].as_f64();
    let two_level = bits("-2").unwrap();
    let [thorough, fast, fastest] = ["", "-F", "-FF"].map(|fast| bits(fast).unwrap());
    assert!(
        thorough <= fast && fast <= fastest && fastest < two_level - 0.01,
        "{thorough} {fast} {fastest} {two_level}"
    );
    assert_eq!(bits("-FFF"), bits("-FF"));
    let modes = folder.json("compare triangles.txt -FF --json -N 3")["modes"].clone();
    same_bits(modes[2]["best"].clone(), fastest);
}

/// The search ends even if rounding errors exceed the minimum gain of a move, so that nodes could
/// move back and forth forever.
#[test]
fn searches_end_with_corrections_of_any_size() {
    let folder = Folder::new();
    for mode in ["", "-2"] {
        let options = "--json --entropy-corrected --entropy-correction-strength 1e300";
        assert_eq!(folder.json(&format!("cluster karate.txt out {options} {mode}"))["top_modules"], 1, "{mode}");
    }
}

/// Golden codelengths of the two triangles with categories, by codebook and in total.
#[test]
fn every_command_scores_categories() {
    let folder = Folder::new();
    folder.write("triangles.clu", (1..=6).map(|id| format!("{id} {}\n", 1 + id / 4)).collect::<String>());
    folder.write("categories.txt", "1 1\n2 1\n3 2\n4 2\n5 3\n6 3\n");
    for (options, total, one_level) in [
        ("", 3.305958492868, 4.113313414926),
        ("--meta-data-rate 0.5", 2.813344424851, 3.334985061194),
        ("--meta-data-rate 0", 2.320730356834, 2.556656707463),
        ("--meta-data-unweighted", 3.239026190888, 2.556656707463 + 3f64.log2()),
        // The correction is 7 or 5 charges of 1 / (28 ln 2) bits.
        ("--entropy-corrected", 3.305958492868 + 2.681404117056 - 2.320730356834, 4.370937529370),
    ] {
        let options = format!("--meta-data categories.txt {options}");
        let scored = folder.json(&format!("score two_triangles.net triangles.clu --json {options}"));
        same_bits(scored["codelength"].clone(), total);
        same_bits(scored["one_level_codelength"].clone(), one_level);
        same_bits(scored["index_codelength"].as_f64().unwrap() + scored["module_codelength"].as_f64().unwrap(), total);
        let modules = scored["modules"].as_array().unwrap().iter().map(|module| module["codelength"].as_f64().unwrap());
        same_bits(scored["module_codelength"].clone(), modules.sum());
        let modes = folder.json(&format!("compare two_triangles.net --json -N 2 {options}"))["modes"].clone();
        same_bits(modes[0]["best"].clone(), one_level);
        let found = folder.json(&format!("cluster two_triangles.net -0 --json -N 2 -2 {options}"));
        same_bits(found["codelength"].clone(), modes[1]["best"].as_f64().unwrap());
        assert!(found["codelength"].as_f64().unwrap() <= total + 1e-12, "{options}");
        assert_eq!(found["objective_options"], scored["objective_options"]);
    }
    let facts =
        folder.json("cluster two_triangles.net -0 --json --meta-data categories.txt")["objective_options"].clone();
    let told = serde_json::json!({"meta-data": "categories.txt", "meta-data-rate": 1.0, "meta-data-unweighted": false});
    assert_eq!(facts, told);
    // Categories follow their nodes if the search reorders the nodes. At a high rate they determine
    // the modules.
    folder.write("split.txt", "3 1\n4 1\n1 2\n2 2\n5 3\n6 3\n");
    let found = folder.stdout("cluster two_triangles.net . --meta-data split.txt --meta-data-rate 5 -o clu --quiet");
    assert_eq!(found, "");
    let module_of: std::collections::BTreeMap<String, String> = folder
        .rows("two_triangles.clu")
        .iter()
        .map(|row| row.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    for (one, other) in [("1", "2"), ("3", "4"), ("5", "6")] {
        assert_eq!(module_of[one], module_of[other], "{module_of:?}");
    }
    assert_ne!(module_of["2"], module_of["3"]);
    folder.write("few.txt", "1 1\n");
    let notes = folder.json("score two_triangles.net triangles.clu --json --meta-data few.txt")["notes"].clone();
    assert_eq!(notes[0], "5 nodes without a row in a common category of their own");
}

/// The network has two groups of two nodes and two features each, with one link between the groups.
#[test]
fn every_command_scores_node_types() {
    let folder = Folder::new();
    folder.write("types.net", "*Bipartite 5\n1 5\n1 6\n2 5\n2 6\n3 7\n3 8\n4 7\n4 8\n2 7\n");
    folder.write("groups.clu", "1 1\n2 1\n3 2\n4 2\n5 1\n6 1\n7 2\n8 2\n");
    let typed = |options: &str| {
        let options = format!("--json --objective bipartite-map-equation {options}");
        let scored = folder.json(&format!("score types.net groups.clu {options}"));
        let found = folder.json(&format!("cluster types.net -0 {options}"));
        assert!(found["codelength"].as_f64().unwrap() <= scored["codelength"].as_f64().unwrap() + 1e-12);
        let modes = folder.json(&format!("compare types.net -N 2 {options}"))["modes"].clone();
        same_bits(modes[0]["best"].clone(), scored["one_level_codelength"].as_f64().unwrap());
        scored
    };
    let plain = folder.json("score types.net groups.clu --json --skip-adjust-bipartite-flow");
    let remembered = typed("");
    let forgotten = typed("--node-type-flipping-rate 0.5");
    same_bits(forgotten["codelength"].clone(), plain["codelength"].as_f64().unwrap());
    same_bits(remembered["one_level_codelength"].clone(), plain["one_level_codelength"].as_f64().unwrap() - 1.0);
    assert_eq!(remembered["codelength"], typed("--node-type-flipping-rate 0")["codelength"]);
    assert_eq!(forgotten["objective_options"], serde_json::json!({"node-type-flipping-rate": 0.5}));
    let implied = "bipartite-map-equation implies --skip-adjust-bipartite-flow: features are visited";
    assert_eq!(remembered["notes"], serde_json::json!([implied]));
    assert_eq!(typed("--skip-adjust-bipartite-flow")["notes"], serde_json::json!([]));
}

#[test]
fn help_of_every_command_has_an_example() {
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
fn prints_completions_and_manual_pages() {
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
fn closed_standard_output_is_no_error() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut run = Command::new(crate::common::PROGRAM)
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
