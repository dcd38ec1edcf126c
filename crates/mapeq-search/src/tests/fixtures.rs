//! Networks and an objective for the tests.

use mapeq_core::{
    AdditiveObjective, Couplings, Csr, FactoredCouplings, FlowNetwork, LinkValues, NodeFlow, NodeFlows, Span,
};

use crate::random::{Random, below};

pub(crate) const TOLERANCE: f64 = 1e-10;

/// Modularity, as a user would implement it.
pub(crate) struct Modularity;

impl AdditiveObjective for Modularity {
    type Module = (f64, f64);
    type Shared = f64;

    fn node(&self, node: &NodeFlow) -> (f64, f64) {
        (node.flow, node.exit)
    }

    fn insert(&self, module: &(f64, f64), unit: &(f64, f64), coupling: f64) -> (f64, f64) {
        (module.0 + unit.0, module.1 + unit.1 - coupling)
    }

    fn remove(&self, module: &(f64, f64), unit: &(f64, f64), coupling: f64) -> (f64, f64) {
        (module.0 - unit.0, module.1 - unit.1 + coupling)
    }

    fn term(&self, module: &(f64, f64)) -> f64 {
        module.1 - module.0 + module.0 * module.0
    }

    fn shared(&self, _module: &(f64, f64)) -> f64 {
        0.0
    }

    fn shared_term(&self, _total: f64) -> f64 {
        0.0
    }
}

/// Returns groups of twenty nodes, with more links inside than between them. Nodes of a group are
/// far apart in memory.
pub(crate) fn network(nodes: usize, random: &mut Random) -> FlowNetwork {
    let groups = nodes / 20;
    let mut rows = vec![Vec::new(); nodes];
    for node in 0..nodes {
        for link in 0..6 {
            let other = if link < 4 { node % groups + groups * below(random, 20) } else { below(random, nodes) };
            if other != node && !rows[node].contains(&(other as u32)) {
                rows[node].push(other as u32);
                rows[other].push(node as u32);
            }
        }
    }
    let total: usize = rows.iter().map(Vec::len).sum();
    let flow: Box<[f64]> = rows.iter().map(|row| row.len() as f64 / total as f64).collect();
    let mut offsets = vec![0];
    offsets.extend(rows.iter().scan(0, |end, row| {
        *end += row.len();
        Some(*end)
    }));
    let couplings = Csr::new(offsets.into(), rows.concat().into(), LinkValues::Same(2.0 / total as f64));
    FlowNetwork::new(couplings, NodeFlows { exit: flow.clone(), flow, ..NodeFlows::default() })
}

/// Returns the result of `work`, which must be equal at any number of threads.
pub(crate) fn at_any_number_of_threads<T: PartialEq + std::fmt::Debug + Send>(work: impl Fn() -> T + Sync) -> T {
    let [one, two, seven] = [1, 2, 7].map(|threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool").install(&work)
    });
    assert_eq!(one, two, "1 and 2 threads");
    assert_eq!(one, seven, "1 and 7 threads");
    one
}

/// Returns strongly coupled pairs of units. Other couplings are equal, except that the first four
/// pairs gain by joining in twos.
pub(crate) fn pairs(pairs: usize) -> FlowNetwork {
    let units = 2 * pairs;
    let weight = |a: usize, b: usize| match (a / 2 == b / 2, a / 4 == b / 4 && a.max(b) < 8) {
        (true, _) => 20.0,
        (false, true) => 3.0,
        (false, false) => 1.0,
    };
    let others = |unit: usize| (0..units).filter(move |&other| other != unit);
    let strength: Vec<f64> = (0..units).map(|unit| others(unit).map(|other| weight(unit, other)).sum()).collect();
    let total: f64 = strength.iter().sum();
    let flow: Box<[f64]> = strength.iter().map(|strength| strength / total).collect();
    let links = || (0..units).flat_map(|unit| others(unit).map(move |other| (unit, other)));
    let targets = links().map(|(_, other)| other as u32).collect();
    let values = links().map(|(unit, other)| 2.0 * weight(unit, other) / total).collect();
    let offsets = (0..=units).map(|unit| unit * (units - 1)).collect();
    let couplings = Csr::new(offsets, targets, LinkValues::Each(values));
    FlowNetwork::new(couplings, NodeFlows { exit: flow.clone(), flow, ..NodeFlows::default() })
}

/// Returns states of nodes in ten layers: with factored couplings between layers, and with all
/// couplings listed.
///
/// Each state has listed couplings to some states in its layer, and factored couplings to those in
/// all others.
pub(crate) fn layers(nodes: usize, random: &mut Random) -> [FlowNetwork; 2] {
    let layers = 10;
    let states = nodes * layers;
    let mut node: Vec<u32> = (0..states as u32).collect();
    crate::random::shuffle(&mut node, random);
    let mut links = vec![Vec::new(); states];
    for (place, row) in links.iter_mut().enumerate() {
        let (own, layer) = (place / layers, place % layers);
        for far in [1, 2, 5] {
            let other = own / 10 * 10 + (own + far) % 10;
            let other = if below(random, 5) > 0 { other } else { below(random, nodes) };
            row.push(node[other * layers + layer]);
        }
        row.sort_unstable();
        row.dedup();
        row.retain(|&other| other != node[place]);
    }
    let csr = |rows: &[Vec<(u32, f64)>]| {
        let mut offsets = vec![0];
        offsets.extend(rows.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        }));
        let (targets, values): (Vec<u32>, Vec<f64>) = rows.concat().into_iter().unzip();
        Csr::new(offsets.into(), targets.into(), LinkValues::Each(values.into()))
    };
    let out = csr(&links.iter().map(|row| row.iter().map(|&other| (other, 1.0)).collect()).collect::<Vec<_>>());
    let rate = (0..states).map(|_| 1e-6 * (1 + below(random, 9)) as f64).collect();
    let reach = (0..states).map(|place| place / layers * layers).map(|first| Span::from(first..first + layers));
    let factored = FactoredCouplings::new(node.clone().into(), rate, reach.collect(), out);
    let mut rows = vec![std::collections::BTreeMap::new(); states];
    for (place, row) in links.iter().enumerate() {
        for &other in row {
            let own = node[place];
            *rows[own as usize].entry(other).or_insert(0.0) += 1e-4;
            *rows[other as usize].entry(own).or_insert(0.0) += 1e-4;
        }
    }
    let listed: Vec<Vec<(u32, f64)>> = rows.iter().map(|row| row.clone().into_iter().collect()).collect();
    for (own, row) in rows.iter_mut().enumerate() {
        factored.row(own).for_each(|(other, coupling)| *row.entry(other as u32).or_insert(0.0) += coupling);
    }
    let all: Vec<Vec<(u32, f64)>> = rows.iter().map(|row| row.clone().into_iter().collect()).collect();
    let flow: Box<[f64]> = all.iter().map(|row| row.iter().map(|coupling| coupling.1).sum::<f64>() / 2.0).collect();
    [Couplings::new(csr(&listed), Some(factored)), csr(&all).into()].map(|couplings| {
        FlowNetwork::new(couplings, NodeFlows { exit: flow.clone(), flow: flow.clone(), ..NodeFlows::default() })
    })
}
