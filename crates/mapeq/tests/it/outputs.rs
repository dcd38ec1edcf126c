//! Files that `-o` and related options write, read by the grammars of other programs.

use crate::common::{Folder, same_bits};

/// Returns three groups of three triangles, with each link in both directions. Only some of the
/// groups are modules of the best tree.
fn ragged() -> String {
    let mut rows = String::new();
    let mut link = |a: usize, b: usize, weight: f64| rows += &format!("{a} {b} {weight}\n{b} {a} {weight}\n");
    for first in (1..27).step_by(3) {
        link(first, first + 1, 1.0);
        link(first, first + 2, 1.0);
        link(first + 1, first + 2, 1.0);
    }
    for group in [0, 9, 18] {
        for (from, to) in [(2, 4), (3, 7), (6, 8)] {
            link(group + from, group + to, 1.0);
        }
    }
    link(5, 10, 0.8);
    link(9, 19, 0.8);
    link(18, 23, 0.8);
    rows
}

#[test]
fn written_trees_keep_their_codelength() {
    let folder = Folder::new();
    folder.write("ragged.txt", ragged());
    for flow in ["", "-d"] {
        let found = folder.json(&format!("cluster ragged.txt . {flow} -N 5 -o tree,ftree --json"));
        let tree = folder.rows("ragged.tree");
        let depths: Vec<usize> = tree.iter().map(|row| row.split(' ').next().unwrap().split(':').count()).collect();
        assert!(depths.contains(&2) && depths.contains(&3), "{flow}: a ragged tree");
        for file in ["ragged.tree", "ragged.ftree"] {
            let scored = folder.json(&format!("score ragged.txt {file} {flow} --json"));
            same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
        }
    }
    let found = folder.json("cluster ragged.txt . -N 5 -o clu --clu-style pajek --two-level --json");
    let text = folder.read("ragged.clu");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("*Vertices 27"));
    assert!(lines.all(|line| line.parse::<u32>().is_ok()), "one number per line");
    let scored = folder.json("score ragged.txt ragged.clu --json");
    same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
}

#[test]
fn written_networks_keep_the_codelength() {
    let folder = Folder::new();
    folder.write("ragged.txt", ragged());
    for flow in ["", "-d"] {
        let found = folder.json(&format!("cluster ragged.txt out {flow} -o tree,network,flow --json"));
        let scored = folder.json(&format!("score out/ragged.net out/ragged.tree {flow} --json"));
        same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
        // The weights of the flow network are the flow of links, in six digits.
        let model = if flow.is_empty() { "undirected" } else { "rawdir" };
        let scored = folder.json(&format!("score out/ragged_flow.net out/ragged.tree -f {model} --json"));
        let bits = |value: &serde_json::Value| value["codelength"].as_f64().unwrap();
        assert!((bits(&scored) - bits(&found)).abs() < 1e-4);
    }
}

/// In an `.ftree` file, every module has a section of links, and the ends of links are children of
/// the module. The flow of all links sums to one.
#[test]
fn link_sections_contain_all_flow() {
    let folder = Folder::new();
    folder.write("ragged.txt", ragged());
    for (flow, kind) in [("", "undirected"), ("-d", "directed")] {
        folder.mapeq(&format!("cluster ragged.txt . {flow} -o ftree -q")).assert().success();
        let text = folder.read("ragged.ftree");
        let (_, links) = text.split_once("*Links ").unwrap();
        let mut lines = links.lines();
        assert_eq!(lines.next(), Some(kind));
        let mut total = 0.0;
        let (mut expected, mut children, mut sections) = (0usize, 0usize, 0);
        for line in lines.filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split(' ').collect();
            if fields[0] == "*Links" {
                assert_eq!((fields.len(), expected), (6, 0), "{line}");
                (expected, children) = (fields[4].parse().unwrap(), fields[5].parse().unwrap());
                assert!(fields[2..4].iter().all(|flow| flow.parse::<f64>().unwrap() >= 0.0));
                sections += 1;
            } else {
                assert_eq!(fields.len(), 3, "{line}");
                let [a, b] = [0, 1].map(|end| fields[end].parse::<usize>().unwrap());
                assert!(a != b && a.max(b) <= children && a.min(b) > 0, "{line}");
                assert!(kind == "directed" || a < b, "{line}");
                total += fields[2].parse::<f64>().unwrap();
                expected -= 1;
            }
        }
        assert_eq!(expected, 0);
        assert!(sections > 8, "{sections}");
        assert!((total - 1.0).abs() < 1e-4, "all flow is along links between different nodes: {total}");
    }
}

