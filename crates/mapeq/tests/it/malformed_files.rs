//! Malformed files of every format: the program prints one line with the reason, and exits with 2.

use crate::common::Folder;

/// Networks: file name, content and message.
#[rustfmt::skip]
const NETWORKS: &[(&str, &[u8], &str)] = &[
    ("a.csv", b"", "a.csv: no links and no nodes: expected at least one link"),
    ("a.csv", b"alice\nbob\n", "a.csv:1: the row ends after \"alice\": expected a target (hint: values are separated by commas, semicolons or tabs)"),
    ("a.csv", b"source,target\n", "a.csv: no links and no nodes: expected at least one link"),
    ("a.csv", b"source,target\na,b\nc\n", "a.csv:3: the row ends after \"c\": expected a target in column 2 (hint: the row has 1 column)"),
    ("a.csv", b"source,target\na,\n", "a.csv:2: the target is empty: expected a node id in column 2"),
    ("a.csv", b"source,target\n,b\n", "a.csv:2: the source is empty: expected a node id in column 1"),
    ("a.csv", b"source,target,weight\na,b,x\n", "a.csv:2: \"x\" is not a link weight: expected a number >= 0 (hint: --columns SOURCE,TARGET,WEIGHT selects columns)"),
    ("a.csv", b"source,target,weight\na,b,-1\n", "a.csv:2: \"-1\" is a negative link weight: expected a number >= 0 (hint: --columns SOURCE,TARGET,WEIGHT selects columns)"),
    ("a.csv", b"source,target,weight\na,b,inf\n", "a.csv:2: \"inf\" is not a finite link weight: expected a number >= 0 (hint: --columns SOURCE,TARGET,WEIGHT selects columns)"),
    ("a.csv", b"source;target;weight\na;b;1,5\n", "a.csv:2: \"1,5\" is not a link weight: expected a number >= 0 (hint: the decimal separator is a point)"),
    ("a.csv", b"source,target,weight\na,b,1e308\nb,a,1e308\n", "a.csv: the weights of links with the same ends sum to infinity: expected a finite sum (hint: scaling all weights down does not change the result)"),
    ("a.csv", b"source,target\n\"a,b\nc,d\n", "a.csv:2: the row ends after \"a,b\\nc,d\\n\": expected a target in column 2 (hint: the row has 1 column)"),
    ("a.csv", b"source,target\na,\xff\n", "a.csv:2: \"\\xff\" is not a node id: expected valid UTF-8"),
    ("a.tsv", b"a,b\nc,d\n", "a.tsv:1: the row ends after \"a,b\": expected a target (hint: values are separated by commas, semicolons or tabs)"),
    ("a.mtx", b"", "a.mtx: \"\" is not the first line of a Matrix Market file: expected %%MatrixMarket matrix coordinate real general, or similar"),
    ("a.mtx", b"1 2\n", "a.mtx:1: \"1 2\" is not the first line of a Matrix Market file: expected %%MatrixMarket matrix coordinate real general, or similar"),
    ("a.mtx", b"%%MatrixMarket vector coordinate real general\n", "a.mtx:1: \"vector\" is not supported in the first line: expected matrix"),
    ("a.mtx", b"%%MatrixMarket matrix array real general\n", "a.mtx:1: \"array\" is not supported in the first line: expected coordinate"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate complex general\n", "a.mtx:1: \"complex\" is not supported in the first line: expected real or integer or pattern or double"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real skew-symmetric\n", "a.mtx:1: \"skew-symmetric\" is not supported in the first line: expected general or symmetric"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate\n", "a.mtx:1: the first line is too short: expected real or integer or pattern or double"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n% c\n", "a.mtx: the size is missing: expected a line `rows columns entries`"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n3 3\n", "a.mtx:2: the row ends after \"3\": expected a number of entries (hint: a row is `rows columns entries`)"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n3 x 1\n", "a.mtx:2: \"x\" is not a number of columns: expected a whole number"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n3 4 1\n1 2 1\n", "a.mtx:2: a matrix of 3 rows and 4 columns: expected a square matrix (hint: entry (i, j) is the link from node i to node j)"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n3 3 2\n1 2 1\n", "a.mtx: the file ends after 1 of 2 entries: expected all of them"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n3 3 1\n1 2 1\n2 3 1\n", "a.mtx:4: one entry too many: expected 1, as declared"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n3 3 1\n0 2 1\n", "a.mtx:3: \"0\" is not a valid index: expected 1 to 3, the number of rows"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n3 3 1\n1 4 1\n", "a.mtx:3: \"4\" is not a valid index: expected 1 to 3, the number of rows"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n3 3 1\n1 2\n", "a.mtx:3: the row ends after \"2\": expected a weight (hint: a row is `row column weight`)"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate real general\n3 3 1\n1 2 -1\n", "a.mtx:3: \"-1\" is a negative link weight: expected a number >= 0"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate pattern general\n3 3 1\n1\n", "a.mtx:3: the row ends after \"1\": expected a number of a column (hint: a row is `row column`)"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate pattern general\n0 0 0\n", "a.mtx: the matrix is empty: expected at least one entry"),
    ("a.mtx", b"%%MatrixMarket matrix coordinate pattern general\n9999999999 9999999999 1\n1 9999999999\n", "a.mtx:3: an index is not below 2^32: expected fewer rows and columns"),
    ("a.graph", b"", "a.graph: the file is empty: expected a line `nodes links [weights]`"),
    ("a.graph", b"3\n", "a.graph:1: the first line is too short: expected `nodes links [weights]`"),
    ("a.graph", b"x 2\n", "a.graph:1: \"x\" is not a number of nodes: expected a whole number"),
    ("a.graph", b"3 2 7\n", "a.graph:1: \"7\" is not a kind of weights: expected up to three digits 0 or 1"),
    ("a.graph", b"3 2\n2\n1 3\n", "a.graph: only 2 rows: expected 3, one per node"),
    ("a.graph", b"1000000000000 2\n2\n1\n", "a.graph: only 2 rows: expected 1000000000000, one per node"),
    ("a.graph", b"2 1\n2\n1\n1\n", "a.graph:4: too many rows: expected 2 rows, one per node"),
    ("a.graph", b"2 1\n2\n3\n", "a.graph:3: \"3\" is not a neighbour: expected 1 to 2, as declared in the first line"),
    ("a.graph", b"2 1\n2\n0\n", "a.graph:3: \"0\" is not a neighbour: expected 1 to 2, as declared in the first line"),
    ("a.graph", b"2 1\n2\n\n", "a.graph: the rows of 1 and 2 differ: expected the same link in both"),
    ("a.graph", b"2 2\n2\n1\n", "a.graph: 1 link in the rows: expected 2, as declared in the first line"),
    ("a.graph", b"2 1 1\n2\n1 1\n", "a.graph:2: \"2\" has no link weight: expected a weight, as declared in the first line"),
    ("a.graph", b"2 1 1\n2 x\n1 1\n", "a.graph:2: \"x\" is not a link weight: expected a number >= 0"),
    ("a.graph", b"2 1 10\n2 2\n\n", "a.graph:3: the row ends before the weight of its node"),
    ("a.graph", b"2 1 1\n2 1\n1 2\n", "a.graph: the rows of 1 and 2 differ: expected the same link in both"),
    ("a.graphml", b"", "a.graphml:1: not well-formed XML: there is no element"),
    ("a.graphml", b"<graphml>", "a.graphml:1: not well-formed XML: the element that starts here is not closed"),
    ("a.graphml", b"<graphml>\n<graph></node></graph></graphml>", "a.graphml:2: not well-formed XML: expected `</graph>`, but `</node>` was found"),
    ("a.graphml", b"<graphml><graph>&x;</graph></graphml>", "a.graphml:1: not well-formed XML: unknown entity \"x\""),
    ("a.graphml", b"<gexf/>", "a.graphml:1: \"gexf\" is the outermost element: expected \"graphml\""),
    ("a.graphml", b"<graphml/>", "a.graphml: there is no \"graph\": expected one in \"graphml\""),
    ("a.graphml", b"<graphml><graph/></graphml>", "a.graphml: no links and no nodes: expected at least one link"),
    ("a.graphml", b"<graphml><graph>\n<node/></graph></graphml>", "a.graphml:2: the element \"node\" has no \"id\": expected this attribute"),
    ("a.graphml", b"<graphml><graph>\n<edge source=\"a\"/></graph></graphml>", "a.graphml:2: the element \"edge\" has no \"target\": expected this attribute"),
    ("a.graphml", b"<graphml><graph>\n<edge source=\"a\" target=\"\"/></graph></graphml>", "a.graphml:2: the target is empty: expected an id"),
    ("a.graphml", b"<graphml><key id=\"w\" for=\"edge\" attr.name=\"weight\"/><graph>\n<edge source=\"a\" target=\"b\"><data key=\"w\">heavy</data></edge></graph></graphml>", "a.graphml:2: \"heavy\" is not a link weight: expected a number >= 0"),
    ("a.graphml", b"<graphml><graph>\n<edge source=\"a\" target=\"b\" directed=\"maybe\"/></graph></graphml>", "a.graphml:2: \"maybe\" is not a value of \"directed\": expected true or false"),
    ("a.graphml", b"<graphml><graph edgedefault=\"both\">\n<edge source=\"a\" target=\"b\"/></graph></graphml>", "a.graphml:1: \"both\" is not a value of \"edgedefault\": expected directed or undirected"),
    ("a.graphml", b"<graphml><graph>\n<hyperedge/></graph></graphml>", "a.graphml:2: a \"hyperedge\" is not supported: expected \"edge\" (hint: model hyperedges as nodes of a bipartite network)"),
    ("a.graphml", b"<graphml>\n<graph>\n<node id='1'\na/></graph></graphml>", "a.graphml:4: not well-formed XML: an attribute has no \"=\" after its name"),
    ("a.graphml", b"<graphml>\n<graph>\n<node id='1'\na=/></graph></graphml>", "a.graphml:4: not well-formed XML: an attribute has no value"),
    ("a.graphml", b"<graphml>\n<graph>\n<node id='1'\na=1/></graph></graphml>", "a.graphml:4: not well-formed XML: the value of an attribute is not in quotes"),
    ("a.graphml", b"<graphml>\n<graph>\n<node id='1'\na='1'\na='2'/></graph></graphml>", "a.graphml:5: not well-formed XML: an attribute is repeated"),
    ("a.graphml", b"<graphml>\n<graph>\n<node \nid='&y;'/></graph></graphml>", "a.graphml:4: not well-formed XML: unknown entity \"y\""),
    ("a.graphml", b"<graphml>\n<graph>\n<node \nid='&y'/></graph></graphml>", "a.graphml:4: not well-formed XML: \"&\" without \";\""),
    ("a.graphml", b"<graphml>\xff</graphml>", "a.graphml:1: \"\\xff\" is not text: expected valid UTF-8"),
    ("a.gexf", b"<gexf/>", "a.gexf: there is no \"graph\": expected one in \"gexf\""),
    ("a.gexf", b"<gexf><graph>\n<edges><edge source=\"1\"/></edges></graph></gexf>", "a.gexf:2: the element \"edge\" has no \"target\": expected this attribute"),
    ("a.gexf", b"<gexf><graph>\n<edges><edge source=\"1\" target=\"2\" weight=\"-2\"/></edges></graph></gexf>", "a.gexf:2: \"-2\" is a negative link weight: expected a number >= 0"),
    ("a.gexf", b"<gexf><graph defaultedgetype=\"sideways\"/></gexf>", "a.gexf:1: \"sideways\" is not a link type: expected directed, undirected or mutual"),
    ("a.gexf", b"<svg/>", "a.gexf:1: \"svg\" is the outermost element: expected \"gexf\""),
    ("a.gml", b"", "a.gml: there is no graph: expected `graph [ … ]`"),
    ("a.gml", b"graph [ node [ id 1 ]", "a.gml: the file ends inside \"graph\": expected \"]\""),
    ("a.gml", b"graph [ node [ label \"a\" ] ]", "a.gml:1: the node has no id: expected `id` and a value"),
    ("a.gml", b"graph [\nedge [ source 1 ] ]", "a.gml:2: the edge has no target: expected `target` and a value"),
    ("a.gml", b"graph [\nedge [ source 1 target 2 weight x ] ]", "a.gml:2: \"x\" is not a link weight: expected a number >= 0"),
    ("a.gml", b"graph [ node [ id \"1 ] ]", "a.gml:1: the text has no closing quote: expected \""),
    ("a.gml", b"graph ]", "a.gml:1: \"graph\" has no value: expected a number, a text in quotes or a list"),
    ("a.gml", b"graph [ ] ]", "a.gml:1: unmatched \"]\": expected a key"),
    ("a.gml", b"[ ]", "a.gml:1: \"[\" has no key: expected a key before it"),
    ("a.gml", b"\"graph\" [ ]", "a.gml:1: \"graph\" has no key: expected a key before it"),
    ("a.gml", b"graph [ directed 2 ]", "a.gml:1: \"2\" is not a value of `directed`: expected 0 or 1"),
    ("a.gml", b"graph [ ] graph [ ]", "a.gml:1: a second graph: expected one in a file"),
    ("a.gml", b"graph", "a.gml:1: \"graph\" is the last token: expected a value after it"),
    ("a.json", b"", "a.json:1: unexpected JSON: EOF while parsing a value"),
    ("a.json", b"[]", "a.json: not a JSON object: expected {"),
    ("a.json", b"{", "a.json:1: unexpected JSON: EOF while parsing an object"),
    ("a.json", b"{}", "a.json: not a network: expected an object with \"nodes\" and \"links\" (or \"edges\")"),
    ("a.json", b"{\"nodes\": []}", "a.json: an object with nodes and no links: expected \"links\" or \"edges\""),
    ("a.json", b"{\"format\": \"d3\"}", "a.json: \"d3\" is not a known network format: expected \"infomap-network\""),
    ("a.json", b"{\"links\":\n[{\"source\": 1}]}", "a.json:2: unexpected JSON: missing field `target`"),
    ("a.json", b"{\"links\": [{\"source\": 1, \"target\": null}]}", "a.json:1: unexpected JSON: invalid id null, expected text or a number"),
    ("a.json", b"{\"links\": [{\"source\": 1, \"target\": 2, \"weight\": -1}]}", "a.json: links[0]: \"-1\" is a negative link weight: expected a number >= 0"),
    ("a.json", b"{\"links\": [{\"source\": 1, \"target\": 2, \"weight\": \"x\"}]}", "a.json:1: unexpected JSON: invalid type: string \"x\", expected a number"),
    ("a.json", b"{\"links\": [{\"source\": 1, \"target\": 2, \"value\": -3}]}", "a.json: links[0]: \"-3\" is a negative link weight: expected a number >= 0"),
    ("a.json", b"{\"links\": [{\"source\": 1, \"target\": 18446744073709551616}]}", "a.json:1: unexpected JSON: invalid id 1.8446744073709552e+19, expected text or a number of at most 64 bits"),
    ("a.json", b"{\"links\": [{\"source\": \"\", \"target\": 2}]}", "a.json: links[0]: the source is empty: expected an id"),
    ("a.json", b"{\"links\": []}", "a.json: no links and no nodes: expected at least one link"),
    ("a.json", b"{\"format\": \"infomap-network\", \"version\": \"2.0\"}", "a.json: \"2.0\" is not a known format version: expected \"1.0\""),
    ("a.json", b"{\"format\": \"infomap-network\", \"version\": \"1.0\"}", "a.json: no links and no nodes: expected rows `source target [weight]`"),
    ("a.json", b"{\"format\": \"infomap-network\", \"type\": \"hyper\"}", "a.json: \"hyper\" is not a network type: expected \"standard\", \"bipartite\", \"state\" or \"multilayer\""),
    ("a.json", b"{\"format\": \"infomap-network\", \"type\": \"bipartite\"}", "a.json: \"bipartiteStartId\" is missing: expected the first id of a feature"),
    ("a.json", b"{\"format\": \"infomap-network\", \"edges\": [{\"source\": 1.5, \"target\": 2}]}", "a.json:1: unexpected JSON: invalid id 1.5, expected a whole number >= 0"),
    ("a.json", b"{\"format\": \"infomap-network\", \"edges\": [{\"source\": 1, \"target\": 2, \"weight\": -2}]}", "a.json: edges[0]: \"-2\" is a negative link weight: expected a number >= 0 (hint: a row is `source target [weight]`)"),
    ("a.json", b"{\"format\": \"infomap-network\", \"type\": \"multilayer\", \"edges\": [{\"source\": 1, \"target\": 2, \"layers\": [1]}]}", "a.json: edges[0]: 1 layer: expected two, from and to"),
    ("a.json", b"{\"format\": \"infomap-network\", \"type\": \"multilayer\", \"multilayer\": \"inter\", \"edges\": []}", "a.json: \"inter\" is not a kind of multilayer network: expected \"full\", \"intra\" or \"intra-inter\""),
    ("a.npz", b"", "a.npz: not an archive of arrays: invalid Zip archive: Could not find EOCD"),
    ("a.npz", b"PK\x03\x04", "a.npz: not an archive of arrays: invalid Zip archive: Could not find EOCD"),
    ("a.gz", b"\x1f\x8b", "a.gz: the gzip data is corrupted or truncated: unexpected end of file"),
    ("a.xz", b"\xfd7zXZ\x00", "a.xz: the xz data is corrupted or truncated: failed to fill whole buffer"),
    ("a.zst", b"(\xb5/\xfd", "a.zst: the zstd data is corrupted or truncated: incomplete frame"),
    ("a.txt", b"1\n", "a.txt:1: the row ends after \"1\": expected a target (hint: a row is `source target [weight]`)"),
    ("a.txt", b"1 2 x\n", "a.txt:1: \"x\" is not a link weight: expected a number >= 0 (hint: a row is `source target [weight]`)"),
    ("a.net", b"*Vertices 1\n1\n", "a.net:2: the row ends after \"1\": expected a name (hint: a row is `id name [weight]`)"),
    ("a.net", b"*Foo\n", "a.net:1: \"*Foo\" is not a known heading: expected *Vertices, *Edges, *Arcs, *Links, *Bipartite, *States, *Multilayer, *Intra or *Inter"),
    ("a.net", b"*Bipartite 3\n1 2\n", "a.net:2: the link from 1 to 2 joins nodes of one kind: expected one id below 3 and one >= 3, as declared by *Bipartite 3"),
    ("a.net", b"*States\n1 1\n1 2\n", "a.net:3: \"1\" is a state of 1 in an earlier row, and of 2 here: expected one physical node"),
    ("a.net", b"*Intra\n1 1\n", "a.net:2: the row ends after \"1\": expected a node (hint: a row is `layer node node [weight]`)"),
];

/// Partitions of a network with the ids 1 to 6: file name, content and message.
#[rustfmt::skip]
const PARTITIONS: &[(&str, &[u8], &str)] = &[
    ("p.csv", b"", "p.csv: no row names a node of the network: expected a partition of its nodes"),
    ("p.csv", b"path,flow\n1:1,0.5\n", "p.csv:1: the first row lacks a column of nodes or of modules: expected \"node_id\", and \"path\" or \"module\", not \"path\", \"flow\""),
    ("p.csv", b"path,node_id\n1:1\n", "p.csv:2: the row ends after \"1:1\": expected a node and a path"),
    ("p.csv", b"path,node_id\n1:0,1\n", "p.csv:2: \"1:0\" is not a path: expected positive whole numbers joined by colons"),
    ("p.csv", b"path,node_id\n1:1,1\n1:1,1\n", "p.csv:3: \"1\" has an earlier row: expected one row per node"),
    ("p.csv", b"path,node_id\n1:1:1,1\n1:1,2\n", "p.csv:3: \"1:1\" mixes nodes and modules in module \"1\": expected either nodes or modules, as at line 2"),
    ("p.csv", b"path,node_id\n1:1,x\n", "p.csv:2: \"x\" is not a node id: expected a whole number, like the ids of the network"),
    ("p.csv", b"module,node\na,77\n", "p.csv: no row names a node of the network: expected a partition of its nodes"),
    ("p.csv", b"module,node\na,1\nb,1\n", "p.csv:3: \"1\" has an earlier row: expected one row per node"),
    ("p.json", b"{\"nodes\": 1}", "p.json:1: unexpected JSON: invalid type: integer `1`, expected a list"),
    ("p.json", b"{\"nodes\": [{\"id\": 1}]}", "p.json:1: unexpected JSON: missing field `path`"),
    ("p.json", b"{\"nodes\": [{\"id\": 1, \"path\": []}]}", "p.json: nodes[0]: \"\" is not a path: expected positive whole numbers joined by colons"),
    ("p.json", b"{\"nodes\": [{\"id\": 1, \"path\": [1, 1, 1]}, {\"id\": 2, \"path\": [1, 1]}]}", "p.json: nodes[1]: \"1:1\" mixes nodes and modules in module \"1\": expected either nodes or modules, as at node 1"),
    ("p.json", b"{\"nodes\": []}", "p.json: no row names a node of the network: expected a partition of its nodes"),
    ("p.nwk", b"", "p.nwk:1: the tree is truncated: expected \"(\""),
    ("p.nwk", b"1;", "p.nwk:1: unexpected \"1\": expected \"(\""),
    ("p.nwk", b"((1,2)", "p.nwk:1: the tree is truncated: expected \",\" or \")\""),
    ("p.nwk", b"((1,2)(3));", "p.nwk:1: unexpected \"(\": expected \",\" or \")\""),
    ("p.nwk", b"(1,,2);", "p.nwk:1: unexpected \",\": expected \"(\" or an id"),
    ("p.nwk", b"('1,2);", "p.nwk:1: the id has no closing quote: expected '"),
    ("p.nwk", b"([1,2);", "p.nwk:1: the comment is not closed: expected ]"),
    ("p.nwk", b"((1,2),1);", "p.nwk:1: \"1\" has an earlier row: expected one row per node"),
    ("p.nwk", b"(a,b);", "p.nwk:1: \"a\" is not a node id: expected a whole number, like the ids of the network"),
    ("p.tree", b"1:1 0.5 A 1\n", "p.tree:1: \"1:1 0.5 A 1\" is not a tree row: expected a name in quotes (hint: a row is `path flow \"name\" id`)"),
    ("p.clu", b"1\n", "p.clu:1: the row ends after \"1\": expected a module number (hint: a row is `id module`)"),
    ("p.txt", b"1 1\n", "p.txt: unknown partition format: expected a name ending in .clu, .tree, .ftree, .csv, .json, .nwk or .parquet"),
];

/// Categories of the same nodes: file name, content and message.
#[rustfmt::skip]
const CATEGORIES: &[(&str, &[u8], &str)] = &[
    ("m.txt", b"", "m.txt: no row names a node of the network: expected categories of its nodes"),
    ("m.txt", b"1\n", "m.txt:1: the row ends after \"1\": expected a category (hint: a row is `id category`)"),
    ("m.txt", b"1 -1\n", "m.txt:1: \"-1\" is not a category: expected a whole number from 0 to 2147483647"),
    ("m.txt", b"1 2147483648\n", "m.txt:1: \"2147483648\" is not a category: expected a whole number from 0 to 2147483647"),
    ("m.txt", b"1 1 2\n2 1\n", "m.txt:2: a row of 2 columns: expected 3, as in the first row"),
    ("m.txt", b"x 1\n", "m.txt:1: \"x\" is not a node id: expected a whole number, like the ids of the network"),
    ("m.txt", b"77 1\n", "m.txt: no row names a node of the network: expected categories of its nodes"),
];

/// Checks every message, exit code 2 and empty standard output.
#[track_caller]
fn check(files: &[(&str, &[u8], &str)], command: impl Fn(&str) -> String) {
    let folder = Folder::new();
    let mut wrong = String::new();
    for (name, content, message) in files {
        folder.write(name, content);
        let found = folder.failure(&command(name), 2);
        if found != format!("error: {message}\n") {
            wrong += &format!("{}\n  expected {message}\n  found    {found}", content.escape_ascii());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn malformed_networks_give_one_error_line() {
    check(NETWORKS, |name| format!("cluster {name} -0"));
}

#[test]
fn malformed_partitions_give_one_error_line() {
    check(PARTITIONS, |name| format!("score two_triangles.net {name}"));
}

#[test]
fn malformed_categories_give_one_error_line() {
    check(CATEGORIES, |name| format!("cluster two_triangles.net -0 --meta-data {name}"));
}
