//! The visit rates of a walk that follows links and sometimes teleports (PageRank).
//!
//! With transition probabilities t_uv = w_uv / s_u, s_u the weight of the links out of u, teleportation
//! probability τ, β = 1 − τ, and teleportation targets v, the visit rates π satisfy
//!
//! > π_v = (τ + β d) v_v + β Σ_u t_uv π_u,  d = Σ π_u over dangling nodes (those without out-links).
//!
//! # A linear system
//! The first term is a multiple of v, so π is proportional to the solution of y = v + β Pᵀ y, where a dangling
//! node is a row of zeros in P (Del Corso, Gullí & Romani, Internet Mathematics 2005,
//! doi:10.1080/15427951.2005.10129108). No link leaves a dangling node, so these can wait until the end.
//! We solve for the flow per unit of weight, z_u = y_u / s_u, and read one number per link:
//!
//! > z_v = (v_v + β Σ_{u≠v} w_uv z_u) / (s_v − β w_vv),
//!
//! in place, in the order of the nodes (Gauss–Seidel), each new value serving at once.
//!
//! # Error bound
//! A sweep that changes y to y' leaves the residual U (y' − y), where U is the part of β Pᵀ that read old values;
//! its columns sum to at most β. The columns of (1 − β Pᵀ)⁻¹ sum to at most 1/τ. So the error of y', summed
//! over the nodes, is at most (β/τ) |y' − y|. Dividing by Y = Σ y over the nodes with out-links, which gives the
//! flow of one step along the links, or by more, which gives visit rates, at most doubles the relative error:
//!
//! > |error of the flow| ≤ (2β/τ) |y' − y| / Y.
//!
//! # Other steps than along links
//! Where `strength` counts more than the links in `incoming`, the rest is another way to leave them, to the same targets:
//! the equations are those above with `strength` for s. What matters to the bound is the least probability of not
//! following a link, which takes the place of τ in it.
//!
//! # Without teleportation
//! At τ = 0 the system is singular, π may depend on the start, and the walk may be periodic. Then we follow the
//! lazy walk, x' = (x + x P) / 2 with dangling nodes teleporting, which tends to the average of the walk itself
//! from the same start: the strengths of the nodes. No bound follows from the change |x' − x| of a sweep.

use mapeq_core::{Csr, Values, resolve_values};

use crate::iteration::{Outcome, Stop, Sweep, iterate};
use crate::weights::{inflow, normalize, row_sums};

/// The links of a walk and where it teleports to.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    /// Row v: the links into v.
    pub incoming: &'a Csr,
    /// Weight of the links out of each node; 0 for dangling nodes.
    pub strength: &'a [f64],
    /// Weight of each node's self-link, if there is any.
    pub loops: Option<&'a [f64]>,
    /// Probability of landing on each node after teleporting.
    pub target: &'a [f64],
    /// Probability of teleporting.
    pub teleportation: f64,
    /// Least probability of not following a link, for the bound: that of teleporting, unless `strength` counts other
    /// steps than along links.
    pub escape: f64,
}

impl Walk<'_> {
    /// The visit rates, which sum to 1; not numbers if the outcome's residual is not.
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
        // A node's rate waits for that of the node before: a division there would take most of the time.
        let inverse_pivots: Vec<f64> = match self.loops {
            None => self.strength.iter().map(|strength| 1.0 / strength).collect(),
            Some(loops) => {
                // Not strength − follow · own: that would be 0 where teleportation is rare and all links are self-links.
                let pairs = self.strength.iter().zip(loops);
                pairs.map(|(strength, own)| 1.0 / ((strength - own) + self.teleportation * own)).collect()
            }
        };
        // The solution is nowhere smaller than v, so neither is its sum.
        let mut rate = self.per_weight(self.target, 1.0);
        let least: f64 = rate.iter().zip(self.strength).map(|(rate, strength)| rate * strength).sum();
        let outcome = iterate(&mut rate, self.strength, stop, |rate| {
            let (mut change, mut sum) = (0.0, 0.0);
            for node in 0..rate.len() {
                let strength = self.strength[node];
                if strength == 0.0 {
                    continue;
                }
                // Without its own share, which the pivot accounts for.
                let before = std::mem::take(&mut rate[node]);
                let inflow = inflow(self.incoming, weights, node, rate);
                rate[node] = (self.target[node] + follow * inflow) * inverse_pivots[node];
                change += (rate[node] - before).abs() * strength;
                sum += rate[node] * strength;
            }
            Sweep::bounded(change, f64::max(sum, least), self.escape)
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

    /// `factor` times the flow per unit of weight out of each node; 0 for dangling nodes.
    pub fn per_weight(&self, flow: &[f64], factor: f64) -> Vec<f64> {
        let pairs = flow.iter().zip(self.strength);
        pairs.map(|(flow, &strength)| if strength == 0.0 { 0.0 } else { factor * flow / strength }).collect()
    }
}
