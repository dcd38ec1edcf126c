//! Visit rates of a walk that follows links and sometimes teleports (PageRank).
//!
//! With transition probabilities t_uv = w_uv / s_u, out-strengths s_u, teleportation probability τ,
//! β = 1 − τ, and teleportation targets v, the visit rates π satisfy
//!
//! > π_v = (τ + β d) v_v + β Σ_u t_uv π_u,  d = Σ π_u over dangling nodes (without out-links).
//!
//! # A linear system
//! The first term is a multiple of v. So π is proportional to the solution of y = v + β Pᵀ y, in
//! which dangling nodes are rows of zeros in P (Del Corso, Gullí & Romani, Internet Mathematics
//! 2005, doi:10.1080/15427951.2005.10129108). No link leaves a dangling node, so dangling nodes are
//! computed at the end. The unknowns are the flow per unit of weight, z_u = y_u / s_u, which takes
//! one read per link:
//!
//! > z_v = (v_v + β Σ_{u≠v} w_uv z_u) / (s_v − β w_vv).
//!
//! The sweep is in place, in the order of the nodes (Gauss–Seidel): each new value is used at once.
//!
//! # Error bound
//! A sweep that changes y to y' leaves the residual U (y' − y), where U is the part of β Pᵀ that
//! read old values. Its columns sum to at most β. The columns of (1 − β Pᵀ)⁻¹ sum to at most 1/τ.
//! So the error of y', summed over the nodes, is at most (β/τ) |y' − y|.
//!
//! Let Y = Σ y over the nodes with out-links. Division by Y gives the flow of one step along links,
//! and division by a larger sum gives visit rates. Either at most doubles the relative error:
//!
//! > |error of the flow| ≤ (2β/τ) |y' − y| / Y.
//!
//! # Steps that follow no link
//! If `strength` counts more than the links in `incoming`, the rest is another way to leave the
//! links, with the same targets. The equations are those above with `strength` for s. In the bound,
//! the minimum probability of not following a link takes the place of τ.
//!
//! # Without teleportation
//! At τ = 0 the system is singular, π may depend on the start, and the walk may be periodic. Then
//! the iteration follows the lazy walk, x' = (x + x P) / 2 with dangling nodes teleporting, from
//! the strengths of the nodes. It converges to the time average of the walk from the same start. No
//! bound follows from the change |x' − x| of a sweep.

use mapeq_core::{Csr, Values, resolve_values};

use crate::iteration::{Outcome, Stop, Sweep, iterate};
use crate::weights::{inflow, normalize, row_sums};

/// The links of a walk, and its teleportation.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    /// Links into each node: row v holds those to v.
    pub incoming: &'a Csr,
    /// Out-strength of each node; 0 for dangling nodes.
    pub strength: &'a [f64],
    /// Weight of each node's self-link; `None` if there is no self-link.
    pub loops: Option<&'a [f64]>,
    /// Probability of landing on each node after teleporting.
    pub target: &'a [f64],
    /// Probability of teleporting.
    pub teleportation: f64,
    /// Minimum probability of not following a link, for the bound. Equals `teleportation` unless
    /// `strength` counts steps that follow no link.
    pub escape: f64,
}

impl Walk<'_> {
    /// Returns the visit rates, which sum to 1. They are NaN if the residual of the outcome is.
    pub fn visits(&self, stop: Stop) -> (Vec<f64>, Outcome) {
        let (mut visits, outcome) = resolve_values!(self.incoming.values(), weights => self.solve(weights, stop));
        normalize(&mut visits);
        (visits, outcome)
    }

    fn solve(&self, weights: impl Values, stop: Stop) -> (Vec<f64>, Outcome) {
        if self.escape > 0.0 { self.gauss_seidel(weights, stop) } else { self.lazy_walk(weights, stop) }
    }

    fn gauss_seidel(&self, weights: impl Values, stop: Stop) -> (Vec<f64>, Outcome) {
        let follow = 1.0 - self.teleportation;
        // Each rate depends on the one before, so a division in the sweep would dominate its time.
        let inverse_pivots: Vec<f64> = match self.loops {
            None => self.strength.iter().map(|strength| 1.0 / strength).collect(),
            Some(loops) => {
                // In this form the pivot is not 0 if teleportation is rare and all links are
                // self-links.
                let pairs = self.strength.iter().zip(loops);
                pairs.map(|(strength, own)| 1.0 / ((strength - own) + self.teleportation * own)).collect()
            }
        };
        // No element of the solution is smaller than that of v, so neither is its sum.
        let mut rate = self.per_weight(self.target, 1.0);
        let min_sum: f64 = rate.iter().zip(self.strength).map(|(rate, strength)| rate * strength).sum();
        let outcome = iterate(&mut rate, self.strength, stop, |rate| {
            let (mut change, mut sum) = (0.0, 0.0);
            for node in 0..rate.len() {
                let strength = self.strength[node];
                if strength == 0.0 {
                    continue;
                }
                // The pivot accounts for the self-link.
                let before = std::mem::take(&mut rate[node]);
                let inflow = inflow(self.incoming, weights, node, rate);
                rate[node] = (self.target[node] + follow * inflow) * inverse_pivots[node];
                change += (rate[node] - before).abs() * strength;
                sum += rate[node] * strength;
            }
            Sweep::bounded(change, f64::max(sum, min_sum), self.escape)
        });
        let visits = (0..rate.len()).map(|node| match self.strength[node] {
            0.0 => self.target[node] + follow * inflow(self.incoming, weights, node, &rate),
            strength => f64::max(self.target[node], strength * rate[node]),
        });
        (visits.collect(), outcome)
    }

    fn lazy_walk(&self, weights: impl Values, stop: Stop) -> (Vec<f64>, Outcome) {
        let own = |node: usize| self.loops.map_or(0.0, |loops| loops[node]);
        let mut visits = row_sums(self.incoming);
        for (node, visits) in visits.iter_mut().enumerate() {
            *visits += self.strength[node] - own(node);
        }
        normalize(&mut visits);
        let outcome = iterate(&mut visits, &vec![1.0; self.strength.len()], stop, |visits| {
            let dangling: f64 =
                (0..visits.len()).filter(|&node| self.strength[node] == 0.0).map(|node| visits[node]).sum();
            let rate = self.per_weight(visits, 1.0);
            let mut change = 0.0;
            for (node, visits) in visits.iter_mut().enumerate() {
                let next = dangling * self.target[node] + inflow(self.incoming, weights, node, &rate);
                let step = 0.5 * (next - *visits);
                *visits += step;
                change += step.abs();
            }
            normalize(visits);
            Sweep { change, total: 1.0, bound: change }
        });
        visits.iter_mut().for_each(|visits| *visits = visits.max(0.0));
        (visits, outcome)
    }

    /// Returns `factor` times the flow per unit of weight out of each node; 0 for dangling nodes.
    pub fn per_weight(&self, flow: &[f64], factor: f64) -> Vec<f64> {
        let pairs = flow.iter().zip(self.strength);
        pairs.map(|(flow, &strength)| if strength == 0.0 { 0.0 } else { factor * flow / strength }).collect()
    }
}
