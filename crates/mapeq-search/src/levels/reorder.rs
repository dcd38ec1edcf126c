//! A network with its nodes in another order.

use mapeq_core::{
    Couplings, Csr, EndpointRates, FlowNetwork, LinkDirections, LinkValues, NodeFlows, Teleportation, prefetch,
};
use rayon::prelude::*;

/// Number of rows in a portion, which one task copies.
const PORTION: usize = 1 << 14;

/// Number of rows by which rows are prefetched.
const ROWS_AHEAD: usize = 4;

/// Returns `network` with its nodes in another order: `order[place]` is the node at `place`.
///
/// Copies one array of the couplings at a time. O(nodes + links).
pub fn reordered(network: FlowNetwork, order: &[u32]) -> FlowNetwork {
    let FlowNetwork { couplings, nodes, .. } = network;
    let by_place = |by_node: &[f64]| order.iter().map(|&node| by_node[node as usize]).collect();
    let nodes = NodeFlows {
        flow: by_place(&nodes.flow),
        exit: by_place(&nodes.exit),
        enter: nodes.enter.as_deref().map(by_place),
        stay: nodes.stay.as_deref().map(by_place),
        teleportation: nodes
            .teleportation
            .as_ref()
            .map(|teleport| Teleportation { source: by_place(&teleport.source), target: by_place(&teleport.target) }),
        number: Some(match &nodes.number {
            None => order.into(),
            Some(number) => order.iter().map(|&node| number[node as usize]).collect(),
        }),
    };
    let mut place_of = vec![0; order.len()];
    for (place, &node) in order.iter().enumerate() {
        place_of[node as usize] = place as u32;
    }
    let (listed, factored) = couplings.into_parts();
    let factored = factored.map(|factored| factored.restrict(order, &place_of));
    FlowNetwork { couplings: Couplings::new(reordered_rows(listed, order, place_of), factored), nodes, ..network }
}

/// Returns the rows in another order, with targets numbered by place. The order inside each row
/// stays.
fn reordered_rows(rows: Csr, order: &[u32], place_of: Vec<u32>) -> Csr {
    let (offsets, targets, values) = rows.into_parts();
    let mut end = 0;
    let mut new_offsets = Vec::with_capacity(offsets.len());
    new_offsets.push(0);
    new_offsets.extend(order.iter().map(|&row| {
        end += offsets[row as usize + 1] - offsets[row as usize];
        end
    }));
    let copy = Copying { offsets: &offsets, new_offsets: &new_offsets, order };
    let mut new_targets = vec![0; targets.len()];
    copy.each(&targets, &mut new_targets, |target| place_of[target as usize]);
    drop((targets, place_of));
    let values = match values {
        LinkValues::Same(value) => LinkValues::Same(value),
        LinkValues::Each(values) => {
            let mut new_values = vec![0.0; values.len()];
            copy.each(&values, &mut new_values, |value| value);
            LinkValues::Each(new_values.into())
        }
        LinkValues::ByEndpoint(ends) => {
            let (rate, ways) = ends.into_parts();
            let rate = order.iter().map(|&row| rate[row as usize]).collect();
            let mut new_ways = LinkDirections::with_capacity(end);
            for &row in order {
                (offsets[row as usize]..offsets[row as usize + 1]).for_each(|link| new_ways.push(ways.of(link)));
            }
            LinkValues::ByEndpoint(EndpointRates::new(rate, new_ways))
        }
    };
    Csr::new(new_offsets.into(), new_targets.into(), values)
}

/// Old and new places of rows.
struct Copying<'a> {
    offsets: &'a [usize],
    new_offsets: &'a [usize],
    order: &'a [u32],
}

impl Copying<'_> {
    /// Copies one array of link data, with `change` applied to each entry.
    fn each<T: Copy + Send + Sync>(&self, old: &[T], new: &mut [T], change: impl Fn(T) -> T + Sync) {
        let mut left = new;
        let mut portions = Vec::new();
        for (portion, rows) in self.order.chunks(PORTION).enumerate() {
            let first = portion * PORTION;
            let len = self.new_offsets[first + rows.len()] - self.new_offsets[first];
            portions.push((rows, left.split_off_mut(..len).expect("one place per link")));
        }
        portions.into_par_iter().for_each(|(rows, new)| {
            let mut start = 0;
            for (place, &row) in rows.iter().enumerate() {
                if let Some(&ahead) = rows.get(place + ROWS_AHEAD) {
                    prefetch(old, self.offsets[ahead as usize]);
                }
                let row = &old[self.offsets[row as usize]..self.offsets[row as usize + 1]];
                for (new, &old) in new[start..].iter_mut().zip(row) {
                    *new = change(old);
                }
                start += row.len();
            }
        });
    }
}
