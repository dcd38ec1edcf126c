//! Walks that relax at a rate, without the links that they take.
//!
//! The links of `layers/mod.rs` are so many times those in layers as there are layers in reach, but they say the same thing again and
//! again. Of the visits π_i to state i, the part 1 − r goes on by its own links, of weight s_i, and the part r pours into a
//! pool that all links out of the states in reach drain, of weight S_i. So a link of weight w out of state u carries a_u · w,
//!
//! > a_u = (1 − r) π_u / s_u + Σ r π_i / S_i over the states i that reach u,
//!
//! wherever its flow comes from, and a sweep over all visits takes O(links in layers). Where reach is not limited, there is one pool
//! for all states of a node.
//!
//! What couples states is written row by row from π, each row once, without a list of links before; or is not written at all where it
//! would be much more than the links in layers, and told by these pools.
//!
//! # To itself
//! A walk that relaxes *to self* changes the layer first, by a link from (ℓ, n) to (b, n) of weight r · s_b / S, and takes a step from
//! there at once. Visits are the same; but what enters and leaves modules counts both halves of such a step. That is the same
//! number wherever (b, n) is in the module of its neighbours in b, and more elsewhere; couplings are O(links in layers + pairs of
//! states in reach).

use std::ops::Range;

use mapeq_core::{
    Couplings, Csr, Degrees, FactoredCouplings, LinkValues, Network, NodeFlows, Span, Teleportation, Values,
    resolve_values,
};

use super::intra::{intra_layer_degrees, intra_layer_links, layers_in_reach};
use crate::couplings;
use crate::error::FlowError;
use crate::iteration::{Outcome, Stop, Sweep, iterate};
use crate::link_flow::LinkRate;
use crate::model::FlowModel;
use crate::model_flow::ModelFlow;
use crate::options::{FlowOptions, TeleportationOptions};
use crate::report::FlowReport;
use crate::teleportation;
use crate::weights;

/// What couples states is not listed where that would be more than so many couplings,
const WAYS_FOR_POOLS: usize = 1 << 18;
/// … and more than so many times the links in layers.
const TIMES_FOR_POOLS: usize = 6;

/// Links in layers, and how states relax.
struct RelaxedWalk {
    /// How much of the flow relaxes.
    rate: f64,
    inside: Csr,
    incoming: Csr,
    /// Weight of the links out of each state.
    strength: Vec<f64>,
    /// Probability of a step by a link of unit weight of the state's own.
    own: Vec<f64>,
    /// The same of a link of any state in reach, by relaxing.
    pour: Vec<f64>,
    /// Weight of all that: 1, the relax rate for states without links of their own, 0 for dangling ones.
    leave: Vec<f64>,
    /// States by node, and by layer for each.
    order: Vec<u32>,
    /// What each state reaches, and from where it is reached, as places in `order`.
    reach: Vec<Span>,
    reached: Vec<Span>,
    /// The pool that drains by the links of each state: the place of the state itself, or one for all states of a node.
    pool: Vec<u32>,
    unlimited: bool,
}

/// Whether pools are to tell what couples states in so many ways, with so many links in layers, at this relax rate.
fn factoring_pays(rate: f64, ways: usize, inside: usize) -> bool {
    rate > 0.0 && ways > WAYS_FOR_POOLS.max(TIMES_FOR_POOLS * inside)
}

/// How many links in layers are walked, where pools tell what couples states along all that are `walked` ([`count_expanded_links`](crate::count_expanded_links)) instead of a
/// list: then couplings take memory for those in layers alone. O(links).
pub fn count_factored_links(network: &Network, options: &FlowOptions, walked: usize) -> Option<usize> {
    if !is_applicable(network, options) || options.relaxation.to_self {
        return None;
    }
    let inside = intra_layer_degrees(network.links(), options.model).iter().sum();
    factoring_pays(options.relaxation.rate, 2 * walked, inside).then_some(inside)
}

