//! `mapeq overlap`, and reading of its result files.

use crate::common::{Folder, same_bits};

/// Two cliques of four nodes that share node 4.
const CLIQUES: &str = "1 2\n1 3\n1 4\n2 3\n2 4\n3 4\n4 5\n4 6\n4 7\n5 6\n5 7\n6 7\n";

#[test]
fn node_shared_by_two_cliques_is_in_both() {
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

/// The score of the written tree equals the reported codelength.
#[test]
fn score_reproduces_nested_overlapping_modules() {
    let folder = Folder::new();
    // Nine pairs of cliques that share a node form three groups in a ring.
    let clique = |nodes: std::ops::RangeInclusive<u32>| {
        nodes.clone().flat_map(move |a| (a + 1..=*nodes.end()).map(move |b| (a, b))).collect::<Vec<_>>()
    };
    let mut links: Vec<(u32, u32)> =
        (0..9).flat_map(|i| [clique(9 * i + 1..=9 * i + 5), clique(9 * i + 5..=9 * i + 9)].concat()).collect();
    for group in 0..3 {
        let first = |i: u32| 27 * group + 9 * (i % 3) + 1;
        links.extend((0..3).map(|i| (first(i), first(i + 1) + 1)));
        links.push((27 * group + 3, (27 * (group + 1) + 3) % 81));
    }
    let text: String = links.iter().map(|(a, b)| format!("{a} {b}\n")).collect();
    folder.write("groups.txt", &text);
    let found = folder.json("overlap groups.txt out --nested --json");
    let codelength = found["codelength"].as_f64().unwrap();
    assert!(found["levels"].as_u64().unwrap() > 2 && found["overlapping_nodes"].as_u64().unwrap() > 0, "{found}");
    assert!(codelength < found["two_level_codelength"].as_f64().unwrap());
    let scored = folder.json("score --overlap groups.txt out/groups.overlap.tree --json");
    for key in ["levels", "top_modules", "modules", "memberships"] {
        assert_eq!(scored[key], found[key]);
    }
    assert!((scored["codelength"].as_f64().unwrap() - codelength).abs() < 1e-12);
}

#[test]
fn every_format_has_a_row_for_each_module_of_a_node() {
    let folder = Folder::new();
    folder.write("cliques.txt", CLIQUES);
    folder.stdout("overlap cliques.txt out -q -o tree,ftree,clu,csv,json,newick,modules");
    let rows = |file: &str, of_4: &dyn Fn(&str) -> bool| {
        folder.read(&format!("out/cliques.overlap{file}")).lines().filter(|line| of_4(line)).count()
    };
    assert_eq!(rows(".tree", &|line| line.ends_with(" \"4\" 4")), 2);
    assert_eq!(rows(".clu", &|line| line.starts_with("4 ")), 2);
    assert_eq!(rows(".csv", &|line| line.ends_with(",4")), 2);
    assert_eq!(rows(".ftree", &|line| line.ends_with(" \"4\" 4")), 2);
    assert_eq!(rows("_modules.csv", &|line| line.split([',', ' ']).skip(8).any(|id| id.trim_matches('"') == "4")), 2);
    let json: serde_json::Value = serde_json::from_str(&folder.read("out/cliques.overlap.json")).unwrap();
    assert_eq!(json["nodes"].as_array().unwrap().iter().filter(|node| node["id"] == 4).count(), 2);
    assert!(!folder.path("out/cliques.overlap.net").exists());
}

/// The copies of nodes form a state network with precomputed flow. The states are in the modules of
/// their copies.
#[test]
fn state_network_of_copies_has_the_same_codelength() {
    let folder = Folder::new();
    folder.write("cliques.txt", CLIQUES);
    for (network, nested) in [("karate", ""), ("cliques", ""), ("karate", "--nested"), ("karate", "--directed")] {
        let found = folder.json(&format!("overlap {network}.txt out {nested} --json"));
        assert!(found["overlapping_nodes"].as_u64().unwrap() > 0);
        let files = format!("out/{network}.overlap.net out/{network}.overlap_states.tree");
        let scored = folder.json(&format!("score -f precomputed {files} --json"));
        let difference = scored["codelength"].as_f64().unwrap() - found["codelength"].as_f64().unwrap();
        assert!(difference.abs() < 1e-9, "{network} {nested}: {difference}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_rows() {
    let folder = Folder::new();
    let found = |threads: u32| {
        folder.stdout(&format!("overlap karate.txt out{threads} --threads {threads} -q"));
        ["tsv", "net"].map(|file| {
            let text = folder.read(&format!("out{threads}/karate.overlap.{file}"));
            text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
        })
    };
    let one = found(1);
    assert!(one[0].len() > 34, "more rows than nodes");
    assert_eq!(one, found(2));
    assert_eq!(one, found(7));
}

/// The score of the result equals its codelength. The correction charges a codeword for each
/// membership, so fewer memberships lower the codelength.
#[test]
fn entropy_correction_charges_memberships_and_reduces_overlap() {
    let folder = Folder::new();
    let number = |value: &serde_json::Value, key: &str| value[key].as_f64().unwrap();
    let plain = folder.json("overlap karate.txt plain --json");
    let corrected = folder.json("overlap karate.txt out --json --entropy-corrected");
    let options = "--json --entropy-corrected";
    let scored = folder.json(&format!("score --overlap karate.txt out/karate.overlap.tree {options}"));
    assert!((number(&scored, "codelength") - number(&corrected, "codelength")).abs() < 1e-12);
    assert!(number(&corrected, "codelength") <= number(&corrected, "hard_codelength"));
    assert!(number(&corrected, "memberships") < number(&plain, "memberships"));
    let uncorrected = folder.json("score --overlap karate.txt out/karate.overlap.tree --json");
    // The 78 links have 156 ends. All codewords but one are charged, including exit codewords.
    let names = number(&corrected, "memberships") + number(&corrected, "modules") - 1.0;
    let charge = names / (2.0 * std::f64::consts::LN_2 * 156.0);
    let differ = number(&corrected, "codelength") - number(&uncorrected, "codelength");
    assert!((differ - charge).abs() < 1e-12, "{differ} is not {charge}");
    folder.failure("overlap karate.txt --entropy-corrected --nested", 1);
}

/// The search ends even if the correction is so large that differences of codelengths are lost in
/// rounding.
#[test]
fn large_corrections_keep_hard_modules() {
    let folder = Folder::new();
    for strength in ["1e7", "1e9", "1e300"] {
        let options = format!("--json --entropy-corrected --entropy-correction-strength {strength}");
        let found = folder.json(&format!("overlap karate.txt out {options}"));
        assert_eq!(found["overlapping_nodes"], 0, "{strength}");
    }
}

#[test]
fn unsupported_options_are_refused() {
    let folder = Folder::new();
    folder.stdout("overlap karate.txt out -q");
    for option in ["--objective modularity", "--preferred-number-of-modules 5", "--meta-data karate.txt"] {
        let error = folder.failure(&format!("score --overlap karate.txt out/karate.overlap.tree {option}"), 1);
        assert!(error.contains("is not supported for overlapping modules"), "{error}");
    }
    folder.write("states.net", "*States\n1 1\n2 1\n3 2\n*Links\n1 2\n2 3\n3 1\n");
    let error = folder.failure("overlap states.net", 1);
    assert!(error.contains("mapeq cluster"), "{error}");
    let error = folder.failure("overlap karate.txt --markov-time 2", 1);
    assert!(error.contains("Markov times"), "{error}");
}
