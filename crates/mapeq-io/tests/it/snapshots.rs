//! Snapshots read back as the same network or are rejected.

use std::fs;
use std::io::Write;

use mapeq_core::{Direction, LinkList, Network, NodeIds, NodeTable, StringTable};
use mapeq_io::{
    NetworkFile, ReadError, ReadOptions, SnapshotFacts, has_ambiguous_ids, left_out_of_link_list, read_network,
    read_network_from, snapshot_facts, write_link_list, write_pajek, write_snapshot,
};
use proptest::prelude::*;

fn options(direction: Direction) -> ReadOptions {
    ReadOptions { direction, ..ReadOptions::default() }
}

fn read(bytes: &[u8], options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    read_network_from(bytes, "net.mqb", options)
}

fn snapshot(network: &Network) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_snapshot(&mut bytes, network).unwrap();
    bytes
}

fn from_text(text: &str, direction: Direction) -> Network {
    read_network_from(text.as_bytes(), "net", &options(direction)).unwrap().network
}

/// Networks with all optional parts.
fn networks() -> impl Strategy<Value = Network> {
    let links = prop::collection::vec((0..12u32, 0..12u32, 1..9u32), 0..40);
    (links, 12..15usize, 0..3u8, 0..3u8, any::<(bool, bool, bool)>()).prop_map(
        |(links, len, weights, ids, (directed, names, node_weights))| {
            let weight = |weight: u32| [1.0, 0.3, f64::from(weight) / 7.0][weights as usize];
            let list = links.into_iter().map(|(source, target, own)| (source, target, weight(own))).collect();
            let mut nodes = NodeTable::new(match ids {
                0 => NodeIds::Consecutive { first: 3, len },
                1 => NodeIds::Numbers((0..len as u64).map(|node| node * node + (node / 9) * (1 << 40)).collect()),
                _ => NodeIds::Strings(
                    (0..len).map(|node| format!("é{node}\"")).collect::<Vec<_>>().iter().map(|s| &s[..]).collect(),
                ),
            });
            let name = |node: usize| ["", "a b", "\"", "né", "{"][node % 5];
            nodes.names = names.then(|| (0..len).map(name).collect::<StringTable>());
            nodes.weights = node_weights.then(|| (0..len).map(|node| node as f64 / 3.0).collect());
            let direction = if directed { Direction::Directed } else { Direction::Undirected };
            Network::new(nodes, list, direction)
        },
    )
}

/// A small network with every kind of section except numbers.
fn full() -> Network {
    let text = "*Vertices 3\na \"A\" 2\nb \"\"\nc C 0.5\n*Arcs\na b 2\nb a 0.1\nc c\n";
    from_text(text, Direction::Directed)
}

proptest! {
    #[test]
    fn snapshots_read_back(network in networks()) {
        let bytes = snapshot(&network);
        let file = read(&bytes, &options(network.direction())).unwrap();
        prop_assert!(file.notes.is_empty());
        prop_assert_eq!(&file.network, &network);
        prop_assert_eq!(snapshot(&file.network), bytes);
    }

    /// Nodes, links and names read back. A node without a name is named by its id.
    #[test]
    fn pajek_files_read_back(network in networks()) {
        let mut text = Vec::new();
        write_pajek(&mut text, &network).unwrap();
        let back = read(&text, &options(network.direction())).unwrap().network;
        prop_assert_eq!(back.links(), network.links());
        prop_assert_eq!(&back.nodes().ids, &network.nodes().ids);
        for node in 0..network.nodes().len() {
            prop_assert_eq!(back.nodes().name(node), network.nodes().name(node));
            prop_assert_eq!(back.nodes().weight(node), network.nodes().weight(node));
        }
    }

    /// Links read back between the same ids, and nodes without links are reported.
    #[test]
    fn link_lists_keep_the_links(network in networks()) {
        let mut text = Vec::new();
        write_link_list(&mut text, &network).unwrap();
        if network.links().links() == 0 {
            prop_assert!(text.is_empty());
            return Ok(());
        }
        let back = read(&text, &options(network.direction())).unwrap().network;
        let named = |network: &Network| {
            let ids = &network.nodes().ids;
            let mut links: Vec<(Vec<String>, u64)> = network.links().iter().map(|(source, target, weight)| {
                let mut ends = vec![ids.text(source).into_owned(), ids.text(target).into_owned()];
                if network.direction() == Direction::Undirected {
                    ends.sort_unstable();
                }
                (ends, weight.to_bits())
            }).collect();
            links.sort_unstable();
            links
        };
        prop_assert_eq!(named(&back), named(&network));
        let left_out = left_out_of_link_list(&network).unwrap_or_default();
        prop_assert_eq!(left_out.contains("without links"), back.nodes().len() < network.nodes().len());
    }

    #[test]
    fn directed_snapshots_can_be_read_as_undirected(network in networks(), self_links: bool) {
        let links = network.links().iter().filter(|link| self_links || link.0 != link.1);
        let list = links.map(|(source, target, weight)| (source as u32, target as u32, weight)).collect();
        let expected = Network::new(network.nodes().clone(), list, Direction::Undirected);
        let asked = ReadOptions { self_links, ..ReadOptions::default() };
        prop_assert!(read(&snapshot(&network), &asked).unwrap().network == expected);
    }

    /// No input makes the reader panic, and every change is detected.
    #[test]
    fn changed_snapshots_are_rejected(
        network in networks(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6),
    ) {
        let bytes = snapshot(&network);
        let mut changed = bytes.clone();
        for (place, byte, kind) in edits {
            let place = place.index(changed.len());
            match kind {
                0 => changed.insert(place, byte),
                1 => changed[place] = byte,
                _ => drop(changed.remove(place)),
            }
        }
        for direction in [Direction::Directed, Direction::Undirected] {
            prop_assert!(changed == bytes || read(&changed, &options(direction)).is_err());
        }
    }
}

