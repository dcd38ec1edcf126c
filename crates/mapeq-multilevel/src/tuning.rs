//! Tuning across the levels of a tree.

use mapeq_core::{NestedObjective, Tree};
use mapeq_search::{Monitor, OnlyStop, Random, SearchOptions, Units};

use crate::growth::{Pending, grow};
use crate::leaf_modules::LeafModules;
use crate::module_moves::move_modules;
use crate::node_moves::move_nodes;
use crate::pruning::prune;
use crate::tree_state::{ROOT, TreeState};

/// A round of tuning costs time in proportion to the links, so it has to gain in proportion: at least so many bits per
/// coupling. On 10⁶ links that is 10⁻³ bits.
const MIN_GAIN_PER_COUPLING: f64 = 5e-10;

/// Rounds of node moves, module moves, pruning and growth while they can be expected to gain `min_gain` bits and more in
/// large networks, and at most `max_rounds` of them; the best tree on the way, and its value.
#[allow(clippy::too_many_arguments)]
pub(crate) fn tune<O: NestedObjective>(
    objective: &O,
    units: Units<'_, O>,
    mut tree: Tree,
    options: &SearchOptions,
    min_gain: f64,
    max_rounds: usize,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> (Tree, f64) {
    let min_gain = min_gain.max(MIN_GAIN_PER_COUPLING * units.couplings.links() as f64);
    let mut best: Option<(Tree, f64)> = None;
    let mut values = Vec::new();
    let mut waiting =
        Pending { nodes: (0..units.len() as u32).collect(), modules: (1..tree.modules().len() as u32).collect() };
    loop {
        let mut state = TreeState::new(objective, units, &tree);
        values.push(state.value());
        if best.as_ref().is_none_or(|&(_, least)| state.value() < least) {
            best = Some((tree, state.value()));
        }
        if values.len() > max_rounds || expected_gain(&values) < min_gain || monitor.stop_requested() {
            return best.expect("at least the first tree");
        }
        // What constraints say of modules that hold nodes, the searches for these keep to, and nothing else changes them.
        if units.constraints().is_none() {
            move_nodes(&mut state, units, &waiting.nodes, random, monitor);
            monitor.stage_ended("moving nodes", state.modules().count());
        }
        let mut modules = waiting.modules;
        modules.extend(state.dirty().filter(|&module| module != ROOT));
        let mut leaves = LeafModules::new(&state, units);
        move_modules(&mut state, &mut leaves, modules, random, monitor);
        monitor.stage_ended("moving modules", state.modules().count());
        prune(&mut state, &mut leaves);
        let grown = grow(&mut state, leaves, units, options, random, &OnlyStop(monitor));
        tree = grown.tree;
        waiting = grown.waiting;
        monitor.stage_ended("growing", tree.modules().len() - 1);
    }
}

/// What the next round gains if gains go on to shrink as they did in the last ones.
fn expected_gain(values: &[f64]) -> f64 {
    match values {
        [.., a, b, c] if a > b => (b - c) * ((b - c) / (a - b)).clamp(0.0, 1.0),
        [.., a, b] => a - b,
        _ => f64::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::expected_gain;

    #[test]
    fn gains_are_expected_to_shrink_as_before() {
        assert_eq!(expected_gain(&[9.0]), f64::INFINITY);
        assert_eq!(expected_gain(&[9.0, 8.0]), 1.0);
        assert_eq!(expected_gain(&[9.0, 8.0, 7.5]), 0.25);
        assert_eq!(expected_gain(&[9.0, 8.0, 6.0]), 2.0);
        assert_eq!(expected_gain(&[8.0, 8.0, 8.0]), 0.0);
    }
}