/// The last comment of the header names the columns. Levels and codelength are in fixed lines.
#[test]
fn headers_have_fixed_lines() {
    let folder = Folder::new();
    folder.mapeq("cluster two_triangles.net out -o tree,clu,ftree -q").assert().success();
    for (name, columns, lines) in [
        ("tree", "# path flow name node_id", 9),
        ("ftree", "# path flow name node_id", 9),
        ("clu", "# node_id module flow", 10),
    ] {
        let text = folder.read(&format!("out/two_triangles.{name}"));
        let header: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert_eq!((header.len(), *header.last().unwrap()), (lines, columns));
        assert_eq!(header[4], "# partitioned into 2 levels with 2 top modules");
        assert_eq!(header[5], "# codelength 2.32073 bits");
        assert_eq!(header[7], "# flow model undirected");
    }
    folder.mapeq("cluster two_triangles.net out --header full -s 7 -N 3 -q").assert().success();
    let text = folder.read("out/two_triangles.tree");
    for line in ["# trials 3 of 3", "# seed 7", "# codelength 2.32073 bits"] {
        assert!(text.lines().any(|found| found == line), "{line}");
    }
    assert!(text.lines().any(|line| line.starts_with("# input fingerprint ") && line.ends_with(" bytes)")));
}

#[test]
fn quotes_in_names_are_doubled() {
    let folder = Folder::new();
    folder.write("q.net", "*Vertices 3\n1 \"a \"x\" b\"\n2 \"c#d\"\n3 \"\"\"\n*Edges\n1 2\n2 3\n1 3\n");
    folder.mapeq("cluster q.net . -o tree,csv,json,ftree -q").assert().success();
    let rows = folder.rows("q.tree");
    assert_eq!(rows[0], "1:1 0.333333 \"a \"\"x\"\" b\" 1");
    for row in &rows {
        // Some readers search for the first and the last quote, others split into quoted fields.
        let name = &row[row.find('"').unwrap()..=row.rfind('"').unwrap()];
        assert_eq!(row.replacen(name, "N", 1).split(' ').count(), 4, "{row}");
        assert_eq!(name.matches('"').count() % 2, 0, "{row}");
    }
    assert!(folder.read("q.csv").contains("1:1,0.333333,\"a \"\"x\"\" b\",1\n"));
    let json: serde_json::Value = serde_json::from_str(&folder.read("q.json")).unwrap();
    assert_eq!(json["nodes"][0]["name"], "a \"x\" b");
    folder.mapeq("score q.net q.tree -q").assert().success();
}

#[test]
fn module_table_sums_to_the_codelength() {
    let folder = Folder::new();
    folder.write("ragged.txt", ragged());
    let found = folder.json("cluster ragged.txt . -N 5 -o modules --json");
    let text = folder.read("ragged_modules.csv");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("level,module,parent,flow,enter_flow,exit_flow,codelength,size,nodes"));
    let (mut nodes, mut top, mut bits) = (0, 0, found["index_codelength"].as_f64().unwrap());
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), 9, "{line}");
        let parent = fields[1].rsplit_once(':').map_or("root", |(parent, _)| parent);
        assert_eq!((fields[2], fields[0].parse().ok()), (parent, Some(fields[1].split(':').count())), "{line}");
        top += u64::from(fields[2] == "root");
        nodes += fields[8].trim_matches('"').split_whitespace().count();
        bits += fields[6].parse::<f64>().unwrap();
    }
    assert_eq!((nodes, top), (27, found["top_modules"].as_u64().unwrap()));
    assert!((bits - found["codelength"].as_f64().unwrap()).abs() < 1e-5);
}

#[test]
fn newick_files_have_ids_and_flow() {
    let folder = Folder::new();
    folder.write("words.txt", "it's bob\nbob (carol)\nit's (carol)\n");
    folder.mapeq("cluster words.txt . -o newick -q").assert().success();
    assert_eq!(folder.read("words.nwk"), "((('it''s':0.333333,bob:0.333333,'(carol)':0.333333):1):1);\n");
}
