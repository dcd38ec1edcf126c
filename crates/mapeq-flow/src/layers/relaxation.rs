//! Relaxed multilayer walks without the expanded network.
//!
//! Expanding the network (`layers/mod.rs`) repeats every intra-layer link once per reachable layer.
//! This module computes the same flow from the intra-layer links alone.
//!
//! Of the visits π_i to state i, the fraction 1 − r follows its own links, of total weight s_i. The
//! fraction r flows into pools: every link out of a state in reach of i drains its share of this
//! flow, and S_i is the total weight of these links. So a link of weight w out of state u carries
//! a_u · w,
//!
//! > a_u = (1 − r) π_u / s_u + Σ r π_i / S_i over the states i that reach u,
//!
//! regardless of the state from which the flow comes. A sweep over all visits takes O(intra-layer
//! links). If reach is not limited, all states of a node share one pool.
//!
//! Couplings of states are computed from π row by row, each row once, without an intermediate list
//! of links. If there were many more couplings than intra-layer links, they are kept in factored
//! form instead: see [`FactoredCouplings`].
//!
//! # Relaxation to self
//! This walk changes the layer by a link from (ℓ, n) to (b, n) of weight r · s_b / S, and takes a
//! step from there without another visit. Visits are the same, but the enter and exit flow of
//! modules count both halves of such a step. For modules that hold (b, n) with its neighbours in b
//! these are the same numbers, and else larger ones. Couplings are O(intra-layer links + pairs of
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

/// The factored form is used above this number of explicit couplings.
const MIN_COUPLINGS_TO_FACTOR: usize = 1 << 18;
/// The factored form is used above this multiple of the intra-layer links.
const MIN_RATIO_TO_FACTOR: usize = 6;

/// A walk that relaxes: its intra-layer links and the rates of relaxing.
struct RelaxedWalk {
    /// Relax rate.
    rate: f64,
    inside: Csr,
    incoming: Csr,
    /// Out-strength of each state.
    strength: Vec<f64>,
    /// Probability of a step along one of the state's own links, per unit of weight, without
    /// relaxing.
    own_rate: Vec<f64>,
    /// Probability of a step along a link of any state in reach, per unit of weight, by relaxing.
    pool_rate: Vec<f64>,
    /// Sum of these probabilities: 1, or the relax rate for a state without own links, or 0 for a
    /// dangling state.
    out_weight: Vec<f64>,
    /// States by node and then by layer.
    order: Vec<u32>,
    /// States in reach of each state, and states that reach it, as spans of `order`.
    reach: Vec<Span>,
    reached_from: Vec<Span>,
    /// Pool that drains along the links of each state: the position of the state in `order`, or one
    /// pool for all states of a node.
    pool: Vec<u32>,
    unlimited: bool,
}

/// Returns whether the factored form saves memory.
fn factoring_pays(rate: f64, couplings: usize, inside: usize) -> bool {
    rate > 0.0 && couplings > MIN_COUPLINGS_TO_FACTOR.max(MIN_RATIO_TO_FACTOR * inside)
}

/// Returns the number of intra-layer links if couplings are kept in factored form, and else `None`.
/// Factored couplings take memory for these links only. O(links).
///
/// `expanded` is the number of links that [`count_expanded_links`](crate::count_expanded_links)
/// returns.
pub fn count_factored_links(network: &Network, options: &FlowOptions, expanded: usize) -> Option<usize> {
    if !is_applicable(network, options) || options.relaxation.to_self {
        return None;
    }
    let inside = intra_layer_degrees(network.links(), options.model).iter().sum();
    factoring_pays(options.relaxation.rate, 2 * expanded, inside).then_some(inside)
}

/// Returns whether the walk relaxes, and this module supports the options.
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

