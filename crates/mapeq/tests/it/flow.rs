//! `mapeq flow`: flow without a search.

use crate::common::{Folder, same_bits};

/// Returns visit rate, enter flow and exit flow of every node, with its id.
fn rates(folder: &Folder, name: &str) -> Vec<(String, [f64; 3])> {
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let rate = |back: usize| fields[fields.len() - back].parse().unwrap();
        (fields[0].to_owned(), [rate(3), rate(2), rate(1)])
    };
    folder.read(name).lines().skip(1).map(row).collect()
}

#[test]
fn visit_rates_are_proportional_to_link_weights() {
    let folder = Folder::new();
    let facts = folder.json("flow two_triangles.net out --json");
    assert_eq!(facts["outputs"], serde_json::json!(["out/two_triangles_flow.csv", "out/two_triangles_flow.net"]));
    assert_eq!((&facts["command"], &facts["flow_model"]), (&"flow".into(), &"undirected".into()));
    let text = folder.read("out/two_triangles_flow.csv");
    assert!(text.starts_with("node_id,name,flow,enter_flow,exit_flow\n3,\"C\",0.2142857142857"), "{text}");
    for (id, [flow, enter, exit]) in rates(&folder, "out/two_triangles_flow.csv") {
        let expected = if id == "3" || id == "4" { 3.0 / 14.0 } else { 2.0 / 14.0 };
        [flow, enter, exit].into_iter().for_each(|rate| same_bits(rate, expected));
    }
}

#[test]
fn flow_equals_that_of_cluster() {
    let folder = Folder::new();
    for options in ["", "-d", "-d -e -p 0.3", "-f rawdir --markov-time 2", "--regularized"] {
        folder.mapeq(&format!("flow karate.txt alone {options} -q")).assert().success().stdout("");
        folder.mapeq(&format!("cluster karate.txt with {options} -q -o flow")).assert().success();
        let alone: f64 = rates(&folder, "alone/karate_flow.csv").iter().map(|(_, [flow, ..])| flow).sum();
        same_bits(alone, 1.0);
        assert_eq!(folder.rows("alone/karate_flow.net"), folder.rows("with/karate_flow.net"), "{options}");
    }
}

#[test]
fn markov_time_scales_enter_and_exit_flow() {
    let folder = Folder::new();
    folder.mapeq("flow karate.txt . -d -q --out-name once").assert().success();
    folder.mapeq("flow karate.txt . -d -q --out-name twice --markov-time 2").assert().success();
    for (once, twice) in rates(&folder, "once_flow.csv").into_iter().zip(rates(&folder, "twice_flow.csv")) {
        assert_eq!(once.0, twice.0);
        same_bits(twice.1[0], once.1[0]);
        same_bits(twice.1[1], 2.0 * once.1[1]);
        same_bits(twice.1[2], 2.0 * once.1[2]);
    }
}

#[test]
fn rows_of_states_have_nodes_and_layers() {
    let folder = Folder::new();
    folder.write("s.net", "*Vertices 2\n1 \"a\"\n2 \"b\"\n*States\n1 1\n2 2\n3 1\n*Links\n1 2\n2 3\n3 2\n2 1\n");
    folder.mapeq("flow s.net . -d -q").assert().success();
    let text = folder.read("s_flow.csv");
    assert!(text.starts_with("state_id,node_id,name,flow,enter_flow,exit_flow\n2,2,\"b\",0."), "{text}");
    for (id, rates) in rates(&folder, "s_flow.csv") {
        rates.into_iter().for_each(|rate| same_bits(rate, if id == "2" { 0.5 } else { 0.25 }));
    }
    folder.write("l.net", "*Intra\n1 1 2\n1 2 1\n2 1 2\n2 2 1\n");
    let facts = folder.json("flow l.net . --json");
    assert!(folder.read("l_flow.csv").starts_with("state_id,node_id,layer_id,name,"));
    assert_eq!(facts["outputs"].as_array().unwrap().len(), 2);
    // Each state is linked to both states of the other node, within its layer and between layers.
    let links: Vec<String> = folder.rows("l_flow.net").into_iter().skip_while(|row| row != "*Arcs").skip(1).collect();
    assert_eq!(links.len(), 8);
    assert!(links.iter().all(|row| row.ends_with(" 0.23125") || row.ends_with(" 0.01875")), "{links:?}");
    let facts = folder.json("flow l.net . --json --multilayer-relax-to-self");
    assert_eq!(facts["outputs"].as_array().unwrap().len(), 1);
    assert!(facts["notes"].to_string().contains("the flow of links is not written"), "{facts}");
    // Without layers, relaxation does not apply.
    folder.write("plain.net", "1 2\n2 3\n");
    let facts = folder.json("flow plain.net . --json --multilayer-relax-to-self");
    assert_eq!((facts["outputs"].as_array().unwrap().len(), facts["notes"].to_string()), (2, "[]".to_owned()));
    assert_eq!(
        folder.failure("flow s.net . -d --no-overwrite", 3),
        "error: cannot write ./s_flow.csv: it exists and --no-overwrite is given\n"
    );
}
