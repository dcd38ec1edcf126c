//! `mapeq overlap`, and its files read back.

mod common;

use common::{Folder, same_bits};

/// Two cliques of four nodes that share node 4.
const CLIQUES: &str = "1 2\n1 3\n1 4\n2 3\n2 4\n3 4\n4 5\n4 6\n4 7\n5 6\n5 7\n6 7\n";

#[test]
fn a_node_that_two_cliques_share_is_in_both() {
    let folder = Folder::new();
    folder.write("cliques.txt", CLIQUES);
    let found = folder.json("overlap cliques.txt out --json");
    same_bits((found["codelength"].as_f64().unwrap() * 1e9).round() / 1e9, 2.691_165_627);
    let table = folder.read("out/cliques.overlap.tsv");
    let rows_of_4: Vec<&str> = table.lines().filter(|line| line.starts_with("4 ")).collect();
    assert_eq!(rows_of_4.len(), 2, "{table}");
    let of_4 = folder.rows("out/cliques.overlap.tree").iter().filter(|row| row.ends_with(" 4")).count();
    assert_eq!(of_4, 2);
    let scored = folder.json("score --overlap cliques.txt out/cliques.overlap.tree --json");
    same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    let folder = Folder::new();
    let found = |threads: u32| {
        folder.stdout(&format!("overlap karate.txt out{threads} --threads {threads} -q"));
        ["tsv", "net"].map(|file| {
            let text = folder.read(&format!("out{threads}/karate.overlap.{file}"));
            text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
        })
    };
    let one = found(1);
    assert!(one[0].len() > 34, "a row per node and some more");
    assert_eq!(one, found(2));
    assert_eq!(one, found(7));
}

#[test]
fn what_overlap_does_not_know_is_refused() {
    let folder = Folder::new();
    folder.write("states.net", "*States\n1 1\n2 1\n3 2\n*Links\n1 2\n2 3\n3 1\n");
    let error = folder.failure("overlap states.net", 1);
    assert!(error.contains("mapeq cluster"), "{error}");
    let error = folder.failure("overlap karate.txt --markov-time 2", 1);
    assert!(error.contains("Markov times"), "{error}");
}
