//! One network in every format, and the particulars of each format.

use crate::common::{error_of, links, read, read_with};
use mapeq_core::Direction;
use mapeq_io::{NetworkFormat, ReadOptions};

fn directed() -> ReadOptions {
    ReadOptions { direction: Direction::Directed, ..ReadOptions::default() }
}

fn format(format: NetworkFormat) -> ReadOptions {
    ReadOptions { format: Some(format), ..ReadOptions::default() }
}

/// Links from 1 to 2 of weight 2.5, and from 2 to 3, and an isolated node 4.
const UNDIRECTED: &[(&str, &str)] = &[
    ("x.net", "*Vertices 4\n1 a\n2 b\n3 c\n4 d\n*Edges\n1 2 2.5\n2 3\n"),
    ("x.mtx", "%%MatrixMarket matrix coordinate real symmetric\n% c\n4 4 2\n2 1 2.5\n3 2 1\n"),
    ("x.graph", "% c\n4 2 1\n2 2.5\n1 2.5 3 1\n2 1\n\n"),
    (
        "x.graphml",
        r#"<?xml version="1.0"?><!DOCTYPE graphml><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
        <key id="k" for="edge" attr.name="weight" attr.type="double"/><graph edgedefault="undirected">
        <node id="1"/><node id="2"/><node id="3"/><node id="4"/>
        <edge source="1" target="2"><data key="k"> 2.5 </data></edge><edge source="2" target="3"/></graph></graphml>"#,
    ),
    (
        "x.gml",
        "Creator \"me\"\n# c\ngraph [\n directed 0\n node [ id 1 ] node [id 2 graphics [ id 7 ]] node [ id 3 ] node [ id 4 ]\n \
         edge [ source 1 target 2 weight 2.5 ]\n edge [ source 2 target 3 value \"x\" ] ]",
    ),
    (
        "x.gexf",
        r#"<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3"><graph defaultedgetype="undirected">
        <nodes><node id="1"><viz:size value="2"/></node><node id="2"/><node id="3"/><node id="4"/></nodes>
        <edges><edge id="0" source="1" target="2" weight="2.5"/><edge id="1" source="2" target="3"/></edges></graph></gexf>"#,
    ),
    (
        "x.json",
        r#"{"directed": false, "multigraph": false, "graph": {"a": [1, {}]}, "nodes": [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}],
        "links": [{"source": 1, "target": 2, "weight": 2.5}, {"source": 2, "target": 3, "key": 0}]}"#,
    ),
    (
        "x.json",
        r#"{"format": "infomap-network", "version": "1.0", "nodes": [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4.0}],
        "edges": [{"source": 1, "target": 2, "weight": 2.5}, {"source": 2, "target": 3}], "directed": false}"#,
    ),
];

#[test]
fn every_format_gives_the_same_network() {
    for (name, text) in UNDIRECTED {
        let file = read_with(text, name, &ReadOptions::default()).unwrap();
        assert_eq!(links(&file), "1-2 2.5, 2-3 1", "{name}");
        assert_eq!((file.network.nodes().len(), &file.notes[..]), (4, &[][..]), "{name}");
        assert_ne!(file.directed_hint, Some(Direction::Directed), "{name}");
        assert_eq!(file.network.nodes().ids.number(3), Some(4), "{name}: ids that are numbers are such");
        // Without an extension, content decides. METIS is the exception, as it could be a list of
        // links.
        if !name.ends_with(".graph") {
            assert_eq!(read(text, &ReadOptions::default()).network, file.network, "{name}");
        }
    }
}

#[test]
fn formats_are_detected_in_compressed_files() {
    use std::io::Write;
    let (name, text) = UNDIRECTED[3];
    let expected = read_with(text, name, &ReadOptions::default()).unwrap().network;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    xz.write_all(text.as_bytes()).unwrap();
    let xz = xz.finish().unwrap();
    for packed in [gzip.finish().unwrap(), zstd::encode_all(text.as_bytes(), 1).unwrap(), xz.clone()] {
        for name in ["x.graphml.gz", "x.graphml.xz", "x"] {
            assert_eq!(read_with(&packed, name, &ReadOptions::default()).unwrap().network, expected);
        }
    }
    let mut damaged = xz.clone();
    damaged[xz.len() / 2] ^= 0xff;
    for bytes in [&damaged[..], &xz[..xz.len() / 2], &xz[..7]] {
        let error = error_of(bytes, "x.graphml.xz", &ReadOptions::default());
        assert!(error.starts_with("x.graphml.xz: the xz data is corrupted or truncated: "), "{error}");
    }
}

