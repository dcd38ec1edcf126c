//! Tuning across the levels of a tree.

use mapeq_core::{NestedObjective, Tree, nested_value};
use mapeq_search::{MIN_GAIN, OnlyStop, Random, Stage};

use crate::growth::{Pending, grow};
use crate::leaf_modules::LeafModules;
use crate::module_moves::move_modules;
use crate::node_moves::move_nodes;
use crate::pruning::prune;
use crate::tree_search::TreeSearch;
use crate::tree_state::{ROOT, TreeState};

/// Lower bound on the gain of a round of tuning, in bits per coupling.
///
/// A round takes time in proportion to the links, so it must gain in proportion. On 10⁶ links that
/// is 10⁻³ bits.
const MIN_GAIN_PER_COUPLING: f64 = 5e-10;

impl<O: NestedObjective> TreeSearch<'_, O> {
    /// Tunes `tree` in rounds of node moves, module moves, pruning and growth. Returns the best
    /// tree on the way, and its value.
    ///
    /// Tuning ends after `max_rounds` rounds, or when the next round is expected to gain less than
    /// [`min_gain`](crate::MultilevelOptions::min_gain), more in large networks.
    pub fn tune(&self, mut tree: Tree, max_rounds: usize, random: &mut Random) -> (Tree, f64) {
        let Self { objective, units, options, monitor } = *self;
        let min_gain = options.min_gain.max(MIN_GAIN_PER_COUPLING * units.couplings.links() as f64);
        let mut best: Option<(Tree, f64)> = None;
        let mut values = Vec::new();
        let mut pending =
            Pending { nodes: (0..units.len() as u32).collect(), modules: (1..tree.modules().len() as u32).collect() };
        loop {
            let mut state = TreeState::new(objective, units, &tree);
            values.push(state.value());
            let value = state.value();
            // Of equal values, rounding aside, the tree with fewer modules is better.
            let is_better = |(best, lowest): &(Tree, f64)| {
                value < lowest - MIN_GAIN || value < lowest + MIN_GAIN && tree.modules().len() < best.modules().len()
            };
            if best.as_ref().is_none_or(is_better) {
                best = Some((tree, value));
            }
            if values.len() > max_rounds || expected_gain(&values) < min_gain || monitor.stop_requested() {
                return best.expect("at least the first tree");
            }
            // Under constraints, nodes move only in the searches inside modules, which satisfy
            // them.
            if units.constraints().is_none() {
                move_nodes(&mut state, units, &pending.nodes, random, monitor);
                monitor.stage_ended(Stage::new("moving nodes", state.modules().count(), &|| state.value()));
            }
            let mut modules = pending.modules;
            modules.extend(state.dirty().filter(|&module| module != ROOT));
            let mut leaves = LeafModules::new(&state, units);
            move_modules(&mut state, &mut leaves, modules, random, monitor);
            monitor.stage_ended(Stage::new("moving modules", state.modules().count(), &|| state.value()));
            prune(&mut state, &mut leaves);
            let grown = grow(&mut state, leaves, units, &options.inside, random, &OnlyStop(monitor));
            tree = grown.tree;
            pending = grown.pending;
            let value = || nested_value(objective, units.level, units.couplings, &tree);
            monitor.stage_ended(Stage::new("growing", tree.modules().len() - 1, &value));
        }
    }
}

/// Returns the gain of the next round if gains continue to shrink by the last ratio.
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
