//! Partition files: their contents, their form, and reading back of written files.

use std::fs;

use mapeq_core::{NodeIds, NodeTable, Partition, StringTable, Tree};
use mapeq_io::{ClusterLevel, Header, PartitionFile, RowFilter, read_partition, write_clu, write_tree};
use proptest::prelude::*;

fn header() -> Header {
    Header {
        version: "0.1.0".into(),
        command: "mapeq cluster net.txt out".into(),
        started_at: "2026-01-31 20:40:03".into(),
        completed_in: 0.0218275,
        levels: 2,
        top_modules: 2,
        codelength: 2.320730356834,
        relative_savings: 0.0922791935,
        flow_model: "undirected".into(),
        level: None,
        details: None,
    }
}

fn numbered(nodes: usize) -> NodeTable {
    NodeTable::new(NodeIds::Consecutive { first: 1, len: nodes })
}

/// Two triangles, joined by a link between C and D.
fn triangles() -> (NodeTable, [f64; 6], Tree) {
    let mut nodes = numbered(6);
    nodes.names = Some(["A", "B", "C", "D", "E", "F"].into_iter().collect());
    let flow = [2.0, 2.0, 3.0, 3.0, 2.0, 2.0].map(|degree| degree / 14.0);
    (nodes, flow, Tree::from_partition(&Partition::from_labels(vec![0, 0, 0, 1, 1, 1])))
}

fn read(name: &str, content: impl AsRef<[u8]>, nodes: &NodeTable) -> PartitionFile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    read_partition(&path, nodes).unwrap_or_else(|error| panic!("{error}"))
}

fn text_of_tree(nodes: &NodeTable, flow: &[f64], tree: &Tree) -> String {
    let mut out = Vec::new();
    write_tree(&mut out, &header(), nodes, flow, tree, RowFilter::All).unwrap();
    String::from_utf8(out).unwrap()
}

fn text_of_clu(nodes: &NodeTable, flow: &[f64], tree: &Tree, level: ClusterLevel) -> String {
    let mut out = Vec::new();
    write_clu(&mut out, &header(), nodes, flow, tree, level, RowFilter::All).unwrap();
    String::from_utf8(out).unwrap()
}

const HEADER: &str = "\
# v0.1.0
# mapeq cluster net.txt out
# started at 2026-01-31 20:40:03
# completed in 0.0218275 s
# partitioned into 2 levels with 2 top modules
# codelength 2.32073 bits
# relative codelength savings 9.22792%
# flow model undirected
";

#[test]
fn writes_a_tree_file() {
    let (nodes, flow, tree) = triangles();
    let rows = "\
# path flow name node_id
1:1 0.214286 \"C\" 3
1:2 0.142857 \"A\" 1
1:3 0.142857 \"B\" 2
2:1 0.214286 \"D\" 4
2:2 0.142857 \"E\" 5
2:3 0.142857 \"F\" 6
";
    assert_eq!(text_of_tree(&nodes, &flow, &tree), format!("{HEADER}{rows}"));
}

#[test]
fn writes_a_clu_file() {
    let (nodes, flow, tree) = triangles();
    let rows = "\
# module level 1
# node_id module flow
3 1 0.214286
1 1 0.142857
2 1 0.142857
4 2 0.214286
5 2 0.142857
6 2 0.142857
";
    assert_eq!(text_of_clu(&nodes, &flow, &tree, ClusterLevel::Depth(1)), format!("{HEADER}{rows}"));
}

#[test]
fn deeper_levels_number_modules_in_the_order_of_the_tree() {
    // Modules { { 0, 1 }, { 2 } } and { 3, 4 }, the latter with more flow.
    let tree = Tree::new(&[0, 0, 1, 1, 0], &[2, 2, 3, 4, 4]);
    let flow = [0.1, 0.15, 0.05, 0.3, 0.4];
    let modules = |level| -> Vec<String> {
        let text = text_of_clu(&numbered(5), &flow, &tree, level);
        text.lines().filter(|line| !line.starts_with('#')).map(|line| line[..3].to_owned()).collect()
    };
    assert_eq!(modules(ClusterLevel::Depth(1)), ["5 1", "4 1", "2 2", "1 2", "3 2"]);
    assert_eq!(modules(ClusterLevel::Depth(2)), ["5 1", "4 1", "2 2", "1 2", "3 3"]);
    assert_eq!(modules(ClusterLevel::Deepest), modules(ClusterLevel::Depth(2)));
    assert!(text_of_clu(&numbered(5), &flow, &tree, ClusterLevel::Deepest).contains("# module level -1\n"));
    let text = text_of_tree(&numbered(5), &flow, &tree);
    let paths: Vec<&str> = text.lines().filter_map(|line| line.split_once(" 0.").map(|(path, _)| path)).collect();
    assert_eq!(
        paths.iter().filter(|path| !path.starts_with('#')).collect::<Vec<_>>(),
        [&"1:1", &"1:2", &"2:1:1", &"2:1:2", &"2:2:1"]
    );
}

