//! Multilayer networks: from links within layers to the links of a walk between states.
//!
//! A state (ℓ, n) is node n in layer ℓ. With the weight w_ℓ(n, m) of the link from n to m in layer
//! ℓ, s_ℓ(n) = Σ_m w_ℓ(n, m). A step to another layer ends at a neighbour there: the walk never
//! visits a node twice only to change the layer. The links between states are
//!
//! - with links between layers of weight W(ℓ → b, n): the links within layers, and (ℓ, n) → (b, m)
//!   of weight W · w_b(n, m) / s_b(n) for every link from n in b;
//! - with relaxation by divergence: see `divergence.rs`;
//! - with relaxation at rate r: (ℓ, n) → (b, m) of weight
//!   [r / S + (1 − r) / s_ℓ(n) · 1(b = ℓ)] · w_b(n, m), which is a probability. S is Σ s_b(n) over
//!   the layers b in reach of ℓ. Most walks are computed without these links: see `relaxation.rs`.
//!
//! Undirected links are walked in both directions. Links between states are always directed.
//!
//! De Domenico, Lancichinetti, Arenas & Rosvall, Physical Review X 2015,
//! doi:10.1103/PhysRevX.5.011027.

mod divergence;
mod intra;
pub(crate) mod relaxation;

use mapeq_core::{Csr, Direction, InterLink, Layers, LinkList, Network, States};

use self::intra::{goes_both_ways, intra_layer_degrees, intra_layer_links, layers_in_reach};
use crate::options::{FlowOptions, Relaxation};
use crate::weights;

/// Minimum weight of a link. Lighter links are left out.
const MIN_WEIGHT: f64 = 1e-16;

/// Returns the expanded network, whose directed links between states have the weights by which the
/// walk chooses between them. Returns `None` if the links of `network` are not links within layers.
///
/// [`compute_flow`](crate::compute_flow) does this by itself. The [`links`](crate::Flow::links) of
/// its result are those of the expanded network.
///
/// # Complexity
/// O(links · layers in reach) in time and memory.
pub fn expand_layers(network: &Network, options: &FlowOptions) -> Option<Network> {
    let relaxation = &options.relaxation;
    let states = network.nodes().states.as_ref()?;
    let layers = states.layers.as_ref()?;
    let inter = layers.inter.as_ref()?;
    let inside = &intra_layer_links(network, options.model);
    let strength = weights::row_sums(inside);
    let list = if inter.is_empty() {
        via_relaxation(inside, &strength, states, layers, relaxation)
    } else {
        via_interlayer_links(inside, &strength, inter, goes_both_ways(options.model))
    };
    let mut nodes = network.nodes().clone();
    if let Some(layers) = nodes.states.as_mut().and_then(|states| states.layers.as_mut()) {
        layers.inter = None;
    }
    Some(Network::new(nodes, list, Direction::Directed))
}

/// Returns an upper bound on the links of [`expand_layers`] without expanding the network, or the
/// links of `network` if it needs no expansion. There are at most two couplings for each of them.
///
/// With relaxation to self, it counts links within layers and pairs of copies in reach.
///
/// O(links + states · layers in reach).
pub fn count_expanded_links(network: &Network, options: &FlowOptions) -> usize {
    let links = network.links();
    let states = network.nodes().states.as_deref();
    let apart = states.and_then(|states| Some((states, states.layers.as_ref()?)));
    let Some((states, layers, inter)) = apart.and_then(|(states, own)| Some((states, own, own.inter.as_deref()?)))
    else {
        return links.links();
    };
    let both_ways = goes_both_ways(options.model);
    let degree = intra_layer_degrees(links, options.model);
    let inside: usize = degree.iter().sum();
    if !inter.is_empty() {
        let switched =
            |link: &InterLink| degree[link.target as usize] + if both_ways { degree[link.source as usize] } else { 0 };
        return inside + inter.iter().map(switched).sum::<usize>();
    }
    let by_node = states.by_node_and_layer();
    let mut walked = if options.relaxation.to_self { inside } else { 0 };
    for copies in by_node.chunk_by(|&a, &b| states.physical[a as usize] == states.physical[b as usize]) {
        let links = |&other: &u32| if options.relaxation.to_self { 1 } else { degree[other as usize] };
        // Running sums over copies, so that the sum over layers in reach is a difference.
        let before: Vec<usize> = std::iter::once(0)
            .chain(copies.iter().map(links).scan(0, |sum, links| {
                *sum += links;
                Some(*sum)
            }))
            .collect();
        for own in 0..copies.len() {
            let id = |state: u32| layers.id_of(state);
            let reached = layers_in_reach(copies, own, |other| options.relaxation.reaches(id(copies[own]), id(other)));
            walked += before[reached.end] - before[reached.start];
        }
    }
    walked
}

/// Returns the links of a walk that follows links between layers.
fn via_interlayer_links(inside: &Csr, strength: &[f64], inter: &[InterLink], both_ways: bool) -> LinkList {
    let mut list = LinkList::default();
    let mut push = |source: u32, target: usize, weight: f64| {
        if weight >= MIN_WEIGHT {
            list.push(source, target as u32, weight);
        }
    };
    inside.iter().for_each(|(source, target, weight)| push(source as u32, target, weight));
    for &InterLink { source, target, weight } in inter {
        let ways = [(source, target), (target, source)];
        for &(from, to) in &ways[..1 + usize::from(both_ways)] {
            for (next, own) in inside.row(to as usize) {
                push(from, next, weight * own / strength[to as usize]);
            }
        }
    }
    list
}

/// Returns the links of a walk that relaxes.
fn via_relaxation(
    inside: &Csr,
    strength: &[f64],
    states: &States,
    layers: &Layers,
    relaxation: &Relaxation,
) -> LinkList {
    let by_node = states.by_node_and_layer();
    let id = |state: u32| layers.id_of(state);
    let mut list = LinkList::default();
    for copies in by_node.chunk_by(|&a, &b| states.physical[a as usize] == states.physical[b as usize]) {
        if let Some(units) = relaxation.by_divergence {
            divergence::push_links(inside, strength, states, copies, &id, (relaxation, units), &mut list);
            continue;
        }
        for (own, &state) in copies.iter().enumerate() {
            let reached = &copies[layers_in_reach(copies, own, |other| relaxation.reaches(id(state), id(other)))];
            let all: f64 = reached.iter().map(|&other| strength[other as usize]).sum();
            if all <= 0.0 {
                continue;
            }
            for &other in reached {
                let mut share = relaxation.rate / all;
                if other == state && strength[state as usize] > 0.0 {
                    share += (1.0 - relaxation.rate) / strength[state as usize];
                }
                for (next, weight) in inside.row(other as usize) {
                    if share * weight >= MIN_WEIGHT {
                        list.push(state, next as u32, share * weight);
                    }
                }
            }
        }
    }
    list
}
