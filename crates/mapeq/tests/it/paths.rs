//! Path data: commands on files of paths.

use crate::common::{Folder, same_bits, stderr};
use serde_json::Value;

/// Two groups of walks that share node 5 and return from it to the group they came from.
const WALKS: &str = "1 5 3 1 5 3 10\n2 5 4 2 5 4 10\n3 1 2 1\n7 8 1\n";

fn walks() -> Folder {
    let folder = Folder::new();
    folder.write("walks.txt", WALKS);
    folder
}

#[test]
fn compare_scores_every_order_at_the_largest_order() {
    let folder = walks();
    let found = folder.json("compare --directed --orders 3,1,2 --trials 3 walks.txt --json");
    let orders = found["orders"].as_array().unwrap();
    let mode = |order: usize, mode: usize, key: &str| orders[order]["modes"][mode][key].as_f64().unwrap();
    for (place, order) in [1, 2, 3].into_iter().enumerate() {
        assert_eq!(orders[place]["order"], order);
        let alone = |options: &str| {
            let command = format!("cluster --directed --order {order} -N 3 --independent-trials -0 --json {options}");
            folder.json(&format!("{command} walks.txt"))
        };
        let (two_level, multilevel) = (alone("-2"), alone(""));
        same_bits(two_level["one_level_codelength"].clone(), mode(place, 0, "best"));
        same_bits(two_level["codelength"].clone(), mode(place, 1, "best"));
        same_bits(multilevel["codelength"].clone(), mode(place, 2, "best"));
        assert_eq!(orders[place]["network"], multilevel["network"]);
        // One module has the same codelength at any order. At the largest order, modules of that
        // order are at least as good as those of lower orders.
        same_bits(mode(place, 0, "at_largest_order"), mode(2, 0, "best"));
        for searched in [1, 2] {
            same_bits(mode(2, searched, "at_largest_order"), mode(2, searched, "best"));
            assert!(mode(place, searched, "at_largest_order") >= mode(2, searched, "best") - 1e-12);
        }
    }
    // Without memory, the groups cannot be separated at the node that they share.
    assert!(mode(0, 1, "at_largest_order") > mode(1, 1, "at_largest_order") + 0.1);
    let table = folder.stdout("compare --directed --orders 1,2 --trials 2 walks.txt");
    assert!(
        table.starts_with("4 paths, directed flow; codelength in bits, 2 trials\n\norder  states  links  held out"),
        "{table}"
    );
    let csv = folder.stdout("compare --directed --orders 1,2 --trials 2 --csv walks.txt");
    assert_eq!(csv.lines().filter(|row| row.starts_with("2,")).count(), 3, "{csv}");
    assert!(csv.lines().all(|row| row.split(',').count() == 16), "{csv}");
}

#[test]
fn orders_refuse_conflicting_options() {
    let folder = walks();
    let error = folder.failure("compare --orders 1,2 --order 2 walks.txt", 1);
    assert!(error.contains("cannot be used with"), "{error}");
    for other in ["--temporal --window 3", "--format csv", "--columns 1,2"] {
        let error = folder.failure(&format!("compare --orders 1,2 {other} walks.txt"), 1);
        assert!(error.contains("cannot be used with"), "{other}: {error}");
    }
    folder.write("categories.txt", "1 1\n");
    let error = folder.failure("compare --orders 1,2 --meta-data categories.txt walks.txt", 1);
    assert!(error.contains("cannot be used with"), "{error}");
    let error = folder.failure("compare --directed --orders 1,7 walks.txt", 2);
    assert_eq!(error, "error: walks.txt: no path of 7 nodes: expected rows `node node … weight`\n");
}

#[test]
fn malformed_paths_give_one_error_line() {
    let folder = Folder::new();
    for (rows, expected) in [
        ("5\n", "1: the row ends after \"5\": expected a weight (hint: a row is `node node … weight`)"),
        (
            "1 2 1\n1 a 1\n",
            "2: \"a\" is not the id of a node in a path: expected a whole number below 2^32 (hint: a row is `node node … weight`)",
        ),
        (
            "4294967296 2 1\n",
            "1: \"4294967296\" is not the id of a node in a path: expected a whole number below 2^32 (hint: a row is `node node … weight`)",
        ),
        (
            "1 2 -1\n",
            "1: \"-1\" is a negative path weight: expected a number >= 0 (hint: a row is `node node … weight`)",
        ),
        (
            "1 2 inf\n",
            "1: \"inf\" is not a finite path weight: expected a number >= 0 (hint: a row is `node node … weight`)",
        ),
        ("1 2 x\n", "1: \"x\" is not a path weight: expected a number >= 0 (hint: a row is `node node … weight`)"),
        ("# nothing\n", " no paths: expected rows `node node … weight`"),
        ("1 2 0\n", " no paths: expected rows `node node … weight` (hint: 1 path of weight 0 ignored)"),
        (
            "1 2 1e308\n1 2 1e308\n1 2 1e308\n",
            " the weights of links with the same ends sum to infinity: expected a finite sum (hint: scaling all weights down does not change the result)",
        ),
    ] {
        folder.write("walks.txt", rows);
        assert_eq!(
            folder.failure("cluster --directed --order 1 -0 walks.txt", 2),
            format!("error: walks.txt:{expected}\n")
        );
    }
}