#[test]
fn reads_matrices() {
    let general = "%%MatrixMarket matrix coordinate pattern general\n3 3 3\n1 2\n2 3\n3 2\n";
    let file = read(general, &directed());
    assert_eq!((links(&file).as_str(), file.directed_hint), ("1-2 1, 2-3 1, 3-2 1", Some(Direction::Directed)));
    let file = read(general, &ReadOptions::default());
    assert_eq!((links(&file).as_str(), file.directed_hint), ("1-2 1, 2-3 2", Some(Direction::Directed)));
    // A whole symmetric matrix is the same network as one triangle of it.
    let all = "%%matrixmarket MATRIX coordinate integer general\n2 2 3\n1 1 5\n1 2 2\n2 1 2\n";
    let triangle = "%%MatrixMarket matrix coordinate integer symmetric\n2 2 2\n1 1 5\n2 1 2\n";
    for options in [directed(), ReadOptions::default()] {
        let (all, triangle) = (read(all, &options), read(triangle, &options));
        assert_eq!(all.network, triangle.network);
        assert_eq!((all.directed_hint, triangle.directed_hint), (None, None));
    }
    assert_eq!(links(&read(triangle, &directed())), "1-1 5, 1-2 2, 2-1 2");
    let huge = "%%MatrixMarket matrix coordinate pattern general\n1000000000000 1000000000000 1\n7 9\n";
    let file = read(huge, &directed());
    assert_eq!((links(&file).as_str(), file.network.nodes().len()), ("7-9 1", 2));
    assert_eq!(file.notes, ["999999999998 rows without entries ignored"]);
}

#[test]
fn reads_metis_files_with_node_weights() {
    let text = "3 2 111 2\n9 0.5 7  2 3\n9 2 7  1 3 3 1\n9 1 7  2 1\n\n";
    let file = read(text, &format(NetworkFormat::Metis));
    assert_eq!(links(&file), "1-2 3, 2-3 1");
    assert_eq!([0, 1, 2].map(|node| file.network.nodes().weight(node)), [0.5, 2.0, 1.0]);
    let both = read(text, &ReadOptions { format: Some(NetworkFormat::Metis), ..directed() });
    assert_eq!(links(&both), "1-2 3, 2-1 3, 2-3 1, 3-2 1");
}

