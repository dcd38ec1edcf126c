//! Temporal links, divided into layers.

use mapeq_core::{Network, States};
use mapeq_io::{NetworkFile, ReadOptions, Windows, read_network_from};
use proptest::prelude::*;

fn read_with(input: &str, options: ReadOptions) -> Result<NetworkFile, String> {
    read_network_from(input.as_bytes(), "contacts.txt", &options).map_err(|error| error.to_string())
}

fn cut(input: &str, length: f64, step: f64) -> NetworkFile {
    let windows = Some(Windows { length, step });
    read_with(input, ReadOptions { windows, ..ReadOptions::default() }).unwrap_or_else(|error| panic!("{error}"))
}

fn states(network: &Network) -> &States {
    network.nodes().states.as_deref().unwrap()
}

fn layer_names(network: &Network) -> Vec<String> {
    let table = &states(network).layers.as_ref().unwrap().table;
    (0..table.len()).map(|layer| table.name(layer).into_owned()).collect()
}

/// Returns layer, source, target and weight of every link.
fn links(network: &Network) -> Vec<(u32, String, String, f64)> {
    let states = states(network);
    let layer = |state: usize| states.layers.as_ref().unwrap().of_state[state];
    let node = |state: usize| network.nodes().name(state).into_owned();
    let rows = network.links().iter();
    rows.map(|(source, target, weight)| (layer(source), node(source), node(target), weight)).collect()
}

fn text(rows: &[(f64, u32, u32, u32)]) -> String {
    rows.iter().map(|(time, source, target, weight)| format!("{time} {source} {target} {weight}\n")).collect()
}

#[test]
fn windows_with_links_are_layers_in_the_order_of_time() {
    let file = cut("# noon\n7 2 3\n2 1 2 2\n3.5 2 1\n\n 2.5 1 3 0.5 more\n", 2.0, 2.0);
    assert_eq!(layer_names(&file.network), ["[2, 4)", "[6, 8)"]);
    let of = |layer, source: &str, target: &str, weight| (layer, source.to_owned(), target.to_owned(), weight);
    assert_eq!(links(&file.network), [of(0, "1", "2", 3.0), of(0, "1", "3", 0.5), of(1, "2", "3", 1.0)]);
    assert_eq!(file.notes, ["columns after the weight ignored in 1 row"]);
}

#[test]
fn windows_may_overlap_or_leave_time_out() {
    let rows = "0 1 2\n1 2 3\n2 3 4\n3 4 5\n";
    let overlapping = cut(rows, 2.0, 1.0).network;
    assert_eq!(layer_names(&overlapping), ["[0, 2)", "[1, 3)", "[2, 4)"]);
    let of_layer = |layer| links(&overlapping).iter().filter(|link| link.0 == layer).count();
    assert_eq!([0, 1, 2].map(of_layer), [2, 2, 2]);
    let apart = cut(rows, 1.0, 2.0);
    assert_eq!(layer_names(&apart.network), ["[0, 1)", "[2, 3)"]);
    assert_eq!(apart.notes, ["2 links between the windows ignored"]);
}

/// In binary, 0.3 is less than three times 0.1.
#[test]
fn times_on_a_border_belong_to_the_later_window() {
    let rows = "0 1 2\n0.1 1 2\n0.2 1 2\n0.3 1 2\n0.7 1 2\n";
    assert_eq!(
        layer_names(&cut(rows, 0.1, 0.1).network),
        ["[0, 0.1)", "[0.1, 0.2)", "[0.2, 0.3)", "[0.3, 0.4)", "[0.7, 0.8)"]
    );
    let seconds = "1600000000 1 2\n1600003599 1 2\n1600003600 1 2\n";
    assert_eq!(layer_names(&cut(seconds, 3600.0, 3600.0).network).len(), 2);
}

