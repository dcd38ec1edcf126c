//! Result files of state networks, at the level of states and of physical nodes.

use crate::common::{Folder, same_bits};
use serde_json::Value;

/// Two triangles of states. Node 1 has the states 1 and 4, one in each triangle, and is visited
/// half as often in the second triangle as in the first.
const STATES: &str = "*Vertices 5\n1 \"i\"\n2 \"j\"\n3 \"k\"\n4 \"l\"\n5 \"m\"\n*States\n1 1\n2 2\n3 3\n4 1\n5 4\n6 5\n\
    *Links\n1 2 2\n1 3 2\n2 3 2\n4 5\n4 6\n5 6\n";

const LAYERS: &str = "*Intra\n3 1 2\n3 2 4\n3 4 1\n7 1 5\n7 5 6\n7 6 1\n";

fn json(folder: &Folder, name: &str) -> Value {
    serde_json::from_str(&folder.read(name)).unwrap()
}

#[test]
fn memberships_divide_the_flow_of_a_node() {
    let folder = Folder::new();
    folder.write("net.net", STATES);
    folder.mapeq("cluster net.net . -q -o memberships,json,csv").assert().success();
    let text = folder.read("net_memberships.csv");
    let lines: Vec<&str> = text.lines().collect();
    // By definition, shares are 2/3 and 1/3, and participation is 1 - 4/9 - 1/9.
    assert_eq!(lines[0], "node_id,name,module,flow,share,participation");
    assert_eq!(lines[1], "1,\"i\",1,0.222222,0.666667,0.444444");
    assert_eq!(lines[2], "1,\"i\",2,0.111111,0.333333,0.444444");
    assert_eq!(lines[3], "2,\"j\",1,0.222222,1,0");
    assert_eq!(lines.len(), 7);
    let physical = json(&folder, "net.json");
    assert_eq!((&physical["higherOrder"], &physical["stateLevel"]), (&true.into(), &false.into()));
    let of_node: Vec<&Value> = physical["nodes"].as_array().unwrap().iter().filter(|node| node["id"] == 1).collect();
    assert_eq!(of_node.len(), 2);
    assert_eq!((&of_node[0]["share"], &of_node[1]["share"]), (&0.666667.into(), &0.333333.into()));
    assert!(of_node.iter().all(|node| node["participation"] == 0.444444 && node.get("modules").is_none()));
    let states = json(&folder, "net_states.json");
    assert_eq!(states["stateLevel"], true);
    let fourth = states["nodes"].as_array().unwrap().iter().find(|node| node["stateId"] == 4).unwrap();
    assert_eq!((&fourth["id"], &fourth["modules"], &fourth["name"]), (&1.into(), &vec![2].into(), &"i".into()));
    assert_eq!(physical["modules"], states["modules"]);
    assert!(folder.read("net_states.csv").starts_with("path,flow,name,state_id,node_id\n"));
    assert!(folder.read("net.csv").starts_with("path,flow,name,node_id\n"));
}

#[test]
fn every_format_is_written_at_both_levels() {
    let folder = Folder::new();
    folder.write("net.net", LAYERS);
    let found = folder.json("cluster net.net . --json -o tree,ftree,clu,newick,json,csv,modules,memberships");
    let outputs: Vec<&str> = found["outputs"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(outputs.len(), 15);
    for extension in ["tree", "ftree", "clu", "csv", "json", "nwk"] {
        let name = format!("net_states.{extension}");
        let scored = folder.json(&format!("score net.net {name} --json"));
        same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
    }
    assert!(folder.read("net_states.csv").starts_with("path,flow,name,state_id,layer_id,node_id\n"));
    let states = json(&folder, "net_states.json");
    let layers: Vec<u64> =
        states["nodes"].as_array().unwrap().iter().map(|node| node["layerId"].as_u64().unwrap()).collect();
    assert_eq!((layers.iter().filter(|&&id| id == 3).count(), layers.iter().filter(|&&id| id == 7).count()), (3, 3));
    // Links are those of the walk, within and between layers. They carry all flow.
    for (name, columns) in [("net.ftree", "node_id"), ("net_states.ftree", "state_id node_id layer_id")] {
        let text = folder.read(name);
        assert!(
            text.contains(&format!("# path flow name {columns}\n")) && text.contains("*Links directed\n"),
            "{text}"
        );
        let links =
            text.split_once("*Links directed\n").unwrap().1.lines().filter(|line| !line.starts_with(['#', '*']));
        let total: f64 = links.map(|line| line.split(' ').nth(2).unwrap().parse::<f64>().unwrap()).sum();
        assert!((total - 1.0).abs() < 1e-5, "{name}: {total}");
    }
}

/// Ids of nodes in graph files are unique, so the nodes are states.
#[test]
fn graph_files_have_one_node_per_state() {
    let folder = Folder::new();
    folder.write("net.net", STATES);
    let found = folder.json("cluster net.net . -d --json -o graphml,gexf");
    assert_eq!(found["outputs"], serde_json::json!(["./net_states.graphml", "./net_states.gexf"]));
    for name in ["net_states.graphml", "net_states.gexf"] {
        let text = folder.read(name);
        let mut ids: Vec<&str> =
            text.split("<node id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len() as u64, found["network"]["nodes"].as_u64().unwrap(), "{name}");
    }
    let again = folder.json("flow net_states.graphml -0 -d --json");
    assert_eq!(again["network"]["nodes"], found["network"]["nodes"]);
}

#[test]
fn undefined_outputs_are_refused() {
    let folder = Folder::new();
    folder.write("net.net", STATES);
    folder.mapeq("cluster net.net out -o tree --clu-style pajek -q").assert().success();
    let error = folder.failure("cluster net.net out -o clu --clu-style pajek", 1);
    assert!(error.contains("--clu-style pajek is not defined"), "{error}");
    let error = folder.failure("cluster karate.txt . -o memberships", 1);
    assert!(error.contains("memberships need a network of states"), "{error}");
}