/// Returns the flow, and the degrees of the expanded network.
pub(crate) fn flow(network: &Network, options: &FlowOptions) -> Result<(ModelFlow, Degrees), FlowError> {
    let walk = RelaxedWalk::new(network, options);
    let TeleportationOptions { probability, recorded, .. } = options.teleportation;
    weights::nondegenerate(walk.out_weight.iter().sum())?;
    let into = || walk.inflows(&walk.out_weight);
    let target = teleportation::targets(network, walk.out_weight.len(), options.teleportation, into, || {
        walk.out_weight.clone()
    })?;
    let (visits, outcome) = walk.visits(&target, probability, options.stop());
    let mut report = FlowReport::iterated(outcome, options.tolerance)?;
    report.note_dangling(&walk.out_weight);

    let live =
        visits.iter().zip(&walk.out_weight).filter(|(_, out_weight)| **out_weight > 0.0).map(|(visits, _)| visits);
    let factor = match recorded {
        true => 1.0 - probability,
        false => weights::nondegenerate(live.sum())?.recip(),
    };
    let carried = visits
        .iter()
        .zip(&walk.out_weight)
        .map(|(visits, &out_weight)| if out_weight > 0.0 { factor * visits } else { 0.0 });
    let carried: Vec<f64> = carried.collect();
    let to_self = options.relaxation.to_self;
    let Boundary { into, exit, enter, stay } = walk.boundary(&carried, to_self);
    let nodes = if recorded {
        let source = teleportation::sources(&visits, &walk.out_weight, probability);
        let teleportation = Some(Teleportation { source, target: target.into() });
        NodeFlows { flow: visits.into(), exit, stay, teleportation, ..NodeFlows::default() }
    } else {
        NodeFlows { flow: into.into(), exit, enter: Some(enter), stay, ..NodeFlows::default() }
    };
    let couplings = if to_self { walk.couplings_to_self(&carried).into() } else { walk.couplings(&carried) };
    let degrees = walk.degrees();
    let per_weight = carried.iter().zip(&walk.out_weight);
    let rate =
        per_weight.map(|(carried, &out_weight)| if out_weight > 0.0 { carried / out_weight } else { 0.0 }).collect();
    Ok((ModelFlow { couplings, nodes, rate: LinkRate::FromSource(rate), report }, degrees))
}

