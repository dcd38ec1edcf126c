//! Sums of link weights.

use mapeq_core::{Csr, LinkValues};

/// Sum of the weights in every row.
pub(crate) fn row_sums(links: &Csr) -> Vec<f64> {
    let rows = 0..links.rows();
    match links.values() {
        LinkValues::Same(weight) => rows.map(|row| weight * links.degree(row) as f64).collect(),
        LinkValues::Each(weights) => rows.map(|row| weights[links.range(row)].iter().sum()).collect(),
    }
}

/// Weight of every node's self-link; `None` if there is no self-link. O(nodes · log degree).
pub(crate) fn self_links(links: &Csr) -> Option<Vec<f64>> {
    let mut weights = None;
    for node in 0..links.rows() {
        let range = links.range(node);
        let start = range.start;
        if let Ok(place) = links.targets()[range].binary_search(&(node as u32)) {
            weights.get_or_insert_with(|| vec![0.0; links.rows()])[node] = links.values().at(start + place);
        }
    }
    weights
}
