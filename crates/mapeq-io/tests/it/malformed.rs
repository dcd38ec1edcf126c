//! Messages of readers: pairs of invalid input and error.

use std::fs;

use mapeq_core::{NodeIds, NodeTable};
use mapeq_io::{ReadError, ReadOptions, read_metadata, read_network, read_network_from, read_partition};

/// Networks, read under the name `net`.
const NETWORKS: &[(&str, &str)] = &[
    ("", "net: no links and no nodes: expected rows `source target [weight]`"),
    ("# only\n\n  \t\r\n# comments", "net: no links and no nodes: expected rows `source target [weight]`"),
    (
        "1 2 0\n3 3 0\n",
        "net: no links and no nodes: expected rows `source target [weight]` (hint: 2 links of weight 0 ignored)",
    ),
    ("*Vertices 3\n*Edges\n", "net: no links and no nodes: expected rows `source target [weight]`"),
    (
        "1 2 abc",
        "net:1: \"abc\" is not a link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "1 2\n2 3 -1",
        "net:2: \"-1\" is a negative link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "1 2 -1e-300",
        "net:1: \"-1e-300\" is a negative link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "1 2 nan",
        "net:1: \"nan\" is not a finite link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "1 2 inf",
        "net:1: \"inf\" is not a finite link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "1 2 1e400",
        "net:1: \"1e400\" is not a finite link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "1 2 0x1p3",
        "net:1: \"0x1p3\" is not a link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "1 2 3#no blank before",
        "net:1: \"3#no\" is not a link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "1 2 1e308\n3 4\n2 1 1e308",
        "net: the weights of links with the same ends sum to infinity: expected a finite sum (hint: scaling all weights down does not change the result)",
    ),
    (
        "1 2 1,5",
        "net:1: \"1,5\" is not a link weight: expected a number >= 0 (hint: fields are separated by blanks, and the decimal separator is a point)",
    ),
    ("1", "net:1: the row ends after \"1\": expected a target (hint: a row is `source target [weight]`)"),
    (
        "1 2\n\n3 # comment\n",
        "net:3: the row ends after \"3\": expected a target (hint: a row is `source target [weight]`)",
    ),
    ("1 2\r\n3\r\n", "net:2: the row ends after \"3\": expected a target (hint: a row is `source target [weight]`)"),
    ("1,2", "net:1: the row ends after \"1,2\": expected a target (hint: fields are separated by blanks)"),
    ("1;2;1.5", "net:1: the row ends after \"1;2;1.5\": expected a target (hint: fields are separated by blanks)"),
    ("alice,bob", "net:1: the row ends after \"alice,bob\": expected a target (hint: fields are separated by blanks)"),
    ("1,2 3", "net:1: \"1,2\" is not a node id: expected one id (hint: fields are separated by blanks)"),
    ("alice, bob", "net:1: \"alice,\" is not a node id: expected one id (hint: fields are separated by blanks)"),
    (
        "1 2\n1 bob",
        "net:2: \"bob\" is not a numeric node id: expected digits, as in the first row (hint: --string-ids reads all ids as text)",
    ),
    (
        "1 2\n-2 1",
        "net:2: \"-2\" is not a node id: expected a whole number >= 0 (hint: --string-ids reads all ids as text)",
    ),
    (
        "-1 -2",
        "net:1: \"-1\" is not a node id: expected a whole number >= 0 (hint: --string-ids reads all ids as text)",
    ),
    (
        "1.5 2",
        "net:1: \"1.5\" is not a node id: expected a whole number >= 0 (hint: --string-ids reads all ids as text)",
    ),
    (
        "alice 1e3",
        "net:1: \"1e3\" is not a node id: expected a whole number >= 0 (hint: --string-ids reads all ids as text)",
    ),
    (
        "alice bob\n1.5 carol",
        "net:2: \"1.5\" is not a node id: expected a whole number >= 0 (hint: --string-ids reads all ids as text)",
    ),
    (
        "1 18446744073709551616",
        "net:1: \"18446744073709551616\" is too large for a numeric node id: expected at most 18446744073709551615 (hint: --string-ids reads all ids as text)",
    ),
    (
        "1 2\n99999999999999999999999999999999999999999999999999 1",
        "net:2: \"9999999999999999999999999999999999999999…\" is too large for a numeric node id: expected at most 18446744073709551615 (hint: --string-ids reads all ids as text)",
    ),
    (
        "alice bob x",
        "net:1: \"x\" is not a link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "New York Boston",
        "net:1: \"Boston\" is not a link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    (
        "1 2\n\u{1b}[31m 3",
        "net:2: \"\\u{1b}[31m\" is not a numeric node id: expected digits, as in the first row (hint: --string-ids reads all ids as text)",
    ),
    (
        "\"New York\" Boston",
        "net:1: \"Boston\" is not a link weight: expected a number >= 0 (hint: a row is `source target [weight]`)",
    ),
    ("*Vertices 1\n1", "net:2: the row ends after \"1\": expected a name (hint: a row is `id name [weight]`)"),
    (
        "*Vertices 1\n1 # comment",
        "net:2: the row ends after \"1\": expected a name (hint: a row is `id name [weight]`)",
    ),
    ("*Vertices 1\n1 \"A", "net:2: \"\"A\" has no closing quote: expected a name in quotes or one word"),
    (
        "*Vertices 1\n1 \"A\" -2",
        "net:2: \"-2\" is a negative node weight: expected a number >= 0 (hint: a row is `id name [weight]`)",
    ),
    (
        "*Vertices 1\n1 A x",
        "net:2: \"x\" is not a node weight: expected a number >= 0 (hint: a row is `id name [weight]`)",
    ),
    (
        "*Vertices 1\n1 A inf",
        "net:2: \"inf\" is not a finite node weight: expected a number >= 0 (hint: a row is `id name [weight]`)",
    ),
    (
        "*Vertices 1\n1 A\nb B",
        "net:3: \"b\" is not a numeric node id: expected digits, as in the first row (hint: --string-ids reads all ids as text)",
    ),
    (
        "*Vertices 2\n1 A\n2 B\n*Edges\nA B",
        "net:5: \"A\" is not a numeric node id: expected digits, as in the first row (hint: --string-ids reads all ids as text)",
    ),
    (
        "*Vertices 2\na A\n2 B\n*Edges\na 1.5",
        "net:5: \"1.5\" is not a node id: expected a whole number >= 0 (hint: --string-ids reads all ids as text)",
    ),
    (
        "*EdgesList\n1 2",
        "net:1: \"*EdgesList\" is not a known heading: expected *Vertices, *Edges, *Arcs, *Links, *Bipartite, *States, *Multilayer, *Intra or *Inter",
    ),
    (
        "1 2\n*",
        "net:2: \"*\" is not a known heading: expected *Vertices, *Edges, *Arcs, *Links, *Bipartite, *States, *Multilayer, *Intra or *Inter",
    ),
    (
        "*Foo\n1 2",
        "net:1: \"*Foo\" is not a known heading: expected *Vertices, *Edges, *Arcs, *Links, *Bipartite, *States, *Multilayer, *Intra or *Inter",
    ),
    ("*States\n1 1\n1 2", "net:3: \"1\" is a state of 1 in an earlier row, and of 2 here: expected one physical node"),
    (
        "*Multilayer\n1 1 2",
        "net:2: the row ends after \"2\": expected a node (hint: a row is `layer node layer node [weight]`)",
    ),
    (
        "*Intra\n1 1 2 1\n*Multilayer\n1 1 2 1",
        "net:3: \"*Multilayer\" follows another kind of multilayer links: expected one kind of network in a file",
    ),
    ("*Inter\n1 1 1 1", "net:2: \"1\" is also the source layer: expected another layer"),
    (
        "*Bipartite 3\n1 4\n1 2 1",
        "net:3: the link from 1 to 2 joins nodes of one kind: expected one id below 3 and one >= 3, as declared by *Bipartite 3",
    ),
    (
        "*Bipartite 3\n4 3 #",
        "net:2: the link from 4 to 3 joins nodes of one kind: expected one id below 3 and one >= 3, as declared by *Bipartite 3",
    ),
    (
        "1 4\n7 3\n*Bipartite 3\n1 4",
        "net: the link from 3 to 7 joins nodes of one kind: expected one id below 3 and one >= 3, as declared by *Bipartite 3",
    ),
    (
        "*bipartite # 3",
        "net:1: the row ends after \"*bipartite\": expected the first id of a feature (hint: a row is `*Bipartite id`)",
    ),
    ("*Bipartite 3\n1 4\n*Bipartite 4", "net:3: features begin at two ids: expected one *Bipartite heading"),
    (
        "*Bipartite -1",
        "net:1: \"-1\" is not a node id: expected a whole number >= 0 (hint: --string-ids reads all ids as text)",
    ),
    (
        "alice film\n*Bipartite film",
        "net:2: *Bipartite needs numeric ids: ids are text (hint: *Vertices can declare names for numeric ids)",
    ),
    (
        "*Bipartite 3\nalice 4",
        "net:2: \"alice\" is not a numeric node id: expected digits, as in the first row (hint: --string-ids reads all ids as text)",
    ),
    ("\n  {\"format\": \"infomap-network\"}", "net: no links and no nodes: expected rows `source target [weight]`"),
];

