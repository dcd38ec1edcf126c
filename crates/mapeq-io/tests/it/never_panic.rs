//! No input makes a reader panic, and every error fits on one line.
//!
//! The corpus of the fuzz targets is read unchanged, and with a few bytes changed.

use std::fs;
use std::path::Path;

use mapeq_core::{NodeIds, NodeTable};
use mapeq_io::{
    NetworkFormat, ReadError, ReadOptions, Windows, read_memberships_from, read_metadata_from, read_network_from,
    read_partition_from, read_paths_from,
};
use proptest::prelude::*;

/// Folder of files that every target rejects.
const DAMAGED: &str = "damaged";

/// Windows for temporal links.
const WINDOWS: Windows = Windows { length: 2.0, step: 1.5 };

/// Returns the sorted files of the corpus, each with the name of its fuzz target.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus");
    let entries = |folder: &Path| -> Vec<_> {
        let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries
    };
    let mut files = Vec::new();
    for target in entries(&folder) {
        let name = target.file_name().unwrap().to_string_lossy().into_owned();
        files.extend(entries(&target).iter().map(|file| (name.clone(), fs::read(file).unwrap())));
    }
    files
}

/// Returns the format that a fuzz target reads.
fn format_of(target: &str) -> Option<NetworkFormat> {
    target.replace('_', "-").parse().ok()
}

#[test]
fn counts_that_overflow_are_rejected() {
    let options = ReadOptions { format: Some(NetworkFormat::Metis), ..ReadOptions::default() };
    let error = read_network_from(&b"2 1 110 18446744073709551615\n1 1 2\n1 1 1\n"[..], "metis", &options).unwrap_err();
    assert_eq!(error.to_string(), "metis:2: the row ends before the weight of its node");
}

#[test]
fn the_corpus_is_valid_except_for_damaged_files() {
    let files = corpus();
    for (target, bytes) in &files {
        let by_column = ["parquet", "arrow", "partition_parquet"].contains(&&target[..]);
        if target == DAMAGED || by_column && !cfg!(feature = "parquet") {
            continue;
        }
        let temporal = target == "temporal";
        if format_of(target).is_some() || temporal {
            let windows = temporal.then_some(WINDOWS);
            let options = ReadOptions { format: format_of(target), windows, ..ReadOptions::default() };
            read_network_from(&bytes[..], target, &options).unwrap();
        } else if target == "paths" {
            read_paths_from(&bytes[..], target, &ReadOptions::default()).unwrap();
        } else if target == "memberships" {
            read_memberships_from(&bytes[..], target, &numbers()).unwrap();
        } else if let Some(extension) = target.strip_prefix("partition_") {
            assert_eq!(partition(bytes, extension, &numbers()).unwrap(), 4, "{target}");
        } else {
            assert_eq!(target, "metadata");
            metadata(bytes, &numbers()).unwrap();
        }
    }
    for format in NetworkFormat::ALL {
        assert!(files.iter().any(|(target, _)| format_of(target) == Some(format)), "{format}");
    }
}

/// Findings of fuzzing: files that made a library panic or exhaust memory.
#[test]
fn findings_of_fuzzing_are_rejected() {
    let damaged = corpus().into_iter().filter(|(target, _)| target == DAMAGED);
    for (place, (_, bytes)) in damaged.enumerate() {
        let error = read_network_from(&bytes[..], DAMAGED, &ReadOptions::default()).unwrap_err();
        assert!(check_error(&error).is_ok(), "{}: {error}", place + 1);
    }
}

/// Bytes with a meaning to some reader, so that mutations reach deep.
const TELLING: &[u8] = b"0123456789 \t\r\n#*\"+-.,:;eE{}[]()<>/=&'%x\x00\xff\xc3";

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<prop::sample::Index>(), prop::sample::select(TELLING), 0..3u8);
    let files: Vec<Vec<u8>> = corpus().into_iter().map(|(_, bytes)| bytes).collect();
    (prop::sample::select(files), prop::collection::vec(edit, 0..12)).prop_map(|(mut bytes, edits)| {
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
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), telling, mutated(), mutated(), mutated(), mutated()]
}

