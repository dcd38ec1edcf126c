//! Result files satisfy the grammars of programs that read Infomap's files. The grammars are
//! rewritten from the documentation of these programs.

use std::collections::BTreeMap;

use crate::common::{Folder, nested, same_bits};

const STATES: &str = "*Vertices 5\n1 \"a \"x\" b\"\n2 \"c d\"\n3 \"e\"\n4 \"f\"\n5 \"g\"\n*States\n1 1\n2 2\n3 3\n4 1\n5 4\n6 5\n*Links\n\
    1 2\n2 1\n1 3\n3 1\n2 3\n3 2\n4 5\n5 4\n4 6\n6 4\n5 6\n6 5\n3 4 .2\n4 3 .2\n";

/// Creates a folder with results of an ordinary network and of a state network, whose names contain
/// quotes and blanks.
fn results() -> Folder {
    let folder = Folder::new();
    folder.write("s.net", STATES);
    folder.mapeq("infomap karate.txt out --tree --clu --ftree -o csv --silent").assert().success();
    folder.mapeq("infomap s.net out -d --tree --clu --silent").assert().success();
    folder
}

/// Splits a line into fields at blanks. Text in quotes is one field, in which a doubled quote is
/// one quote.
fn quoted_fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut inside) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if inside && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => inside = !inside,
            ' ' if !inside => fields.push(std::mem::take(&mut field)),
            _ => field.push(letter),
        }
    }
    fields.push(field);
    fields
}

/// Readers of data frames skip every line that begins with `#`, and all other rows have the same
/// number of fields.
#[test]
fn all_rows_have_the_same_number_of_fields() {
    let folder = results();
    for (file, columns) in
        [("karate.tree", 4), ("karate.clu", 3), ("s.tree", 4), ("s.clu", 3), ("s_states.tree", 5), ("s_states.clu", 4)]
    {
        let rows = folder.rows(&format!("out/{file}"));
        assert!(rows.len() > 5, "{file}");
        assert!(rows.iter().all(|row| quoted_fields(row).len() == columns), "{file}: {rows:?}");
    }
    let names: Vec<String> = folder.rows("out/s_states.tree").iter().map(|row| quoted_fields(row)[2].clone()).collect();
    assert_eq!(names.iter().filter(|name| *name == "a \"x\" b").count(), 2);
    assert_eq!(names.iter().filter(|name| *name == "c d").count(), 1);
}

/// Readers find the columns by the comment that begins with the name of the first column.
#[test]
fn the_last_comment_names_the_columns() {
    let folder = results();
    for file in ["karate.tree", "karate.clu", "karate.ftree", "s.tree", "s.clu", "s_states.tree", "s_states.clu"] {
        let text = folder.read(&format!("out/{file}"));
        let begins = |line: &&str| ["# path", "# node_id", "# state_id"].iter().any(|start| line.starts_with(start));
        let named: Vec<&str> = text.lines().filter(begins).collect();
        assert_eq!(named.len(), 1, "{file}");
        let columns: Vec<&str> = named[0].trim_start_matches("# ").split(' ').collect();
        let row = text.lines().find(|line| !line.starts_with('#')).unwrap();
        assert_eq!(quoted_fields(row).len(), columns.len(), "{file}");
        let flow = columns.iter().position(|column| *column == "flow").unwrap();
        let flows = folder.rows(&format!("out/{file}"));
        let flows = flows.iter().take_while(|row| !row.starts_with('*')).map(|row| quoted_fields(row)[flow].clone());
        let total: f64 = flows.map(|flow| flow.parse::<f64>().unwrap()).sum();
        assert!((total - 1.0).abs() < 1e-4, "{file}: {total}");
    }
}

/// Readers of trees skip a header of nine or eleven lines. A row has four to six fields, and the
/// last field is the node.
#[test]
fn headers_have_the_number_of_lines_that_readers_skip() {
    let folder = results();
    for (file, lines) in [("karate.tree", 9), ("s.tree", 11), ("s_states.tree", 11)] {
        let text = folder.read(&format!("out/{file}"));
        let lines_of_text: Vec<&str> = text.lines().collect();
        assert!(lines_of_text[..lines].iter().all(|line| line.starts_with("# ")), "{file}");
        let levels: usize = lines_of_text[4].split(' ').nth(3).unwrap().parse().unwrap();
        let bits: f64 = lines_of_text[5].split(' ').nth(2).unwrap().parse().unwrap();
        assert!(levels >= 2 && bits > 0.0, "{file}");
        for row in &lines_of_text[lines..] {
            let fields = quoted_fields(row);
            assert!((4..=6).contains(&fields.len()), "{file}: {row}");
            assert!(fields.last().unwrap().parse::<u32>().is_ok(), "{file}: {row}");
        }
    }
    let text = folder.read("out/s_states.tree");
    assert_eq!(text.lines().nth(8), Some("# higher order"));
    assert_eq!(text.lines().nth(9), Some("# state level"));
    assert_eq!(folder.read("out/s.tree").lines().nth(9), Some("# physical level"));
}