#[test]
fn nodes_directly_below_the_root_have_one_position() {
    let text = text_of_tree(&numbered(2), &[0.25, 0.75], &Tree::new(&[0], &[0, 0]));
    assert!(text.ends_with("\n1 0.75 \"2\" 2\n2 0.25 \"1\" 1\n"), "{text}");
}

#[test]
fn paths_of_one_position_name_the_module() {
    let file = read("p.tree", "1 0.1 \"A\" 1\n2 0.1 \"B\" 2\n1:7 0.1 \"C\" 3\n", &numbered(3));
    assert_eq!(file.tree.leaf_partition().labels(), [0, 1, 0]);
    assert_eq!(file.tree.levels(), 2);
}

#[test]
fn only_depth_and_prefix_of_paths_matter() {
    let rows = "# comment\n9:9 1e-3 \"A\" 1\n\n 9:1 0 \"B \"b\" #\" 2\r\n4:2:5 0.1 \"\" 3\n*Links undirected\nany 1\n";
    let file = read("p.ftree", rows, &numbered(3));
    assert_eq!(file.tree, Tree::new(&[0, 0, 0, 2], &[1, 1, 3]));
    assert!(file.notes.is_empty());
}

#[test]
fn state_level_rows_name_nodes_by_their_state_id() {
    let file = read("p.tree", "1:1 0.5 \"A\" 2 1\n2:1 0.5 \"B\" 1 2 3\n", &numbered(2));
    assert_eq!(file.tree.leaf_modules(), [1, 2]);
}

#[test]
fn rows_that_do_not_match_the_network_are_noted() {
    let notes = [
        "2 rows of nodes that are not in the network ignored (first: line 2)",
        "2 nodes without a row put into modules of their own (first: \"2\")",
    ];
    let file = read("p.tree", "1:1 0.5 \"A\" 1\n1:2:3 0.5 \"B\" 8\n5 0.5 \"C\" 9\n1:2 0.5 \"D\" 3\n", &numbered(4));
    assert_eq!(file.tree.leaf_partition().labels(), [0, 1, 0, 2]);
    assert_eq!(file.notes, notes);

    let file = read("p.clu", "1 5\n8 1\n9 1 0.5\n3 7\n3 5\n", &numbered(4));
    assert_eq!(file.tree.leaf_partition().labels(), [0, 1, 0, 2]);
    assert_eq!(file.notes[..2], notes);
    assert_eq!(file.notes[2..], ["1 row of a node with an earlier row: the last one counts"]);
}

#[test]
fn reads_both_dialects_of_clu_files() {
    let expected = [0, 1, 0];
    for content in [
        "1 0\n2 1\n3 0\n",
        "*Vertices 3\r\n7\r\n0\r\n7\r\n",
        "# comment\n*vertices 3\n\n 7 # seven\n8\n7",
        "*Vertices 3\n1 7\n2 18446744073709551615\n3 7\n",
    ] {
        let file = read("p.clu", content, &numbered(3));
        assert_eq!(file.tree.leaf_partition().labels(), expected, "{content:?}");
        assert!(file.notes.is_empty());
    }
}

#[test]
fn the_extension_decides_ignoring_case_and_compression() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, b"1:1 1 \"A\" 1\n").unwrap();
    let packed = packed.finish().unwrap();
    for name in ["p.tree.gz", "P.TREE.GZ", "p.fTree.zst", "a.clu.tree"] {
        assert_eq!(read(name, &packed, &numbered(1)).tree.nodes(), 1, "{name}");
    }
    assert_eq!(read("p.CLU", "1 1", &numbered(1)).tree.nodes(), 1);
}

/// Random trees. All nodes below a top module have equal depth, so that no module mixes nodes and
/// modules.
fn trees() -> impl Strategy<Value = (Tree, Vec<f64>)> {
    let node = (0..4usize, 0..3usize, 0..3usize, 0..50u32);
    prop::collection::vec(node, 1..40).prop_map(|nodes| {
        // Top module t is module 1 + t. Tops 2 and 3 hold three modules each, and those of top 3
        // hold three each.
        let mut parents = vec![0; 5];
        parents.extend([3, 3, 3, 4, 4, 4]);
        for parent in 8..11 {
            parents.extend([parent; 3]);
        }
        let leaf = |&(top, a, b, _): &(usize, usize, usize, u32)| match top {
            0 | 1 => 1 + top as u32,
            2 => 5 + a as u32,
            _ => 11 + (3 * a + b) as u32,
        };
        let leaf_modules: Vec<u32> = nodes.iter().map(leaf).collect();
        (Tree::new(&parents, &leaf_modules), nodes.iter().map(|node| f64::from(node.3) / 100.0).collect())
    })
}

