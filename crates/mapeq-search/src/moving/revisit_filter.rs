//! Decides which units are visited again when units around them have moved.
//!
//! A unit with many couplings has many neighbours that move, each of little effect. If every move
//! led to a visit, each unit would be visited five to ten times, mostly without a move. So the
//! coupling that has moved is summed for each unit, until it reaches a threshold. For layers that
//! relax to each other, and for modules of them, that halves the time of a search. Codelengths
//! differ by their noise.

use mapeq_core::Couplings;
use rayon::prelude::*;

use crate::options::Thoroughness;

/// Lower bound on the couplings per unit for a filter, unless there are factored couplings.
///
/// In networks of clear modules with 150 links per node, a filter takes a tenth of the time and
/// saves none.
const COUPLINGS_PER_UNIT: usize = 256;

/// Lower bound on the couplings for a filter in drafts. Fewer couplings are visited in no time.
const COUPLINGS_FOR_DRAFTS: usize = 1 << 17;

/// Lower bound on the couplings for a filter if no more thorough pass follows.
const COUPLINGS_FOR_ALL: usize = 1 << 23;

/// If fewer than one unit in `FEW` is queued, visiting them is faster than summing all couplings.
const FEW: usize = 8;

/// Share of the coupling of a unit that must have moved before the unit is visited again.
const THRESHOLD: f64 = 0.03;

/// Coupling that has moved around each unit since its last visit, and the threshold for another
/// visit.
pub(crate) struct RevisitFilter {
    moved: Vec<f32>,
    threshold: Vec<f32>,
}

impl RevisitFilter {
    /// Creates the filter for a pass in which `waiting` units are queued first.
    ///
    /// Returns [`None`] if every move around a unit is worth a visit: unless both couplings and
    /// queued units are many. O(couplings).
    pub fn new(couplings: &Couplings, waiting: usize, thoroughness: Thoroughness) -> Option<Self> {
        let (units, links) = (couplings.rows(), couplings.links());
        let min_links = match thoroughness {
            Thoroughness::Draft => COUPLINGS_FOR_DRAFTS,
            Thoroughness::Full => COUPLINGS_FOR_ALL,
        };
        let many = couplings.factored().is_some() || links >= COUPLINGS_PER_UNIT * units;
        if !many || links < min_links || waiting < units / FEW {
            return None;
        }
        let all = |unit| couplings.row(unit).map(|(_, coupling)| coupling).sum::<f64>();
        let threshold = (0..units).into_par_iter().map(|unit| (THRESHOLD * all(unit)) as f32).collect();
        Some(Self { moved: vec![0.0; units], threshold })
    }

    /// Records that `unit` is visited.
    #[inline(always)]
    pub fn visited(&mut self, unit: usize) {
        self.moved[unit] = 0.0;
    }

    /// Records that a neighbour of `unit` has moved. Returns whether `unit` should be visited.
    #[inline(always)]
    pub fn reaches_threshold(&mut self, unit: usize, coupling: f64) -> bool {
        let moved = &mut self.moved[unit];
        *moved += coupling as f32;
        *moved >= self.threshold[unit]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapeq_core::{Csr, LinkValues};

    /// Every unit is coupled to all others.
    fn complete(units: usize) -> Couplings {
        let others = |unit: usize| (0..units as u32).filter(move |&other| other as usize != unit);
        let offsets = (0..=units).map(|unit| unit * (units - 1)).collect();
        Csr::new(offsets, (0..units).flat_map(others).collect(), LinkValues::Same(1.0)).into()
    }

    #[test]
    fn moves_add_up_to_a_visit() {
        let filter = RevisitFilter::new;
        assert!(filter(&complete(100), 100, Thoroughness::Draft).is_none());
        let couplings = complete(401);
        assert!(filter(&couplings, 401, Thoroughness::Full).is_none());
        assert!(filter(&couplings, 49, Thoroughness::Draft).is_none());
        let mut revisit_filter = filter(&couplings, 401, Thoroughness::Draft).expect("many couplings");
        let until_reached =
            |revisit_filter: &mut RevisitFilter| (1..).find(|_| revisit_filter.reaches_threshold(7, 1.0));
        assert_eq!(until_reached(&mut revisit_filter), Some(12));
        revisit_filter.visited(7);
        assert_eq!(until_reached(&mut revisit_filter), Some(12));
    }
}