#[test]
fn every_flipped_bit_is_rejected() {
    let network = full();
    let bytes = snapshot(&network);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.mqb");
    for bit in 0..8 * bytes.len() {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let error = read(&changed, &options(Direction::Directed)).expect_err("a changed bit").to_string();
        assert!(error.len() < 300 && !error.contains(char::is_control), "{error:?}");
        fs::write(&path, &changed).unwrap();
        read_network(&path, &options(Direction::Directed)).expect_err("a changed bit");
        // Facts depend on the metadata alone.
        if let Ok(Some(facts)) = snapshot_facts(&path) {
            assert_eq!((facts.nodes, facts.links), (3, 3));
        }
    }
}

#[test]
fn every_truncated_snapshot_is_rejected() {
    let bytes = snapshot(&full());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.mqb");
    for end in 0..bytes.len() {
        read(&bytes[..end], &options(Direction::Directed)).expect_err("a shorter file");
        fs::write(&path, &bytes[..end]).unwrap();
        let error = read_network(&path, &options(Direction::Directed)).expect_err("a shorter file");
        assert!(end < 24 || error.to_string().contains("is damaged"), "{error}");
    }
    for more in [&b"\0"[..], b"1 2\n"] {
        let longer = [&bytes, more].concat();
        let error = read(&longer, &options(Direction::Directed)).unwrap_err();
        assert!(error.to_string().contains("additional bytes"), "{error}");
    }
}

/// Metadata with a valid checksum may contain anything: huge sizes, sections in any order.
#[test]
fn forged_metadata_are_rejected() {
    let bytes = snapshot(&full());
    let length = u32::from_le_bytes(*bytes[12..].first_chunk().unwrap()) as usize;
    for place in 0..length {
        for value in [0, 1, 2, 3, 0x7f, 0x80, 0xff] {
            let mut changed = bytes.clone();
            if std::mem::replace(&mut changed[24 + place], value) == value {
                continue;
            }
            let signed = [&changed[..16], &changed[24..24 + length]].concat();
            let checksum = twox_hash::XxHash3_64::oneshot(&signed);
            changed[16..24].copy_from_slice(&checksum.to_le_bytes());
            // Only the direction can change without being detected.
            if let Ok(file) = read(&changed, &options(Direction::Undirected)) {
                assert!(place == 0 || file.network.links().links() <= 3, "byte {place}");
            }
        }
    }
}

#[test]
fn facts_are_those_of_the_metadata() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a file");
    fs::write(&path, snapshot(&full())).unwrap();
    let facts = SnapshotFacts { nodes: 3, links: 3, weighted: true, direction: Direction::Directed };
    assert_eq!(snapshot_facts(&path).unwrap(), Some(facts));
    fs::write(&path, "1 2\n").unwrap();
    assert_eq!(snapshot_facts(&path).unwrap(), None);
    fs::write(&path, "").unwrap();
    assert_eq!(snapshot_facts(&path).unwrap(), None);
}

#[test]
fn compressed_snapshots_are_detected_by_content() {
    let network = full();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&snapshot(&network)).unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(read(&packed, &options(Direction::Directed)).unwrap().network, network);
    let error = read(&packed[..packed.len() - 9], &options(Direction::Directed)).unwrap_err();
    assert!(matches!(error, ReadError::Compressed { .. }), "{error}");
}

#[test]
fn options_that_need_missing_information_are_rejected() {
    let message = |network: &Network, options: ReadOptions| read(&snapshot(network), &options).unwrap_err().to_string();
    let undirected = from_text("1 2\n2 3\n", Direction::Undirected);
    assert_eq!(
        message(&undirected, options(Direction::Directed)),
        "net.mqb: the links in this snapshot are undirected: expected directed links (hint: use --directed in `mapeq convert`)"
    );
    assert_eq!(
        message(&undirected, ReadOptions { string_ids: true, ..ReadOptions::default() }),
        "net.mqb: the ids in this snapshot are numbers: expected text (hint: use --string-ids in `mapeq convert`)"
    );
    assert_eq!(
        message(&undirected, ReadOptions { weight_threshold: 0.5, ..ReadOptions::default() }),
        "net.mqb: a snapshot holds sums of weights, but a weight threshold applies to rows: expected no threshold (hint: apply the threshold in `mapeq convert`)"
    );
    let mut other = snapshot(&undirected);
    other[8] = 7;
    assert_eq!(
        read(&other, &ReadOptions::default()).unwrap_err().to_string(),
        "net.mqb: a snapshot of format 7: expected format 2 (hint: write it again with `mapeq convert` of this version)"
    );
}