/// Whether these options are about a walk that relaxes, by what is known here.
pub(crate) fn is_applicable(network: &Network, options: &FlowOptions) -> bool {
    let relaxes = network.nodes().states.as_ref().and_then(|states| states.layers.as_ref());
    relaxes.is_some_and(|layers| layers.inter.as_ref().is_some_and(|inter| inter.is_empty()))
        && options.model.between_layers() == FlowModel::Directed
        && options.relaxation.by_divergence.is_none()
        && options.regularization.is_none()
        && options.markov_time.variable.is_none()
        && !options.node_weights_as_flow
        && options.teleportation.probability > 0.0
        && network.links().links() > 0
}

/// The flow, and sums over the links that the walk takes.
pub(crate) fn flow(network: &Network, options: &FlowOptions) -> Result<(ModelFlow, Degrees), FlowError> {
    let walk = RelaxedWalk::new(network, options);
    let TeleportationOptions { probability, recorded, .. } = options.teleportation;
    weights::positive(walk.leave.iter().sum())?;
    let into = || walk.inflows(&walk.leave);
    let target = teleportation::targets(network, walk.leave.len(), options.teleportation, into, || walk.leave.clone())?;
    let (visits, outcome) = walk.visits(&target, probability, options.stop());
    let mut report = FlowReport::iterated(outcome, options.tolerance)?;
    report.note_dangling(&walk.leave);

    let live = visits.iter().zip(&walk.leave).filter(|(_, leave)| **leave > 0.0).map(|(visits, _)| visits);
    let factor = match recorded {
        true => 1.0 - probability,
        false => weights::positive(live.sum())?.recip(),
    };
    let carried =
        visits.iter().zip(&walk.leave).map(|(visits, &leave)| if leave > 0.0 { factor * visits } else { 0.0 });
    let carried: Vec<f64> = carried.collect();
    let to_self = options.relaxation.to_self;
    let Boundary { into, exit, enter, stay } = walk.boundary(&carried, to_self);
    let nodes = if recorded {
        let source = teleportation::sources(&visits, &walk.leave, probability);
        let teleportation = Some(Teleportation { source, target: target.into() });
        NodeFlows { flow: visits.into(), exit, stay, teleportation, ..NodeFlows::default() }
    } else {
        NodeFlows { flow: into.into(), exit, enter: Some(enter), stay, ..NodeFlows::default() }
    };
    let couplings = if to_self { walk.couplings_to_self(&carried).into() } else { walk.couplings(&carried) };
    let degrees = walk.degrees();
    let per_weight = carried.iter().zip(&walk.leave);
    let rate = per_weight.map(|(carried, &leave)| if leave > 0.0 { carried / leave } else { 0.0 }).collect();
    Ok((ModelFlow { couplings, nodes, rate: LinkRate::FromSource(rate), report }, degrees))
}

/// What moves into each state by a link, and what enters, leaves and stays there.
struct Boundary {
    into: Vec<f64>,
    exit: Box<[f64]>,
    enter: Box<[f64]>,
    stay: Option<Box<[f64]>>,
}

