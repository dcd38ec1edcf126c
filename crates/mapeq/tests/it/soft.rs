//! Soft membership: `mapeq cluster --soft`.

use std::collections::BTreeMap;

use crate::common::Folder;

/// Parses the rows of a file without quoted names, as values by column.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), head.len(), "{line}");
        head.iter().zip(fields).map(|(name, field)| ((*name).to_owned(), field.to_owned())).collect()
    };
    lines.map(row).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[test]
fn shares_are_fractions_of_links_to_each_module() {
    let folder = Folder::new();
    let summary = folder.json("cluster karate.txt out --soft --json");
    let outputs: Vec<&str> = summary["outputs"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(outputs, ["out/karate.tree", "out/karate_soft.csv"]);
    let module: BTreeMap<String, String> = folder
        .rows("out/karate.tree")
        .iter()
        .map(|row| (row.rsplit(' ').next().unwrap().to_owned(), row.split(':').next().unwrap().to_owned()))
        .collect();
    // In an unweighted network, shares are fractions of the links of a node, by the module of the
    // other end.
    let mut counts: BTreeMap<(String, String), f64> = BTreeMap::new();
    let mut degree: BTreeMap<String, f64> = BTreeMap::new();
    for line in folder.rows("karate.txt") {
        let ends: Vec<&str> = line.split_whitespace().take(2).collect();
        for (node, other) in [(ends[0], ends[1]), (ends[1], ends[0])] {
            *counts.entry((node.to_owned(), module[other].clone())).or_default() += 1.0;
            *degree.entry(node.to_owned()).or_default() += 1.0;
        }
    }
    let rows = table(&folder.read("out/karate_soft.csv"));
    assert_eq!(rows.len(), counts.len());
    let mut left: BTreeMap<&str, f64> = BTreeMap::new();
    for row in &rows {
        let (node, with) = (&row["node_id"], &row["module"]);
        let share = counts[&(node.clone(), with.clone())] / degree[node];
        assert!((number(row, "share") - share).abs() < 1e-6, "{row:?}");
        assert_eq!(row["member"] == "1", &module[node] == with, "{row:?}");
        *left.entry(node).or_insert(1.0) -= share * share;
    }
    for row in &rows {
        assert!((number(row, "participation") - left[row["node_id"].as_str()]).abs() < 1e-6, "{row:?}");
    }
    assert!(left.values().any(|&participation| participation > 0.4));
    assert!(left.values().any(|&participation| participation == 0.0));
}

#[test]
fn shares_sum_to_one_for_every_level_and_flow_model() {
    let folder = Folder::new();
    let models = ["-d", "-d -e", "-d --regularized", "-f undirdir", "--regularized", "--markov-time 2", "-o csv"];
    for options in models.iter().flat_map(|model| [format!("{model} --clu-level -1"), (*model).to_owned()]) {
        folder.mapeq(&format!("cluster karate.txt out -o soft {options} -q")).assert().success();
        let mut sums: BTreeMap<String, f64> = BTreeMap::new();
        for row in table(&folder.read("out/karate_soft.csv")) {
            *sums.entry(row["node_id"].clone()).or_default() += number(&row, "share");
            assert!(!row["module"].is_empty());
        }
        assert_eq!(sums.len(), 34, "{options}");
        assert!(sums.values().all(|sum| (sum - 1.0).abs() < 1e-5), "{options}: {sums:?}");
    }
}

/// Node 1 has a state in each of two modules. Each state has four fifths of its flow within its own
/// module.
#[test]
fn states_and_physical_nodes_have_shares() {
    let folder = Folder::new();
    folder.write(
        "net.net",
        "*Vertices 5\n1 \"i\"\n2 \"j\"\n3 \"k\"\n4 \"l\"\n5 \"m\"\n*States\n1 1\n2 2\n3 3\n4 1\n5 4\n6 5\n*Links\n\
         1 2 .8\n1 3 .8\n1 5 .2\n1 6 .2\n2 1\n2 3\n3 1\n3 2\n4 5 .8\n4 6 .8\n4 2 .2\n4 3 .2\n5 4\n5 6\n6 4\n6 5\n",
    );
    let summary = folder.json("cluster net.net . -d --soft --json");
    assert!(summary["outputs"].as_array().unwrap().contains(&"./net_states_soft.csv".into()), "{}", summary["outputs"]);
    let of_nodes = folder.read("net_soft.csv");
    assert!(of_nodes.starts_with("node_id,module,share,participation,member,name\n"), "{of_nodes}");
    // The order of the two modules depends on rounding.
    let halves = table(&of_nodes).into_iter().filter(|row| row["node_id"] == "1" && row["member"] == "1");
    assert_eq!(halves.filter(|row| row["share"] == "0.5" && row["participation"] == "0.5").count(), 2, "{of_nodes}");
    let of_states = folder.read("net_states_soft.csv");
    let rows = table(&of_states);
    // The state has a sixth of all visits, all from its own module. A fifth of the steps from it
    // leave the module.
    let own = rows.iter().find(|row| row["state_id"] == "4" && row["member"] == "1").unwrap();
    assert_eq!((own["node_id"].as_str(), own["share"].as_str(), own["participation"].as_str()), ("1", "0.9", "0.18"));
}

#[test]
fn nodes_without_links_are_in_their_own_modules() {
    let folder = Folder::new();
    folder.write("net.net", "*Vertices 4\n1 \"x\"\n2 \"y\"\n3 \"z\"\n4 \"a, b\"\n*Edges\n1 2\n2 3\n1 3\n");
    folder.mapeq("cluster net.net . -o soft -q").assert().success();
    let rows: Vec<String> =
        folder.read("net_soft.csv").lines().filter(|row| row.starts_with("4,")).map(Into::into).collect();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].ends_with(",1,0,1,\"a, b\""), "{rows:?}");
}