#[test]
fn text_ids_become_names_in_alphabetical_order() {
    let rows = ["5 carol alice", "1 bob carol", "9 alice bob"];
    let forward = cut(&rows.join("\n"), 5.0, 5.0).network;
    assert_eq!(links(&forward)[0], (0, "alice".to_owned(), "carol".to_owned(), 1.0));
    let backward = cut(&[rows[2], rows[1], rows[0]].join("\n"), 5.0, 5.0).network;
    assert_eq!(forward, backward);
    assert_eq!(states(&forward).physical_nodes.ids.text(0), "1");
}

#[test]
fn errors_fit_on_one_line() {
    for (input, expected) in [
        ("1 2 3\nnoon 2 3\n", "contacts.txt:2: \"noon\" is not a time: expected a finite number (hint: a row is `time"),
        ("inf 2 3\n", "contacts.txt:1: \"inf\" is not a time"),
        ("1,2,3\n", "\"1,2,3\" is not a time: expected a finite number (hint: fields are separated by blanks)"),
        ("1 2\n", "contacts.txt:1: the row ends after \"2\": expected a target"),
        ("1\n", "the row ends after \"1\": expected a source"),
        ("1 2 3\n1 2 x\n", "contacts.txt:2: \"x\" is not a numeric node id"),
        ("1 2 4294967296\n", "\"4294967296\" is too large in a multilayer network"),
        ("1 2 3 -1\n", "\"-1\" is a negative link weight"),
        ("0 1 2\n1e300 1 2\n", "give too many windows: expected fewer than 2^32"),
        ("-1e308 1 2\n1e308 1 2\n", "give too many windows"),
        ("# nothing\n", "no temporal links: expected rows `time source target [weight]`"),
        ("1 2 3 0\n", "no multilayer links"),
    ] {
        let options = ReadOptions { windows: Some(Windows::adjacent(1.0)), ..ReadOptions::default() };
        let error = read_with(input, options).unwrap_err();
        assert!(error.contains(expected), "{input:?}: {error}");
    }
}

fn contacts() -> impl Strategy<Value = Vec<(f64, u32, u32, u32)>> {
    prop::collection::vec(((0..1000u32).prop_map(f64::from), 1..9u32, 1..9u32, 1..4u32), 1..40)
}

proptest! {
    #[test]
    fn one_window_is_the_plain_network_in_a_layer(rows in contacts()) {
        let cut = cut(&text(&rows), 1001.0, 1001.0).network;
        let plain: String = rows.iter().map(|(_, source, target, weight)| format!("{source} {target} {weight}\n")).collect();
        let plain = read_with(&plain, ReadOptions::default()).unwrap().network;
        prop_assert_eq!(cut.links(), plain.links());
        prop_assert_eq!(&states(&cut).physical_nodes.ids, &plain.nodes().ids);
        prop_assert_eq!(layer_names(&cut).len(), 1);
    }

    /// Another unit of time also changes names alone.
    #[test]
    fn a_shift_of_all_times_changes_only_names(
        rows in contacts(), shift in -5000..5000i32, length in 1..400u32, step in 1..400u32,
    ) {
        let (length, step) = (f64::from(length), f64::from(step));
        let moved: Vec<_> = rows.iter().map(|&(time, a, b, weight)| (time + f64::from(shift), a, b, weight)).collect();
        let slower: Vec<_> = rows.iter().map(|&(time, a, b, weight)| (time * 8.0, a, b, weight)).collect();
        let here = cut(&text(&rows), length, step).network;
        for there in [cut(&text(&moved), length, step).network, cut(&text(&slower), 8.0 * length, 8.0 * step).network] {
            prop_assert_eq!(links(&there), links(&here));
        }
    }

    #[test]
    fn adjacent_windows_have_every_link_once(rows in contacts(), length in 1..400u32) {
        let network = cut(&text(&rows), f64::from(length), f64::from(length)).network;
        let all: f64 = links(&network).iter().map(|link| link.3).sum();
        prop_assert_eq!(all, rows.iter().map(|row| f64::from(row.3)).sum::<f64>());
    }
}