impl RelaxedWalk {
    fn new(network: &Network, options: &FlowOptions) -> Self {
        let states = network.nodes().states.as_deref().expect("states");
        let layers = states.layers.as_ref().expect("layers");
        let relaxation = &options.relaxation;
        let rate = relaxation.rate;
        let inside = intra_layer_links(network, options.model);
        let strength = weights::row_sums(&inside);
        let len = strength.len();
        let order = states.by_node_and_layer();
        let (mut reach, mut reached) = (vec![Span::default(); len], vec![Span::default(); len]);
        let (mut own, mut pour, mut leave, mut pool) = (vec![0.0; len], vec![0.0; len], vec![0.0; len], vec![0; len]);
        let unlimited = relaxation.is_unlimited();
        let mut first = 0;
        for copies in order.chunk_by(|&a, &b| states.physical[a as usize] == states.physical[b as usize]) {
            let places = first..first + copies.len();
            first = places.end;
            let sum = |states: &[u32]| -> f64 { states.iter().map(|&other| strength[other as usize]).sum() };
            let of_node = sum(copies);
            for (own_place, &own_state) in copies.iter().enumerate() {
                let (place, state) = (places.start + own_place, own_state as usize);
                let all = if unlimited {
                    (reach[state], reached[state]) = (places.clone().into(), places.clone().into());
                    of_node
                } else {
                    let id = |state: u32| layers.id_of(state);
                    let from = layers_in_reach(copies, own_place, |other| relaxation.reaches(id(own_state), id(other)));
                    let to = layers_in_reach(copies, own_place, |other| relaxation.reaches(id(other), id(own_state)));
                    let places_of = |own: &Range<usize>| Span::from(places.start + own.start..places.start + own.end);
                    (reach[state], reached[state]) = (places_of(&from), places_of(&to));
                    sum(&copies[from])
                };
                pool[state] = if unlimited { places.start } else { place } as u32;
                if all <= 0.0 {
                    continue;
                }
                leave[state] = if strength[state] > 0.0 { 1.0 } else { rate };
                if leave[state] > 0.0 {
                    pour[state] = rate / all / leave[state];
                    own[state] = if strength[state] > 0.0 { (1.0 - rate) / strength[state] } else { 0.0 };
                }
            }
        }
        let incoming = inside.transposed();
        Self { rate, inside, incoming, strength, own, pour, leave, order, reach, reached, pool, unlimited }
    }

    /// Lets `flow` out of a state into its pools.
    #[inline]
    fn pour_into(&self, pools: &mut [f64], state: usize, flow: f64) {
        let poured = self.pour[state] * flow;
        if self.unlimited {
            pools[self.pool[state] as usize] += poured;
        } else {
            pools[self.reach[state].range()].iter_mut().for_each(|pool| *pool += poured);
        }
    }

    /// Flow per unit of weight, of steps from every state that carry `flow`: by their own links, and from the pools.
    fn rates(&self, flow: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut pools = vec![0.0; flow.len()];
        (0..flow.len()).for_each(|state| self.pour_into(&mut pools, state, flow[state]));
        (flow.iter().zip(&self.own).map(|(flow, own)| flow * own).collect(), pools)
    }

    /// Flow per unit of weight of the links out of each state.
    fn rates_of_links(&self, flow: &[f64]) -> Vec<f64> {
        let (own, pools) = self.rates(flow);
        own.iter().zip(&self.pool).map(|(own, &pool)| own + pools[pool as usize]).collect()
    }

    /// Flow into every state, of steps from every state that carry `flow`.
    fn inflows(&self, flow: &[f64]) -> Vec<f64> {
        weights::inflows(&self.incoming, &self.rates_of_links(flow))
    }

    /// Visit rates, which sum to 1: the equations and the bound of `pagerank.rs`, with pools on the way.
    fn visits(&self, target: &[f64], teleportation: f64, stop: Stop) -> (Vec<f64>, Outcome) {
        let (mut visits, outcome) =
            resolve_values!(self.incoming.values(), weights => self.solve(weights, target, teleportation, stop));
        visits.iter_mut().zip(target).for_each(|(visits, target)| *visits = visits.max(*target));
        weights::normalize(&mut visits);
        (visits, outcome)
    }