/// Partitions of a network with the nodes 1, 2 and 3: file name, content and message.
const PARTITIONS: &[(&str, &str, &str)] = &[
    (
        "p.txt",
        "1 1",
        "p.txt: unknown partition format: expected a name ending in .clu, .tree, .ftree, .csv, .json, .nwk or .parquet",
    ),
    (
        "p",
        "1 1",
        "p: unknown partition format: expected a name ending in .clu, .tree, .ftree, .csv, .json, .nwk or .parquet",
    ),
    ("p.clu", "", "p.clu: no row names a node of the network: expected a partition of its nodes"),
    ("p.clu", "7 1\n8 1", "p.clu: no row names a node of the network: expected a partition of its nodes"),
    ("p.clu", "1", "p.clu:1: the row ends after \"1\": expected a module number (hint: a row is `id module`)"),
    ("p.clu", "a 1", "p.clu:1: \"a\" is not a node id: expected a whole number, like the ids of the network"),
    ("p.clu", "1 -1", "p.clu:1: \"-1\" is not a module number: expected a whole number >= 0"),
    ("p.clu", "1 1.5", "p.clu:1: \"1.5\" is not a module number: expected a whole number >= 0"),
    ("p.clu", "*Vertices 3\n1\n1\n", "p.clu: only 2 rows: expected 3, one per node of the network"),
    ("p.clu", "*Vertices 3\n1\n1\n2\n2", "p.clu:5: too many rows: expected 3 rows, one per node of the network"),
    (
        "p.clu",
        "*Vertices 3\n1\n2 1\n",
        "p.clu:3: \"1\" follows the module: expected one module per row, as in the first row",
    ),
    (
        "p.clu",
        "*Vertices 3\n1 1\n2\n",
        "p.clu:3: the row ends after \"2\": expected a module number (hint: a row is `id module`)",
    ),
    ("p.tree", "# only a comment", "p.tree: no row names a node of the network: expected a partition of its nodes"),
    ("p.tree", "1:1", "p.tree:1: \"1:1\" is not a tree row: expected a flow (hint: a row is `path flow \"name\" id`)"),
    (
        "p.tree",
        "1:1 0.5",
        "p.tree:1: \"1:1 0.5\" is not a tree row: expected a name in quotes (hint: a row is `path flow \"name\" id`)",
    ),
    (
        "p.tree",
        "1:1 x \"A\" 1",
        "p.tree:1: \"x\" is not a flow: expected a number (hint: a row is `path flow \"name\" id`)",
    ),
    (
        "p.tree",
        "1:1 0.5 A 1",
        "p.tree:1: \"1:1 0.5 A 1\" is not a tree row: expected a name in quotes (hint: a row is `path flow \"name\" id`)",
    ),
    (
        "p.tree",
        "1:1 0.5 \"A 1",
        "p.tree:1: \"1:1 0.5 \"A 1\" is not a tree row: expected a closing quote after the name (hint: a row is `path flow \"name\" id`)",
    ),
    (
        "p.tree",
        "1:1 0.5 \"A\"",
        "p.tree:1: \"1:1 0.5 \"A\"\" is not a tree row: expected an id after the name in quotes (hint: a row is `path flow \"name\" id`)",
    ),
    (
        "p.tree",
        "1:1 0.5 \"A\" a",
        "p.tree:1: \"a\" is not a node id: expected a whole number, like the ids of the network",
    ),
    ("p.tree", "1:0 0.5 \"A\" 1", "p.tree:1: \"1:0\" is not a path: expected positive whole numbers joined by colons"),
    ("p.tree", "1: 0.5 \"A\" 1", "p.tree:1: \"1:\" is not a path: expected positive whole numbers joined by colons"),
    (
        "p.tree",
        "1::2 0.5 \"A\" 1",
        "p.tree:1: \"1::2\" is not a path: expected positive whole numbers joined by colons",
    ),
    ("p.tree", "a 0.5 \"A\" 1", "p.tree:1: \"a\" is not a path: expected positive whole numbers joined by colons"),
    (
        "p.tree",
        "1:1 0.5 \"A\" 1\n1:2 0.5 \"B\" 2 2",
        "p.tree:2: \"2\" begins several ids: expected one id after the name, as in the first row",
    ),
    (
        "p.tree",
        "1:1 0.5 \"A\" 1 1\n1:2 0.5 \"B\" 2",
        "p.tree:2: \"2\" begins one id: expected several ids after the name, as in the first row",
    ),
    ("p.tree", "1:1 0.5 \"A\" 1\n1:2 0.5 \"A\" 1", "p.tree:2: \"1\" has an earlier row: expected one row per node"),
    (
        "p.ftree",
        "1:1 0.3 \"A\" 1\n2:2:1 0.3 \"B\" 2\n2:2:1:1 0.3 \"C\" 3",
        "p.ftree:3: \"2:2:1:1\" mixes nodes and modules in module \"2:2\": expected either nodes or modules, as at line 2",
    ),
    (
        "p.ftree",
        "2:2:1 0.3 \"A\" 1\n\n2:1 0.3 \"B\" 2",
        "p.ftree:3: \"2:1\" mixes nodes and modules in module \"2\": expected either nodes or modules, as at line 1",
    ),
    (
        "p.tree",
        "1 0.5 \"A\" 1\n1:1:1 0.5 \"B\" 2",
        "p.tree:2: \"1:1:1\" mixes nodes and modules in module \"1\": expected either nodes or modules, as at line 1",
    ),
];

