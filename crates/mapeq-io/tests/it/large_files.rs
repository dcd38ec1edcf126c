//! Files of many blocks and pieces give the same network and messages at any number of threads.

use std::io::Write;

use mapeq_core::{Direction, LinkList, Network, NodeIds, NodeTable};
use mapeq_io::{NetworkFile, ReadError, ReadOptions, read_network_from};

const THREADS: [usize; 3] = [1, 2, 7];
const NODES: u32 = 40_000;

fn read_with(threads: usize, text: &[u8], options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| read_network_from(text, "net", options))
}

/// Returns unsorted rows, mixed with everything else that a file may contain, and the expected
/// links.
fn rows(count: usize, weighted: bool) -> (Vec<u8>, LinkList) {
    let (mut text, mut links) = (Vec::new(), LinkList::default());
    let mut state = 7u32;
    let mut random = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    for row in 0..count {
        let (source, target) = (random(NODES), random(1 + NODES / 2));
        let weight = if weighted && row > count / 3 { f64::from(1 + random(40)) / 8.0 } else { 1.0 };
        match random(50) {
            0 => write!(text, "# {row} * links\n\n  \t\r\n").unwrap(),
            1 => writeln!(text, "*{}", ["edges", "Links 7", "ARCS"][row % 3]).unwrap(),
            2 => writeln!(text, "{source} {target} 0").unwrap(),
            _ => {}
        }
        let [before, between, after] =
            [["", " "], [" ", " \t"], ["\n", "\r\n"]].map(|of| of[usize::from(random(9) == 0)]);
        if weight == 1.0 {
            write!(text, "{before}{source}{between}{target}{after}").unwrap();
        } else {
            write!(text, "{before}{source}{between}{target} {weight}{after}").unwrap();
        }
        links.push(source, target, weight);
    }
    // Every node has a link, so ids are node indices.
    for node in 0..NODES {
        writeln!(text, "{node} {node} 0.5").unwrap();
        links.push(node, node, 0.5);
    }
    (text, links)
}

#[test]
fn reads_all_rows_of_large_files_in_order() {
    for (count, weighted) in [(0, false), (400_000, false), (400_000, true)] {
        let (text, links) = rows(count, weighted);
        for direction in [Direction::Directed, Direction::Undirected] {
            let nodes = NodeTable::new(NodeIds::Consecutive { first: 0, len: NODES as usize });
            let expected = Network::new(nodes, links.clone(), direction);
            let options = ReadOptions { direction, ..ReadOptions::default() };
            let notes = THREADS.map(|threads| {
                let file = read_with(threads, &text, &options).unwrap();
                assert!(file.network == expected, "{count} rows, {threads} threads");
                file.notes
            });
            assert!(notes.iter().all(|other| *other == notes[0]), "{notes:?}");
            assert_eq!(notes[0].is_empty(), count == 0);
        }
    }
}

#[test]
fn the_first_invalid_line_is_named() {
    let (text, _) = rows(300_000, true);
    let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    for (wrong, message) in [
        ("1 x", "\"x\" is not a numeric node id"),
        ("1 2 -3", "\"-3\" is a negative link weight"),
        ("*Nodes", "\"*Nodes\" is not a known heading"),
    ] {
        for place in [1, 2_000, 77_777, lines.len() - 1] {
            let before: &[u8] = &lines[..place].concat();
            let text = [before, wrong.as_bytes(), b"\n", &lines[place..].concat(), b"2 y\n"].concat();
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(&text).unwrap();
            for text in [text, packed.finish().unwrap()] {
                for threads in THREADS {
                    let error = read_with(threads, &text, &ReadOptions::default()).unwrap_err();
                    assert_eq!(error.line(), Some(place as u64 + 1), "{error}");
                    assert!(error.to_string().contains(message), "{error}");
                }
            }
        }
    }
}

/// The note on ignored columns names the first line.
#[test]
fn notes_count_over_all_pieces() {
    for first in [1, 2, 150_000] {
        let mut text = "1 2\n".repeat(first - 1).into_bytes();
        text.extend("1 2 1 more\n3 3 2\n1 2 0.25\n".repeat(60_000).into_bytes());
        let options = ReadOptions { self_links: false, weight_threshold: 0.5, ..ReadOptions::default() };
        for threads in THREADS {
            let notes = read_with(threads, &text, &options).unwrap().notes;
            let expected = [
                "60000 links below the weight threshold 0.5 ignored".to_owned(),
                "60000 self-links ignored".to_owned(),
                format!("columns after the weight ignored in 60000 rows (first: line {first})"),
            ];
            assert_eq!(notes, expected);
        }
    }
}

/// The first id of more than 32 bits comes late, and a file of alternating headings and rows is not
/// slow.
#[test]
fn reads_rows_that_prevent_bulk_reading() {
    let mut text = "1 2\n2 3\n".repeat(100_000);
    text.push_str("5000000000 1\n2 3\n");
    let ids = THREADS.map(|threads| {
        let network = read_with(threads, text.as_bytes(), &ReadOptions::default()).unwrap().network;
        assert_eq!(network.links().iter().last(), Some((1, 2, 100_001.0)));
        network.nodes().ids.clone()
    });
    assert!(ids.iter().all(|ids| *ids == NodeIds::Numbers([1, 2, 3, 5_000_000_000].into())));

    let text = "*Edges\n1 2\n".repeat(200_000);
    let network = read_with(2, text.as_bytes(), &ReadOptions::default()).unwrap().network;
    assert_eq!(network.links().iter().collect::<Vec<_>>(), [(0, 1, 200_000.0)]);
}
