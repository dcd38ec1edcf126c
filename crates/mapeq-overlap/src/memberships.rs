//! Nodes join, leave and change modules until no such move makes the codelength shorter.

use mapeq_search::Monitor;
use rayon::prelude::*;
use smallvec::SmallVec;

use crate::changes::Desk;
use crate::members::has;
use crate::modules::Modules;
use crate::neighbourhood::Neighbourhood;
use crate::state::State;

/// A move has to gain more than this, in bits per step: copies that the walk never enters gain nothing but rounding errors.
pub(crate) const LEAST_GAIN: f64 = 1e-10;
/// Rounds at most; each asks the nodes whose surroundings have changed.
const MOST_ROUNDS: usize = 40;
/// In large networks, rounds end when one gains less than this part of what all have gained: on the European roads, C. elegans,
/// the power grid and ca-GrQc, more rounds gain no more than grouping the copies anew does, which follows where that pays.
const FADED: f64 = 0.05;
/// In large networks, so many modules beside a node are tried, those from which most flow comes to it. On ca-GrQc and C.
/// elegans four are as good as all of them; on ca-AstroPh and com-DBLP, six save a fortieth more than four in a tenth more time.
const MOST_CANDIDATES: usize = 6;
/// In large networks, a node is asked again when this part of its visits comes from neighbours, or goes to them, in other modules than
/// when it was asked last.
const SLIGHT: f64 = 0.05;
/// Of a node's neighbours, so many at most are given the same module at the same time.
const MOST_FOLLOWERS: usize = 64;

/// Moves memberships until nothing improves, or if `thorough` is not asked for, until a round gains little. Nodes are asked in
/// parallel on one state; what they wish is granted one by one, the most promising first, if it still pays when what depends on
/// it has been split again (Viamontes Esquivel & Rosvall 2011 rank and aggregate likewise).
pub(crate) fn improve(state: &mut State<'_>, thorough: bool, desk: &mut Desk, monitor: &dyn Monitor) {
    let first = state.codelength();
    // How much of the flow of each node is in other modules than when it was asked last.
    let mut stirred = vec![f64::INFINITY; state.members.len()];
    let slight = if thorough { 0.0 } else { SLIGHT };
    let mut all_asked = true;
    for _ in 0..MOST_ROUNDS {
        if monitor.stop_requested() {
            break;
        }
        let before = state.codelength();
        let empty = state.empty_module();
        let ask = |node: &usize| stirred[*node] > slight * state.walk.visits()[*node];
        let nodes: Vec<usize> = (0..state.members.len()).filter(ask).collect();
        nodes.iter().for_each(|&node| stirred[node] = 0.0);
        let wishes = wishes(state, &nodes, empty, thorough);
        let mut gained = false;
        for (change, node, modules) in &wishes {
            let node = *node as usize;
            if state.attempt(node, modules, LEAST_GAIN, -change, desk) > 0.0 {
                gained = true;
                stirred[node] = f64::INFINITY;
                stir_neighbours(state, desk, &mut stirred);
            }
        }
        state.members.compact();
        monitor.stage_ended("memberships", state.modules.len() - 1);
        let gain = before - state.codelength();
        if !thorough && gain <= FADED * (first - state.codelength()).max(0.0) {
            break;
        }
        // What changes far away reaches a node by the index codebook alone; at the end all are asked again.
        if !gained {
            if all_asked {
                break;
            }
            stirred.fill(f64::INFINITY);
        }
        all_asked = !gained;
    }
}

/// Adds what nodes that have just changed send to their neighbours, or get from them, in other modules than before.
fn stir_neighbours(state: &State<'_>, desk: &Desk, stirred: &mut [f64]) {
    let walk = state.walk;
    for (node, change) in desk.changes(state) {
        let mut stir = |(neighbour, flow): (usize, f64)| stirred[neighbour] += change * flow;
        walk.outgoing().row(node).for_each(&mut stir);
        if !walk.is_undirected() {
            walk.incoming().row(node).for_each(&mut stir);
        }
    }
}

/// A move: what it changes, the node, and its modules then.
type Move = (f64, u32, Modules);

/// The best move of each of the nodes to be asked, best first.
fn wishes(state: &State<'_>, nodes: &[usize], empty: u32, thorough: bool) -> Vec<Move> {
    let wish = |desk: &mut Desk, &node: &usize| best_move(state, node, empty, thorough, desk);
    let wishes = nodes.par_iter().with_min_len(64).map_init(Desk::default, wish);
    let mut wishes: Vec<Move> = wishes.flatten().collect();
    wishes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    wishes
}