#[test]
fn changes_by_options_are_noted() {
    let bytes = snapshot(&from_text("1 2\n2 1\n3 3\n", Direction::Directed));
    let file = read(&bytes, &ReadOptions { self_links: false, ..ReadOptions::default() }).unwrap();
    assert_eq!(file.notes, ["1 self-link ignored", "opposite links of a directed snapshot merged"]);
    assert_eq!(file.network.links().iter().collect::<Vec<_>>(), [(0, 1, 2.0)]);
}

#[test]
fn ambiguous_ids_are_reported_or_rejected() {
    let strings = |ids: &[&str]| {
        let links = LinkList::from_iter([(0, 1, 1.0)]);
        let nodes = NodeTable::new(NodeIds::Strings(ids.iter().copied().collect()));
        Network::new(nodes, links, Direction::Undirected)
    };
    assert!(has_ambiguous_ids(&strings(&["a", "2"])) && has_ambiguous_ids(&strings(&["a", "1.5"])));
    assert!(!has_ambiguous_ids(&strings(&["a", "b"])) && !has_ambiguous_ids(&from_text("1 2", Direction::Undirected)));
    for id in ["a b", "", "#a", "*", "{", "%", "a\nb", "a\r"] {
        let network = strings(&["a", id]);
        let error = write_link_list(&mut Vec::new(), &network).unwrap_err().to_string();
        assert!(error.contains("cannot be written as text"), "{error}");
        write_pajek(&mut Vec::new(), &network).unwrap_err();
        assert_eq!(read(&snapshot(&network), &ReadOptions::default()).unwrap().network, network);
    }
    let mut text = Vec::new();
    let network =
        from_text("*Vertices 4\n1 one 2\n2 2\n3 3 1\n9 9\n*Edges\n1 2 1e-300\n2 3 0.1\n", Direction::Undirected);
    write_link_list(&mut text, &network).unwrap();
    assert_eq!(String::from_utf8(text).unwrap(), "1 2 1e-300\n2 3 0.1\n");
    assert_eq!(left_out_of_link_list(&network).unwrap(), "1 node without links, 1 name, 1 node weight");
}

/// A file over several blocks and pages, and a source of unknown size.
#[test]
fn large_snapshots_read_back() {
    let text: String =
        (0..150_000u32).map(|link| format!("{} {} {}\n", link / 3, (link * 7919) % 50_000, link % 11 + 1)).collect();
    let network = from_text(&text, Direction::Undirected);
    let bytes = snapshot(&network);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net");
    fs::write(&path, &bytes).unwrap();
    assert!(read_network(&path, &ReadOptions::default()).unwrap().network == network);
    assert!(read(&bytes, &ReadOptions::default()).unwrap().network == network);
    let mut changed = bytes;
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let error = read(&changed, &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("a checksum is wrong"), "{error}");
}

#[test]
fn features_read_back() {
    for text in
        ["*Bipartite 4\n1 4\n2 4 0.5\n7 1\n", "*Vertices 3\n1 a\n2 b\n5 c\n*Bipartite 9\n", "*Bipartite 9\n3 9\n"]
    {
        for direction in [Direction::Directed, Direction::Undirected] {
            let network = from_text(text, direction);
            assert!(network.nodes().first_feature.is_some());
            assert_eq!(read(&snapshot(&network), &options(direction)).unwrap().network, network);
            let mut pajek = Vec::new();
            write_pajek(&mut pajek, &network).unwrap();
            let back = from_text(&String::from_utf8(pajek).unwrap(), direction);
            assert_eq!(back.nodes().first_feature, network.nodes().first_feature, "{text}");
            assert_eq!(back.links(), network.links());
        }
    }
    let network = from_text("*Bipartite 4\n1 4\n2 4\n2 5\n", Direction::Undirected);
    assert_eq!(left_out_of_link_list(&network).unwrap(), "2 features as such");
    let undirected =
        read(&snapshot(&from_text("*Bipartite 4\n1 4\n4 1\n", Direction::Directed)), &ReadOptions::default());
    assert_eq!(undirected.unwrap().network, from_text("*Bipartite 4\n1 4 2\n", Direction::Undirected));
    // Text ids cannot be in a heading as the first feature.
    let nodes = NodeTable {
        first_feature: Some(1),
        ..NodeTable::new(NodeIds::Strings(["alice", "film"].into_iter().collect()))
    };
    let network = Network::new(nodes, LinkList::from_iter([(0, 1, 1.0)]), Direction::Undirected);
    assert_eq!(read(&snapshot(&network), &ReadOptions::default()).unwrap().network, network);
    write_pajek(&mut Vec::new(), &network).unwrap_err();
}
