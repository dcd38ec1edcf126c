//! How a preferred number of modules is reached.
//!
//! Where every module more or less costs a whole bit, the only moves are those that come nearer to the number, whatever else
//! they do, and when it is reached, those that keep it. A search therefore comes to the number fast and ends at a poor place.
//! A small price per module has no such edges: it is raised or lowered (below 0, if there are too few modules) until a quick
//! search has about as many modules as preferred. What the search at the right price finds is then combined with what the
//! search for the preferred number finds.
//!
//! Where there are too many modules, there are two ways to fewer: to join small ones, and to keep the best ones and join all
//! others. The second way leads from one module for all to those that are worth their price.

use mapeq_core::{NestedObjective, Partition, Tree};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{Monitor, SearchOptions};
use mapeq_twolevel::Charges;

use super::TrialRequest;
use super::work::Work;

/// So many prices are tried: then the price is known to 1.5 %.
const MOST_PRICES: usize = 10;

/// The price is looked for between these, in bits per step.
const PRICES: (f64, f64) = (1e-6, 1.0);

/// Flat modules, about as many as preferred, that are good at some price per module. `at` makes the objective of charges.
pub(super) fn at_the_right_price<O: NestedObjective>(
    work: Work<'_>,
    at: impl Fn(Charges) -> O,
    charges: Charges,
    preferred: u32,
) -> Vec<Tree> {
    let two_level = work.request.options.two_level;
    let quick = SearchOptions { most_recombinations: 0, most_tuning_rounds: 1, one_module: false, ..two_level };
    let options = MultilevelOptions { two_level: quick, ..work.request.options };
    let request = TrialRequest { two_level: true, options, ..*work.request };
    let search = |per_top_module: f64, parents: Option<(&Tree, &Tree)>| {
        let charges = Charges { per_top_module, preferred_modules: None, ..charges };
        Work { request: &request, parents, ..work }.nested(&at(charges))
    };
    let free = search(0.0, None);
    let preferred = preferred as usize;
    if free.top_modules() <= preferred {
        return vec![nearest(free, preferred, false, work.monitor, |price| search(-price, None))];
    }
    let one = Tree::from_partition(&Partition::one_module(work.network.len()));
    let kept = nearest(one.clone(), preferred, true, work.monitor, |price| search(price, Some((&one, &free))));
    let joined = nearest(free, preferred, true, work.monitor, |price| search(price, None));
    vec![joined, kept]
}

/// The tree among `first` and those `at` some prices whose number of top modules is nearest to `preferred`. A higher
/// price makes fewer modules, or more of them where it is paid to the modules.
fn nearest(
    first: Tree,
    preferred: usize,
    dearer_is_fewer: bool,
    monitor: &dyn Monitor,
    at: impl Fn(f64) -> Tree,
) -> Tree {
    let (mut low, mut high) = PRICES;
    let mut best = first;
    for _ in 0..MOST_PRICES {
        if best.top_modules() == preferred || monitor.stop_requested() {
            break;
        }
        let price = (low * high).sqrt();
        let found = at(price);
        if (found.top_modules() > preferred) == dearer_is_fewer {
            low = price;
        } else {
            high = price;
        }
        if found.top_modules().abs_diff(preferred) < best.top_modules().abs_diff(preferred) {
            best = found;
        }
    }
    best
}
