//! Tables of links: columns, delimiters and headers.

use crate::common::{error_of, links, read, read_with};
use mapeq_io::{NetworkFormat, ReadOptions};

fn csv() -> ReadOptions {
    ReadOptions { format: Some(NetworkFormat::Csv), ..ReadOptions::default() }
}

fn columns(columns: &str) -> ReadOptions {
    ReadOptions { columns: Some(columns.parse().unwrap()), ..csv() }
}

const TABLES: &[(&str, &str, &str)] = &[
    ("known names", "since,Target,weight,Source\n1999,bob,2.5,alice\n2001,carol,1,bob\n", "alice-bob 2.5, bob-carol 1"),
    ("no weights", "from,to\nalice,bob\nbob,carol\n", "alice-bob 1, bob-carol 1"),
    ("no header", "alice,bob,2\nbob,carol,0.5\n", "alice-bob 2, bob-carol 0.5"),
    ("no header, numbers", "1,2,1\n2,3,4\n", "1-2 1, 2-3 4"),
    ("a header detected by the numbers below it", "a,b\n1,2\n", "1-2 1"),
    ("a header detected by its weight", "a,b,strength\nx,y,2\n", "x-y 2"),
    ("one row", "a,b\n", "a-b 1"),
    ("semicolons", "source;target;weight\na,b;c;2\n", "a,b-c 2"),
    ("tabs", "source\ttarget\nNew York\tBoston\n", "New York-Boston 1"),
    ("quotes", "source,target\n\"Doe, \"\"J\"\"\",\"two\nlines\"\n", "Doe, \"J\"-two\nlines 1"),
    ("blanks, CR LF, no last line feed, comments", "# c\r\n#\r\nsource, target\r\n a , b \r\n\r\nb,c", "a-b 1, b-c 1"),
    ("a mark of UTF-8", "\u{feff}source,target\nä,b\n", "ä-b 1"),
    ("empty weights", "source,target,weight\na,b,\nb,c\n", "a-b 1, b-c 1"),
    ("numbers are ids, zeros in front are text", "source,target\n1,2\n01,2\n", "1-2 1, 2-01 1"),
    ("weights add up", "source,target,weight\na,b,1\nb,a,2\n", "a-b 3"),
];

#[test]
fn reads_tables_of_many_kinds() {
    for (what, text, expected) in TABLES {
        assert_eq!(links(&read(text, &csv())), *expected, "{what}");
    }
}

#[test]
fn columns_can_be_selected() {
    let text = "source,target,to,n\na,b,c,3\nb,a,c,1\n";
    assert_eq!(links(&read(text, &columns("source,to"))), "a-c 1, c-b 1");
    assert_eq!(links(&read(text, &columns("target,TO,n"))), "b-c 3, c-a 1");
    // Text ids do not decide whether there is a header, but the weight does.
    assert_eq!(links(&read(text, &columns("1,3,4"))), "a-c 3, c-b 1");
    assert_eq!(links(&read("7,1,2\n8,2,3\n", &columns("2,3,1"))), "1-2 7, 2-3 8");
}

#[test]
fn names_and_content_identify_tables() {
    let tsv = "a,b\tc\n";
    assert_eq!(links(&read_with(tsv, "x.tsv", &ReadOptions::default()).unwrap()), "a,b-c 1");
    assert_eq!(links(&read_with("a,b\n", "x.CSV", &ReadOptions::default()).unwrap()), "a-b 1");
    assert_eq!(links(&read_with("source,target\na,b\n", "x", &ReadOptions::default()).unwrap()), "a-b 1");
    assert!(read_with("a,b\n", "x", &ReadOptions::default()).is_err(), "fields of a link list are separated by blanks");
}

#[test]
fn ids_are_numbers_or_text() {
    let network = |options: &ReadOptions| read("source,target\n10,9\n9,2\n", options).network;
    assert_eq!(network(&csv()).nodes().ids.find_number(10), Some(2));
    let text = network(&ReadOptions { string_ids: true, ..csv() });
    assert_eq!((text.nodes().ids.text(0), text.nodes().ids.number(0)), ("10".into(), None));
}

#[test]
fn invalid_tables_are_rejected() {
    for (text, message) in [
        ("", "net: no links and no nodes: expected at least one link"),
        ("source,target\n", "net: no links and no nodes: expected at least one link"),
        (
            "alice\n",
            "net:1: the row ends after \"alice\": expected a target (hint: values are separated by commas, semicolons or tabs)",
        ),
        (
            "source,target\na,b\nc\n",
            "net:3: the row ends after \"c\": expected a target in column 2 (hint: the row has 1 column)",
        ),
        ("source,target\na,\n", "net:2: the target is empty: expected a node id in column 2"),
        (
            "# c\nsource,target,weight\na,b,1\nb,c,x\n",
            "net:4: \"x\" is not a link weight: expected a number >= 0 (hint: --columns SOURCE,TARGET,WEIGHT selects columns)",
        ),
        (
            "source;target;weight\na;b;1,5\n",
            "net:2: \"1,5\" is not a link weight: expected a number >= 0 (hint: the decimal separator is a point)",
        ),
        (
            "a,b,-1\n",
            "net:1: \"-1\" is a negative link weight: expected a number >= 0 (hint: --columns SOURCE,TARGET,WEIGHT selects columns)",
        ),
    ] {
        assert_eq!(error_of(text, "net", &csv()), message);
    }
    assert_eq!(
        error_of("a,b\nx,y\n", "net", &columns("a,c")),
        "net:1: \"c\" is not a column: expected one of \"a\", \"b\""
    );
    let message = "net:1: there is no column 3: expected at most 2 columns";
    assert_eq!(error_of("a,b\nx,y\n", "net", &columns("1,3")), message);
}
