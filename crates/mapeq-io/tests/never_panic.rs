//! No bytes make a reader panic, and what it says fits one line.

use std::fs;

use mapeq_core::{NodeIds, NodeTable};
use mapeq_io::{ReadError, ReadOptions, read_metadata, read_network_from, read_partition, read_paths_from};
use proptest::prelude::*;

const VALID: &[&str] = &[
    "# list\n1 2 0.5\n2 3\n3 1 1e-3 # comment\n+4 5 2 7\n",
    "alice bob 2.5\nbob carol\n\"x\" alice 0\n",
    "*Vertices 3\n1 \"A \"x\" b\" 2.5\n2 B\n18446744073709551615 \"C\"\n*Edges 3\n1 2\n*Arcs\n2 3 0.1\n",
    "1 4\n*Bipartite 4\n1 4 2\n2 5\n3 18446744073709551615\n",
    "# v1\n1:1 0.5 \"A\" 1\n1:2 0.25 \"B b\" 2\n2:1:1 0.2 \"C\" 3\n3 0.1 \"D\" 4\n*Links undirected\n1 2 0.1\n",
    "*Vertices 4\n1\n2\n1\n3\n",
    "# node_id module flow\n1 1 0.5\n2 0 0.1\n3 7\n",
    "1 3 0 # red\n4 2147483647 1\n*\n",
    "1 5 3 1 5 10\n2 5 4 .5\n# more\n4294967295 1 5 0\n",
    "*Vertices 2\n1 \"A\"\n*States\n1 1 \"a\" 2\n2 1\n3 2 .5\n*Links\n1 3 2\n2 4\n",
];

/// Bytes that mean something to a reader, so that mutations reach deep.
const TELLING: &[u8] = b"0123456789 \t\r\n#*\"+-.,:;eE{x\x00\xff\xc3";

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<prop::sample::Index>(), prop::sample::select(TELLING), 0..3u8);
    (prop::sample::select(VALID), prop::collection::vec(edit, 0..12)).prop_map(|(text, edits)| {
        let mut bytes = text.as_bytes().to_vec();
        for (place, byte, kind) in edits {
            let place = place.index(bytes.len().max(1));
            match kind {
                0 => bytes.insert(place, byte),
                1 if place < bytes.len() => bytes[place] = byte,
                _ if place < bytes.len() => drop(bytes.remove(place)),
                _ => {}
            }
        }
        bytes
    })
}

fn inputs() -> impl Strategy<Value = Vec<u8>> {
    let telling = prop::collection::vec(prop::sample::select(TELLING), 0..80);
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), telling, mutated(), mutated()]
}

fn check_error(error: &ReadError) -> Result<(), TestCaseError> {
    let text = error.to_string();
    prop_assert!(text.len() < 1000 && !text.contains(char::is_control), "{text:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn networks(input in inputs(), string_ids: bool, self_links: bool, threshold in 0u8..3) {
        let weight_threshold = f64::from(threshold) / 4.0;
        let options = ReadOptions { string_ids, self_links, weight_threshold, ..ReadOptions::default() };
        match read_network_from(&input[..], "net", &options) {
            Ok(file) => {
                let network = file.network;
                prop_assert!(!network.nodes().is_empty());
                prop_assert!(network.links().iter().all(|(_, _, weight)| weight > 0.0));
                prop_assert!(self_links || network.self_links() == 0);
            }
            Err(error) => check_error(&error)?,
        }
    }

    #[test]
    fn paths(input in inputs(), order in 1..5usize, self_links: bool) {
        let options = ReadOptions { self_links, ..ReadOptions::default() };
        match read_paths_from(&input[..], "paths", &options) {
            Ok(file) => match file.network_of_order(order, &options, "paths".as_ref()) {
                Ok(network) => prop_assert!(network.network.nodes().len() == file.paths.states(order).len()),
                Err(error) => check_error(&error)?,
            },
            Err(error) => check_error(&error)?,
        }
    }

    #[test]
    fn compressed_networks(bytes in prop::collection::vec(any::<u8>(), 0..200), gzip: bool) {
        let magic: &[u8] = if gzip { &[0x1f, 0x8b, 8, 0] } else { &[0x28, 0xb5, 0x2f, 0xfd] };
        let input = [magic, &bytes].concat();
        if let Err(error) = read_network_from(&input[..], "net", &ReadOptions::default()) {
            check_error(&error)?;
        }
    }

    #[test]
    fn partitions(input in inputs(), clu: bool, string_ids: bool) {
        let ids = match string_ids {
            false => NodeIds::Consecutive { first: 1, len: 4 },
            true => NodeIds::Strings(["1", "bob", "\"x\"", "4"].into_iter().collect()),
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(if clu { "p.clu" } else { "p.tree" });
        fs::write(&path, &input).unwrap();
        match read_partition(&path, &NodeTable::new(ids)) {
            Ok(file) => prop_assert_eq!(file.tree.nodes(), 4),
            Err(error) => check_error(&error)?,
        }
    }

    #[test]
    fn metadata(input in inputs(), string_ids: bool) {
        let ids = match string_ids {
            false => NodeIds::Consecutive { first: 1, len: 4 },
            true => NodeIds::Strings(["1", "bob", "\"x\"", "4"].into_iter().collect()),
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("meta");
        fs::write(&path, &input).unwrap();
        match read_metadata(&path, &NodeTable::new(ids)) {
            Ok(file) => prop_assert!(file.categories.len() == 4 && file.categories.iter().any(Option::is_some)),
            Err(error) => check_error(&error)?,
        }
    }
}