/// Flow along links into each state, and the flow that enters, leaves and stays there.
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
        let (mut reach, mut reached_from) = (vec![Span::default(); len], vec![Span::default(); len]);
        let (mut own_rate, mut pool_rate, mut out_weight, mut pool) =
            (vec![0.0; len], vec![0.0; len], vec![0.0; len], vec![0; len]);
        let unlimited = relaxation.is_unlimited();
        let mut first = 0;
        for copies in order.chunk_by(|&a, &b| states.physical[a as usize] == states.physical[b as usize]) {
            let positions = first..first + copies.len();
            first = positions.end;
            let sum = |states: &[u32]| -> f64 { states.iter().map(|&other| strength[other as usize]).sum() };
            let of_node = sum(copies);
            for (own, &own_state) in copies.iter().enumerate() {
                let (position, state) = (positions.start + own, own_state as usize);
                let all = if unlimited {
                    (reach[state], reached_from[state]) = (positions.clone().into(), positions.clone().into());
                    of_node
                } else {
                    let id = |state: u32| layers.id_of(state);
                    let from = layers_in_reach(copies, own, |other| relaxation.reaches(id(own_state), id(other)));
                    let to = layers_in_reach(copies, own, |other| relaxation.reaches(id(other), id(own_state)));
                    let span_of =
                        |own: &Range<usize>| Span::from(positions.start + own.start..positions.start + own.end);
                    (reach[state], reached_from[state]) = (span_of(&from), span_of(&to));
                    sum(&copies[from])
                };
                pool[state] = if unlimited { positions.start } else { position } as u32;
                if all <= 0.0 {
                    continue;
                }
                out_weight[state] = if strength[state] > 0.0 { 1.0 } else { rate };
                if out_weight[state] > 0.0 {
                    pool_rate[state] = rate / all / out_weight[state];
                    own_rate[state] = if strength[state] > 0.0 { (1.0 - rate) / strength[state] } else { 0.0 };
                }
            }
        }
        let incoming = inside.transposed();
        Self {
            rate,
            inside,
            incoming,
            strength,
            own_rate,
            pool_rate,
            out_weight,
            order,
            reach,
            reached_from,
            pool,
            unlimited,
        }
    }

    /// Adds the relaxing part of the flow out of a state to its pools.
    #[inline]
    fn add_to_pools(&self, pools: &mut [f64], state: usize, flow: f64) {
        let pooled = self.pool_rate[state] * flow;
        if self.unlimited {
            pools[self.pool[state] as usize] += pooled;
        } else {
            pools[self.reach[state].range()].iter_mut().for_each(|pool| *pool += pooled);
        }
    }

    /// Returns rates per unit of weight if each state sends `flow`: along own links, and out of
    /// pools.
    fn rates(&self, flow: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut pools = vec![0.0; flow.len()];
        (0..flow.len()).for_each(|state| self.add_to_pools(&mut pools, state, flow[state]));
        (flow.iter().zip(&self.own_rate).map(|(flow, own)| flow * own).collect(), pools)
    }

    /// Returns the flow per unit of weight along the links out of each state, if each state sends
    /// `flow`.
    fn link_rates(&self, flow: &[f64]) -> Vec<f64> {
        let (own, pools) = self.rates(flow);
        own.iter().zip(&self.pool).map(|(own, &pool)| own + pools[pool as usize]).collect()
    }

    /// Returns the flow into every state, if each state sends `flow`.
    fn inflows(&self, flow: &[f64]) -> Vec<f64> {
        weights::inflows(&self.incoming, &self.link_rates(flow))
    }

    /// Returns the visit rates, which sum to 1. Equations and bound are those of `pagerank.rs`,
    /// with pools between a state and the links.
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
        let min_sum: f64 =
            (0..target.len()).filter(|&state| self.out_weight[state] > 0.0).map(|state| target[state]).sum();
        let scale = vec![1.0; visits.len()];
        let outcome = iterate(&mut visits, &scale, stop, |visits| {
            // Recomputed in each sweep, so that rounding errors of the updates do not accumulate.
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
                if self.out_weight[state] > 0.0 {
                    own[state] = self.own_rate[state] * next;
                    self.add_to_pools(&mut pools, state, step);
                    change += step.abs();
                    sum += next;
                }
            }
            Sweep::bounded(change, f64::max(sum, min_sum), teleportation)
        });
        (visits, outcome)
    }

    fn boundary(&self, carried: &[f64], to_self: bool) -> Boundary {
        let (own, pools) = self.rates(carried);
        let rate: Vec<f64> = own.iter().zip(&self.pool).map(|(own, &pool)| own + pools[pool as usize]).collect();
        let into = weights::inflows(&self.incoming, &rate);
        let loops = weights::self_links(&self.inside);
        // A relaxing walk also comes to a state along the self-link of the state from other copies.
        // That is not staying.
        let staying = |state: usize, weight: f64| {
            weight * if to_self { rate[state] } else { carried[state] * (self.own_rate[state] + self.pool_rate[state]) }
        };
        let stay: Option<Box<[f64]>> =
            loops.map(|loops| loops.iter().enumerate().map(|(state, &weight)| staying(state, weight)).collect());
        let remains = |state: usize| stay.as_ref().map_or(0.0, |stay| stay[state]);
        // Flow to other copies of the node, and from them.
        let switches = |state: usize| {
            let others =
                self.reach[state].range().map(|position| self.order[position] as usize).filter(|&other| other != state);
            let weight: f64 = others.map(|other| self.strength[other]).sum();
            let pooled = self.pool_rate[state] * carried[state];
            (pooled * weight, self.strength[state] * f64::max(pools[self.pool[state] as usize] - pooled, 0.0))
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

    /// Returns the couplings of states along the links of the walk.
    fn couplings(&self, carried: &[f64]) -> Couplings {
        let sizes = (0..carried.len()).map(|state| {
            let out: usize = self.states(self.reach[state]).map(|other| self.inside.degree(other)).sum();
            let into = self.incoming.row(state).map(|(source, _)| self.reached_from[source].range().len());
            out + into.sum::<usize>()
        });
        let couplings = sizes.sum();
        if factoring_pays(self.rate, couplings, self.inside.links()) {
            self.factored_couplings(carried)
        } else {
            self.listed_couplings(carried, couplings).into()
        }
    }

    /// Returns the couplings with the relaxing part in factored form: one pool drains along the
    /// links of each state.
    fn factored_couplings(&self, carried: &[f64]) -> Couplings {
        let own: Vec<f64> = carried.iter().zip(&self.own_rate).map(|(carried, own)| carried * own).collect();
        let listed = match self.rate < 1.0 {
            true => couplings::from_directed(&self.inside, &self.incoming, &own),
            false => Csr::empty(carried.len()),
        };
        let in_order = || self.order.iter().map(|&state| state as usize);
        let rate = in_order().map(|state| carried[state] * self.pool_rate[state]).collect();
        let reach = in_order().map(|state| self.reach[state]).collect();
        let mut offsets = vec![0];
        let mut targets = Vec::with_capacity(self.inside.links());
        let mut weights = Vec::new();
        for state in in_order() {
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

    /// Returns the couplings as a list of at most `capacity` entries.
    fn listed_couplings(&self, carried: &[f64], capacity: usize) -> Csr {
        let rate = |from: usize, by: usize| {
            carried[from] * if from == by { self.own_rate[from] + self.pool_rate[from] } else { self.pool_rate[from] }
        };
        couplings::from_rows(carried.len(), capacity, |state, row| {
            for by in self.states(self.reach[state]) {
                let rate = rate(state, by);
                row.extend(self.inside.row(by).map(|(next, weight)| (next as u32, rate * weight)));
            }
            for (by, weight) in self.incoming.row(state) {
                row.extend(self.states(self.reached_from[by]).map(|from| (from as u32, rate(from, by) * weight)));
            }
        })
    }

    /// Returns the couplings of a walk that relaxes to self.
    fn couplings_to_self(&self, carried: &[f64]) -> Csr {
        let rate = self.link_rates(carried);
        let size = |state: usize| {
            let links = self.inside.degree(state) + self.incoming.degree(state);
            links + self.reach[state].range().len() + self.reached_from[state].range().len()
        };
        couplings::from_rows(carried.len(), (0..carried.len()).map(size).sum(), |state, row| {
            row.extend(self.inside.row(state).map(|(next, weight)| (next as u32, rate[state] * weight)));
            row.extend(self.incoming.row(state).map(|(from, weight)| (from as u32, rate[from] * weight)));
            let switch = |from: usize, to: usize| carried[from] * self.pool_rate[from] * self.strength[to];
            row.extend(self.states(self.reach[state]).map(|to| (to as u32, switch(state, to))));
            row.extend(self.states(self.reached_from[state]).map(|from| (from as u32, switch(from, state))));
        })
    }

    fn states(&self, positions: Span) -> impl Iterator<Item = usize> + '_ {
        self.order[positions.range()].iter().map(|&state| state as usize)
    }

    /// Returns the degrees of the expanded network, whose link weights are probabilities.
    fn degrees(&self) -> Degrees {
        let by_relaxing = |state: usize| self.states(self.reach[state]).map(|other| self.inside.degree(other)).sum();
        let live = (0..self.out_weight.len()).filter(|&state| self.out_weight[state] > 0.0);
        let links =
            live.map(|state| if self.pool_rate[state] > 0.0 { by_relaxing(state) } else { self.inside.degree(state) });
        let loops = weights::self_links(&self.inside).unwrap_or_default();
        let staying = |(state, weight): (usize, &f64)| {
            weight * (self.own_rate[state] + self.pool_rate[state]) * self.out_weight[state]
        };
        let weight = 2.0 * self.out_weight.iter().sum::<f64>() - loops.iter().enumerate().map(staying).sum::<f64>();
        let nodes_with_loops = loops.iter().filter(|&&weight| weight > 0.0).count();
        Degrees { weight, links: (2 * links.sum::<usize>() - nodes_with_loops) as f64 }
    }
}
