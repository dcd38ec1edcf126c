//! The search for overlapping modules.

use mapeq_core::{Additive, FlowNetwork, Partition};
use mapeq_labels::WithLabels;
use mapeq_search::{Constraints, Layout, Monitor, OnlyStop, SearchOptions, two_level, two_level_constrained};
use mapeq_twolevel::{BalancedFlow, DirectedFlow, MapEquation};
use rayon::prelude::*;

use crate::changes::Workspace;
use crate::copies::{Copies, cover_of};
use crate::cover::Cover;
use crate::cover_state::{CoverState, Propagation};
use crate::moves::{Effort, MIN_GAIN, improve, merge_modules, move_pairs};
use crate::rule::Entry;
use crate::walk::Walk;

/// Options of the search for overlapping modules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverlapOptions {
    /// Module that a walk enters if a node has several.
    pub entry: Entry,
    /// In networks with at most this number of couplings (two per pair of linked nodes), the search
    /// has further starts, and also moves pairs of nodes and merges modules.
    pub max_couplings_for_pairs: usize,
    /// In networks with more couplings than this, the search starts from the hard modules alone,
    /// and does not regroup the copies. Finer starts and regrouping would take many times as long
    /// as the search for hard modules.
    pub max_couplings_for_regrouping: usize,
    /// Penalty per codeword beyond the first of each codebook, in bits per step. Every membership
    /// adds a codeword. Use 0, or [`entropy_bias`](mapeq_twolevel::entropy_bias) to correct for the
    /// bias of entropies in small samples.
    pub per_codeword: f64,
    /// Options of the search for hard modules.
    pub search: SearchOptions,
}

impl Default for OverlapOptions {
    fn default() -> Self {
        Self {
            entry: Entry::default(),
            max_couplings_for_pairs: 400,
            max_couplings_for_regrouping: 100_000,
            per_codeword: 0.0,
            search: SearchOptions::default(),
        }
    }
}

/// Markov time of the search for the hard modules to start from. Shorter times give finer modules.
///
/// Overlaps make boundaries cheaper, so the best modules are smaller than hard ones. With 0.7,
/// sparse networks end with coarser modules and longer codelengths. With 0.5, dense networks start
/// with so many modules that the search takes twice the time.
const FINE_MARKOV_TIME: f64 = 0.6;
/// Markov times of the searches for hard modules to start from, in small networks.
const SMALL_NETWORK_MARKOV_TIMES: [f64; 3] = [1.0, 0.5, 0.25];
/// Number of searches at each of [`SMALL_NETWORK_MARKOV_TIMES`].
const SEEDS_PER_MARKOV_TIME: u64 = 4;
/// In large networks, the search ends when regrouping the copies gains less than this fraction of
/// the gain since the start.
const MIN_REGROUPING_GAIN: f64 = 0.005;

/// Returns the copies of nodes in the best overlapping modules that the search finds. Their
/// codelength is never longer than that of the `hard` modules.
///
/// Moves add, remove and replace memberships. Then the copies are regrouped, as states of a state
/// network, by the search for hard modules. Both repeat until nothing improves. `flow` is the flow
/// of `walk`. The result is the same at any number of threads.
///
/// A. Viamontes Esquivel & M. Rosvall, Phys. Rev. X 2011, doi:10.1103/PhysRevX.1.021025.
///
/// # Panics
/// If the walk, its flow and the modules differ in the number of nodes.
pub fn overlapping(
    walk: &Walk,
    flow: &FlowNetwork,
    hard: &Partition,
    options: &OverlapOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> Copies {
    assert!(walk.len() == flow.len() && walk.len() == hard.len(), "equal numbers of nodes");
    let search = Search { walk, flow, options, seed, monitor };
    if flow.couplings.links() > options.max_couplings_for_regrouping {
        search.run_one_start(hard)
    } else {
        search.run_many_starts(hard)
    }
}

/// Inputs of one search.
#[derive(Clone, Copy)]
struct Search<'a> {
    walk: &'a Walk,
    flow: &'a FlowNetwork,
    options: &'a OverlapOptions,
    seed: u64,
    monitor: &'a dyn Monitor,
}

