//! The two-level search for a preferred number of modules.
//!
//! If each module more or less costs a whole bit, the only moves that pay approach the preferred
//! number and then keep it, whatever else they change. Such a search reaches the number fast and
//! ends in a poor optimum. A small price per module has no such steps. This module finds the price
//! (below 0 if there are too few modules) at which there are about as many modules as preferred,
//! and the trial starts from there.
//!
//! Prices are tried on units larger than nodes, so that each takes little time. If the search
//! without a price finds too many modules, these are the units. Otherwise the units are the modules
//! of a single pass of local moving.
//!
//! There are two ways to fewer modules: merge small ones, or keep the best ones and merge all
//! others. The second way starts from one module and splits off the modules that are worth their
//! price.
//!
//! Multilevel trials need none of this, because the level below repairs poor top modules.

use mapeq_core::{NestedObjective, Partition, Tree, exp2_minus_one, log2};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{Constraints, Grouping, LocalMover, Monitor, MoveOptions, Search, SearchOptions, Units, random};
use mapeq_twolevel::Penalties;

use super::objective::TrialRequest;
use super::trial::Trial;

/// Upper bound on the number of prices tried.
const MAX_PRICES: usize = 10;

/// Range of the price, in bits per step.
const PRICE_RANGE: (f64, f64) = (1e-6, 1.0);

/// First price tried, in bits per step.
const FIRST_PRICE: f64 = 1e-3;

/// The next price lies at least this fraction of the interval away from both ends.
const MIN_FRACTION: f64 = 0.1;

/// The number of modules may differ from the preferred number by 1 in `PRECISION`; the preference
/// itself corrects the rest.
const PRECISION: usize = 20;

/// Stream of random numbers of the searches at prices.
const STREAM: u64 = 3;

/// Returns two-level trees with about `preferred` modules, each found at some price per module.
/// `objective_with` returns the objective for given penalties.
pub(super) fn search_by_price<O: NestedObjective>(
    trial: Trial<'_>,
    objective_with: impl Fn(Penalties) -> O,
    penalties: Penalties,
    preferred: u32,
) -> Vec<Tree> {
    let Trial { network, request, monitor, .. } = trial;
    let preferred = preferred as usize;
    let options = SearchOptions { max_recombinations: 0, allow_one_module: false, ..request.options.two_level };
    let at_price =
        |per_top_module: f64| objective_with(Penalties { per_top_module, preferred_modules: None, ..penalties });
    let unpriced = at_price(0.0);
    let search = |two_level: SearchOptions| {
        let options = MultilevelOptions { two_level, ..request.options };
        let request = TrialRequest { two_level: true, options, ..*request };
        Trial { request: &request, ..trial }.nested(&unpriced).leaf_partition()
    };
    let mut units = search(SearchOptions { max_tuning_rounds: 1, ..options });
    let too_many = units.modules() > preferred;
    if !too_many {
        let moves = MoveOptions { max_levels: Some(1), ..options.moves };
        units = search(SearchOptions { max_tuning_rounds: 0, moves, ..options });
        if units.modules() < preferred {
            units = Partition::singletons(network.len());
        }
    }
    let constraints = Constraints { fixed: request.fixed, sizes: request.sizes };
    let (level, constraints) = (unpriced.level(network), constraints.for_nodes());
    let nodes = Units::new(&network.couplings, &level);
    let nodes = constraints.as_ref().map_or(nodes, |constraints| nodes.constrained(constraints));
    let (coarse, _) = nodes.consolidate(&unpriced, &units);
    let coarse = coarse.units();

    let by_merging = |price: f64| {
        let mut random = random(request.seed, &[STREAM]);
        let objective = &at_price(if too_many { price } else { -price });
        Search { objective, options: &options, monitor }.initial_louvain(coarse, &mut random).0.partition
    };
    let by_splitting = |price: f64| {
        let mut random = random(request.seed, &[STREAM]);
        let one = Grouping::new(coarse, Partition::one_module(coarse.len()));
        let mut mover = LocalMover::new(options.moves, &mut random);
        let search = Search { objective: &at_price(price), options: &options, monitor };
        search.tune(coarse, one, 1, &mut mover, &mut random).0.partition
    };
    let (modules, price) = nearest(preferred, too_many, FIRST_PRICE, monitor, by_merging);
    let mut found = vec![modules];
    if too_many && constraints.is_none() {
        found.push(nearest(preferred, too_many, price, monitor, by_splitting).0);
    }
    found.iter().map(|modules| Tree::from_partition(&units.then(modules))).collect()
}

/// Returns the partition whose number of modules is nearest to `preferred`, and its price. `at`
/// returns the partition at a price; `first` is the first price.
///
/// The number of modules is about a power of the price. It falls with the price if
/// `higher_price_is_fewer`. Otherwise modules receive the price, and it rises.
fn nearest(
    preferred: usize,
    higher_price_is_fewer: bool,
    first: f64,
    monitor: &dyn Monitor,
    at: impl Fn(f64) -> Partition,
) -> (Partition, f64) {
    // Logarithms of the price and of the ratio of modules to preferred modules.
    let (mut low, mut high) = ((log2(PRICE_RANGE.0), None), (log2(PRICE_RANGE.1), None));
    let mut best: Option<(Partition, f64)> = None;
    for _ in 0..MAX_PRICES {
        let price = match (low, high) {
            _ if best.is_none() => log2(first),
            ((low, Some(above)), (high, Some(below))) => {
                let fraction: f64 = above / (above - below);
                low + (high - low) * fraction.clamp(MIN_FRACTION, 1.0 - MIN_FRACTION)
            }
            _ => (low.0 + high.0) / 2.0,
        };
        let bits = 1.0 + exp2_minus_one(price);
        let found = at(bits);
        let modules = found.modules();
        let excess = log2(modules as f64 / preferred as f64);
        if (modules > preferred) == higher_price_is_fewer {
            low = (price, Some(excess));
        } else {
            high = (price, Some(excess));
        }
        if best.as_ref().is_none_or(|(best, _)| modules.abs_diff(preferred) < best.modules().abs_diff(preferred)) {
            best = Some((found, bits));
        }
        if modules.abs_diff(preferred) <= preferred / PRECISION || monitor.stop_requested() {
            break;
        }
    }
    best.expect("at least one price")
}
