//! Iterated search: the best grouping is recombined with fresh Louvain runs.

use std::cell::LazyCell;

use mapeq_core::{Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::louvain::louvain_links;
use crate::monitor::Stage;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::MoveStats;
use crate::one_module::one_module;
use crate::options::MIN_GAIN;
use crate::random::Random;
use crate::search::Search;

/// Recombinations to run before the search accepts that one module is shorter.
///
/// After these, the search ends if one module for all units is shorter by more than recombinations
/// have gained.
const MIN_RECOMBINATIONS: usize = 4;

/// While the best grouping is one module, the search ends when this number of links has been
/// visited.
///
/// In larger networks, Louvain runs are much alike.
const MIN_RECOMBINATION_LINKS: u64 = 100_000;

/// A search that improves the result of a first Louvain run.
///
/// It tunes the result, lets its modules leave one module for all units, and recombines the best
/// grouping with fresh Louvain runs. A search that was interrupted between two recombinations
/// continues as if it had not been.
pub struct IteratedSearch<'a, O: Objective> {
    /// The best grouping found.
    pub best: Grouping,
    search: Search<'a, O>,
    units: Units<'a, O>,
    mover: LocalMover,
    /// Links that a Louvain run is expected to visit.
    louvain_links: u64,
    /// Links visited, as far as they count.
    spent: u64,
    rounds_without_gain: usize,
    recombinations: usize,
    /// Decrease of the objective by recombinations.
    total_gain: f64,
}

impl<O: Objective> Search<'_, O> {
    /// Improves the better of two partitions of `units` by what the other does differently, then by
    /// an iterated search of less effort.
    pub(crate) fn combine_units(
        &self,
        units: Units<'_, O>,
        (better, other): (&Partition, &Partition),
        random: &mut Random,
    ) -> Grouping {
        let mut mover = LocalMover::new(self.options.moves, random);
        let (combined, _) = self.recombine(units, better, other, &mut mover, random);
        let value = || combined.value(self.objective, units);
        self.monitor.stage_ended(Stage::new("combination", combined.modules(), &value));
        let rounds = self.options.max_tuning_rounds.min(1);
        let (best, _) = self.tune(units, combined, rounds, &mut mover, random);
        // Fewer improvements are left to find when two trials have been combined.
        let spent = self.options.max_recombination_links / 4;
        let mut search = IteratedSearch::resume(*self, units, best, mover, louvain_links(units), spent);
        search.run(usize::MAX, random);
        search.best
    }
}

impl<'a, O: Objective> IteratedSearch<'a, O> {
    /// Tunes `grouping`, lets its modules leave one module for all units, and tunes again if that
    /// is shorter. `first` is the work that `grouping` took.
    pub fn new(
        search: Search<'a, O>,
        units: Units<'a, O>,
        grouping: Grouping,
        first: MoveStats,
        random: &mut Random,
    ) -> Self {
        let options = search.options;
        let mut mover = LocalMover::new(options.moves, random);
        let mut tuned = |grouping, random: &mut Random| {
            search.tune(units, grouping, options.max_tuning_rounds, &mut mover, random).0
        };
        let mut best = tuned(grouping, random);
        if options.allow_one_module && best.modules() > 1 {
            let restarted = search.restart_from_one_module(units, &best, random);
            best = restarted.map_or(best, |restarted| tuned(restarted, random));
        }
        let value = || best.value(search.objective, units);
        search.monitor.stage_ended(Stage::new("tuning", best.modules(), &value));
        Self::resume(search, units, best, mover, first.links, first.links / 2)
    }

    fn resume(
        search: Search<'a, O>,
        units: Units<'a, O>,
        best: Grouping,
        mover: LocalMover,
        louvain_links: u64,
        spent: u64,
    ) -> Self {
        let (rounds_without_gain, recombinations, total_gain) = (0, 0, 0.0);
        Self { best, search, units, mover, louvain_links, spent, rounds_without_gain, recombinations, total_gain }
    }

    /// Recombines the best grouping with fresh Louvain runs. Returns whether that found a better
    /// grouping.
    ///
    /// The search ends when a limit of the options or `max_recombinations` in all is reached, after
    /// [`patience`](crate::SearchOptions::patience) recombinations in a row with little gain, or
    /// when one module for all units seems to be the best.
    pub fn run(&mut self, max_recombinations: usize, random: &mut Random) -> bool {
        let Search { objective, options, monitor } = self.search;
        let units = self.units;
        let mut improved = false;
        let one = LazyCell::new(|| one_module(units).map_or(f64::INFINITY, |one| one.value(objective, units)));
        let mut beats_one_module = !options.allow_one_module;
        while self.recombinations < max_recombinations.min(options.max_recombinations)
            && self.spent + self.louvain_links <= options.max_recombination_links
            && self.rounds_without_gain < options.patience
            && (self.best.modules() > 1 || self.may_still_divide())
            && !monitor.stop_requested()
        {
            if !beats_one_module && self.recombinations >= MIN_RECOMBINATIONS {
                let excess = self.best.value(objective, units) - *one;
                beats_one_module = excess < 0.0;
                if excess > self.total_gain {
                    break;
                }
            }
            let gain = self.recombine_once(random);
            improved |= gain > MIN_GAIN;
            self.total_gain += gain.max(0.0);
            self.recombinations += 1;
            self.rounds_without_gain = if gain < options.min_gain { self.rounds_without_gain + 1 } else { 0 };
            let value = || self.best.value(objective, units);
            monitor.stage_ended(Stage::new("recombination", self.best.modules(), &value));
        }
        improved
    }

    /// Returns whether another Louvain run may find modules although the best grouping is one
    /// module.
    fn may_still_divide(&self) -> bool {
        self.search.options.allow_one_module
            && self.best.partition.len() > 1
            && self.recombinations < MIN_RECOMBINATIONS
            && self.spent + self.louvain_links <= MIN_RECOMBINATION_LINKS
    }

    /// Recombines the best grouping with a fresh Louvain run. Returns the gain, which is negative
    /// if the best grouping was kept.
    fn recombine_once(&mut self, random: &mut Random) -> f64 {
        let Self { best, search, units, mover, .. } = self;
        let (search, units) = (*search, *units);
        let (other, run) = search.louvain(units, Grouping::singletons(units.len()), mover, random);
        // While recombination gains, improve the best partition. Otherwise start from the other
        // one.
        let gains = self.rounds_without_gain == 0;
        let (start, pieces) =
            if gains { (&best.partition, &other.partition) } else { (&other.partition, &best.partition) };
        let (combined, moved) = search.recombine(units, start, pieces, mover, random);
        let (tuned, fine) = search.tune(units, combined, 1, mover, random);
        let value = |grouping: &Grouping| grouping.value(search.objective, units);
        let gain = if gains { moved.gain + fine.gain } else { value(best) - value(&tuned) };
        if gain >= 0.0 {
            *best = tuned;
        }
        self.spent += run.links + moved.links + fine.links;
        gain
    }
}