#[test]
fn ignored_paths_are_noted() {
    let folder = Folder::new();
    folder.write("walks.txt", "1 2 3 2\n9 8 7 0\n1 1 1 .5\n4 1\n2 2 2 1\n");
    let found = folder.json("cluster --directed --order 2 --weight-threshold 1 --no-self-links -0 --json walks.txt");
    let notes: Vec<&str> = found["notes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let expected = [
        "1 path of weight 0 ignored",
        "1 path below the weight threshold 1 ignored",
        "1 path of fewer than 2 nodes ignored",
    ];
    assert_eq!(notes[..3], expected);
    assert_eq!((&found["network"]["nodes"], &found["network"]["links"]), (&3.into(), &1.into()));
}

/// Walks continue from 2 to 3 or 4, and then return. Those from 0 or 1 go to 3 more often, and
/// those from 5 or 6 go to 4 more often.
fn journeys() -> Folder {
    let folder = Folder::new();
    let mut rows = String::new();
    for (first, weight) in [(0, 120), (1, 200), (5, 80), (6, 160)] {
        let (often, seldom) = if first < 2 { (3, 4) } else { (4, 3) };
        rows += &format!("{first} 2 {often} {first} {}\n{first} 2 {seldom} {first} {weight}\n", 3 * weight);
    }
    folder.write("journeys.txt", rows);
    folder
}

#[test]
fn similar_states_are_lumped() {
    let folder = journeys();
    let cluster =
        |options: &str| folder.json(&format!("cluster --directed -0 --json --order 2 {options} journeys.txt"));
    let (whole, lumped) = (cluster(""), cluster("--lump"));
    assert_eq!(whole["lumping"], Value::Null);
    let lumping = &lumped["lumping"];
    assert_eq!((&lumping["order"], &lumping["states"]), (&2.into(), &whole["network"]["nodes"]));
    assert_eq!(lumping["lumped_states"], lumped["network"]["nodes"]);
    assert_eq!(lumped["network"]["physical_nodes"], whole["network"]["physical_nodes"]);
    // Node 2 keeps two states, and every other node keeps one.
    assert_eq!((&lumping["states"], &lumping["lumped_states"]), (&14.into(), &8.into()), "{lumping}");
    // The selected lumping is the best of those tried.
    let tried = lumping["held_out"].as_array().unwrap();
    let bits = |tried: &Value| tried["bits_per_step"].as_f64().unwrap();
    let best = tried.iter().map(bits).fold(f64::INFINITY, f64::min);
    let chosen = tried.iter().find(|tried| tried["lumps"] == lumping["lumps"]).unwrap();
    assert!(bits(chosen) - best < 1e-8 && chosen["states"] == lumping["lumped_states"], "{lumping}");
    assert_eq!((&tried[0]["lumps"], &tried[tried.len() - 1]["lumps"]), (&"none".into(), &"all".into()));
    let notes = lumped["notes"].to_string();
    assert!(notes.contains(" states lumped to ") && notes.contains("bits per step of held-out paths"), "{notes}");
    // The selected lumping can be requested. Then no paths are held out.
    let asked = cluster(&format!("--lump={}", lumping["lumps"].as_str().unwrap()));
    assert_eq!(asked["codelength"], lumped["codelength"]);
    assert_eq!(asked["lumping"].get("held_out"), None);
    // One state per node is the walk without memory, except that the first steps of paths are left
    // out.
    assert_eq!(cluster("--lump=all")["network"]["nodes"], whole["network"]["physical_nodes"]);
}

/// A file of lumped states gives the same modules as the paths, at any number of threads.
#[test]
fn written_lumped_states_keep_the_codelength() {
    let folder = journeys();
    let converted = folder.json("convert --directed --order 2 --lump --threads 1 --json journeys.txt states.net");
    let found = folder.json("cluster --directed --order 2 --lump --threads 3 --json journeys.txt");
    assert_eq!(converted["lumping"], found["lumping"]);
    assert_eq!(folder.json("cluster --directed -0 --json states.net")["codelength"], found["codelength"]);
    let score = folder.json("score --directed --order 2 --lump --json journeys.txt journeys_states.tree");
    same_bits(score["codelength"].clone(), found["codelength"].as_f64().unwrap());
    assert!(folder.read("states.net").contains(", "), "{}", folder.read("states.net"));
    let error = folder.failure("cluster --lump journeys.txt", 1);
    assert!(error.contains("--order"), "{error}");
    let error = folder.failure("cluster --order 2 --lump=-1 journeys.txt", 1);
    assert!(error.contains("expected a number of bits >= 0, or all"), "{error}");
}

/// The output that the documentation quotes is that of the program.
#[test]
fn documentation_quotes_the_output() {
    let folder = Folder::new();
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    folder.write("journeys.txt", std::fs::read(docs.join("examples/journeys.txt")).unwrap());
    let quoted = std::fs::read_to_string(docs.join("paths.md")).unwrap();
    let table = folder.stdout("compare --directed --orders 1,2,3 --trials 2 journeys.txt");
    let rows: Vec<&str> = quoted.lines().filter(|row| row.contains("two-level  ")).collect();
    assert_eq!(rows.len(), 3);
    for number in rows.iter().flat_map(|row| row.split_whitespace()).filter(|cell| cell.contains('.')) {
        assert!(table.contains(number), "{number} is not in\n{table}");
    }
    folder.json("cluster --directed --order 2 --lump --json journeys.txt");
    for row in folder.rows("journeys.tree") {
        assert!(quoted.contains(&row), "{row}");
    }
    let stderr = stderr(folder.mapeq("cluster --directed --order 2 --lump -0 journeys.txt").assert().success());
    assert_eq!(stderr.lines().count(), 2, "{stderr}");
    for line in stderr.lines() {
        let line = line.split(", 16 ").next().unwrap();
        assert!(quoted.contains(line), "{line}");
    }
}
