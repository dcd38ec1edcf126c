//! Which units are worth another visit when units around them have moved.
//!
//! A unit that many others are coupled to is concerned by many moves, but hardly by one of them: where couplings are many, a queue of
//! all that are concerned visits every unit five to ten times, most of them for nothing. So what has moved around a unit adds up
//! until it is worth a visit. With layers in reach of each other, and modules of them, that halves the time of a search, for
//! codelengths that differ by their noise.

use mapeq_core::Couplings;
use rayon::prelude::*;

use crate::options::Thoroughness;

/// Couplings per unit that make a difference, where they are listed. Where they are not, they always do. In networks of clear modules
/// with 150 links at a node, to keep count of what moves takes a tenth of the time, and saves none.
const COUPLINGS_PER_UNIT: usize = 256;

/// Fewer couplings than this are looked at in no time.
const COUPLINGS_FOR_DRAFTS: usize = 1 << 17;
/// … and, where no more is to follow, than this.
const COUPLINGS_FOR_ALL: usize = 1 << 23;

/// Where fewer units wait than one in so many, they are visited sooner than all couplings are summed.
const FEW: usize = 8;

/// A unit is visited again when units have moved that it is coupled to by this part of all its coupling.
const WORTH_A_VISIT: f64 = 0.03;

/// What has moved around units since they were visited.
pub(crate) struct RevisitFilter {
    moved: Vec<f32>,
    worth: Vec<f32>,
}

impl RevisitFilter {
    /// Nothing yet; `None` where every move around a unit is worth a visit: unless couplings, and units `waiting`, are many. Of a draft,
    /// which others go on with, less is expected. O(couplings).
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
        let worth = (0..units).into_par_iter().map(|unit| (WORTH_A_VISIT * all(unit)) as f32).collect();
        Some(Self { moved: vec![0.0; units], worth })
    }

    /// The unit is visited.
    #[inline(always)]
    pub fn visited(&mut self, unit: usize) {
        self.moved[unit] = 0.0;
    }

    /// A unit has moved that `unit` is coupled to; whether it is worth a visit by now.
    #[inline(always)]
    pub fn reaches_threshold(&mut self, unit: usize, coupling: f64) -> bool {
        let moved = &mut self.moved[unit];
        *moved += coupling as f32;
        *moved >= self.worth[unit]
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
