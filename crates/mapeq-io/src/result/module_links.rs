//! Flow between the children of every module.

use mapeq_core::{Csr, Direction};

use crate::result::ordered::OrderedResult;

/// Flow between two children of a module.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ModuleLink {
    /// The module.
    pub(crate) module: u32,
    /// Position, from 1, of the source child, or of the smaller child of an undirected link.
    pub(crate) source: u32,
    /// Position of the target child.
    pub(crate) target: u32,
    /// Flow per step.
    pub(crate) flow: f64,
}

/// Returns the links between the children of all modules, sorted by module, source and target.
/// `flow` is the flow along the links of nodes. Every link between different nodes contributes to
/// one of them.
///
/// # Complexity
/// O(links · (depth + log links)).
pub(crate) fn module_links(ordered: &OrderedResult<'_>, flow: &Csr, direction: Direction) -> Vec<ModuleLink> {
    let (tree, positions) = (ordered.tree(), ordered.node_positions());
    let mut links: Vec<ModuleLink> = flow
        .iter()
        .filter(|(source, target, _)| source != target)
        .map(|(source, target, flow)| {
            let [mut a, mut b] = [source, target].map(|node| tree.leaf_modules()[node] as usize);
            let [mut source, mut target] = [source, target].map(|node| positions[node]);
            // Parents precede their children, so the larger of two different modules is not a
            // common ancestor.
            while a != b {
                let (module, child) = if a > b { (&mut a, &mut source) } else { (&mut b, &mut target) };
                *child = ordered.order.positions[*module];
                *module = tree.modules()[*module].parent as usize;
            }
            if direction == Direction::Undirected && source > target {
                std::mem::swap(&mut source, &mut target);
            }
            ModuleLink { module: a as u32, source, target, flow }
        })
        .collect();
    // The sort is stable: flow is summed in the order of the links.
    links.sort_by_key(|link| (link.module, link.source, link.target));
    links.dedup_by(|next, sum| {
        let same = (next.module, next.source, next.target) == (sum.module, sum.source, sum.target);
        if same {
            sum.flow += next.flow;
        }
        same
    });
    links
}

/// Counts the links in each of `modules` modules.
pub(crate) fn links_per_module(links: &[ModuleLink], modules: usize) -> Vec<u32> {
    let mut number = vec![0; modules];
    links.iter().for_each(|link| number[link.module as usize] += 1);
    number
}