/// Partitions of Pajek have a heading with the number of nodes, and one whole number per node, in
/// the order of the nodes.
#[test]
fn pajek_partitions_have_one_number_per_line() {
    let folder = Folder::new();
    folder.mapeq("cluster karate.txt out -o clu --clu-style pajek -q --out-name pajek").assert().success();
    folder.mapeq("cluster karate.txt out -o clu -q").assert().success();
    let text = folder.read("out/pajek.clu");
    let mut lines = text.lines();
    let (heading, nodes) = lines.next().unwrap().split_once(' ').unwrap();
    let modules: Vec<u32> = lines.map(|line| line.parse().unwrap()).collect();
    assert_eq!((heading, nodes.parse()), ("*Vertices", Ok(modules.len())));
    let classic: BTreeMap<u32, u32> = folder
        .rows("out/karate.clu")
        .iter()
        .map(|row| (quoted_fields(row)[0].parse().unwrap(), quoted_fields(row)[1].parse().unwrap()))
        .collect();
    assert_eq!(modules, classic.into_values().collect::<Vec<_>>());
}

/// Level 0 is one module, levels count from the top, and -1 is the deepest level.
#[test]
fn clu_files_have_modules_of_any_level() {
    let folder = Folder::new();
    nested(&folder);
    let modules = |level: i32| -> usize {
        folder.mapeq(&format!("cluster nested.txt out -o clu --clu-level {level} -q")).assert().success();
        assert!(folder.read("out/nested.clu").contains(&format!("\n# module level {level}\n")));
        let rows = folder.rows("out/nested.clu");
        let modules: std::collections::BTreeSet<String> =
            rows.iter().map(|row| quoted_fields(row)[1].clone()).collect();
        modules.len()
    };
    assert_eq!([0, 1, 2, -1].map(modules), [1, 3, 9, 9]);
}

/// A written network reads back with its states and names.
#[test]
fn written_state_networks_read_back() {
    let folder = results();
    folder.mapeq("infomap s.net out -d -o tree,states,network,flow --silent").assert().success();
    let score = |network: &str| folder.json(&format!("score {network} out/s_states.tree -d --json"));
    let (of_input, of_states) = (score("s.net"), score("out/s_states.net"));
    for key in ["codelength", "one_level_codelength"] {
        same_bits(of_states[key].clone(), of_input[key].as_f64().unwrap());
    }
    assert!(folder.read("out/s_states.net").contains("*Vertices\n1 \"a \"x\" b\"\n"));
    // The nodes of this network are the states, without common physical nodes.
    let text = folder.read("out/s_states_as_physical.net");
    assert!(text.lines().nth(2) == Some("# State network as physical network") && text.contains("\n4 \"4\" 1\n"));
    let apart = score("out/s_states_as_physical.net");
    assert!(apart["one_level_codelength"].as_f64() > of_input["one_level_codelength"].as_f64());
    assert!(folder.path("out/s_states_as_physical_flow.net").exists());
    // In the folder of the network, no result of a state network replaces it. That of an ordinary
    // network would.
    let given = folder.read("s.net");
    folder.mapeq("cluster s.net -d -o network,states,flow -q").assert().success();
    assert_eq!(folder.rows("s_states_as_physical.net"), folder.rows("out/s_states_as_physical.net"));
    assert_eq!(folder.read("s.net"), given);
    assert!(folder.failure("cluster two_triangles.net -o network", 3).contains("it is an input file"));
    folder.write("l.net", "*Intra\n1 1 2\n1 2 1\n2 1 2\n2 2 1\n");
    // The state network contains the links of the walk between layers.
    let found = folder.json("cluster l.net out -o states,tree --json");
    let scored = folder.json("score out/l_states.net out/l_states.tree -d --json");
    same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
}