#[test]
fn reads_labels_and_directions() {
    let graphml = r#"<graphml><key id="l" for="node" attr.name="Label"/><key id="w" for="all" attr.name="weight"><default>4</default></key>
        <graph edgedefault="directed"><node id="n1"><data key="l">A &amp; <![CDATA[<B>]]></data><graph edgedefault="undirected">
        <node id="in"/><edge source="in" target="n1"/></graph></node><edge source="n1" target="n2"/></graph><graph/></graphml>"#;
    let file = read(graphml, &directed());
    assert_eq!(links(&file), "n1-n2 4, in-n1 4");
    assert_eq!(file.network.nodes().name(0), "A & <B>");
    assert_eq!(
        file.notes,
        [
            "only the first graph is read: 1 graph ignored",
            "the file mixes directed and undirected links: all are read as one kind",
        ]
    );
    // Data may follow a nested graph. Nodes keep the order of the file.
    let behind = r#"<graphml><key id="l" for="node" attr.name="label"/><graph><node id="b"><graph><node id="a"/>
        <edge source="a" target="b"/></graph><data key="l">B</data></node></graph></graphml>"#;
    let file = read(behind, &ReadOptions::default());
    assert_eq!((links(&file).as_str(), file.network.nodes().name(0)), ("b-a 1", "B".into()));
    let gml = "graph [ directed 1 node [ id 1 label \"a &quot;b&quot;\" ] edge [ source 1 target 2 value 3 ] ]";
    let file = read(gml, &directed());
    assert_eq!((links(&file).as_str(), file.directed_hint), ("1-2 3", Some(Direction::Directed)));
    assert_eq!(file.network.nodes().name(0), "a \"b\"");
    let gexf = r#"<gexf><graph><nodes><node id="a" label="A"/></nodes><edges><edge source="a" target="b" type="directed"/></edges></graph></gexf>"#;
    assert_eq!(read(gexf, &directed()).directed_hint, Some(Direction::Directed));
    let json = r#"{"directed": true, "nodes": [{"id": "a", "label": "A"}, {"id": 2.5}, {"id": ["x", 1]}],
        "edges": [{"source": "a", "target": 2.5, "value": 7}, {"source": "a", "target": ["x", 1]}]}"#;
    let file = read(json, &directed());
    assert_eq!((links(&file).as_str(), file.directed_hint), (r#"a-2.5 7, a-["x",1] 1"#, Some(Direction::Directed)));
    assert_eq!(file.network.nodes().name(0), "A");
}

/// A JSON document is the network of the equivalent text file.
#[test]
fn infomap_documents_equal_text_files() {
    let document = |more: &str| format!(r#"{{"version": "1.0", {more}, "format": "infomap-network"}}"#);
    let same = |json: &str, text: &str| {
        let (json, text) = (read(document(json), &directed()), read(text, &directed()));
        assert_eq!(json.network, text.network);
        json.notes
    };
    let notes = same(
        r#""type": "bipartite", "bipartiteStartId": 3, "nodes": [{"id": 1, "name": "a \"b\"", "weight": 0.5, "meta": 3}],
           "edges": [{"source": 1, "target": 3, "weight": 2}], "colour": 1"#,
        "*Vertices\n1 \"a \"b\"\" 0.5\n*Bipartite 3\n1 3 2\n",
    );
    assert_eq!(
        notes,
        [
            "unknown keys ignored: \"colour\"",
            "categories in \"meta\" ignored (hint: pass a file of categories with --meta-data)",
        ]
    );
    let notes = same(
        r#""type": "state", "nodes": [{"id": 1, "name": "i"}], "states": [{"id": 1, "node": 1, "name": "s", "path": [1]}, {"id": 4, "node": 1}],
           "edges": [{"source": 1, "target": 4, "weight": 0.8}]"#,
        "*Vertices\n1 \"i\"\n*States\n1 1 \"s\"\n4 1\n*Links\n1 4 0.8\n",
    );
    assert_eq!(notes, ["modules in \"path\" ignored (hint: pass a file of modules with --cluster-data)"]);
    same(
        r#""type": "multilayer", "edges": [{"source": 1, "target": 2, "layers": [1, 2], "weight": 0.5}]"#,
        "*Multilayer\n1 1 2 2 0.5\n",
    );
    same(
        r#""type": "multilayer", "multilayer": "intra-inter", "edges": [{"source": 1, "target": 2, "layers": [1]},
           {"source": 1, "target": 1, "layers": [1, 2]}, {"source": 1, "target": 2, "layers": [2]}]"#,
        "*Intra\n1 1 2\n2 1 2\n*Inter\n1 1 2\n",
    );
}

/// Returns a NumPy file with this type of numbers, the shape in Python syntax, and the data.
fn npy(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        archive.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn int32(numbers: &[i32]) -> Vec<u8> {
    npy("<i4", &format!("({},)", numbers.len()), &numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>())
}

fn float64(numbers: &[f64]) -> Vec<u8> {
    npy("<f8", &format!("({},)", numbers.len()), &numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>())
}

fn format_of(name: &str) -> Vec<u8> {
    npy("|S3", "()", name.as_bytes())
}

#[test]
fn reads_sparse_matrices_of_scipy() {
    let (shape, data) = (int32(&[3, 3]), float64(&[2.5, 1.0]));
    let common = [("shape", shape), ("data", data)];
    let with = |more: &[(&'static str, Vec<u8>)]| npz(&[&common[..], more].concat());
    let csr = with(&[("format", format_of("csr")), ("indices", int32(&[1, 2])), ("indptr", int32(&[0, 1, 2, 2]))]);
    let csc = with(&[("format", format_of("csc")), ("indices", int32(&[0, 1])), ("indptr", int32(&[0, 0, 1, 2]))]);
    let coo = with(&[("format", format_of("coo")), ("row", int32(&[0, 1])), ("col", int32(&[1, 2]))]);
    for bytes in [&csr, &csc, &coo] {
        let file = read(bytes, &directed());
        assert_eq!((links(&file).as_str(), file.directed_hint), ("0-1 2.5, 1-2 1", Some(Direction::Directed)));
    }
    for (bytes, message) in [
        (csr[..csr.len() - 9].to_vec(), "net: not an archive of arrays: "),
        (npz(&[("x", Vec::new())]), "net: the array \"format\" cannot be read: "),
        (
            with(&[("format", format_of("bsr"))]),
            "net: \"bsr\" is not a supported matrix format: expected csr, csc or coo",
        ),
        (
            with(&[("format", format_of("coo")), ("row", int32(&[0])), ("col", int32(&[1]))]),
            "net: 1 positions for 2 entries: expected equal numbers",
        ),
        (
            with(&[("format", format_of("coo")), ("row", int32(&[0, 3])), ("col", int32(&[1, 2]))]),
            "net: \"3\" is not a valid index: expected less than 3, as declared by the shape",
        ),
        (
            with(&[("format", format_of("coo")), ("row", int32(&[0, -1])), ("col", int32(&[1, 2]))]),
            "net: \"-1\" in the array \"row\" is negative: expected a whole number >= 0",
        ),
        (
            with(&[("format", format_of("csr")), ("indices", int32(&[1, 2])), ("indptr", int32(&[0, 2, 1, 2]))]),
            "net: the array \"indptr\" does not divide the entries into rows: expected 4 ascending numbers from 0 to 2",
        ),
        (
            npz(&[("format", format_of("csr")), ("shape", int32(&[3, 2]))]),
            "net: a matrix of 3 rows and 2 columns: expected a square matrix (hint: entry (i, j) is the link from node i to node j)",
        ),
    ] {
        let error = error_of(bytes, "net", &directed());
        assert!(error.starts_with(message), "{error}");
    }
}

/// The number of lines in a document is no estimate of its links.
#[test]
fn sizes_are_estimated_if_rows_are_links() {
    let folder = tempfile::tempdir().unwrap();
    let estimate = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        mapeq_io::estimate_size(&path).unwrap().map(|size| size.links)
    };
    for (name, text) in UNDIRECTED {
        let by_rows = name.ends_with(".net") || name.ends_with(".mtx");
        assert_eq!(estimate(name, text).is_some(), by_rows, "{name}");
        assert_eq!(estimate("x", text).is_some(), by_rows || name.ends_with(".graph"), "{name} by content");
    }
    assert_eq!(estimate("x.csv", &"1,2\n".repeat(1000)), Some(1000));
    assert_eq!(estimate("x.npz", "PK\x03\x04"), None);
}
