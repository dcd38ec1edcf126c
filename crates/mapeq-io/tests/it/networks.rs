//! Link lists and Pajek files.

use std::io::Write;

use mapeq_core::{Direction, Network, NodeIds};
use mapeq_io::{NetworkFile, ReadError, ReadOptions, read_network, read_network_from};

const TRIANGLES: &str = "1 2\n2 3\n3 1\n3 4\n4 5\n5 6\n6 4\n";

fn read_with(input: &[u8], options: &ReadOptions) -> NetworkFile {
    read_network_from(input, "net", options).unwrap_or_else(|error| panic!("{error}"))
}

fn read(input: &str) -> NetworkFile {
    read_with(input.as_bytes(), &ReadOptions::default())
}

fn directed() -> ReadOptions {
    ReadOptions { direction: Direction::Directed, ..ReadOptions::default() }
}

/// Returns the links with the ids of their ends.
fn links(network: &Network) -> Vec<(String, String, f64)> {
    let id = |node: u32| network.nodes().ids.text(node as usize).into_owned();
    network.links().iter().map(|(source, target, weight)| (id(source as u32), id(target as u32), weight)).collect()
}

fn link(source: &str, target: &str, weight: f64) -> (String, String, f64) {
    (source.to_owned(), target.to_owned(), weight)
}

#[test]
fn reads_every_form_of_link_lists() {
    let expected = read(TRIANGLES).network;
    assert_eq!(expected.nodes().ids, NodeIds::Consecutive { first: 1, len: 6 });
    assert_eq!(expected.links().iter().count(), 7);
    for input in [
        TRIANGLES.trim_end().to_owned(),
        TRIANGLES.replace('\n', "\r\n"),
        TRIANGLES.replace('\n', " 1.0 # one\n"),
        TRIANGLES.replace(' ', "\t \u{b}\u{c}"),
        TRIANGLES.replace('\n', "\n \t\r\n  # a comment\n#another\n\n"),
        TRIANGLES.replace('1', "+001").replace('\n', "\n  "),
        format!("\u{feff}{TRIANGLES}"),
        format!("*links\n{TRIANGLES}"),
        format!("*PATHS of no interest\n1 2 3 4 5\nx\n*Links 7\n{TRIANGLES}"),
    ] {
        assert_eq!(read(&input).network, expected, "{input:?}");
    }
}

#[test]
fn order_of_rows_and_sections_is_free() {
    let pajek = "*Vertices 99\n3 \"C\" 0.5\n1 A\n*Edges\n1 3 2\n*vertices\n2 \"B\"\n*ARCS\n3 2\n";
    let file = read(pajek);
    let nodes = file.network.nodes();
    assert_eq!(nodes.ids, NodeIds::Consecutive { first: 1, len: 3 });
    assert_eq!([0, 1, 2].map(|node| nodes.name(node).into_owned()), ["A", "B", "C"]);
    assert_eq!(nodes.weights.as_deref(), Some(&[1.0, 1.0, 0.5][..]));
    assert_eq!(links(&file.network), [link("1", "3", 2.0), link("2", "3", 1.0)]);
    assert_eq!(file.directed_hint, None);
    assert_eq!(file.notes, ["*Edges and *Arcs in one file: all links are read as one kind"]);
}

#[test]
fn headings_hint_at_the_direction_but_the_option_decides() {
    for (heading, hint) in
        [("*Edges", Some(Direction::Undirected)), ("*arcs", Some(Direction::Directed)), ("*Links", None)]
    {
        let file = read_with(format!("{heading}\n1 2\n2 1\n").as_bytes(), &directed());
        assert_eq!(file.directed_hint, hint);
        assert_eq!(file.network.links().iter().count(), 2);
    }
}

#[test]
fn names_extend_from_the_first_to_the_last_quote() {
    let file = read("*Vertices\n1 \"a \"x\" b\" 2\n2 bare # comment\n3 \"\"\n4 \"Å # ñ\"\n*Edges\n5 1\n");
    let nodes = file.network.nodes();
    assert_eq!([0, 1, 2, 3, 4].map(|node| nodes.name(node).into_owned()), ["a \"x\" b", "bare", "3", "Å # ñ", "5"]);
    assert_eq!(nodes.weight(0), 2.0);
    assert_eq!(nodes.weight(4), 1.0);
}

#[test]
fn names_in_other_encodings_are_repaired_with_a_note() {
    let file = read_with(b"*Vertices 1\n1 \"M\xfcller\"\n", &ReadOptions::default());
    assert_eq!(file.network.nodes().name(0), "M\u{fffd}ller");
    assert_eq!(file.notes, ["invalid UTF-8 replaced in 1 name"]);
}