const METADATA: &[(&str, &str)] = &[
    ("", "meta: no row names a node of the network: expected categories of its nodes"),
    ("*Vertices 3\n1 1\n", "meta: no row names a node of the network: expected categories of its nodes"),
    ("7 1\n", "meta: no row names a node of the network: expected categories of its nodes"),
    ("1 1\n2\n", "meta:2: the row ends after \"2\": expected a category (hint: a row is `id category`)"),
    ("1,2\n", "meta:1: the row ends after \"1,2\": expected a category (hint: fields are separated by blanks)"),
    ("a 1\n", "meta:1: \"a\" is not a node id: expected a whole number, like the ids of the network"),
    ("1 red\n", "meta:1: \"red\" is not a category: expected a whole number from 0 to 2147483647"),
    ("1 -1\n", "meta:1: \"-1\" is not a category: expected a whole number from 0 to 2147483647"),
    ("1 2147483648\n", "meta:1: \"2147483648\" is not a category: expected a whole number from 0 to 2147483647"),
    ("1 1 5\n# 2\n2 1\n", "meta:3: a row of 2 columns: expected 3, as in the first row"),
];

/// Prints every differing case in the form of the tables above.
fn check(cases: impl Iterator<Item = (String, String, String)>) {
    let mut wrong = String::new();
    for (input, expected, found) in cases {
        if found != expected {
            wrong.push_str(&format!("    ({input}, {found:?}),\n"));
        }
    }
    assert!(wrong.is_empty(), "expected other messages than\n{wrong}");
}

