//! Written files read back: modules with the same codelength, and equal networks.

use crate::common::{Folder, same_bits};

/// Returns three groups of three triangles, with each link in both directions. Only some of the
/// groups are modules of the best tree. `id` returns the id of a node.
fn ragged(id: impl Fn(usize) -> String) -> String {
    let mut rows = "source,target,weight\n".to_owned();
    let mut link = |a: usize, b: usize, weight: f64| {
        rows += &format!("{},{},{weight}\n{},{},{weight}\n", id(a), id(b), id(b), id(a));
    };
    for first in (1..27).step_by(3) {
        for (from, to) in [(0, 1), (0, 2), (1, 2)] {
            link(first + from, first + to, 1.0);
        }
    }
    for group in [0, 9, 18] {
        for (from, to) in [(2, 4), (3, 7), (6, 8)] {
            link(group + from, group + to, 1.0);
        }
    }
    for (from, to) in [(5, 10), (9, 19), (18, 23)] {
        link(from, to, 0.8);
    }
    rows
}

#[test]
fn every_partition_format_keeps_the_codelength() {
    let folder = Folder::new();
    folder.write("numbers.csv", ragged(|node| node.to_string()));
    // These ids contain special characters of every format.
    folder.write("words.csv", ragged(|node| format!("\"n{node}, <it's> (\"\"&\"\") [:;]\"")));
    for network in ["numbers", "words"] {
        for flow in ["", "-d"] {
            let formats = "tree,ftree,json,csv,newick";
            let found = folder.json(&format!("cluster {network}.csv out {flow} -N 5 -o {formats} --json"));
            let depths: Vec<usize> = folder
                .rows(&format!("out/{network}.tree"))
                .iter()
                .map(|row| row.split(' ').next().unwrap().split(':').count())
                .collect();
            assert!(depths.contains(&2) && depths.contains(&3), "{network} {flow}: a ragged tree");
            for extension in ["tree", "ftree", "json", "csv", "nwk"] {
                let scored = folder.json(&format!("score {network}.csv out/{network}.{extension} {flow} --json"));
                same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
                assert_eq!(
                    (&scored["modules_per_level"], &scored["notes"]),
                    (&found["modules_per_level"], &found["notes"]),
                    "{extension}"
                );
            }
            let again =
                folder.json(&format!("cluster {network}.csv {flow} -0 --no-infomap -c out/{network}.json --json"));
            same_bits(again["codelength"].clone(), found["codelength"].as_f64().unwrap());
        }
    }
}

#[test]
fn clu_files_of_flat_modules_keep_the_codelength() {
    let folder = Folder::new();
    folder.write("numbers.csv", ragged(|node| node.to_string()));
    folder.write("words.csv", ragged(|node| format!("\"n {node} <it's> (\"\"&\"\")\"")));
    folder.write(
        "cities.csv",
        "New York,Boston,3\nNew York,New,3\nNew,Boston,3\nNew,Rome,1\nRome,Oslo,3\nOslo,Bonn,3\nBonn,Rome,3\n",
    );
    for network in ["numbers", "words", "cities"] {
        let found = folder.json(&format!("cluster {network}.csv . --two-level -N 5 -o clu,modules --json"));
        let scored = folder.json(&format!("score {network}.csv {network}.clu --json"));
        same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
        assert_eq!((&scored["modules_per_level"], &scored["notes"]), (&found["modules_per_level"], &found["notes"]));
    }
}

#[test]
fn one_module_reads_back() {
    let folder = Folder::new();
    folder.write("triangle.txt", "1 2\n2 3\n3 1\n");
    folder.mapeq("cluster triangle.txt . -o tree,json,csv,newick -q").assert().success();
    for extension in ["tree", "json", "csv", "nwk"] {
        let scored = folder.json(&format!("score triangle.txt triangle.{extension} --json"));
        assert_eq!(scored["modules_per_level"], serde_json::json!([1]), "{extension}");
    }
}

