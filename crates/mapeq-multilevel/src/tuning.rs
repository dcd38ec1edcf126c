//! Tuning across the levels of a tree.

use mapeq_core::{Additive, HierarchicalObjective, Tree};
use mapeq_search::{Monitor, OnlyStop, Random, SearchOptions, Units};

use crate::growth::{Waiting, grow};
use crate::module_moves::move_modules;
use crate::nest::{Nest, ROOT};
use crate::node_moves::move_nodes;
use crate::pruning::prune;

/// Rounds of node moves, module moves, pruning and growth until a round gains less than `least_gain` bits, or for `most_rounds` rounds; the best tree on the way.
#[allow(clippy::too_many_arguments)]
pub(crate) fn tune<H: HierarchicalObjective>(
    objective: &H,
    units: Units<'_, Additive<H>>,
    mut tree: Tree,
    options: &SearchOptions,
    least_gain: f64,
    most_rounds: usize,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Tree {
    let mut best = None;
    let mut before = f64::INFINITY;
    let mut waiting =
        Waiting { nodes: (0..units.len() as u32).collect(), modules: (1..tree.modules().len() as u32).collect() };
    for _ in 0..most_rounds {
        if monitor.stop_requested() {
            break;
        }
        let mut nest = Nest::new(objective, units, &tree);
        let value = nest.value();
        keep_best(&mut best, value, &tree);
        if before - value < least_gain {
            break;
        }
        before = value;
        move_nodes(&mut nest, units, waiting.nodes, random, monitor);
        monitor.stage_ended("moving nodes", nest.modules().count());
        let mut modules = waiting.modules;
        modules.extend(nest.unsettled().filter(|&module| module != ROOT));
        move_modules(&mut nest, units, modules, random, monitor);
        monitor.stage_ended("moving modules", nest.modules().count());
        prune(&mut nest);
        let grown = grow(&mut nest, units, options, random, &OnlyStop(monitor));
        tree = grown.tree;
        waiting = grown.waiting;
        monitor.stage_ended("growing", tree.modules().len() - 1);
    }
    keep_best(&mut best, Nest::new(objective, units, &tree).value(), &tree);
    best.expect("a tree").1
}

fn keep_best(best: &mut Option<(f64, Tree)>, value: f64, tree: &Tree) {
    if best.as_ref().is_none_or(|&(least, _)| value < least) {
        *best = Some((value, tree.clone()));
    }
}
