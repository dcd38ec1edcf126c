//! From links, stored once, to symmetric couplings without self-links.

use mapeq_core::{Csr, LinkValues, PerLink, SameForAll, Values};

/// Couplings of undirected links, each stored at its smaller end: `scale` times the weight, at both ends.
///
/// One pass in the order of the sources writes sorted rows: row `v` receives its smaller neighbours `u < v`
/// while their rows are read, in their order, and then its larger ones when its own row is read.
pub(crate) fn mirrored(links: &Csr, scale: f64) -> Csr {
    let rows = links.rows();
    let mut offsets = vec![0usize; rows + 1];
    for source in 0..rows {
        for &target in &links.targets()[links.range(source)] {
            if target as usize != source {
                offsets[source + 1] += 1;
                offsets[target as usize + 1] += 1;
            }
        }
    }
    for row in 0..rows {
        offsets[row + 1] += offsets[row];
    }
    let mut cursor = offsets[..rows].to_vec();
    let mut targets = vec![0u32; offsets[rows]];
    let mut place = |row: usize, target: usize| {
        let place = cursor[row];
        cursor[row] += 1;
        targets[place] = target as u32;
        place
    };
    let values = match links.values() {
        LinkValues::Same(weight) => {
            for (source, target, _) in links.iter().filter(|(source, target, _)| source != target) {
                place(source, target);
                place(target, source);
            }
            LinkValues::Same(scale * weight)
        }
        LinkValues::Each(_) => {
            let mut values = vec![0.0; offsets[rows]];
            for (source, target, weight) in links.iter().filter(|(source, target, _)| source != target) {
                values[place(source, target)] = scale * weight;
                values[place(target, source)] = scale * weight;
            }
            LinkValues::Each(values.into())
        }
    };
    Csr::new(offsets.into(), targets.into(), values)
}

/// Couplings of directed links: the flow of a link and of its opposite added, at both ends. A link from `u` of
/// weight `w` carries the flow `rate[u] · w`; `incoming` is `links` transposed.
pub(crate) fn merged(links: &Csr, incoming: &Csr, rate: &[f64]) -> Csr {
    match (links.values(), incoming.values()) {
        (LinkValues::Each(weights), LinkValues::Each(incoming_weights)) => {
            merge_rows(links, PerLink(weights), incoming, PerLink(incoming_weights), rate)
        }
        (weight, _) => {
            let weight = SameForAll(weight.at(0));
            merge_rows(links, weight, incoming, weight, rate)
        }
    }
}

/// Merges each row of out-links with the row of in-links of the same node, both sorted.
fn merge_rows<V: Values>(links: &Csr, weights: V, incoming: &Csr, incoming_weights: V, rate: &[f64]) -> Csr {
    const NONE: u32 = u32::MAX;
    let rows = links.rows();
    let mut offsets = Vec::with_capacity(rows + 1);
    offsets.push(0);
    // Zeroed pages are not resident before they are written, so the unused end costs no memory.
    let mut targets = vec![0u32; 2 * links.links()];
    let mut values = vec![0.0; 2 * links.links()];
    let mut end = 0;
    for row in 0..rows {
        let (mut out, mut into) = (links.range(row), incoming.range(row));
        while !(out.is_empty() && into.is_empty()) {
            let target = if out.is_empty() { NONE } else { links.targets()[out.start] };
            let source = if into.is_empty() { NONE } else { incoming.targets()[into.start] };
            let neighbour = target.min(source);
            let mut flow = 0.0;
            if target == neighbour {
                flow += rate[row] * weights.at(out.start);
                out.start += 1;
            }
            if source == neighbour {
                flow += rate[source as usize] * incoming_weights.at(into.start);
                into.start += 1;
            }
            targets[end] = neighbour;
            values[end] = flow;
            end += usize::from(neighbour as usize != row);
        }
        offsets.push(end);
    }
    targets.truncate(end);
    values.truncate(end);
    Csr::new(offsets.into(), targets.into(), LinkValues::Each(values.into()))
}
