//! Paths from file to file.

mod common;

use common::{Folder, same_bits};
use serde_json::Value;

/// Two groups of walks that share node 5 and go on from it to where they came from.
const WALKS: &str = "1 5 3 1 5 3 10\n2 5 4 2 5 4 10\n3 1 2 1\n7 8 1\n";

fn walks() -> Folder {
    let folder = Folder::new();
    folder.write("walks.txt", WALKS);
    folder
}

#[test]
fn orders_are_compared_on_one_walk() {
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
        // No modules at all are the same at any order, and a longer memory is described at least as well by its own modules.
        same_bits(mode(place, 0, "at_largest_order"), mode(2, 0, "best"));
        for searched in [1, 2] {
            same_bits(mode(2, searched, "at_largest_order"), mode(2, searched, "best"));
            assert!(mode(place, searched, "at_largest_order") >= mode(2, searched, "best") - 1e-12);
        }
    }
    // The groups cannot be told apart where they meet, unless one remembers.
    assert!(mode(0, 1, "at_largest_order") > mode(1, 1, "at_largest_order") + 0.1);
    let table = folder.stdout("compare --directed --orders 1,2 --trials 2 walks.txt");
    assert!(
        table.starts_with("4 paths, directed flow; codelength in bits, 2 trials\n\norder  states  links"),
        "{table}"
    );
    let csv = folder.stdout("compare --directed --orders 1,2 --trials 2 --csv walks.txt");
    assert_eq!(csv.lines().filter(|row| row.starts_with("2,")).count(), 3, "{csv}");
    assert!(csv.lines().all(|row| row.split(',').count() == 15), "{csv}");
}

#[test]
fn what_orders_do_not_go_with_is_refused() {
    let folder = walks();
    let error = folder.failure("compare --orders 1,2 --order 2 walks.txt", 1);
    assert!(error.contains("cannot be used with"), "{error}");
    folder.write("categories.txt", "1 1\n");
    let error = folder.failure("compare --orders 1,2 --meta-data categories.txt walks.txt", 1);
    assert!(error.contains("expected one --order in place of --orders"), "{error}");
    let error = folder.failure("compare --directed --orders 1,7 walks.txt", 2);
    assert_eq!(error, "error: walks.txt: no path of 7 nodes: expected rows `node node … weight`\n");
}

#[test]
fn what_is_wrong_with_paths_is_one_line() {
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
            " the weights of links with the same ends sum to infinity: expected a finite sum (hint: smaller weights in the same proportions mean the same)",
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
fn paths_that_do_not_count_are_told() {
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
