//! Local search: nodes join, leave and change modules until no move shortens the codelength.

use mapeq_search::{Monitor, Stage};
use rayon::prelude::*;
use smallvec::SmallVec;

use crate::changes::Workspace;
use crate::cover_state::CoverState;
use crate::memberships::has;
use crate::modules::ModuleSet;
use crate::neighbourhood::Neighbourhood;

/// Minimum gain of a move, in bits per step. Copies that the walk never enters gain rounding
/// errors.
pub(crate) const MIN_GAIN: f64 = 1e-10;
/// Upper bound on rounds of moves.
const MAX_ROUNDS: usize = 40;
/// With [`Effort::Fast`], rounds end when one gains less than this fraction of the gain of all.
///
/// On the European roads, C. elegans, the power grid and ca-GrQc, more rounds gain no more than
/// regrouping the copies does, which follows if it pays.
const MIN_ROUND_GAIN: f64 = 0.05;
/// With [`Effort::Fast`], number of neighbouring modules that are tried: those with most flow to
/// the node.
///
/// On ca-GrQc and C. elegans four are as good as all. On ca-AstroPh and com-DBLP six save a
/// fortieth more than four, and take a tenth more time.
const MAX_CANDIDATES: usize = 6;
/// With [`Effort::Fast`], a node is visited again when this fraction of its flow from or to
/// neighbours has changed modules since its last visit.
const MIN_CHANGED_FLOW: f64 = 0.05;
/// Upper bound on the neighbours of a node with which it is moved as a pair.
const MAX_PARTNERS: usize = 64;

/// How thoroughly moves are tried.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Effort {
    /// Single nodes to the most promising modules, until rounds gain little.
    Fast,
    /// Single nodes to all neighbouring modules, and mergers of modules, until nothing improves.
    Thorough,
    /// As [`Thorough`](Self::Thorough), and pairs of linked nodes.
    Pairs,
}

/// Moves single nodes until nothing improves, or until rounds gain little ([`Effort::Fast`]).
///
/// The best move of each node is found in parallel on one state. Moves are then applied one by one,
/// the most promising first, if they still pay after the dependent nodes are split again. Viamontes
/// Esquivel & Rosvall 2011 rank and aggregate moves in the same way.
pub(crate) fn improve(state: &mut CoverState<'_>, effort: Effort, workspace: &mut Workspace, monitor: &dyn Monitor) {
    let first = state.codelength();
    // Flow of each node that has changed modules since the node was last visited.
    let mut changed_flow = vec![f64::INFINITY; state.memberships.len()];
    let fast = effort == Effort::Fast;
    let min_changed = if fast { MIN_CHANGED_FLOW } else { 0.0 };
    let mut all_visited = true;
    for _ in 0..MAX_ROUNDS {
        if monitor.stop_requested() {
            break;
        }
        let before = state.codelength();
        let empty = state.empty_module();
        let is_due = |node: &usize| changed_flow[*node] > min_changed * state.walk.visits()[*node];
        let nodes: Vec<usize> = (0..state.memberships.len()).filter(is_due).collect();
        nodes.iter().for_each(|&node| changed_flow[node] = 0.0);
        let mut improved = false;
        for (delta, node, modules) in &best_moves(state, &nodes, empty, effort) {
            let node = *node as usize;
            if state.try_change(node, modules, MIN_GAIN, -delta, workspace) > 0.0 {
                improved = true;
                changed_flow[node] = f64::INFINITY;
                add_changed_flow(state, workspace, &mut changed_flow);
            }
        }
        state.memberships.compact();
        monitor.stage_ended(Stage::new("memberships", state.modules.len() - 1, &|| state.codelength()));
        let gain = before - state.codelength();
        if fast && gain <= MIN_ROUND_GAIN * (first - state.codelength()).max(0.0) {
            break;
        }
        // Distant changes reach a node through the index codebook alone. So all nodes are visited
        // once more at the end.
        if !improved {
            if all_visited {
                break;
            }
            changed_flow.fill(f64::INFINITY);
        }
        all_visited = !improved;
    }
}

/// Adds the flow between the nodes of the last change and their neighbours that changed modules.
fn add_changed_flow(state: &CoverState<'_>, workspace: &Workspace, changed_flow: &mut [f64]) {
    let walk = state.walk;
    for (node, change) in workspace.changes(state) {
        let mut add = |(neighbour, flow): (usize, f64)| changed_flow[neighbour] += change * flow;
        walk.outgoing().row(node).for_each(&mut add);
        if !walk.is_undirected() {
            walk.incoming().row(node).for_each(&mut add);
        }
    }
}

/// A move: its change of the codelength, the node, and the node's modules after it.
type Move = (f64, u32, ModuleSet);

/// Returns the best move of each of `nodes`, best first.
fn best_moves(state: &CoverState<'_>, nodes: &[usize], empty: u32, effort: Effort) -> Vec<Move> {
    let best = |workspace: &mut Workspace, &node: &usize| best_move(state, node, empty, effort, workspace);
    let moves = nodes.par_iter().with_min_len(64).map_init(Workspace::default, best);
    let mut moves: Vec<Move> = moves.flatten().collect();
    moves.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    moves
}

