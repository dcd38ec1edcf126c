//! The search for overlapping modules.

use mapeq_core::{FlowNetwork, Partition};
use mapeq_labels::WithLabels;
use mapeq_search::{Demands, Layout, Monitor, OnlyStop, SearchOptions, two_level, two_level_under};
use mapeq_twolevel::{BalancedFlow, DirectedFlow, MapEquation};
use rayon::prelude::*;

use crate::changes::Desk;
use crate::copies::{Copies, cover_of};
use crate::cover::Cover;
use crate::memberships::{LEAST_GAIN, improve, join_together, merge_modules};
use crate::rule::Entry;
use crate::state::{Following, State};
use crate::walk::Walk;

/// How to search for overlapping modules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverlapOptions {
    /// Which of the modules of a node the walk enters.
    pub entry: Entry,
    /// In networks with at most so many couplings (two per pair of linked nodes), moves of pairs of nodes and of whole modules
    /// are tried, too, from many starts.
    pub couplings_for_pairs: usize,
    /// In networks with more couplings than this, memberships move from the hard modules alone: finer ones are not searched for,
    /// and copies not grouped anew, which takes many times as long as the search for hard modules there.
    pub couplings_for_regrouping: usize,
    /// What each codeword of a codebook but one costs, in bits per step: 0, or to correct for the bias of entropies in small
    /// samples, [`entropy_bias`](mapeq_twolevel::entropy_bias). Every membership costs a codeword.
    pub per_codeword: f64,
    /// How to search for hard modules.
    pub search: SearchOptions,
}

impl Default for OverlapOptions {
    fn default() -> Self {
        Self {
            entry: Entry::default(),
            couplings_for_pairs: 400,
            couplings_for_regrouping: 100_000,
            per_codeword: 0.0,
            search: SearchOptions::default(),
        }
    }
}

/// Steps per codeword of the walks whose hard modules are starts: the shorter, the finer. Overlaps make borders cheaper, so that
/// the best modules are smaller than hard ones. With 0.7, sparse networks are left with coarser and longer ones; with 0.5, dense
/// ones fall into so many pieces that it takes twice the time to put them together.
const FINE: f64 = 0.6;
/// The same for small networks, which are searched from many starts.
const TIMES: [f64; 3] = [1.0, 0.5, 0.25];
/// So many hard searches for each of them.
const SEEDS: u64 = 4;
/// In large networks, the search ends when grouping the copies anew gains less than this part of what has been gained from a start.
const FADED: f64 = 0.005;

/// The copies of nodes in the best overlapping modules that a search finds from `hard` modules; never longer than these.
///
/// Memberships are added, removed and moved; then the copies are grouped anew, as the states of a state network, with the search
/// for hard modules; and so on until nothing improves. `flow` is that of `walk`. The same result at any number of threads.
///
/// A. Viamontes Esquivel & M. Rosvall, Phys. Rev. X 2011, doi:10.1103/PhysRevX.1.021025.
///
/// # Panics
/// If the walk, its flow and the modules are not of the same nodes.
pub fn overlapping<'w>(
    walk: &'w Walk,
    flow: &FlowNetwork,
    hard: &Partition,
    options: &OverlapOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> Copies {
    assert!(walk.len() == flow.len() && walk.len() == hard.len(), "modules of these nodes");
    if flow.couplings.links() > options.couplings_for_regrouping {
        return from_hard_modules(walk, flow, hard, options, monitor);
    }
    let small = flow.couplings.links() <= options.couplings_for_pairs;
    let following = if small { Following::CLOSE } else { Following::NEAR };
    let state = |start: &Partition| {
        let cover = Cover::from_partition(start);
        State::new(walk, options.entry, following, &cover).charged(options.per_codeword)
    };
    let moves = if small { Moves::Thorough } else { Moves::Single };
    let search = |start: &Partition| improved(state(start), moves, options, seed, monitor);
    let mut starts = fine_starts(flow, options, seed, monitor);
    if small {
        starts.push(hard.clone());
        starts.push(Partition::singletons(hard.len()));
    }
    let shorter = |best: State<'w>, state: State<'w>| {
        if state.codelength() < best.codelength() - LEAST_GAIN { state } else { best }
    };
    let mut found: Vec<State<'_>> = starts.par_iter().with_max_len(1).map(search).collect();
    if small {
        // The last two starts, the hard modules and single nodes, are those that pairs lead farthest from.
        let shortest = |&a: &usize, &b: &usize| found[a].codelength().total_cmp(&found[b].codelength());
        let best = (0..starts.len() - 2).min_by(shortest).expect("there are finer starts");
        let search = |start: &Partition| improved(state(start), Moves::Together, options, seed, monitor);
        let starts = [&starts[best], &starts[starts.len() - 2], &starts[starts.len() - 1]];
        let together: Vec<State<'_>> = starts.into_par_iter().with_max_len(1).map(search).collect();
        found.extend(together);
    }
    let mut best = found.into_iter().reduce(shorter).expect("there is one start");
    let given = state(hard);
    if best.codelength() > given.codelength() - LEAST_GAIN {
        best = shorter(given, search(hard));
    }
    Copies::of(&best)
}

