//! Markov time: more or less than one step of the walk per codeword.
//!
//! Links carry μ times their flow, the time μ being the same for all links. With variable Markov time they carry
//! σ times as much, the longer the fewer links there are at their ends. With p_u the visits of node u, K the sum of the
//! numbers of links at the nodes, damping q and the lowest scale m,
//!
//! - d_u = p_u K is the effective degree of u, and g(max(m, d_u)) its scale;
//! - g(x) = S(x) ((1 − s) ln 2 + s) + (1 − s) with s = q (2 − q) and S(x) = (x^(1−q) − 1) / ((1 − q) ln 2), the logarithm of
//!   Tsallis, log2 x for q = 1; so g(x) is x for q = 0 and log2 x for q = 1;
//! - σ = G / max(m, ℓ), where ℓ is the scale of a link's source, or the larger scale of its two ends where it is walked
//!   from both, and G the scale of the largest degree.
//!
//! Visits and teleportation are not scaled. For directed flow enter and exit flow are then no longer equal.
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

/// Scales the flow of links; returns what is known of each.
pub(crate) fn scale(found: &mut ModelFlow, network: &Network, options: &FlowOptions) -> Result<LinkFlow, FlowError> {
    let MarkovTime { time, variable } = options.markov_time;
    let longer = variable.map(|variable| longer(found, network, options.model, variable));
    if let Some(longer) = &longer {
        scale_by_degree(found, network, longer)?;
    }
    if time == 1.0 {
        // Nothing asks for the rates any more.
        let rate = std::mem::replace(&mut found.rate, LinkRate::BothWays(0.0));
        return Ok(LinkFlow { rate, time, longer });
    }
    let rate = found.rate.clone();
    found.scale(time);
    Ok(LinkFlow { rate, time, longer })
}

fn scale_by_degree(found: &mut ModelFlow, network: &Network, longer: &VariableTime) -> Result<(), FlowError> {
    let links = network.links();
    match &found.rate {
        LinkRate::BothWays(_) => {
            found.couplings =
                found.couplings.listed().map_values(|a, b, coupling| longer.along(a, b) * coupling).into();
            found.nodes.exit =
                weights::coupling_sums(&found.couplings).into_iter().map(|coupled| 0.5 * coupled).collect();
            let stay = found.nodes.stay.iter_mut().flat_map(|stay| stay.iter_mut()).enumerate();
            stay.for_each(|(node, stay)| *stay *= longer.along(node, node));
        }
        LinkRate::FromSource(rate) => {
            let flows = links.map_values(|source, target, weight| longer.along(source, target) * rate[source] * weight);
            let ones = vec![1.0; links.rows()];
            let DirectedSums { couplings, exit, enter, stay } = DirectedSums::new(&flows, &flows.transposed(), &ones);
            (found.couplings, found.nodes.exit, found.nodes.enter) = (couplings, exit, Some(enter));
            found.nodes.stay = stay;
        }
    }
    let leaving: f64 = found.nodes.exit.iter().sum();
    if leaving.is_finite() { Ok(()) } else { Err(FlowError::Degenerate(leaving)) }
}

fn longer(found: &ModelFlow, network: &Network, model: FlowModel, options: VariableMarkovTime) -> VariableTime {
    let degrees = weights::degrees(network).links;
    let least = options.min_scale;
    let scales: Vec<f64> =
        found.nodes.flow.iter().map(|visits| damped(f64::max(least, visits * degrees), options.damping)).collect();
    let most_visits = found.nodes.flow.iter().fold(0.0, |most, &visits| f64::max(most, visits));
    let largest = f64::max(least, damped(f64::max(1.0, most_visits * degrees), options.damping));
    let both_ends = matches!(found.rate, LinkRate::BothWays(_)) || model == FlowModel::UndirDir;
    VariableTime { scales, largest, least, both_ends }
}

/// g(x) of the formula above.
fn damped(x: f64, damping: f64) -> f64 {
    if x <= 0.0 {
        // The limit, unless there is none.
        return if damping < 1.0 { damped_of_logarithm(f64::MIN, damping) } else { f64::NEG_INFINITY };
    }
    damped_of_logarithm(log2(x), damping)
}

/// g(2^y).
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
            // Near 1 digits are not lost by cancellation.
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
