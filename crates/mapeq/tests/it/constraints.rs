//! Searches from given modules, with fixed nodes, limits of module sizes, and limits of the search.

use crate::common::{Folder, same_bits};
use serde_json::Value;

const KARATE_BITS: f64 = 4.311_793;

/// Returns the module of every node by id, from a `.clu` file.
fn modules(folder: &Folder, clu: &str) -> std::collections::BTreeMap<String, String> {
    folder
        .rows(clu)
        .iter()
        .map(|row| {
            let mut fields = row.split(' ').map(str::to_owned);
            (fields.next().unwrap(), fields.next().unwrap())
        })
        .collect()
}

fn sizes(modules: &std::collections::BTreeMap<String, String>) -> Vec<usize> {
    let mut sizes = std::collections::BTreeMap::new();
    modules.values().for_each(|module| *sizes.entry(module).or_insert(0) += 1);
    sizes.into_values().collect()
}

fn bits(report: &Value) -> f64 {
    report["codelength"].as_f64().unwrap()
}

#[test]
fn search_from_given_modules_never_increases_the_codelength() {
    let folder = Folder::new();
    folder.stdout("cluster karate.txt best -2 -N 20 -q");
    // Without the initial partition, a search this short does not find the best modules.
    let without = folder.json("cluster karate.txt without -2 -T 1 -L 1 --json");
    assert!(bits(&without) > KARATE_BITS + 0.01, "{without}");
    // Without tuning, the search returns the initial partition, from files of either format.
    for given in ["best/karate.tree", "best/karate.clu"] {
        folder.stdout("cluster karate.txt best -2 -N 20 -q -o tree,clu");
        let again = folder.json(&format!("cluster karate.txt again -2 -c {given} -T 1 -L 1 --json"));
        assert!(bits(&again) <= KARATE_BITS + 1e-6, "{again}");
    }
    folder.write("odd.clu", (1..=34).map(|node| format!("{node} {}\n", node % 2)).collect::<String>());
    let given = folder.json("score karate.txt odd.clu --json");
    for levels in ["-2", ""] {
        let found = folder.json(&format!("cluster karate.txt -c odd.clu {levels} --json"));
        assert!(bits(&found) < bits(&given) - 0.1, "{found}");
        let unsearched = folder.json(&format!("cluster karate.txt -c best/karate.tree {levels} --json"));
        assert!(bits(&unsearched) <= KARATE_BITS + 1e-6, "{unsearched}");
    }
    let error = folder.failure("cluster karate.txt -c missing.clu", 2);
    assert!(error.contains("missing.clu"), "{error}");
}

#[test]
fn fixed_nodes_stay_together_and_apart() {
    let folder = Folder::new();
    // The two leaders are fixed in one module, and two of their closest friends in two others.
    folder.write("fixed.txt", "1 7\n34 7\n2 0\n33 1\n");
    let report = folder.json("cluster karate.txt -2 --fixed fixed.txt --clu -N 3 --json");
    let modules = modules(&folder, "karate.clu");
    assert_eq!(modules["1"], modules["34"]);
    assert!(modules["1"] != modules["2"] && modules["2"] != modules["33"] && modules["1"] != modules["33"]);
    assert!(bits(&report) > KARATE_BITS + 0.01);
    same_bits(folder.json("score karate.txt karate.clu --json")["codelength"].clone(), bits(&report));
    let error = folder.failure("cluster karate.txt -2 --fixed fixed.txt --max-module-size 1", 1);
    assert!(error.contains("2 nodes of one label"), "{error}");
}

#[test]
fn modules_respect_size_limits() {
    let folder = Folder::new();
    for (least, most) in [(1, 5), (9, 34), (8, 12), (17, 17)] {
        folder.stdout(&format!(
            "cluster karate.txt -2 --min-module-size {least} --max-module-size {most} --clu -q --prefer-modular-solution"
        ));
        let sizes = sizes(&modules(&folder, "karate.clu"));
        assert!(sizes.iter().all(|size| (least..=most).contains(size)), "{sizes:?} between {least} and {most}");
    }
    let error = folder.failure("cluster karate.txt -2 --min-module-size 3 --max-module-size 2", 1);
    assert!(error.contains("--min-module-size 3 is larger than --max-module-size 2"), "{error}");
}

/// Returns the leaf module of every node: its path in a tree file without the last position.
fn leaf_modules(folder: &Folder, tree: &str) -> std::collections::BTreeMap<String, String> {
    let row = |row: &String| {
        let fields: Vec<&str> = row.split(' ').collect();
        (fields[fields.len() - 1].to_owned(), fields[0].rsplit_once(':').unwrap().0.to_owned())
    };
    folder.rows(tree).iter().map(row).collect()
}

