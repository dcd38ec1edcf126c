//! How a preferred number of modules is reached.
//!
//! Where every module more or less costs a whole bit, the only moves are those that come nearer to the number, whatever else
//! they do, and when it is reached, those that keep it. A search therefore comes to the number fast and ends at a poor place.
//! A small price per module has no such edges: it is raised or lowered (below 0, if there are too few modules) until there are about
//! as many modules as preferred. From there the search for the preferred number starts.
//!
//! Prices are tried with units that are larger than nodes, so that a price costs next to nothing: with the modules that a search
//! finds when there is no price, if they are too many, else with what first moves of single nodes put together.
//!
//! Where there are too many modules, there are two ways to fewer: to join small ones, and to keep the best ones and join all
//! others. The second way leads from one module for all to those that are worth their price.
//!
//! Where modules may be nested none of this is needed: what is wrong with the top modules, a level below them mends.

use mapeq_core::{NestedObjective, Partition, Tree, exp2_minus_one, log2};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{Demands, Grouping, Monitor, MoveOptions, Mover, SearchOptions, Units, first_climb, random, tune};
use mapeq_twolevel::Penalties;

use super::objective::TrialRequest;
use super::trial::Trial;

/// So many prices are tried, at most.
const MOST_PRICES: usize = 10;

/// The price is looked for between these, in bits per step,
const PRICES: (f64, f64) = (1e-6, 1.0);

/// … first at this one.
const MIDDLE_PRICE: f64 = 1e-3;

/// The next price is at least this share of the interval away from its ends.
const LEAST_SHARE: f64 = 0.1;

/// One in so many modules more or less than preferred is near enough: the preference itself does the rest.
const NEAR_ENOUGH: usize = 20;

/// Names the stream of random numbers of the climbs at prices.
const CLIMBS: u64 = 3;

/// Flat modules, about as many as preferred, that are good at some price per module. `at` makes the objective of penalties.
pub(super) fn search_by_price<O: NestedObjective>(
    trial: Trial<'_>,
    at: impl Fn(Penalties) -> O,
    penalties: Penalties,
    preferred: u32,
) -> Vec<Tree> {
    let Trial { network, request, monitor, .. } = trial;
    let preferred = preferred as usize;
    let once = SearchOptions { most_recombinations: 0, one_module: false, ..request.options.two_level };
    let at_price = |per_top_module: f64| at(Penalties { per_top_module, preferred_modules: None, ..penalties });
    let free = at_price(0.0);
    let search = |two_level: SearchOptions| {
        let options = MultilevelOptions { two_level, ..request.options };
        let request = TrialRequest { two_level: true, options, ..*request };
        Trial { request: &request, ..trial }.nested(&free).leaf_partition()
    };
    let mut units = search(SearchOptions { most_tuning_rounds: 1, ..once });
    let too_many = units.modules() > preferred;
    if !too_many {
        let moves = MoveOptions { most_levels: Some(1), ..once.moves };
        units = search(SearchOptions { most_tuning_rounds: 0, moves, ..once });
        if units.modules() < preferred {
            units = Partition::singletons(network.len());
        }
    }
    let demands = Demands { start: None, fixed: request.fixed, sizes: request.sizes };
    let (level, rules) = (free.level(network), demands.rules());
    let nodes = Units::new(&network.couplings, &level);
    let nodes = rules.as_ref().map_or(nodes, |rules| nodes.under(rules));
    let (coarse, _) = nodes.consolidate(&free, &units);
    let coarse = coarse.units();

    let joined = |price: f64| {
        let mut random = random(request.seed, &[CLIMBS]);
        first_climb(&at_price(if too_many { price } else { -price }), coarse, &once, &mut random, monitor).0.partition
    };
    let kept = |price: f64| {
        let mut random = random(request.seed, &[CLIMBS]);
        let one = Grouping::new(coarse, Partition::one_module(coarse.len()));
        let mut mover = Mover::new(once.moves, &mut random);
        tune(&at_price(price), coarse, one, f64::INFINITY, 1, &mut mover, &mut random, monitor).0.partition
    };
    let (modules, price) = nearest(preferred, too_many, MIDDLE_PRICE, monitor, joined);
    let mut found = vec![modules];
    if too_many && rules.is_none() {
        found.push(nearest(preferred, too_many, price, monitor, kept).0);
    }
    found.iter().map(|modules| Tree::from_partition(&units.then(modules))).collect()
}

/// The partition among those `at` some prices whose number of modules is nearest to `preferred`. A higher price makes fewer modules,
/// or more of them where it is paid to the modules: about by a power of the price. `first` is tried first; returns the price, too.
fn nearest(
    preferred: usize,
    dearer_is_fewer: bool,
    first: f64,
    monitor: &dyn Monitor,
    at: impl Fn(f64) -> Partition,
) -> (Partition, f64) {
    // Logarithms of prices, and of how many times too many modules there are.
    let (mut low, mut high) = ((log2(PRICES.0), None), (log2(PRICES.1), None));
    let mut best: Option<(Partition, f64)> = None;
    for _ in 0..MOST_PRICES {
        let price = match (low, high) {
            _ if best.is_none() => log2(first),
            ((low, Some(above)), (high, Some(below))) => {
                let share: f64 = above / (above - below);
                low + (high - low) * share.clamp(LEAST_SHARE, 1.0 - LEAST_SHARE)
            }
            _ => (low.0 + high.0) / 2.0,
        };
        let bits = 1.0 + exp2_minus_one(price);
        let found = at(bits);
        let modules = found.modules();
        let excess = log2(modules as f64 / preferred as f64);
        if (modules > preferred) == dearer_is_fewer {
            low = (price, Some(excess));
        } else {
            high = (price, Some(excess));
        }
        if best.as_ref().is_none_or(|(best, _)| modules.abs_diff(preferred) < best.modules().abs_diff(preferred)) {
            best = Some((found, bits));
        }
        if modules.abs_diff(preferred) <= preferred / NEAR_ENOUGH || monitor.stop_requested() {
            break;
        }
    }
    best.expect("at least one price")
}