#[test]
fn the_last_declaration_of_a_node_counts() {
    let file = read("*Vertices 2\n1 A 2\n1 B\n*Edges\n1 2\n");
    assert_eq!(file.network.nodes().name(0), "B");
    assert_eq!(file.network.nodes().weight(0), 1.0);
    assert_eq!(file.notes, ["1 declaration of a node declared before: the last one counts"]);
}

#[test]
fn ignored_links_create_no_nodes_but_declared_nodes_stay() {
    let input = "*Vertices\n9 I\n*Links\n1 2\n3 4 0\n5 5\n6 7 0.25\n8 8 0\n";
    let options = ReadOptions { self_links: false, weight_threshold: 0.5, ..ReadOptions::default() };
    let file = read_with(input.as_bytes(), &options);
    assert_eq!(file.network.nodes().ids, NodeIds::Numbers([1, 2, 9].into()));
    assert_eq!(
        file.notes,
        ["2 links of weight 0 ignored", "1 link below the weight threshold 0.5 ignored", "1 self-link ignored"]
    );
    let all = read(input).network;
    assert_eq!(all.nodes().ids, NodeIds::Numbers([1, 2, 5, 6, 7, 9].into()));
    assert_eq!(all.self_links(), 1);
}

#[test]
fn the_threshold_applies_to_rows_not_to_sums() {
    let options = ReadOptions { weight_threshold: 2.0, ..ReadOptions::default() };
    let file = read_with(b"1 2 1.5\n1 2 1.5\n1 3 2\n", &options);
    assert_eq!(links(&file.network), [link("1", "3", 2.0)]);
}

#[test]
fn duplicates_are_summed_and_opposites_only_if_undirected() {
    let input = b"2 1 4\n1 2 3\n1 2 .5e0\n";
    assert_eq!(links(&read_with(input, &ReadOptions::default()).network), [link("1", "2", 7.5)]);
    assert_eq!(links(&read_with(input, &directed()).network), [link("1", "2", 3.5), link("2", "1", 4.0)]);
}

#[test]
fn strings_are_ids_in_order_of_first_appearance() {
    let file = read("# who knows whom\nzoe alice 2.5\nalice 2nd\nbob zoe # again\n7 +7\n");
    let ids = ["zoe", "alice", "2nd", "bob", "7", "+7"];
    assert_eq!(file.network.nodes().ids, NodeIds::Strings(ids.into_iter().collect()));
    assert_eq!(links(&file.network)[0], link("zoe", "alice", 2.5));
    assert_eq!(file.network.links().iter().count(), 4);
}

#[test]
fn the_first_row_decides_the_kind_of_ids() {
    let vertices_first = read("*Vertices\nalice \"Alice A.\" 2\n1 One\n*Arcs\n1 2\n").network;
    assert_eq!(vertices_first.nodes().ids, NodeIds::Strings(["alice", "1", "2"].into_iter().collect()));
    assert_eq!(vertices_first.nodes().name(0), "Alice A.");
    let ignored_first = read("a b 0\n1 2\n").network;
    assert_eq!(ignored_first.nodes().ids, NodeIds::Strings(["1", "2"].into_iter().collect()));
}

#[test]
fn the_option_string_ids_makes_every_id_text() {
    let options = ReadOptions { string_ids: true, ..ReadOptions::default() };
    let file = read_with(b"1 2\n01 -2\n1.5 1e3\na,b c,\n", &options);
    let ids = ["1", "2", "01", "-2", "1.5", "1e3", "a,b", "c,"];
    assert_eq!(file.network.nodes().ids, NodeIds::Strings(ids.into_iter().collect()));
}

#[test]
fn reads_ids_of_any_size() {
    let max = u64::MAX;
    let file = read(&format!("*Vertices\n7 seven\n*Links\n5 4294967295\n4294967296 5\n{max} 7\n"));
    let ids = [5, 7, 4294967295, 4294967296, max];
    assert_eq!(file.network.nodes().ids, NodeIds::Numbers(ids.into()));
    assert_eq!(file.network.nodes().name(1), "seven");
    let expected = [link("5", "4294967295", 1.0), link("5", "4294967296", 1.0), link("7", &max.to_string(), 1.0)];
    assert_eq!(links(&file.network), expected);
}

#[test]
fn further_columns_are_ignored_with_a_note() {
    for input in ["1 2\n1 3 1 1082040961\n2 3 1 c Blue # note\n", "a b\na c 1 7\nb c 1 8 9\n"] {
        let file = read(input);
        assert_eq!(file.notes, ["columns after the weight ignored in 2 rows (first: line 2)"]);
        assert_eq!(file.network.links().iter().count(), 3);
    }
}

#[test]
fn skipped_sections_are_noted() {
    assert_eq!(read("1 2\n*Contexts\nx\n").notes, ["section \"*Contexts\" ignored (line 2)"]);
}

