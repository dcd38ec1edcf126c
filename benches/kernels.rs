//! A network for the benchmarks, and the memory accesses of local moving without its computations.

use mapeq::core::{Csr, Values, resolve_values};
use mapeq::flow::{FlowOptions, compute_flow};
use mapeq::{Direction, FlowNetwork, Partition};
use mapeq_tests::{PowerLaw, power_law};

/// Returns the flow of an undirected power-law network, and its planted modules: 10 000 nodes, 100
/// 000 links, 40 percent of them between modules.
pub fn power_law_flow() -> (FlowNetwork, Partition) {
    let mut planted = power_law(&PowerLaw::new(10_000, 20.0, 0.4), 1);
    let network = planted.network(Direction::Undirected);
    let modules = planted.levels.pop().expect("a level");
    (compute_flow(&network, &FlowOptions::default()).expect("flow").network, modules)
}

/// Reads the module of every neighbour of all nodes in `order`, with the prefetching of local
/// moving. Returns the sum of all labels, to keep the compiler from removing the loop.
pub fn gather(couplings: &Csr, modules: &[u32], order: &[u32]) -> u32 {
    let targets = couplings.targets();
    let mut all = 0u32;
    for (place, &row) in order.iter().enumerate() {
        couplings.prefetch(|ahead| order.get(place + ahead).copied());
        for &target in &targets[couplings.range(row as usize)] {
            all = all.wrapping_add(modules[target as usize]);
        }
    }
    all
}

/// Does the reads of [`gather`] and adds up the couplings of each node to each module, as every
/// visit of local moving does. Returns the total number of neighbouring modules.
pub fn gather_and_sum(couplings: &Csr, modules: &[u32], order: &[u32]) -> usize {
    resolve_values!(couplings.values(), values => sum(couplings, values, modules, order))
}

fn sum<V: Values>(couplings: &Csr, values: V, modules: &[u32], order: &[u32]) -> usize {
    let targets = couplings.targets();
    let module_count = modules.iter().max().map_or(0, |&module| module as usize + 1);
    let mut sums = vec![0.0; module_count];
    let mut neighbours = vec![0u32; order.iter().map(|&row| couplings.degree(row as usize)).max().unwrap_or(0) + 1];
    let mut all = 0;
    for (place, &row) in order.iter().enumerate() {
        couplings.prefetch(|ahead| order.get(place + ahead).copied());
        let mut found = 0;
        for link in couplings.range(row as usize) {
            let other = targets[link] as usize;
            let module = modules[other];
            let sum = &mut sums[module as usize];
            neighbours[found] = module;
            found += usize::from(*sum == 0.0);
            *sum += values.at(row as usize, other, link);
        }
        for &module in &neighbours[..found] {
            sums[module as usize] = 0.0;
        }
        all += found;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapeq::core::LinkValues;

    #[test]
    fn the_kernels_visit_every_link() {
        let couplings = Csr::new([0, 2, 4, 6].into(), [1, 2, 0, 2, 0, 1].into(), LinkValues::Same(0.5));
        assert_eq!(gather(&couplings, &[1, 10, 100], &[2, 0, 1]), 222);
        assert_eq!(gather_and_sum(&couplings, &[0, 0, 1], &[2, 0, 1]), 5);
    }
}