/// Returns the move of a node that shortens the codelength most, with all other splits fixed.
///
/// A move adds, removes or replaces one membership; [`Effort::Fast`] then adds further ones that
/// pay. A node whose neighbours all have its only module has no move.
fn best_move(
    state: &CoverState<'_>,
    node: usize,
    empty: u32,
    effort: Effort,
    workspace: &mut Workspace,
) -> Option<Move> {
    if state.walk.incoming().row(node).all(|(source, _)| state.memberships.same_module(source, node)) {
        return None;
    }
    let neighbourhood = &mut workspace.neighbourhood;
    neighbourhood.collect_all(state, node);
    if neighbourhood.near.len() == 1 {
        return None;
    }
    let fast = effort == Effort::Fast;
    let own: ModuleSet = state.modules_of(node).collect();
    let others = other_modules(neighbourhood, &own, if fast { MAX_CANDIDATES } else { usize::MAX });
    let inflow_of_own = neighbourhood.inflow_of(own[0]);
    let empty = (state.modules[empty as usize].flow.copies == 0).then_some(empty);
    let candidates: ModuleSet = others.iter().map(|other| other.1).chain(empty).collect();
    neighbourhood.prepare(state, node, &candidates);
    let mut best = (-MIN_GAIN, ModuleSet::new());
    let mut consider = |best: &mut (f64, ModuleSet), modules: ModuleSet| {
        let delta = neighbourhood.delta(state, &modules);
        if delta < best.0 {
            *best = (delta, modules);
        }
    };
    for &(inflow, module) in &others {
        consider(&mut best, with(&own, module));
        // Fast: a node leaves its only module for one with at least as much flow to it.
        if !fast || own.len() == 1 && inflow >= inflow_of_own {
            own.iter().for_each(|&left| consider(&mut best, with(&without(&own, left), module)));
        }
    }
    if own.len() > 1 {
        own.iter().for_each(|&left| consider(&mut best, without(&own, left)));
    }
    empty.into_iter().for_each(|empty| consider(&mut best, ModuleSet::from_slice(&[empty])));
    if best.1.is_empty() {
        return None;
    }
    if fast {
        for &(_, module) in &others {
            if !best.1.contains(&module) {
                let more = with(&best.1, module);
                consider(&mut best, more);
            }
        }
    }
    Some((best.0, node as u32, best.1))
}

/// Lists at most `max` modules that a node does not have and from which flow comes to it, with that
/// flow, largest first.
fn other_modules(neighbourhood: &Neighbourhood, own: &[u32], max: usize) -> SmallVec<[(f64, u32); 16]> {
    let others = neighbourhood.near.iter().filter(|near| near.inflow > 0.0 && !own.contains(&near.module));
    let mut others: SmallVec<_> = others.map(|near| (near.inflow, near.module)).collect();
    others.sort_unstable_by(|a: &(f64, u32), b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    others.truncate(max);
    others
}

/// Moves pairs of linked nodes into a module, if that pays although neither move alone does.
/// O(links · memberships · nodes that are split again): for small networks.
pub(crate) fn move_pairs(state: &mut CoverState<'_>, workspace: &mut Workspace) {
    for node in 0..state.memberships.len() {
        workspace.neighbourhood.collect_all(state, node);
        let mut modules: Vec<u32> = workspace.neighbourhood.near.iter().map(|near| near.module).collect();
        modules.sort_unstable();
        for module in modules {
            let walk = state.walk;
            let neighbours = walk.outgoing().row(node).map(|(neighbour, _)| neighbour).take(MAX_PARTNERS);
            for neighbour in neighbours.collect::<Vec<_>>() {
                let joins = |node: usize| {
                    let own: ModuleSet = state.modules_of(node).collect();
                    (node as u32, if own.contains(&module) { own } else { with(&own, module) })
                };
                if has(state.memberships.of(node), module) && has(state.memberships.of(neighbour), module) {
                    continue;
                }
                let both = [joins(node), joins(neighbour)];
                let hard = [node, neighbour].map(|node| (node as u32, ModuleSet::from_slice(&[module])));
                if state.try_changes(&both, MIN_GAIN, workspace) <= 0.0 {
                    state.try_changes(&hard, MIN_GAIN, workspace);
                }
            }
        }
    }
}

/// Merges modules if that pays. O(memberships · pairs of modules): for small networks.
pub(crate) fn merge_modules(state: &mut CoverState<'_>, workspace: &mut Workspace) {
    for from in 0..state.modules.len() as u32 {
        for into in 0..state.modules.len() as u32 {
            let empty = |module: u32| state.modules[module as usize].flow.copies == 0;
            if from == into || empty(from) || empty(into) {
                continue;
            }
            let nodes: Vec<(u32, ModuleSet)> = (0..state.memberships.len())
                .filter(|&node| has(state.memberships.of(node), from))
                .map(|node| {
                    let rest = without(&state.modules_of(node).collect::<ModuleSet>(), from);
                    (node as u32, if rest.contains(&into) { rest } else { with(&rest, into) })
                })
                .collect();
            state.try_changes(&nodes, MIN_GAIN, workspace);
        }
    }
}

fn with(modules: &[u32], module: u32) -> ModuleSet {
    let mut all = ModuleSet::from_slice(modules);
    all.insert(all.partition_point(|&other| other < module), module);
    all
}

fn without(modules: &[u32], module: u32) -> ModuleSet {
    modules.iter().copied().filter(|&other| other != module).collect()
}