fn numbers() -> NodeTable {
    NodeTable::new(NodeIds::Consecutive { first: 1, len: 4 })
}

fn nodes(string_ids: bool) -> NodeTable {
    let words = ["1", "bob", "\"x\"", "4"];
    if string_ids { NodeTable::new(NodeIds::Strings(words.into_iter().collect())) } else { numbers() }
}

/// Reads a partition and returns its number of nodes.
fn partition(bytes: &[u8], extension: &str, nodes: &NodeTable) -> Result<usize, ReadError> {
    read_partition_from(bytes, &format!("p.{extension}"), nodes).map(|file| file.tree.nodes())
}

fn metadata(bytes: &[u8], nodes: &NodeTable) -> Result<Vec<Option<u32>>, ReadError> {
    read_metadata_from(bytes, "meta", nodes).map(|file| file.categories)
}

fn check_error(error: &ReadError) -> Result<(), TestCaseError> {
    let text = error.to_string();
    prop_assert!(text.len() < 1000 && !text.contains(char::is_control), "{text:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn reading_networks_never_panics(
        input in inputs(),
        string_ids: bool,
        self_links: bool,
        threshold in 0u8..3,
        in_time: bool,
        format in prop::option::weighted(0.7, prop::sample::select(&NetworkFormat::ALL[..])),
    ) {
        let weight_threshold = f64::from(threshold) / 4.0;
        let windows = in_time.then_some(WINDOWS);
        let options =
            ReadOptions { string_ids, self_links, weight_threshold, windows, format, ..ReadOptions::default() };
        match read_network_from(&input[..], "net", &options) {
            Ok(file) => {
                let network = file.network;
                prop_assert!(!network.nodes().is_empty());
                prop_assert!(network.links().iter().all(|(_, _, weight)| weight > 0.0));
                prop_assert!(self_links || network.nodes().states.is_some() || network.self_links() == 0);
            }
            Err(error) => check_error(&error)?,
        }
    }

    #[test]
    fn reading_paths_never_panics(input in inputs(), order in 1..5usize, self_links: bool) {
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
    fn reading_compressed_networks_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), magic in 0..3usize) {
        let magic: &[u8] = [&[0x1f, 0x8b, 8, 0][..], &[0x28, 0xb5, 0x2f, 0xfd], b"\xfd7zXZ\0\0\0"][magic];
        let input = [magic, &bytes].concat();
        if let Err(error) = read_network_from(&input[..], "net", &ReadOptions::default()) {
            check_error(&error)?;
        }
    }

    #[test]
    fn reading_partitions_never_panics(
        input in inputs(),
        extension in prop::sample::select(&["clu", "tree", "csv", "json", "nwk", "parquet"][..]),
        string_ids: bool,
    ) {
        match partition(&input, extension, &nodes(string_ids)) {
            Ok(nodes) => prop_assert_eq!(nodes, 4),
            Err(error) => check_error(&error)?,
        }
    }

    #[test]
    fn reading_memberships_never_panics(input in inputs(), string_ids: bool) {
        match read_memberships_from(&input[..], "modules", &nodes(string_ids)) {
            Ok(found) => prop_assert!(found.modules.len() == 4 && found.modules.iter().all(|own| !own.is_empty())),
            Err(error) => check_error(&error)?,
        }
    }

    #[test]
    fn reading_categories_never_panics(input in inputs(), string_ids: bool) {
        match metadata(&input, &nodes(string_ids)) {
            Ok(categories) => prop_assert!(categories.len() == 4 && categories.iter().any(Option::is_some)),
            Err(error) => check_error(&error)?,
        }
    }
}
