//! Metadata files.

use std::fs;

use mapeq_core::{NodeIds, NodeTable};
use mapeq_io::{MetadataFile, read_metadata};

fn read(content: &str, ids: NodeIds) -> MetadataFile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("categories.txt");
    fs::write(&path, content).unwrap();
    read_metadata(&path, &NodeTable::new(ids)).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn reads_a_category_per_node() {
    let file = read("# id category\n3 0\n1 2147483647 # red\n\n2 7\n", NodeIds::Consecutive { first: 1, len: 3 });
    assert_eq!(file.categories, [Some(i32::MAX as u32), Some(7), Some(0)]);
    assert!(file.notes.is_empty(), "{:?}", file.notes);
}

#[test]
fn nodes_may_have_string_ids() {
    let file = read("bob 1\nalice 2\n", NodeIds::Strings(["alice", "bob"].into_iter().collect()));
    assert_eq!(file.categories, [Some(2), Some(1)]);
}

#[test]
fn missing_and_unused_input_is_noted() {
    let rows = "1 4 9\n2 5 9\n1 6 9\n8 1 1\n9 1 1\n*anything\n3 1\n";
    let file = read(rows, NodeIds::Numbers([1, 2, 3, 5].into()));
    assert_eq!(file.categories, [Some(6), Some(5), None, None]);
    assert_eq!(
        file.notes,
        [
            "2 rows of nodes that are not in the network ignored (first: line 4)",
            "2 nodes without a row in a common category of their own",
            "1 row of a node with an earlier row: the last one counts",
            "only the first two of 3 columns are used",
        ]
    );
}