#[test]
fn graph_files_with_modules_keep_the_network() {
    let folder = Folder::new();
    folder.write("words.csv", ragged(|node| format!("\"n{node}, <it's> (\"\"&\"\") [:;]\"")));
    for (network, flow) in [("words.csv", "-d"), ("words.csv", ""), ("two_triangles.net", ""), ("karate.txt", "-d")] {
        let found = folder.json(&format!("cluster {network} out {flow} -o graphml,gexf,csv --out-name x --json"));
        for extension in ["graphml", "gexf"] {
            let again = folder.json(&format!("score out/x.{extension} out/x.csv {flow} --json"));
            same_bits(again["codelength"].clone(), found["codelength"].as_f64().unwrap());
            assert_eq!(again["network"], found["network"], "{extension}");
            // The nodes have the same paths as the rows of the table.
            let text = folder.read(&format!("out/x.{extension}"));
            let (before, after) = match extension {
                "graphml" => ("<data key=\"path\">", "<"),
                _ => ("<attvalue for=\"2\" value=\"", "\""),
            };
            let mut told: Vec<&str> =
                text.split(before).skip(1).map(|rest| rest.split(after).next().unwrap()).collect();
            let table = folder.read("out/x.csv");
            let mut expected: Vec<&str> = table.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
            told.sort_unstable();
            expected.sort_unstable();
            assert_eq!(told.len() as u64, found["network"]["nodes"].as_u64().unwrap(), "{extension}");
            assert_eq!(told, expected, "{extension}");
        }
    }
    assert!(folder.read("out/x.graphml").contains(r#"<node id="1"><data key="label">1</data><data key="flow">"#));
}

#[test]
fn standard_input_accepts_every_format() {
    let folder = Folder::new();
    for (format, text) in [
        ("", "1 2\n2 3\n"),
        ("", "source,target\n1,2\n2,3\n"),
        ("--format csv", "1,2\n2,3\n"),
        ("--format tsv", "1\t2\n2\t3\n"),
        ("--columns 2,3", "x,1,2\ny,2,3\n"),
        ("", "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 2\n"),
        ("--format metis", "3 2\n2\n1 3\n2\n"),
        ("", r#"<graphml><graph><edge source="1" target="2"/><edge source="2" target="3"/></graph></graphml>"#),
        ("", "graph [ edge [ source 1 target 2 ] edge [ source 2 target 3 ] ]"),
        (
            "",
            r#"<gexf><graph><edges><edge source="1" target="2"/><edge source="2" target="3"/></edges></graph></gexf>"#,
        ),
        ("", r#"{"links": [{"source": 1, "target": 2}, {"source": 2, "target": 3}]}"#),
        ("", r#"{"format": "infomap-network", "edges": [{"source": 1, "target": 2}, {"source": 2, "target": 3}]}"#),
    ] {
        let run = folder.mapeq(&format!("cluster - -0 --json {format}")).write_stdin(text).assert().success();
        let found: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
        assert_eq!((&found["network"]["nodes"], &found["network"]["links"]), (&3.into(), &2.into()), "{text}");
    }
    folder.failure("cluster karate.txt --format docx", 1);
    folder.failure("cluster karate.txt --columns a", 1);
    folder.failure("cluster karate.txt --columns 1,2 --order 2", 1);
    let message = folder.failure("cluster karate.txt -0 --format gml --columns 1,2", 2);
    assert_eq!(
        message,
        "error: karate.txt: --columns applies to tables, and this file is read as gml (hint: --format csv)\n"
    );
}

/// If all states of a node are in one module, files of physical nodes determine the modules of all
/// states.
#[test]
fn physical_node_files_keep_the_codelength_of_undivided_nodes() {
    let folder = Folder::new();
    // Two triangles with two states per node are joined by one link.
    let mut net = "*States\n".to_owned();
    (1..=12).for_each(|state| net += &format!("{state} {}\n", (state + 1) / 2));
    net += "*Links\n";
    for first in [1, 7] {
        for (from, to) in [(0, 2), (2, 4), (4, 0), (1, 3), (3, 5), (5, 1), (0, 3), (2, 5), (4, 1)] {
            net += &format!("{} {}\n", first + from, first + to);
        }
    }
    folder.write("net.net", net + "6 7\n");
    let found = folder.json("cluster net.net . --json -o tree,ftree,clu,newick,json,csv");
    assert_eq!(found["modules_per_level"], serde_json::json!([2]));
    for level in ["", "_states"] {
        for extension in ["tree", "ftree", "clu", "csv", "json", "nwk"] {
            let scored = folder.json(&format!("score net.net net{level}.{extension} --json"));
            same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
            assert_eq!(scored["notes"], found["notes"], "{level} {extension}");
        }
    }
}

#[test]
fn written_bipartite_and_state_networks_read_back() {
    let folder = Folder::new();
    folder.write("b.net", "*Bipartite 4\n1 4\n2 4 2\n2 6\n3 5\n3 6\n");
    let found = folder.json("cluster b.net out -o tree,network --json");
    let again = folder.json("score out/b.net out/b.tree --json");
    same_bits(again["codelength"].clone(), found["codelength"].as_f64().unwrap());
    // Ids of states are numbers. Text ids become names.
    folder.write("words.txt", "alice bob\nbob carol 2\ndave bob\n");
    let words = folder.json("cluster words.txt out -o states --json");
    let states = folder.json("cluster out/words_states.net -0 --json");
    same_bits(states["codelength"].clone(), words["codelength"].as_f64().unwrap());
    assert!(folder.read("out/words_states.net").contains("*Vertices\n1 \"alice\"\n2 \"bob\"\n"));
}
