//! Markov time: the number of steps of the walk per codeword.
//!
//! With Markov time μ, links carry μ times their flow. With variable Markov time they carry σ times
//! as much, and σ is larger for links between nodes of low degree. With the visits p_u of node u,
//! the sum K of the degrees of all nodes, the damping q and the minimum scale m,
//!
//! - d_u = p_u K is the effective degree of u, and g(max(m, d_u)) its scale;
//! - g(x) = S(x) ((1 − s) ln 2 + s) + (1 − s) with s = q (2 − q) and the Tsallis logarithm
//!   S(x) = (x^(1−q) − 1) / ((1 − q) ln 2), which is log2 x for q = 1. So g(x) is x for q = 0 and
//!   log2 x for q = 1;
//! - σ = G / max(m, ℓ), where G is the scale of the largest degree. ℓ is the scale of a link's
//!   source, or the larger scale of its two ends if the link is walked from both.
//!
//! Visits and teleportation are not scaled. So enter and exit flow of directed flow become unequal.
//!
//! Edler, Smiljanić, Holmgren, Antonelli & Rosvall, arXiv:2211.04287.

use std::f64::consts::LN_2;

use mapeq_core::{Network, exp2_minus_one, log2};

use crate::error::FlowError;
use crate::link_flow::{LinkFlow, LinkRate, VariableTime};
use crate::model::FlowModel;
use crate::model_flow::{DirectedSums, ModelFlow};
use crate::options::{FlowOptions, MarkovTime, VariableMarkovTime};
use crate::weights;

/// Scales the flow of links by the Markov time, and returns the flow of single links.
pub(crate) fn scale(flow: &mut ModelFlow, network: &Network, options: &FlowOptions) -> Result<LinkFlow, FlowError> {
    let MarkovTime { time, variable } = options.markov_time;
    let variable = variable.map(|variable| variable_time(flow, network, options.model, variable));
    if let Some(variable) = &variable {
        scale_by_degree(flow, network, variable)?;
    }
    if time == 1.0 {
        // The rates are not needed any more.
        let rate = std::mem::replace(&mut flow.rate, LinkRate::BothWays(0.0));
        return Ok(LinkFlow { rate, time, variable });
    }
    let rate = flow.rate.clone();
    flow.scale(time);
    Ok(LinkFlow { rate, time, variable })
}

fn scale_by_degree(flow: &mut ModelFlow, network: &Network, time: &VariableTime) -> Result<(), FlowError> {
    let links = network.links();
    match &flow.rate {
        LinkRate::BothWays(_) => {
            flow.couplings = flow.couplings.listed().map_values(|a, b, coupling| time.along(a, b) * coupling).into();
            flow.nodes.exit =
                weights::coupling_sums(&flow.couplings).into_iter().map(|coupled| 0.5 * coupled).collect();
            let stay = flow.nodes.stay.iter_mut().flat_map(|stay| stay.iter_mut()).enumerate();
            stay.for_each(|(node, stay)| *stay *= time.along(node, node));
        }
        LinkRate::FromSource(rate) => {
            let flows = links.map_values(|source, target, weight| time.along(source, target) * rate[source] * weight);
            let ones = vec![1.0; links.rows()];
            let DirectedSums { couplings, exit, enter, stay } = DirectedSums::new(&flows, &flows.transposed(), &ones);
            (flow.couplings, flow.nodes.exit, flow.nodes.enter) = (couplings, exit, Some(enter));
            flow.nodes.stay = stay;
        }
    }
    let leaving: f64 = flow.nodes.exit.iter().sum();
    if leaving.is_finite() { Ok(()) } else { Err(FlowError::Degenerate(leaving)) }
}

/// Computes the scales of all nodes.
fn variable_time(flow: &ModelFlow, network: &Network, model: FlowModel, options: VariableMarkovTime) -> VariableTime {
    let degrees = weights::degrees(network).links;
    let min_scale = options.min_scale;
    let scales: Vec<f64> =
        flow.nodes.flow.iter().map(|visits| damped(f64::max(min_scale, visits * degrees), options.damping)).collect();
    let max_visits = flow.nodes.flow.iter().fold(0.0, |max, &visits| f64::max(max, visits));
    let largest = f64::max(min_scale, damped(f64::max(1.0, max_visits * degrees), options.damping));
    let both_ends = matches!(flow.rate, LinkRate::BothWays(_)) || model == FlowModel::UndirDir;
    VariableTime { scales, largest, min_scale, both_ends }
}

/// Returns g(x).
fn damped(x: f64, damping: f64) -> f64 {
    if x <= 0.0 {
        // The limit for x → 0. It is finite unless the damping is 1.
        return if damping < 1.0 { damped_of_logarithm(f64::MIN, damping) } else { f64::NEG_INFINITY };
    }
    damped_of_logarithm(log2(x), damping)
}

/// Returns g(2^y).
fn damped_of_logarithm(y: f64, damping: f64) -> f64 {
    let rest = 1.0 - damping;
    let logarithm = if rest == 0.0 { y } else { exp2_minus_one(rest * y) / (rest * LN_2) };
    let share = damping * (2.0 - damping);
    logarithm * ((1.0 - share) * LN_2 + share) + (1.0 - share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damping_goes_from_the_degree_to_its_logarithm() {
        for x in [0.001f64, 0.5, 1.0, 3.0, 1e4] {
            assert!((damped(x, 0.0) - x).abs() < 1e-15 * (1.0 + x), "{x}");
            assert_eq!(damped(x, 1.0), log2(x));
            // Near damping 1, no digits are lost by cancellation.
            for distance in [1e-3, 1e-6, 1e-9, 1e-12] {
                let difference = (damped(x, 1.0 - distance) - log2(x)).abs();
                assert!(difference < 100.0 * distance + 1e-14, "{x}: {difference:e} at {distance:e}");
            }
            for damping in [0.1, 0.5, 0.9f64] {
                let (rest, share) = (1.0 - damping, damping * (2.0 - damping));
                let logarithm = (x.powf(rest) - 1.0) / (rest * LN_2);
                let expected = logarithm * ((1.0 - share) * LN_2 + share) + (1.0 - share);
                assert!((damped(x, damping) - expected).abs() < 1e-13 * (1.0 + x), "{x}, {damping}");
            }
        }
        assert_eq!(damped(0.0, 0.0), 0.0);
    }
}