/// The copies that moves of memberships lead to from hard modules, with the nodes in an order that suits the caches meanwhile.
fn from_hard_modules(
    walk: &Walk,
    flow: &FlowNetwork,
    hard: &Partition,
    options: &OverlapOptions,
    monitor: &dyn Monitor,
) -> Copies {
    let layout = Layout::new(flow.clone());
    let order = layout.network().nodes.number.clone();
    let labels = layout.by_place(hard.labels());
    drop(layout);
    let laid_out = order.as_deref().map(|order| walk.reordered(order));
    let cover = Cover::from_labels(labels.iter().map(|label| [*label]));
    let mut state = State::new(laid_out.as_ref().unwrap_or(walk), options.entry, Following::NEAR, &cover)
        .charged(options.per_codeword);
    let given = state.clone();
    improve(&mut state, false, &mut Desk::default(), monitor);
    state.refresh();
    let best = if state.codelength() > given.codelength() - LEAST_GAIN { given } else { state };
    match order {
        None => Copies::of(&best),
        Some(order) => Copies::of(&best.restored(walk, &order)),
    }
}

/// Finer hard modules to start from, different ones.
fn fine_starts(flow: &FlowNetwork, options: &OverlapOptions, seed: u64, monitor: &dyn Monitor) -> Vec<Partition> {
    let small = flow.couplings.links() <= options.couplings_for_pairs;
    let (times, seeds) = if small { (&TIMES[..], SEEDS) } else { (&[FINE][..], 1) };
    let most_recombinations = if small { options.search.most_recombinations } else { 0 };
    let search = SearchOptions { one_module: false, most_recombinations, ..options.search };
    let mut starts: Vec<Partition> = Vec::new();
    for &time in times {
        let scaled = |rates: &[f64]| rates.iter().map(|rate| rate * time).collect::<Box<[f64]>>();
        let mut slower = flow.clone();
        slower.couplings = slower.couplings.scaled(time);
        slower.nodes.exit = scaled(&slower.nodes.exit);
        slower.nodes.enter = slower.nodes.enter.map(|enter| scaled(&enter));
        slower.nodes.stay = slower.nodes.stay.map(|stay| scaled(&stay));
        for seed in (0..seeds).map(|more| seed.wrapping_add(more)) {
            let monitor = OnlyStop(monitor);
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

pub(crate) fn balanced() -> mapeq_core::Additive<MapEquation<BalancedFlow>> {
    mapeq_core::Additive(MapEquation::new())
}

pub(crate) fn directed() -> mapeq_core::Additive<MapEquation<DirectedFlow>> {
    mapeq_core::Additive(MapEquation::new())
}

/// What moves until nothing improves.
#[derive(Clone, Copy, PartialEq)]
enum Moves {
    /// Nodes, until that gains little.
    Single,
    /// Nodes to any module beside them, and whole modules.
    Thorough,
    /// These, and pairs of nodes.
    Together,
}

/// The best cover that moves lead to from that of a state.
fn improved<'w>(
    mut state: State<'w>,
    moves: Moves,
    options: &OverlapOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> State<'w> {
    let thorough = moves != Moves::Single;
    let mut desk = Desk::default();
    let mut improve_all = |state: &mut State<'w>| loop {
        let before = state.codelength();
        improve(state, thorough, &mut desk, monitor);
        if moves == Moves::Together {
            join_together(state, &mut desk);
        }
        if thorough {
            merge_modules(state, &mut desk);
        }
        state.refresh();
        // Not the other way round: of huge codelengths, and of those that are no number, no difference is more.
        let gains = before - state.codelength() > LEAST_GAIN;
        if !thorough || !gains || monitor.stop_requested() {
            break;
        }
    };
    let first = state.codelength();
    improve_all(&mut state);
    while !monitor.stop_requested() {
        let mut other = regrouped(&state, thorough, options, seed, monitor);
        improve_all(&mut other);
        let gain = state.codelength() - other.codelength();
        if gain > LEAST_GAIN {
            state = other;
        }
        let least = f64::max(options.search.least_gain, FADED * (first - state.codelength()));
        if gain < if thorough { LEAST_GAIN } else { least } {
            break;
        }
    }
    state
}

/// The hard part again: the copies, as states whose steps are what they are, in the modules that a hard search finds from theirs.
/// The splits are solved anew, so that the codelength may even have grown. Fresh climbs, to combine with what there is, gain little
/// for what they take, except where networks are so small that nothing else costs as much.
fn regrouped<'w>(
    state: &State<'w>,
    thorough: bool,
    options: &OverlapOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> State<'w> {
    let copies = Copies::of(state);
    let demands = Demands { start: Some(&copies.module), ..Demands::default() };
    let monitor = OnlyStop(monitor);
    let most_recombinations = if thorough { options.search.most_recombinations } else { 0 };
    let search = &SearchOptions { most_recombinations, ..options.search };
    let (flow, labels) = (&copies.flow, copies.labels());
    let modules = if copies.is_balanced() {
        let objective = WithLabels::new(MapEquation::<BalancedFlow>::new(), labels);
        two_level_under(flow, &objective, search, &demands, seed, &monitor)
    } else {
        let objective = WithLabels::new(MapEquation::<DirectedFlow>::new(), labels);
        two_level_under(flow, &objective, search, &demands, seed, &monitor)
    };
    let cover = cover_of(&copies.node, &modules);
    State::new(state.walk, state.rule, state.following, &cover).charged(state.per_codeword)
}