#[test]
fn reads_long_lines_across_blocks() {
    let mut input = String::new();
    for row in 0..300_000 {
        input.push_str(&format!("{row} {}", row + 1));
        if row % 100_000 == 7 {
            input.push_str(&format!(" # {}", "long ".repeat(500_000)));
        }
        input.push('\n');
    }
    let file = read(&input);
    assert_eq!(file.network.nodes().ids, NodeIds::Consecutive { first: 0, len: 300_001 });
    assert_eq!(file.network.links().iter().count(), 300_000);
    let endless = vec![b'#'; (1 << 26) + 1];
    let error = read_network_from(&endless[..], "net", &ReadOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "net:1: the line is longer than 64 MiB");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn compression_is_detected_by_content() {
    let expected = read(TRIANGLES).network;
    let (first, second) = TRIANGLES.split_at(9);
    let marked = format!("\u{feff}{TRIANGLES}");
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    for packed in [
        gzip(TRIANGLES.as_bytes()),
        gzip(marked.as_bytes()),
        [gzip(first.as_bytes()), gzip(second.as_bytes())].concat(),
        zstd(TRIANGLES.as_bytes()),
        [zstd(first.as_bytes()), zstd(second.as_bytes())].concat(),
    ] {
        assert_eq!(read_with(&packed, &ReadOptions::default()).network, expected);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a name with blanks.txt");
    std::fs::write(&path, gzip(TRIANGLES.as_bytes())).unwrap();
    assert_eq!(read_network(&path, &ReadOptions::default()).unwrap().network, expected);
}

#[test]
fn damaged_compressed_files_are_reported_as_such() {
    let mut zstd = zstd::Encoder::new(Vec::new(), 3).unwrap();
    zstd.include_checksum(true).unwrap();
    zstd.write_all(TRIANGLES.as_bytes()).unwrap();
    for (format, packed) in [("gzip", gzip(TRIANGLES.as_bytes())), ("zstd", zstd.finish().unwrap())] {
        let mut flipped = packed.clone();
        let place = flipped.len() - 6;
        flipped[place] ^= 0xff;
        for damaged in [&packed[..packed.len() - 1], &packed[..12], &flipped] {
            let error = read_network_from(damaged, "net", &ReadOptions::default()).unwrap_err();
            assert!(matches!(error, ReadError::Compressed { format: found, .. } if found == format), "{error}");
            assert!(error.to_string().starts_with(&format!("net: the {format} data is corrupted")), "{error}");
        }
    }
}

/// Scaling all ids and permuting rows does not change the links.
#[test]
fn the_network_does_not_depend_on_the_size_of_ids_or_the_order_of_rows() {
    let expected = read(TRIANGLES).network;
    for factor in [1u64, 10_000, 600_000_000, 1 << 60] {
        let mut rows: Vec<String> = TRIANGLES
            .lines()
            .map(|row| {
                let ids: Vec<String> =
                    row.split(' ').map(|id| (id.parse::<u64>().unwrap() * factor).to_string()).collect();
                ids.join(" ")
            })
            .collect();
        rows.reverse();
        let network = read(&rows.join("\n")).network;
        assert_eq!(network.links(), expected.links());
        assert_eq!(network.nodes().ids, NodeIds::ascending((1..=6).map(|id| id * factor).collect()));
    }
}

#[test]
fn reads_features_of_bipartite_networks() {
    let ties = "1 7\n2 7\n2 9 .25\n3 9\n";
    for (input, nodes, first_feature) in [
        (format!("*Bipartite 7\n{ties}"), 5, 3),
        (format!("*bipartite 4 # ids\n{ties}"), 5, 3),
        (format!("{ties}*Bipartite 7\n{ties}"), 5, 3),
        (format!("*Vertices 6\n1 a\n8 film 2\n*BIPARTITE 7\n{ties}"), 6, 3),
        (format!("*Bipartite 7\n{ties}4 18446744073709551615\n"), 7, 4),
        ("*Vertices 2\n1 a\n2 b\n*Bipartite 7".to_owned(), 2, 2),
        ("*Vertices 2\n1 a\n2 b\n*Bipartite 1".to_owned(), 2, 0),
    ] {
        for options in [ReadOptions::default(), directed()] {
            let file = read_with(input.as_bytes(), &options);
            assert_eq!(file.network.nodes().len(), nodes, "{input}");
            assert_eq!(file.network.nodes().first_feature, Some(first_feature), "{input}");
            assert_eq!(file.directed_hint, None);
        }
    }
    assert_eq!(read("1 7\n").network.nodes().first_feature, None);
    // Undirected links may be listed in both directions.
    let both = "*Bipartite 7\n1 7\n7 1\n";
    assert_eq!(links(&read(both).network), [link("1", "7", 2.0)]);
    assert_eq!(links(&read_with(both.as_bytes(), &directed()).network), [link("1", "7", 1.0), link("7", "1", 1.0)]);
}
