//! From links, stored once, to symmetric couplings without self-links.

use std::ops::Range;

use mapeq_core::{Csr, LinkValues, PerLink, SameForAll, Values};
use rayon::prelude::*;

/// Undirected links, each stored at its smaller end, at both ends; without self-links.
///
/// Reading in the order of the sources writes sorted rows: row `v` receives its smaller neighbours `u < v` while their rows
/// are read, in their order, and then its larger ones when its own row is read. Threads share the rows to be written, and
/// each reads as far as links into its rows can be. O(nodes + links), for the reading on each thread.
pub(crate) fn mirrored(links: &Csr) -> Csr {
    let rows = links.rows();
    let share = rows.div_ceil(rayon::current_num_threads()).max(1);
    let mut offsets = vec![0usize; rows + 1];
    offsets[1..].par_chunks_mut(share).enumerate().for_each(|(part, degrees)| {
        let first = part * share;
        into_rows(links, first..first + degrees.len(), |row, _, _| degrees[row - first] += 1);
    });
    for row in 0..rows {
        offsets[row + 1] += offsets[row];
    }
    let mut targets = vec![0u32; offsets[rows]];
    let mut values = match links.values() {
        LinkValues::Same(_) => Vec::new(),
        LinkValues::Each(_) => vec![0.0; offsets[rows]],
    };
    let mut parts = Vec::new();
    let (mut targets_left, mut values_left) = (&mut targets[..], &mut values[..]);
    for first in (0..rows).step_by(share) {
        let last = rows.min(first + share);
        let len = offsets[last] - offsets[first];
        parts.push((
            first..last,
            targets_left.split_off_mut(..len).expect("one place per link"),
            values_left.split_off_mut(..len.min(values_left.len())).expect("as many values, or none"),
        ));
    }
    parts.into_par_iter().for_each(|(own, targets, values)| {
        let mut cursor = offsets[own.clone()].to_vec();
        let (first, start) = (own.start, offsets[own.start]);
        into_rows(links, own, |row, other, link| {
            let place = cursor[row - first] - start;
            cursor[row - first] += 1;
            targets[place] = other as u32;
            if let LinkValues::Each(weights) = links.values() {
                values[place] = weights[link];
            }
        });
    });
    let values = match links.values() {
        LinkValues::Same(weight) => LinkValues::Same(*weight),
        LinkValues::Each(_) => LinkValues::Each(values.into()),
    };
    Csr::new(offsets.into(), targets.into(), values)
}

/// Calls `found` with the row, the other end and the number of every link with an end in the rows `own`, by the smaller end.
#[inline(always)]
fn into_rows(links: &Csr, own: Range<usize>, mut found: impl FnMut(usize, usize, usize)) {
    for source in 0..own.end {
        for link in links.range(source) {
            let target = links.targets()[link] as usize;
            if own.contains(&target) && target != source {
                found(target, source, link);
            }
            if source >= own.start && target != source {
                found(source, target, link);
            }
        }
    }
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

/// Couplings row by row: `row` appends the neighbours of a node, in any order, and what couples it to each, which is summed where
/// a neighbour comes again; what couples a node to itself is left out. There are at most `most` of them.
///
/// O(most log row), by all threads, without a list of links before.
pub(crate) fn gathered(rows: usize, most: usize, row: impl Fn(usize, &mut Vec<(u32, f64)>) + Sync) -> Csr {
    /// Rows that a thread makes at a time.
    const PART: usize = 1 << 7;
    let part = |first: usize| {
        let (mut ends, mut found, mut one) = (Vec::new(), Vec::new(), Vec::new());
        for node in first..rows.min(first + PART) {
            one.clear();
            row(node, &mut one);
            one.retain(|&(other, flow)| other as usize != node && flow > 0.0);
            // Stable: sums are in the order in which they were found.
            one.sort_by_key(|&(other, _)| other);
            one.dedup_by(|next, sum| {
                let same = next.0 == sum.0;
                if same {
                    sum.1 += next.1;
                }
                same
            });
            found.extend_from_slice(&one);
            ends.push(found.len());
        }
        (ends, found)
    };
    let mut offsets = Vec::with_capacity(rows + 1);
    offsets.push(0);
    // Pages are not resident before they are written, so the unused end costs no memory.
    let (mut targets, mut values) = (Vec::with_capacity(most), Vec::with_capacity(most));
    let round = 4 * PART * rayon::current_num_threads();
    for first in (0..rows).step_by(round) {
        let parts: Vec<usize> = (first..rows.min(first + round)).step_by(PART).collect();
        let parts: Vec<_> = parts.into_par_iter().map(part).collect();
        for (ends, found) in parts {
            offsets.extend(ends.iter().map(|end| targets.len() + end));
            targets.extend(found.iter().map(|coupling| coupling.0));
            values.extend(found.iter().map(|coupling| coupling.1));
        }
    }
    Csr::new(offsets.into(), targets.into(), LinkValues::Each(values.into()))
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