fn odd_strings(nodes: usize) -> StringTable {
    let odd = ["a\"b", "\"", "#x", "1:1", "\"q\"", "é", "0.5", "*Links", "\\", "a,b"];
    let ids: Vec<String> =
        (0..nodes).map(|node| format!("{}{}", odd[node % odd.len()], ["", "'", "''", "'''"][node / 10])).collect();
    ids.iter().map(String::as_str).collect()
}

proptest! {
    /// Trees read back for any ids and names.
    #[test]
    fn trees_read_back((tree, flow) in trees(), strings: bool) {
        let mut nodes = numbered(tree.nodes());
        if strings {
            nodes.ids = NodeIds::Strings(odd_strings(tree.nodes()));
        }
        for names in [None, Some(odd_strings(tree.nodes()).iter().map(|id| format!("{id} \" {id}")).collect::<Vec<_>>())] {
            nodes.names = names.map(|names| names.iter().map(String::as_str).collect());
            let file = read("p.tree", text_of_tree(&nodes, &flow, &tree), &nodes);
            prop_assert_eq!(&file.tree, &tree);
            prop_assert!(file.notes.is_empty());
        }
    }

    #[test]
    fn partitions_read_back((tree, flow) in trees(), depth in 1usize..4) {
        let nodes = numbered(tree.nodes());
        for (level, expected) in [
            (ClusterLevel::Depth(depth), tree.partition_at(depth)),
            (ClusterLevel::Deepest, tree.leaf_partition()),
        ] {
            let file = read("p.clu", text_of_clu(&nodes, &flow, &tree, level), &nodes);
            prop_assert_eq!(file.tree, Tree::from_partition(&expected));
        }
    }

    /// Files do not depend on the numbering of modules.
    #[test]
    fn the_file_does_not_depend_on_the_numbers_of_modules((tree, flow) in trees()) {
        let nodes = numbered(tree.nodes());
        let text = text_of_tree(&nodes, &flow, &tree);
        prop_assert_eq!(text_of_tree(&nodes, &flow, &tree.sorted_by_flow(&flow)), text);
    }
}

/// More rows than are written at once, in modules that span several portions.
#[test]
fn rows_of_many_nodes_are_in_order_at_any_number_of_threads() {
    let sizes = [9000, 4000, 1, 6000];
    let labels =
        sizes.iter().enumerate().flat_map(|(module, &size)| std::iter::repeat_n(module as u32, size)).collect();
    let tree = Tree::from_partition(&Partition::from_labels(labels));
    let (nodes, flow) = (numbered(tree.nodes()), vec![1.0 / tree.nodes() as f64; tree.nodes()]);
    let mut by_flow = sizes;
    by_flow.sort_unstable_by(|a, b| b.cmp(a));
    let paths =
        by_flow.iter().zip(1..).flat_map(|(&size, module)| (1..=size).map(move |row| format!("{module}:{row}")));
    let paths: Vec<String> = paths.collect();
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let text = pool.install(|| text_of_tree(&nodes, &flow, &tree));
        let rows = text.lines().filter(|line| !line.starts_with('#'));
        let written: Vec<&str> = rows.map(|row| row.split(' ').next().unwrap()).collect();
        assert_eq!(written, paths, "{threads} threads");
    }
}

#[test]
fn rows_of_features_can_be_left_out() {
    let (mut nodes, flow, tree) = triangles();
    nodes.first_feature = Some(5);
    let rows = |rows: RowFilter| {
        let (mut of_tree, mut of_clu) = (Vec::new(), Vec::new());
        write_tree(&mut of_tree, &header(), &nodes, &flow, &tree, rows).unwrap();
        write_clu(&mut of_clu, &header(), &nodes, &flow, &tree, ClusterLevel::Depth(1), rows).unwrap();
        [of_tree, of_clu].map(|file| {
            let text = String::from_utf8(file).unwrap();
            text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
        })
    };
    let ([all_of_tree, all_of_clu], [of_tree, of_clu]) = (rows(RowFilter::All), rows(RowFilter::WithoutFeatures));
    assert_eq!((all_of_tree.len(), all_of_clu.len()), (6, 6));
    assert!(
        all_of_tree.contains(&"2:3 0.142857 \"F\" 6".to_owned()) && all_of_clu.contains(&"6 2 0.142857".to_owned())
    );
    assert_eq!(of_tree, all_of_tree.into_iter().filter(|row| !row.ends_with(" 6")).collect::<Vec<_>>());
    assert_eq!(of_clu, all_of_clu.into_iter().filter(|row| !row.starts_with("6 ")).collect::<Vec<_>>());
}
