//! The search for a flat partition.

use std::cell::LazyCell;

use mapeq_core::{FlowNetwork, Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::louvain::louvain;
use crate::monitor::Monitor;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::MoveStats;
use crate::moving::regions::{COUPLINGS_FOR_REGIONS, REGION, move_in_regions};
use crate::one_module::{fall_back_to_one_module, one_module, restart_from_one_module};
use crate::options::{MIN_GAIN, SearchOptions};
use crate::random::{Random, random};
use crate::recombination::recombine;
use crate::tuning::tune;

/// The best partition of a network that one trial finds: not longer than one module for all nodes, where that may be the result.
///
/// The result depends on the network, the objective, the options and the seed alone. Near-linear in the number of links.
pub fn two_level<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &SearchOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let units = Units::new(&network.couplings, &level);
    let mut random = random(seed, &[]);
    let (first, effort) = initial_louvain(objective, units, options, &mut random, monitor);
    let grouping = improve(objective, units, first, effort, options, &mut random, monitor);
    fall_back_to_one_module(objective, units, grouping, options, &mut random, monitor).partition
}

/// Where after so many recombinations one module for all units is shorter by more than these have gained, the search gives up,
const MIN_RECOMBINATIONS: usize = 4;

/// … and while it is one module, after climbs have looked at so many links. In larger networks these are much alike.
const MIN_RECOMBINATION_LINKS: u64 = 100_000;

/// So many times a Louvain run looks at each coupling, about.
const LINK_VISITS_PER_LOUVAIN: u64 = 4;

/// The better of two results of [`two_level`], improved by what the other does differently (what the two agree on moves as one)
/// and, in small networks, by fresh climbs as in any other trial.
///
/// Never longer than `better`. O(nodes + links).
pub fn combine<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &SearchOptions,
    (better, other): (&Partition, &Partition),
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let units = Units::new(&network.couplings, &level);
    combine_units(objective, units, options, (better, other), &mut random(seed, &[]), monitor).partition
}

pub(crate) fn combine_units<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    options: &SearchOptions,
    (better, other): (&Partition, &Partition),
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Grouping {
    let mut mover = LocalMover::new(options.moves, random);
    let (combined, _) = recombine(objective, units, better, other, &mut mover, random, monitor);
    monitor.stage_ended("combination", combined.modules());
    let rounds = options.max_tuning_rounds.min(1);
    let (tuned, _) = tune(objective, units, combined, options.min_gain, rounds, &mut mover, random, monitor);
    let louvain_links = LINK_VISITS_PER_LOUVAIN * units.couplings.links() as u64;
    // Where two trials have met, less is left to be found.
    let spent = options.max_recombination_links / 4;
    let mut search = IteratedSearch {
        best: tuned,
        mover,
        louvain_links,
        spent,
        rounds_without_gain: 0,
        recombinations: 0,
        total_gain: 0.0,
    };
    search.run(objective, units, options, usize::MAX, random, monitor);
    search.best
}

/// The best partition of `units` that one trial finds, in the order they are in.
pub fn divide<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Partition {
    let (first, effort) = initial_louvain(objective, units, options, random, monitor);
    improve(objective, units, first, effort, options, random, monitor).partition
}

/// A Louvain run from single units, and what it took.
pub fn initial_louvain<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> (Grouping, MoveStats) {
    let at_once = units.couplings.factored().is_some() || units.constraints.is_some();
    let start = if units.couplings.links() < COUPLINGS_FOR_REGIONS || at_once {
        Grouping::singletons(units.len())
    } else {
        move_in_regions(objective, units, REGION, options.moves, random, monitor)
    };
    let mut mover = LocalMover::new(options.moves, random);
    let found = louvain(objective, units, start, &mut mover, random, monitor);
    monitor.stage_ended("louvain", found.0.modules());
    found
}

/// What a search starts from, and what that took: the modules of `given`, or a Louvain run from single units where nothing is given, or
/// nothing better than one module for all units, which the search returns to if it finds nothing better. O(units + links).
pub fn initial_grouping<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    given: Option<Partition>,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> (Grouping, MoveStats) {
    let given = given.map(|given| Grouping::new(units, given));
    let one = || one_module(units).filter(|_| options.allow_one_module).map(|one| one.value(objective, units));
    let is_of_use =
        |given: &Grouping| given.modules() > 1 && one().is_none_or(|one| given.value(objective, units) <= one);
    match given.filter(|given| !options.allow_one_module || is_of_use(given)) {
        Some(given) => {
            let effort =
                MoveStats { links: LINK_VISITS_PER_LOUVAIN * units.couplings.links() as u64, ..MoveStats::default() };
            (given, effort)
        }
        None => initial_louvain(objective, units, options, random, monitor),
    }
}

