//! Small networks written as text, such as `1 2; 2 3 0.5`: links with ids from 1 and weights.

use mapeq::FlowNetwork;
use mapeq::flow::{FlowOptions, compute_flow};
use mapeq::io::{ReadOptions, read_network_from};

/// Parses links as source and target, counted from 0, and weight.
pub(crate) fn links(text: &str) -> Vec<(usize, usize, f64)> {
    let link = |line: &str| {
        let numbers: Vec<f64> = line.split(' ').map(|number| number.parse().expect("a number")).collect();
        (numbers[0] as usize - 1, numbers[1] as usize - 1, numbers.get(2).copied().unwrap_or(1.0))
    };
    text.split("; ").map(link).collect()
}

/// Computes the flow of a network, which may have headings.
pub(crate) fn flow(text: &str, read: &ReadOptions, options: &FlowOptions) -> FlowNetwork {
    let file = read_network_from(text.replace("; ", "\n").as_bytes(), "links", read).expect("a network");
    compute_flow(&file.network, options).expect("flow").network
}