impl<'a> Search<'a> {
    fn is_small(&self) -> bool {
        self.flow.couplings.links() <= self.options.max_couplings_for_pairs
    }

    fn state_of(&self, walk: &'a Walk, cover: &Cover) -> CoverState<'a> {
        let propagation = if self.is_small() { Propagation::FINE } else { Propagation::COARSE };
        CoverState::new(walk, self.options.entry, propagation, cover).penalized(self.options.per_codeword)
    }

    fn run_many_starts(&self, hard: &Partition) -> Copies {
        let state = |start: &Partition| self.state_of(self.walk, &Cover::from_partition(start));
        let small = self.is_small();
        let search =
            |start: &Partition| self.improved(state(start), if small { Effort::Thorough } else { Effort::Fast });
        let mut starts = self.fine_starts();
        if small {
            starts.push(hard.clone());
            starts.push(Partition::singletons(hard.len()));
        }
        let mut found: Vec<CoverState<'_>> = starts.par_iter().with_max_len(1).map(search).collect();
        if small {
            // Moves of pairs lead farthest from the last two starts: the hard modules, and single
            // nodes.
            let shortest = |&a: &usize, &b: &usize| found[a].codelength().total_cmp(&found[b].codelength());
            let best = (0..starts.len() - 2).min_by(shortest).expect("there are finer starts");
            let search = |start: &Partition| self.improved(state(start), Effort::Pairs);
            let starts = [&starts[best], &starts[starts.len() - 2], &starts[starts.len() - 1]];
            let with_pairs: Vec<CoverState<'_>> = starts.into_par_iter().with_max_len(1).map(search).collect();
            found.extend(with_pairs);
        }
        let mut best = found.into_iter().reduce(shorter).expect("there is one start");
        let given = state(hard);
        if best.codelength() > given.codelength() - MIN_GAIN {
            best = shorter(given, search(hard));
        }
        Copies::of(&best)
    }

    /// Improves the hard modules by moves of memberships. Nodes are reordered for the caches, and
    /// the result is in the original order.
    fn run_one_start(&self, hard: &Partition) -> Copies {
        let layout = Layout::new(self.flow.clone());
        let order = layout.network().nodes.number.clone();
        let labels = layout.by_place(hard.labels());
        drop(layout);
        let laid_out = order.as_deref().map(|order| self.walk.reordered(order));
        let cover = Cover::from_labels(labels.iter().map(|label| [*label]));
        let walk = laid_out.as_ref().unwrap_or(self.walk);
        let search = Search { walk, ..*self };
        let mut state = search.state_of(walk, &cover);
        let given = state.clone();
        improve(&mut state, Effort::Fast, &mut Workspace::default(), self.monitor);
        state.refresh();
        let best = if state.codelength() > given.codelength() - MIN_GAIN { given } else { state };
        match order {
            None => Copies::of(&best),
            Some(order) => Copies::of(&best.in_original_order(self.walk, &order)),
        }
    }

    /// Returns distinct partitions into hard modules that are finer than the best ones.
    fn fine_starts(&self) -> Vec<Partition> {
        let small = self.is_small();
        let (times, seeds) =
            if small { (&SMALL_NETWORK_MARKOV_TIMES[..], SEEDS_PER_MARKOV_TIME) } else { (&[FINE_MARKOV_TIME][..], 1) };
        let search = SearchOptions { allow_one_module: false, ..self.search_options(small) };
        let mut starts: Vec<Partition> = Vec::new();
        for &time in times {
            let scaled = |rates: &[f64]| rates.iter().map(|rate| rate * time).collect::<Box<[f64]>>();
            let mut slower = self.flow.clone();
            slower.couplings = slower.couplings.scaled(time);
            slower.nodes.exit = scaled(&slower.nodes.exit);
            slower.nodes.enter = slower.nodes.enter.map(|enter| scaled(&enter));
            slower.nodes.stay = slower.nodes.stay.map(|stay| scaled(&stay));
            for seed in (0..seeds).map(|more| self.seed.wrapping_add(more)) {
                let monitor = OnlyStop(self.monitor);
                let found = match slower.nodes.enter {
                    None => two_level(&slower, &balanced(), &search, seed, &monitor),
                    Some(_) => two_level(&slower, &directed(), &search, seed, &monitor),
                };
                if !starts.contains(&found) {
                    starts.push(found);
                }
            }
        }
        starts
    }

    /// Returns the options of a search for hard modules, without recombinations unless `recombine`
    /// is set: they gain little for their time.
    fn search_options(&self, recombine: bool) -> SearchOptions {
        let max_recombinations = if recombine { self.options.search.max_recombinations } else { 0 };
        SearchOptions { max_recombinations, ..self.options.search }
    }

    /// Improves a state by moves and regrouping until nothing is gained.
    fn improved(&self, mut state: CoverState<'a>, effort: Effort) -> CoverState<'a> {
        let fast = effort == Effort::Fast;
        let mut workspace = Workspace::default();
        let mut improve_all = |state: &mut CoverState<'a>| loop {
            let before = state.codelength();
            improve(state, effort, &mut workspace, self.monitor);
            if effort == Effort::Pairs {
                move_pairs(state, &mut workspace);
            }
            if !fast {
                merge_modules(state, &mut workspace);
            }
            state.refresh();
            // Written so that infinite and NaN codelengths end the loop, too.
            let gains = before - state.codelength() > MIN_GAIN;
            if fast || !gains || self.monitor.stop_requested() {
                break;
            }
        };
        let first = state.codelength();
        improve_all(&mut state);
        while !self.monitor.stop_requested() {
            let mut other = self.regrouped(&state, !fast);
            improve_all(&mut other);
            let gain = state.codelength() - other.codelength();
            if gain > MIN_GAIN {
                state = other;
            }
            let min_gain = f64::max(self.options.search.min_gain, MIN_REGROUPING_GAIN * (first - state.codelength()));
            if gain < if fast { min_gain } else { MIN_GAIN } {
                break;
            }
        }
        state
    }

    /// Regroups the copies, as states with fixed steps, by a hard search that starts from their
    /// modules. The splits are then solved again, so the codelength may even increase.
    fn regrouped(&self, state: &CoverState<'a>, recombine: bool) -> CoverState<'a> {
        let copies = Copies::of(state);
        let (constraints, start) = (&Constraints::default(), Some(&copies.module));
        let monitor = OnlyStop(self.monitor);
        let search = &self.search_options(recombine);
        let (flow, labels) = (&copies.flow, copies.labels());
        let modules = if copies.is_balanced() {
            let objective = WithLabels::new(MapEquation::<BalancedFlow>::new(), labels);
            two_level_constrained(flow, &objective, search, constraints, start, self.seed, &monitor)
        } else {
            let objective = WithLabels::new(MapEquation::<DirectedFlow>::new(), labels);
            two_level_constrained(flow, &objective, search, constraints, start, self.seed, &monitor)
        };
        self.state_of(state.walk, &cover_of(&copies.node, &modules))
    }
}

/// Returns `state` if it is shorter than `best`, else `best`.
fn shorter<'w>(best: CoverState<'w>, state: CoverState<'w>) -> CoverState<'w> {
    if state.codelength() < best.codelength() - MIN_GAIN { state } else { best }
}

pub(crate) fn balanced() -> Additive<MapEquation<BalancedFlow>> {
    Additive(MapEquation::new())
}

pub(crate) fn directed() -> Additive<MapEquation<DirectedFlow>> {
    Additive(MapEquation::new())
}