    fn solve(&self, weights: impl Values, target: &[f64], teleportation: f64, stop: Stop) -> (Vec<f64>, Outcome) {
        let follow = 1.0 - teleportation;
        let mut visits = target.to_vec();
        let least: f64 =
            target.iter().zip(&self.leave).filter(|(_, leave)| **leave > 0.0).map(|(target, _)| target).sum();
        let scale = vec![1.0; visits.len()];
        let outcome = iterate(&mut visits, &scale, stop, |visits| {
            // Anew in each sweep: rounding of what is added does not pile up.
            let (mut own, mut pools) = self.rates(visits);
            let (mut change, mut sum) = (0.0, 0.0);
            for state in 0..visits.len() {
                let range = self.incoming.range(state);
                let sources = range.clone().zip(&self.incoming.targets()[range]);
                let inflow: f64 = sources
                    .map(|(link, &source)| {
                        let source = source as usize;
                        weights.at(state, source, link) * (own[source] + pools[self.pool[source] as usize])
                    })
                    .sum();
                let next = target[state] + follow * inflow;
                let step = next - std::mem::replace(&mut visits[state], next);
                if self.leave[state] > 0.0 {
                    own[state] = self.own[state] * next;
                    self.pour_into(&mut pools, state, step);
                    change += step.abs();
                    sum += next;
                }
            }
            Sweep::bounded(change, f64::max(sum, least), teleportation)
        });
        (visits, outcome)
    }

    fn boundary(&self, carried: &[f64], to_self: bool) -> Boundary {
        let (own, pools) = self.rates(carried);
        let rate: Vec<f64> = own.iter().zip(&self.pool).map(|(own, &pool)| own + pools[pool as usize]).collect();
        let into = weights::inflows(&self.incoming, &rate);
        let loops = weights::self_links(&self.inside);
        // By relaxing, a walk comes back to a state from other copies, too; that is no way to stay.
        let staying = |state: usize, weight: f64| {
            weight * if to_self { rate[state] } else { carried[state] * (self.own[state] + self.pour[state]) }
        };
        let stay: Option<Box<[f64]>> =
            loops.map(|loops| loops.iter().enumerate().map(|(state, &weight)| staying(state, weight)).collect());
        let remains = |state: usize| stay.as_ref().map_or(0.0, |stay| stay[state]);
        // Steps to other copies of the node, and from these.
        let switches = |state: usize| {
            let others =
                self.reach[state].range().map(|place| self.order[place] as usize).filter(|&other| other != state);
            let weight: f64 = others.map(|other| self.strength[other]).sum();
            let poured = self.pour[state] * carried[state];
            (poured * weight, self.strength[state] * f64::max(pools[self.pool[state] as usize] - poured, 0.0))
        };
        let mut exit = Vec::with_capacity(carried.len());
        let mut enter = Vec::with_capacity(carried.len());
        for state in 0..carried.len() {
            let (leaving, coming) = if to_self { switches(state) } else { (0.0, 0.0) };
            let walking = if to_self { rate[state] * self.strength[state] } else { carried[state] };
            exit.push(f64::max(walking - remains(state), 0.0) + leaving);
            enter.push(f64::max(into[state] - remains(state), 0.0) + coming);
        }
        Boundary { into, exit: exit.into(), enter: enter.into(), stay }
    }

    /// What couples states by the links that a walk takes.
    fn couplings(&self, carried: &[f64]) -> Couplings {
        let sizes = (0..carried.len()).map(|state| {
            let out: usize = self.states(self.reach[state]).map(|other| self.inside.degree(other)).sum();
            let into = self.incoming.row(state).map(|(source, _)| self.reached[source].range().len());
            out + into.sum::<usize>()
        });
        let ways = sizes.sum();
        if factoring_pays(self.rate, ways, self.inside.links()) {
            self.couplings_by_pools(carried)
        } else {
            self.couplings_listed(carried, ways).into()
        }
    }

