//! Symmetric couplings without self-links, from links that are stored once.

use std::ops::Range;

use mapeq_core::{Csr, Direction, EndpointRates, LinkDirections, LinkList, LinkValues, Network, NodeIds, NodeTable};
use rayon::prelude::*;

/// Returns the couplings of undirected links, which are stored at their smaller end: each link at
/// both ends, without self-links.
///
/// Links are read in the order of their sources, which writes sorted rows: row `v` receives its
/// smaller neighbours in order while their rows are read, and then its larger ones from its own
/// row. Threads divide the rows to be written, and each reads all rows that may hold links into its
/// own. O(nodes + links) on each thread.
pub(crate) fn from_undirected(links: &Csr) -> Csr {
    let rows = links.rows();
    let share = rows.div_ceil(rayon::current_num_threads()).max(1);
    let mut offsets = vec![0usize; rows + 1];
    offsets[1..].par_chunks_mut(share).enumerate().for_each(|(part, degrees)| {
        let first = part * share;
        for_each_end(links, first..first + degrees.len(), |row, _, _| degrees[row - first] += 1);
    });
    for row in 0..rows {
        offsets[row + 1] += offsets[row];
    }
    let mut targets = vec![0u32; offsets[rows]];
    let mut values = match links.values() {
        LinkValues::Same(_) => Vec::new(),
        _ => vec![0.0; offsets[rows]],
    };
    let mut parts = Vec::new();
    let (mut targets_left, mut values_left) = (&mut targets[..], &mut values[..]);
    for first in (0..rows).step_by(share) {
        let last = rows.min(first + share);
        let len = offsets[last] - offsets[first];
        parts.push((
            first..last,
            targets_left.split_off_mut(..len).expect("one target per link"),
            values_left.split_off_mut(..len.min(values_left.len())).expect("as many values, or none"),
        ));
    }
    parts.into_par_iter().for_each(|(own, targets, values)| {
        let mut cursor = offsets[own.clone()].to_vec();
        let (first, start) = (own.start, offsets[own.start]);
        for_each_end(links, own, |row, other, link| {
            let index = cursor[row - first] - start;
            cursor[row - first] += 1;
            targets[index] = other as u32;
            if let Some(value) = values.get_mut(index) {
                *value = links.values().at(row, other, link);
            }
        });
    });
    let values = match links.values() {
        LinkValues::Same(weight) => LinkValues::Same(*weight),
        _ => LinkValues::Each(values.into()),
    };
    Csr::new(offsets.into(), targets.into(), values)
}

/// Returns all links and their opposites. Self-links are included once. O(links log links).
pub(crate) fn with_reversed(network: &Network) -> Csr {
    let mut list = LinkList::default();
    for (source, target, weight) in network.links().iter() {
        list.push(source as u32, target as u32, weight);
        if source != target {
            list.push(target as u32, source as u32, weight);
        }
    }
    let nodes = NodeTable::new(NodeIds::Consecutive { first: 0, len: network.nodes().len() });
    Network::new(nodes, list, Direction::Directed).into_parts().1
}

/// Calls `found` for every end in the rows `own` of a link, by the smaller end of the link, with
/// the row, the other end and the number of the link.
#[inline(always)]
fn for_each_end(links: &Csr, own: Range<usize>, mut found: impl FnMut(usize, usize, usize)) {
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

/// Returns the couplings of directed links: the sum of the flow of a link and of its opposite, at
/// both ends. O(nodes + links).
///
/// A link from `u` of weight `w` carries the flow `rate[u] · w`. `incoming` is `links` transposed.
pub(crate) fn from_directed(links: &Csr, incoming: &Csr, rate: &[f64]) -> Csr {
    match links.values() {
        LinkValues::Same(weight) => {
            let mut ways = LinkDirections::with_capacity(2 * links.links());
            let (offsets, targets) = merge_rows(links, incoming, |_, _, out, into| {
                ways.push(
                    if out.is_some() { LinkDirections::OUT } else { 0 }
                        | if into.is_some() { LinkDirections::IN } else { 0 },
                );
            });
            let rate = rate.iter().map(|rate| rate * weight).collect();
            Csr::new(offsets, targets, LinkValues::ByEndpoint(EndpointRates::new(rate, ways)))
        }
        _ => {
            // Memory is resident only after it is written, so the unused end costs none.
            let mut values = Vec::with_capacity(2 * links.links());
            let (offsets, targets) = merge_rows(links, incoming, |row, other, out, into| {
                let sent = out.map_or(0.0, |link| rate[row] * links.values().at(row, other, link));
                let received = into.map_or(0.0, |link| rate[other] * incoming.values().at(row, other, link));
                values.push(sent + received);
            });
            Csr::new(offsets, targets, LinkValues::Each(values.into()))
        }
    }
}

/// Returns couplings that are computed row by row. `row` appends the neighbours of a node, in any
/// order, with the coupling to each.
///
/// Repeated neighbours are summed, and self-couplings are left out. `capacity` is an upper bound on
/// the number of couplings. O(capacity · log row) on all threads, without an intermediate list of
/// links.
pub(crate) fn from_rows(rows: usize, capacity: usize, row: impl Fn(usize, &mut Vec<(u32, f64)>) + Sync) -> Csr {
    /// Rows that a thread computes at a time.
    const PART: usize = 1 << 7;
    let part = |first: usize| {
        let (mut ends, mut found, mut one) = (Vec::new(), Vec::new(), Vec::new());
        for node in first..rows.min(first + PART) {
            one.clear();
            row(node, &mut one);
            one.retain(|&(other, flow)| other as usize != node && flow > 0.0);
            // The sort is stable, so sums do not depend on the number of threads.
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
    // Memory is resident only after it is written, so the unused end costs none.
    let (mut targets, mut values) = (Vec::with_capacity(capacity), Vec::with_capacity(capacity));
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

/// Merges each row of out-links with the row of in-links of the same node, both sorted. Returns the
/// offsets and targets of the merged rows.
///
/// Calls `visit` with the row, the other end, and the numbers of the link and of its opposite, at
/// least one of which exists.
fn merge_rows(
    links: &Csr,
    incoming: &Csr,
    mut visit: impl FnMut(usize, usize, Option<usize>, Option<usize>),
) -> (Box<[usize]>, Box<[u32]>) {
    const NONE: u32 = u32::MAX;
    let rows = links.rows();
    let mut offsets = Vec::with_capacity(rows + 1);
    offsets.push(0);
    let mut targets = Vec::with_capacity(2 * links.links());
    for row in 0..rows {
        let (mut out, mut into) = (links.range(row), incoming.range(row));
        while !(out.is_empty() && into.is_empty()) {
            let target = if out.is_empty() { NONE } else { links.targets()[out.start] };
            let source = if into.is_empty() { NONE } else { incoming.targets()[into.start] };
            let other = target.min(source);
            let out_link = if target == other { out.next() } else { None };
            let in_link = if source == other { into.next() } else { None };
            if other as usize != row {
                targets.push(other);
                visit(row, other as usize, out_link, in_link);
            }
        }
        offsets.push(targets.len());
    }
    (offsets.into(), targets.into())
}
