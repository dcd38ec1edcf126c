//! Second-order walks: `mapeq cluster --return --in-out`.

use crate::common::{Folder, same_bits, stderr};

/// Returns two cliques of five nodes that share node 5.
fn cliques() -> String {
    let mut rows = String::new();
    for first in [1, 5] {
        for a in first..first + 5 {
            (a + 1..first + 5).for_each(|b| rows += &format!("{a} {b}\n"));
        }
    }
    rows
}

#[test]
fn walk_without_bias_has_the_first_order_codelength() {
    let folder = Folder::new();
    for flow in ["", "-d"] {
        let plain = folder.json(&format!("cluster karate.txt plain {flow} --json"));
        let of_states =
            folder.json(&format!("cluster karate.txt states {flow} --return 1 --in-out 1 --lumping 0 --json"));
        let (plain, of_states) = (plain["codelength"].as_f64().unwrap(), &of_states);
        assert!((of_states["codelength"].as_f64().unwrap() - plain).abs() < 1e-9, "{of_states}");
        assert_eq!(of_states["network"]["nodes"], 34);
        assert_eq!(of_states["memory"]["lumped_states"], 34);
        let states = if flow.is_empty() { 156 } else { 78 };
        assert_eq!(of_states["memory"]["states"], states);
    }
}

#[test]
fn node_shared_by_cliques_is_in_both_modules() {
    let folder = Folder::new();
    folder.write("cliques.txt", cliques());
    let found = folder.json("cluster cliques.txt out --two-level --in-out 4 --json");
    assert_eq!(found["top_modules"], 2, "{found}");
    assert_eq!(found["network"]["physical_nodes"], 9);
    assert_eq!(found["memory"]["states"], 40);
    let shared = folder.rows("out/cliques.tree").iter().filter(|row| row.ends_with(" 5")).count();
    assert_eq!(shared, 2, "{:?}", folder.rows("out/cliques.tree"));
    let states = folder.rows("out/cliques_states.tree");
    assert_eq!(found["network"]["nodes"], states.len());
    // The score of the same walk, with the modules from the file.
    let scored = folder.json("score cliques.txt out/cliques_states.tree --in-out 4 --json");
    same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
    // Modules without overlap have a longer codelength.
    let plain = folder.json("cluster cliques.txt --two-level -0 --json");
    assert!(found["codelength"].as_f64().unwrap() < plain["codelength"].as_f64().unwrap());
}

#[test]
fn summary_reports_lumped_states() {
    let folder = Folder::new();
    folder.write("cliques.txt", cliques());
    let text = folder.stdout("cluster cliques.txt -0 --return 2 --in-out 4 --threads 1");
    assert!(text.contains("return 2, in-out 4; 40 states lumped to "), "{text}");
    let fewer = |lumping: &str| {
        let found = folder.json(&format!("cluster karate.txt -0 --return 2 --in-out 4 --lumping {lumping} --json"));
        found["memory"]["lumped_states"].as_u64().unwrap()
    };
    let (all, some, one) = (fewer("0"), fewer("0.05"), fewer("9"));
    assert!(all > some && some > one && one == 34, "{all} {some} {one}");
    let error = folder.mapeq("cluster karate.txt -0 --lumping 0.1").assert().success();
    assert!(stderr(error).contains("--lumping has no effect without --return and --in-out"));
}

#[test]
fn any_number_of_threads_gives_the_same_rows() {
    let folder = Folder::new();
    let found = |threads: u32| {
        folder.stdout(&format!("cluster karate.txt out{threads} --return 3 --in-out 2 --threads {threads} -q"));
        folder.rows(&format!("out{threads}/karate_states.tree"))
    };
    let one = found(1);
    assert_eq!(one, found(2));
    assert_eq!(one, found(7));
}

#[test]
fn second_order_walks_refuse_unsupported_options() {
    let folder = Folder::new();
    folder.write("states.net", "*States\n1 1\n2 1\n3 2\n*Links\n1 2\n2 3\n3 1\n");
    for (args, expected) in [
        ("overlap karate.txt --return 2", "mapeq cluster --return"),
        ("cluster karate.txt -0 --return 0", "expected a number > 0"),
        ("cluster karate.txt -0 --in-out x", "expected a number > 0"),
        ("cluster karate.txt -0 --in-out 2 --lumping -1", "expected a number >= 0"),
        ("cluster karate.txt -0 --in-out 2 --regularized", "second-order walks"),
        ("cluster karate.txt -0 --in-out 2 -d -e", "second-order walks"),
        ("cluster karate.txt -0 --in-out 2 -f rawdir", "second-order walks"),
        ("cluster karate.txt -0 --in-out 2 --variable-markov-time", "second-order walks"),
        ("cluster states.net -0 --in-out 2 -d", "state nodes or bipartite features"),
    ] {
        let error = folder.failure(args, 1);
        assert!(error.contains(expected), "{args}: {error}");
    }
}
