//! Relaxation by the divergence between a node's links in two layers.
//!
//! Let P_a be the shares of the links of node n in layer a, s_a their weight, and
//! π_a = s_a / (s_a + s_b). The Jensen–Shannon divergence of two layers,
//!
//! > D_ab = H(π_a P_a + π_b P_b) − π_a H(P_a) − π_b H(P_b),
//!
//! is between 0 (equal shares) and 1. Let X_ab = 1 − D_ab if the links have a target in common and
//! b is in reach, else X_ab = 0. With X_aa = 1 and T_a = Σ_b X_ab,
//!
//! - (a, n) → (a, m) has the weight w_a(n, m);
//! - (a, n) → (b, m) has the weight (X_ab / T_a) · r / (1 − r) · s_a · w_b(n, m) / s_b.
//!
//! So at most a fraction r of the steps out of (a, n) relaxes, and less the fewer layers are
//! similar to a. Infomap 2.16 leaves out the division by s_b, which makes the fraction depend on
//! the unit of the weights in b.

use mapeq_core::{Csr, LinkList, States, plogp};

use crate::options::{Divergence, Relaxation};

/// Appends the links out of `copies`, the states of one node, to `list`.
pub(crate) fn push_links(
    inside: &Csr,
    strength: &[f64],
    states: &States,
    copies: &[u32],
    layer: &impl Fn(u32) -> u64,
    (relaxation, units): (&Relaxation, Divergence),
    list: &mut LinkList,
) {
    let live: Vec<u32> = copies.iter().copied().filter(|&state| strength[state as usize] > 0.0).collect();
    let rows: Vec<Vec<(u32, f64)>> = live.iter().map(|&state| shares(inside, strength, states, state)).collect();
    let odds = relaxation.rate / (1.0 - relaxation.rate);
    for (a, &state) in live.iter().enumerate() {
        let own = strength[state as usize];
        let similarity_to = |b: usize| {
            let reached = relaxation.reaches(layer(state), layer(live[b]));
            if reached { similarity((&rows[a], own), (&rows[b], strength[live[b] as usize])) } else { 0.0 }
        };
        let similarities: Vec<f64> = (0..live.len()).map(|b| if b == a { 1.0 } else { similarity_to(b) }).collect();
        let total: f64 = similarities.iter().sum();
        for (b, &other) in live.iter().enumerate() {
            let factor = match units {
                _ if a == b => 1.0,
                Divergence::ByShares => similarities[b] / total * odds * own / strength[other as usize],
                Divergence::ByWeights => similarities[b] / total * odds * own,
            };
            for (next, weight) in inside.row(other as usize) {
                if factor * weight > 0.0 {
                    list.push(state, next as u32, factor * weight);
                }
            }
        }
    }
}

/// Returns the physical targets of a state, ascending, and the share of each in its links.
fn shares(inside: &Csr, strength: &[f64], states: &States, state: u32) -> Vec<(u32, f64)> {
    let share = |(next, weight): (usize, f64)| (states.physical[next], weight / strength[state as usize]);
    let mut shares: Vec<(u32, f64)> = inside.row(state as usize).map(share).collect();
    shares.sort_by_key(|&(target, _)| target);
    shares
}

/// Returns X of two lists of shares with their weights; 0 without a target in common.
fn similarity((a, weight_a): (&[(u32, f64)], f64), (b, weight_b): (&[(u32, f64)], f64)) -> f64 {
    let part = weight_a / (weight_a + weight_b);
    let (mut a, mut b) = (a, b);
    let (mut common, mut mixed, mut single) = (false, 0.0, 0.0);
    while let Some(target) = a.first().into_iter().chain(b.first()).map(|&(target, _)| target).min() {
        let take = |shares: &mut &[(u32, f64)]| match shares.first() {
            Some(&(own, share)) if own == target => {
                *shares = &shares[1..];
                share
            }
            _ => 0.0,
        };
        let (in_a, in_b) = (take(&mut a), take(&mut b));
        common |= in_a > 0.0 && in_b > 0.0;
        mixed -= plogp(part * in_a + (1.0 - part) * in_b);
        single -= part * plogp(in_a) + (1.0 - part) * plogp(in_b);
    }
    if common { 1.0 - (mixed - single).clamp(0.0, 1.0) } else { 0.0 }
}