/// Improves what a first Louvain run found: an [`IteratedSearch`] to its end. `first` is what the Louvain run took.
pub fn improve<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    grouping: Grouping,
    first: MoveStats,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Grouping {
    let mut search = IteratedSearch::new(objective, units, grouping, first, options, random, monitor);
    search.run(objective, units, options, usize::MAX, random, monitor);
    search.best
}

/// What becomes of a first louvain: it is tuned, its modules may go back into one module for all units, it is recombined with fresh climbs
/// as far as the effort allows. It can be interrupted between two of these: with the same arguments it goes on as if nothing
/// had happened.
#[derive(Debug)]
pub struct IteratedSearch {
    /// The best grouping so far.
    pub best: Grouping,
    mover: LocalMover,
    /// So many links a Louvain run looks at, about,
    louvain_links: u64,
    /// … and so many count as looked at.
    spent: u64,
    rounds_without_gain: usize,
    recombinations: usize,
    /// Decrease of the objective by recombinations.
    total_gain: f64,
}

impl IteratedSearch {
    /// Tunes what a Louvain run found, and what becomes of one module for all units when its modules may leave that; `first` is what the
    /// Louvain run took.
    pub fn new<O: Objective>(
        objective: &O,
        units: Units<'_, O>,
        grouping: Grouping,
        first: MoveStats,
        options: &SearchOptions,
        random: &mut Random,
        monitor: &dyn Monitor,
    ) -> Self {
        let mut mover = LocalMover::new(options.moves, random);
        let rounds = options.max_tuning_rounds;
        let mut tuned = |grouping, random: &mut Random| {
            tune(objective, units, grouping, options.min_gain, rounds, &mut mover, random, monitor).0
        };
        let mut best = tuned(grouping, random);
        if options.allow_one_module && best.modules() > 1 {
            let left = restart_from_one_module(objective, units, &best, options, random, monitor);
            best = left.map_or(best, |left| tuned(left, random));
        }
        monitor.stage_ended("tuning", best.modules());
        Self {
            best,
            mover,
            louvain_links: first.links,
            spent: first.links / 2,
            rounds_without_gain: 0,
            recombinations: 0,
            total_gain: 0.0,
        }
    }

    /// Recombines the best grouping with fresh climbs until the effort is spent, nothing more is gained, one module for all units
    /// seems to be the best, or it has done so `most` times in all; whether there is a better grouping then.
    pub fn run<O: Objective>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        options: &SearchOptions,
        most: usize,
        random: &mut Random,
        monitor: &dyn Monitor,
    ) -> bool {
        let mut better = false;
        let one = LazyCell::new(|| one_module(units).map_or(f64::INFINITY, |one| one.value(objective, units)));
        let mut pays = !options.allow_one_module;
        while self.recombinations < most.min(options.max_recombinations)
            && self.spent + self.louvain_links <= options.max_recombination_links
            && self.rounds_without_gain < options.patience
            && (self.best.modules() > 1 || self.may_still_divide(options))
            && !monitor.stop_requested()
        {
            if !pays && self.recombinations >= MIN_RECOMBINATIONS {
                let lacking = self.best.value(objective, units) - *one;
                pays = lacking < 0.0;
                if lacking > self.total_gain {
                    break;
                }
            }
            let gain = self.recombine_once(objective, units, random, monitor);
            better |= gain > MIN_GAIN;
            self.total_gain += gain.max(0.0);
            self.recombinations += 1;
            self.rounds_without_gain = if gain < options.min_gain { self.rounds_without_gain + 1 } else { 0 };
            monitor.stage_ended("recombination", self.best.modules());
        }
        better
    }

    /// Whether another Louvain run may tell that one module for all units is not the best.
    fn may_still_divide(&self, options: &SearchOptions) -> bool {
        let may_be_divided = options.allow_one_module && self.best.partition.len() > 1;
        may_be_divided
            && self.recombinations < MIN_RECOMBINATIONS
            && self.spent + self.louvain_links <= MIN_RECOMBINATION_LINKS
    }

    /// Recombines the best grouping with a fresh Louvain run; returns what that gains, less than 0 where the best is kept.
    fn recombine_once<O: Objective>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        random: &mut Random,
        monitor: &dyn Monitor,
    ) -> f64 {
        let Self { best, mover, .. } = self;
        let (other, climbed) = louvain(objective, units, Grouping::singletons(units.len()), mover, random, monitor);
        // While it pays, improve the best partition; where that is stuck, start from the other one.
        let pays = self.rounds_without_gain == 0;
        let (start, pieces) =
            if pays { (&best.partition, &other.partition) } else { (&other.partition, &best.partition) };
        let (combined, moved) = recombine(objective, units, start, pieces, mover, random, monitor);
        let (tuned, fine) = tune(objective, units, combined, f64::INFINITY, 1, mover, random, monitor);
        let gain =
            if pays { moved.gain + fine.gain } else { best.value(objective, units) - tuned.value(objective, units) };
        if gain >= 0.0 {
            *best = tuned;
        }
        self.spent += climbed.links + moved.links + fine.links;
        gain
    }
}