/// Writes `cliques.txt`: a ring of six rings of six cliques of six nodes.
fn cliques(folder: &Folder) {
    let mut links = String::new();
    for clique in 0..36 {
        let first = 6 * clique;
        for node in 0..6 {
            (node + 1..6).for_each(|other| links += &format!("{} {} 3\n", first + node, first + other));
        }
        links += &format!("{} {} 1\n", first, clique / 6 * 36 + (clique + 1) % 6 * 6 + 1);
        if clique % 6 == 0 {
            links += &format!("{} {} 1\n", first + 2, (first + 36) % 216 + 3);
        }
    }
    folder.write("cliques.txt", links);
}

#[test]
fn leaf_modules_of_nested_searches_respect_constraints() {
    let folder = Folder::new();
    cliques(&folder);
    folder.write("fixed.txt", "0 1\n1 2\n7 1\n100 4\n200 4\n");
    let free = folder.json("cluster cliques.txt --json -N 2");
    assert!(free["levels"].as_u64() > Some(2), "{free}");
    for (options, least, most, fixed) in [
        ("--min-module-size 10", 10, 216, false),
        ("--max-module-size 4", 1, 4, false),
        ("--min-module-size 8 --max-module-size 13", 8, 13, false),
        ("--fixed fixed.txt", 1, 216, true),
        ("--fixed fixed.txt --min-module-size 7", 7, 216, true),
    ] {
        for more in ["", "-N 6", "-F"] {
            let flat = folder.json(&format!("cluster cliques.txt flat --json -2 {options} {more}"));
            let nested = folder.json(&format!("cluster cliques.txt --json {options} {more}"));
            assert!(bits(&nested) < bits(&flat) - 0.01, "{options} {more}: {nested}");
            assert!(nested["levels"].as_u64() > Some(2), "{options} {more}: {nested}");
            let modules = leaf_modules(&folder, "cliques.tree");
            let sizes = sizes(&modules);
            assert!(sizes.iter().all(|size| (least..=most).contains(size)), "{options} {more}: {sizes:?}");
            if fixed {
                assert!(modules["0"] == modules["7"] && modules["100"] == modules["200"], "{options} {more}");
                assert!(modules["0"] != modules["1"] && modules["0"] != modules["100"], "{options} {more}");
            }
            // A search from modules that satisfy the constraints never increases the codelength.
            let again = folder.json(&format!("cluster cliques.txt again --json {options} -c cliques.tree"));
            assert!(bits(&again) <= bits(&nested) + 1e-12, "{options} {more}: {again} after {nested}");
        }
    }
}

#[test]
fn annealing_finds_the_best_known_codelength() {
    let folder = Folder::new();
    let annealed = folder.json("cluster karate.txt -2 --search annealing --json");
    assert!((bits(&annealed) - KARATE_BITS).abs() < 1e-6, "{annealed}");
    let nested = folder.json("cluster karate.txt --search annealing --json");
    assert!(bits(&nested) <= bits(&annealed), "{nested}");
}

#[test]
fn trials_end_when_they_converge() {
    let folder = Folder::new();
    for trials in ["", "--independent-trials"] {
        let one = folder.json(&format!("cluster karate.txt --converge {trials} --threads 1 --json"));
        let ran = one["trials"].as_array().unwrap().len();
        assert!((6..50).contains(&ran), "{ran} trials");
        let two = folder.json(&format!("cluster karate.txt --converge {trials} --threads 2 --json"));
        assert_eq!(one["codelength"], two["codelength"]);
        assert_eq!(two["trials"].as_array().unwrap().len(), ran, "at any number of threads");
    }
    let capped = folder.json("cluster karate.txt --converge -N 3 --json");
    assert_eq!(capped["trials"].as_array().unwrap().len(), 3);
}

#[test]
fn search_limits_change_the_result() {
    let folder = Folder::new();
    // One visit of every node, one level and no tuning do not find the best modules.
    let hasty = folder.json("cluster karate.txt -2 -T 1 -L 1 -M 1 --json");
    assert!(bits(&hasty) > KARATE_BITS + 0.01, "{hasty}");
    let random = folder.json("cluster karate.txt -2 --num-random-moves 5 --max-degree-for-random-moves 40 --json");
    assert!((bits(&random) - KARATE_BITS).abs() < 1e-6, "{random}");
    folder.failure("cluster karate.txt --max-degree-for-random-moves 3", 1);
}