#[test]
fn malformed_networks_give_the_expected_messages() {
    check(NETWORKS.iter().map(|&(input, message)| {
        let error = read_network_from(input.as_bytes(), "net", &ReadOptions::default()).expect_err(input);
        (format!("{input:?}"), message.to_owned(), error.to_string())
    }));
}

#[test]
fn malformed_partitions_give_the_expected_messages() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = NodeTable::new(NodeIds::Consecutive { first: 1, len: 3 });
    check(PARTITIONS.iter().map(|&(name, content, message)| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let error = read_partition(&path, &nodes).expect_err(content).to_string();
        let prefix = format!("{}/", folder.path().display());
        (format!("{name:?}, {content:?}"), message.to_owned(), error.replace(&prefix, ""))
    }));
}

#[test]
fn malformed_metadata_give_the_expected_messages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meta");
    let nodes = NodeTable::new(NodeIds::Consecutive { first: 1, len: 3 });
    check(METADATA.iter().map(|&(content, message)| {
        fs::write(&path, content).unwrap();
        let error = read_metadata(&path, &nodes).expect_err(content).to_string();
        let prefix = format!("{}/", folder.path().display());
        (format!("{content:?}"), message.to_owned(), error.replace(&prefix, ""))
    }));
}

#[test]
fn malformed_rows_of_string_ids_give_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.tree");
    let nodes = NodeTable::new(NodeIds::Strings(["a", "b"].into_iter().collect()));
    for content in ["1:1 0.5 \"A\"", "1:1 0.5 \"A b\"", "1:1 0.5 a", "1:1 0.5 \"A\"\u{a0}a"] {
        fs::write(&path, content).unwrap();
        let error = read_partition(&path, &nodes).expect_err(content);
        assert_eq!(error.line(), Some(1), "{error}");
    }
}

#[test]
fn errors_have_path_and_line() {
    let error = read_network_from(&b"1 2\n\n2 x\n"[..], "some file", &ReadOptions::default()).unwrap_err();
    assert_eq!((error.path().to_str(), error.line()), (Some("some file"), Some(3)));
    let error = read_network_from(&b""[..], "some file", &ReadOptions::default()).unwrap_err();
    assert_eq!((error.path().to_str(), error.line()), (Some("some file"), None));
}

#[test]
fn unreadable_files_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("absent.net"), folder.path().to_owned()] {
        let error = read_network(&path, &ReadOptions::default()).unwrap_err();
        assert!(matches!(error, ReadError::Io { .. }), "{error}");
        assert!(error.to_string().starts_with(&format!("cannot read {}: ", path.display())), "{error}");
    }
}