    /// The same without a list of what relaxing couples: pools tell of it, one that drains by the links of each state.
    fn couplings_by_pools(&self, carried: &[f64]) -> Couplings {
        let own: Vec<f64> = carried.iter().zip(&self.own).map(|(carried, own)| carried * own).collect();
        let listed = match self.rate < 1.0 {
            true => couplings::from_directed(&self.inside, &self.incoming, &own),
            false => Csr::empty(carried.len()),
        };
        let by_place = || self.order.iter().map(|&state| state as usize);
        let rate = by_place().map(|state| carried[state] * self.pour[state]).collect();
        let reach = by_place().map(|state| self.reach[state]).collect();
        let mut offsets = vec![0];
        let mut targets = Vec::with_capacity(self.inside.links());
        let mut weights = Vec::new();
        for state in by_place() {
            let links = self.inside.range(state);
            targets.extend_from_slice(&self.inside.targets()[links.clone()]);
            if let LinkValues::Each(all) = self.inside.values() {
                weights.extend_from_slice(&all[links]);
            }
            offsets.push(targets.len());
        }
        let values = match self.inside.values() {
            LinkValues::Same(weight) => LinkValues::Same(*weight),
            _ => LinkValues::Each(weights.into()),
        };
        let out = Csr::new(offsets.into(), targets.into(), values);
        Couplings::new(listed, Some(FactoredCouplings::new(self.order.as_slice().into(), rate, reach, out)))
    }

    /// The same as a list, of no more couplings than there are ways.
    fn couplings_listed(&self, carried: &[f64], ways: usize) -> Csr {
        let rate = |from: usize, by: usize| {
            carried[from] * if from == by { self.own[from] + self.pour[from] } else { self.pour[from] }
        };
        couplings::from_rows(carried.len(), ways, |state, row| {
            for by in self.states(self.reach[state]) {
                let rate = rate(state, by);
                row.extend(self.inside.row(by).map(|(next, weight)| (next as u32, rate * weight)));
            }
            for (by, weight) in self.incoming.row(state) {
                row.extend(self.states(self.reached[by]).map(|from| (from as u32, rate(from, by) * weight)));
            }
        })
    }

    /// What couples states if a walk visits a node again to change the layer.
    fn couplings_to_self(&self, carried: &[f64]) -> Csr {
        let rate = self.rates_of_links(carried);
        let size = |state: usize| {
            let links = self.inside.degree(state) + self.incoming.degree(state);
            links + self.reach[state].range().len() + self.reached[state].range().len()
        };
        couplings::from_rows(carried.len(), (0..carried.len()).map(size).sum(), |state, row| {
            row.extend(self.inside.row(state).map(|(next, weight)| (next as u32, rate[state] * weight)));
            row.extend(self.incoming.row(state).map(|(from, weight)| (from as u32, rate[from] * weight)));
            let switch = |from: usize, to: usize| carried[from] * self.pour[from] * self.strength[to];
            row.extend(self.states(self.reach[state]).map(|to| (to as u32, switch(state, to))));
            row.extend(self.states(self.reached[state]).map(|from| (from as u32, switch(from, state))));
        })
    }

    fn states(&self, places: Span) -> impl Iterator<Item = usize> + '_ {
        self.order[places.range()].iter().map(|&state| state as usize)
    }

    /// Sums over the links that the walk takes, whose weights are probabilities.
    fn degrees(&self) -> Degrees {
        let by_relaxing = |state: usize| self.states(self.reach[state]).map(|other| self.inside.degree(other)).sum();
        let live = (0..self.leave.len()).filter(|&state| self.leave[state] > 0.0);
        let links =
            live.map(|state| if self.pour[state] > 0.0 { by_relaxing(state) } else { self.inside.degree(state) });
        let loops = weights::self_links(&self.inside).unwrap_or_default();
        let staying =
            |(state, weight): (usize, &f64)| weight * (self.own[state] + self.pour[state]) * self.leave[state];
        let weight = 2.0 * self.leave.iter().sum::<f64>() - loops.iter().enumerate().map(staying).sum::<f64>();
        let nodes_with_loops = loops.iter().filter(|&&weight| weight > 0.0).count();
        Degrees { weight, links: (2 * links.sum::<usize>() - nodes_with_loops) as f64 }
    }
}