/// The move of a node that makes the codelength shortest, other splits being as they are: one membership more, less or
/// another, and where not all rounds are gone through, as many more at once as pay. None of a node beside its own module alone.
fn best_move(state: &State<'_>, node: usize, empty: u32, thorough: bool, desk: &mut Desk) -> Option<Move> {
    if state.walk.incoming().row(node).all(|(source, _)| state.members.same_module(source, node)) {
        return None;
    }
    desk.hood.meet_all(state, node);
    if desk.hood.near.len() == 1 {
        return None;
    }
    let own: Modules = state.modules_of(node).collect();
    let candidates = candidates(&desk.hood, &own, if thorough { usize::MAX } else { MOST_CANDIDATES });
    let inflow_of_own = desk.hood.inflow_of(own[0]);
    let empty = (state.modules[empty as usize].flow.copies == 0).then_some(empty);
    let asked: Modules = candidates.iter().map(|candidate| candidate.1).chain(empty).collect();
    desk.hood.ask(state, node, &asked);
    let mut best = (-LEAST_GAIN, Modules::new());
    let mut consider = |best: &mut (f64, Modules), modules: Modules| {
        let change = desk.hood.change(state, &modules);
        if change < best.0 {
            *best = (change, modules);
        }
    };
    for &(inflow, module) in &candidates {
        consider(&mut best, with(&own, module));
        // Where not all is tried, a node leaves its only module for one from which as much flow comes.
        if thorough || own.len() == 1 && inflow >= inflow_of_own {
            own.iter().for_each(|&left| consider(&mut best, with(&without(&own, left), module)));
        }
    }
    if own.len() > 1 {
        own.iter().for_each(|&left| consider(&mut best, without(&own, left)));
    }
    empty.into_iter().for_each(|empty| consider(&mut best, Modules::from_slice(&[empty])));
    if best.1.is_empty() {
        return None;
    }
    if !thorough {
        for &(_, module) in &candidates {
            if !best.1.contains(&module) {
                let more = with(&best.1, module);
                consider(&mut best, more);
            }
        }
    }
    Some((best.0, node as u32, best.1))
}

/// The modules, other than its own, from which most flow comes to a node, most first, and that flow.
fn candidates(hood: &Neighbourhood, own: &[u32], most: usize) -> SmallVec<[(f64, u32); 16]> {
    let foreign = hood.near.iter().filter(|near| near.inflow > 0.0 && !own.contains(&near.module));
    let mut candidates: SmallVec<_> = foreign.map(|near| (near.inflow, near.module)).collect();
    candidates.sort_unstable_by(|a: &(f64, u32), b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    candidates.truncate(most);
    candidates
}

/// Nodes and their neighbours join a module together: what one of them alone would not gain by. O(links · memberships · cluster):
/// for small networks.
pub(crate) fn join_together(state: &mut State<'_>, desk: &mut Desk) -> bool {
    let mut gained = false;
    for node in 0..state.members.len() {
        desk.hood.meet_all(state, node);
        let mut modules: Vec<u32> = desk.hood.near.iter().map(|near| near.module).collect();
        modules.sort_unstable();
        for module in modules {
            let walk = state.walk;
            let neighbours = walk.outgoing().row(node).map(|(neighbour, _)| neighbour).take(MOST_FOLLOWERS);
            for neighbour in neighbours.collect::<Vec<_>>() {
                let joins = |node: usize| {
                    let own: Modules = state.modules_of(node).collect();
                    (node as u32, if own.contains(&module) { own } else { with(&own, module) })
                };
                if has(state.members.of(node), module) && has(state.members.of(neighbour), module) {
                    continue;
                }
                let both = [joins(node), joins(neighbour)];
                let hard = [node, neighbour].map(|node| (node as u32, Modules::from_slice(&[module])));
                gained |= state.attempt_all(&both, LEAST_GAIN, desk) > 0.0
                    || state.attempt_all(&hard, LEAST_GAIN, desk) > 0.0;
            }
        }
    }
    gained
}

/// Modules are merged where that pays. O(memberships · pairs of adjacent modules): for small networks.
pub(crate) fn merge_modules(state: &mut State<'_>, desk: &mut Desk) -> bool {
    let mut gained = false;
    for from in 0..state.modules.len() as u32 {
        for into in 0..state.modules.len() as u32 {
            let empty = |module: u32| state.modules[module as usize].flow.copies == 0;
            if from == into || empty(from) || empty(into) {
                continue;
            }
            let members: Vec<(u32, Modules)> = (0..state.members.len())
                .filter(|&node| has(state.members.of(node), from))
                .map(|node| {
                    let rest = without(&state.modules_of(node).collect::<Modules>(), from);
                    (node as u32, if rest.contains(&into) { rest } else { with(&rest, into) })
                })
                .collect();
            gained |= state.attempt_all(&members, LEAST_GAIN, desk) > 0.0;
        }
    }
    gained
}

fn with(modules: &[u32], module: u32) -> Modules {
    let mut all = Modules::from_slice(modules);
    all.insert(all.partition_point(|&other| other < module), module);
    all
}

fn without(modules: &[u32], module: u32) -> Modules {
    modules.iter().copied().filter(|&other| other != module).collect()
}
