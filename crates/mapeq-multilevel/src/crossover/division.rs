//! The best division of each module into modules of either tree.

use mapeq_core::{AdditiveObjective, HierarchicalObjective, NestedObjective};
use mapeq_search::MIN_GAIN;
use petgraph::unionfind::UnionFind;

use super::parent::{Parent, term};
use crate::tree_state::Aggregate;

/// The best division of a module.
#[derive(Clone, Debug, Default)]
pub(super) struct Division {
    /// Value of the module and of all modules below it.
    pub value: f64,
    /// Tree and number of each part. Empty if the module stays undivided.
    pub parts: Vec<(usize, u32)>,
}

/// The best divisions of the modules of two trees.
pub(super) struct Divisions<'a, O: NestedObjective> {
    objective: &'a O,
    parents: &'a [Parent<'a, O>; 2],
    /// For every module, the lowest module of the other tree that contains it.
    containers: [Vec<u32>; 2],
    /// For every module, the largest modules of the other tree inside it.
    largest: [Vec<Vec<u32>>; 2],
    divisions: [Vec<Division>; 2],
}

/// A codebook under construction, and the value of everything below it.
struct Codebook<M> {
    aggregate: M,
    below: f64,
}

/// Parts of a module that the trees divide differently: modules of its own tree, and modules of the
/// other tree with the same nodes.
#[derive(Clone, Default)]
struct Component {
    own: Vec<u32>,
    other: Vec<u32>,
}

impl<'a, O: NestedObjective> Divisions<'a, O> {
    /// Creates the divisions, which [`divide`](Self::divide) fills in.
    pub fn new(objective: &'a O, parents: &'a [Parent<'a, O>; 2]) -> Self {
        let [first, second] = parents;
        let containers = [first.containers_in(second), second.containers_in(first)];
        let largest = [first.largest_inside(second, &containers[1]), second.largest_inside(first, &containers[0])];
        let divisions = [first, second].map(|parent| vec![Division::default(); parent.modules()]);
        Self { objective, parents, containers, largest, divisions }
    }

    /// Returns the best division of `module` of `tree`.
    pub fn of(&self, tree: usize, module: usize) -> &Division {
        &self.divisions[tree][module]
    }

    /// Returns the value of `module` of `tree` and of all modules below it.
    pub fn value(&self, tree: usize, module: usize) -> f64 {
        self.of(tree, module).value
    }

    /// Finds the best division of `module` of `tree`. The modules inside it must have been divided
    /// before.
    pub fn divide(&mut self, tree: usize, module: usize) {
        let (own, other) = (&self.parents[tree], &self.parents[1 - tree]);
        // The same module in the other tree. A root is the same even if it has a single child.
        let container = if module == 0 { 0 } else { self.containers[tree][module] as usize };
        let twin = (other.size(container) == own.size(module)).then_some(container);
        let mut best: Option<Division> = None;
        let mut consider = |division: Division| {
            if best.as_ref().is_none_or(|best| division.value < best.value) {
                best = Some(division);
            }
        };
        let undivided = |parent: &Parent<'_, O>, module: usize| Division {
            value: parent.term(self.objective, module),
            parts: Vec::new(),
        };
        if own.is_leaf_module(module) {
            consider(undivided(own, module));
        }
        if let Some(twin) = twin.filter(|&twin| other.is_leaf_module(twin)) {
            consider(undivided(other, twin));
        }
        let own_parts = own.children(module);
        let other_parts =
            twin.map_or_else(|| std::mem::take(&mut self.largest[tree][module]), |twin| other.children(twin));
        if !other_parts.is_empty() && other.size_of_all(&other_parts) == own.size(module) {
            let codebook = self.replace(self.boundary(tree, module), (tree, &[]), (1 - tree, &other_parts));
            let parts = other_parts.iter().map(|&part| (1 - tree, part)).collect();
            consider(Division { value: self.total(module, &codebook), parts });
        }
        if !own_parts.is_empty() {
            consider(self.mixture(tree, module, own_parts, &other_parts));
        }
        self.divisions[tree][module] = best.expect("a module has nodes or modules");
    }

    /// Divides `module` into `own_parts`, then replaces each component of them by modules of the
    /// other tree if that is shorter.
    fn mixture(&self, tree: usize, module: usize, own_parts: Vec<u32>, other_parts: &[u32]) -> Division {
        let mut codebook = self.replace(self.boundary(tree, module), (tree, &[]), (tree, &own_parts));
        let mut value = self.total(module, &codebook);
        let mut parts = Vec::new();
        let mut replaced = vec![false; own_parts.len()];
        for Component { own, other } in self.components(tree, module, &own_parts, other_parts) {
            let changed = Codebook { ..codebook };
            let changed = self.replace(changed, (tree, &own), (1 - tree, &other));
            let changed_value = self.total(module, &changed);
            if changed_value < value - MIN_GAIN {
                (codebook, value) = (changed, changed_value);
                parts.extend(other.iter().map(|&part| (1 - tree, part)));
                own.iter().for_each(|part| replaced[place(&own_parts, *part)] = true);
            }
        }
        let kept = own_parts.iter().zip(&replaced).filter(|&(_, &replaced)| !replaced);
        parts.extend(kept.map(|(&part, _)| (tree, part)));
        Division { value, parts }
    }

    /// Returns the codebook of `module` without parts.
    fn boundary(&self, tree: usize, module: usize) -> Codebook<Aggregate<O>> {
        let aggregate = self.objective.flow().boundary(self.parents[tree].aggregate(module));
        Codebook { aggregate, below: 0.0 }
    }

    /// Returns the codebook with the parts `after` in place of `before`, each given as its tree and
    /// modules.
    fn replace(
        &self,
        codebook: Codebook<Aggregate<O>>,
        (before_tree, before): (usize, &[u32]),
        (after_tree, after): (usize, &[u32]),
    ) -> Codebook<Aggregate<O>> {
        let flow = self.objective.flow();
        let codeword = |tree: usize, part: u32| flow.codeword(self.parents[tree].aggregate(part as usize));
        let Codebook { mut aggregate, mut below } = codebook;
        for &part in before {
            aggregate = flow.remove(&aggregate, &codeword(before_tree, part), 0.0);
            below -= self.value(before_tree, part as usize);
        }
        for &part in after {
            aggregate = flow.insert(&aggregate, &codeword(after_tree, part), 0.0);
            below += self.value(after_tree, part as usize);
        }
        Codebook { aggregate, below }
    }

    /// Returns the value of `module` with `codebook`, and of everything below it.
    fn total(&self, module: usize, codebook: &Codebook<Aggregate<O>>) -> f64 {
        codebook.below + term(self.objective, module, &codebook.aggregate)
    }

    /// Returns the connected components, by common nodes, of the children `own_parts` of `module`
    /// and the modules `other_parts` of the other tree. Components that the trees divide alike, or
    /// in which nodes are missing in the other tree, are left out.
    fn components(&self, tree: usize, module: usize, own_parts: &[u32], other_parts: &[u32]) -> Vec<Component> {
        let (own, other) = (&self.parents[tree], &self.parents[1 - tree]);
        let child_above = |mut inside: usize| {
            while own.parent(inside) != module {
                inside = own.parent(inside);
            }
            place(own_parts, inside as u32)
        };
        let mut groups = UnionFind::<u32>::new(own_parts.len());
        let mut overlapped = Vec::with_capacity(other_parts.len());
        for &part in other_parts {
            let container = self.containers[1 - tree][part as usize] as usize;
            if container != module {
                overlapped.push(child_above(container));
                continue;
            }
            let nodes = other.nodes_of(part as usize).iter();
            let mut children = nodes.map(|&node| child_above(own.leaf_module_of(node) as usize));
            let first = children.next().expect("a module has nodes");
            children.for_each(|child| {
                groups.union(first as u32, child as u32);
            });
            overlapped.push(first);
        }
        let mut components = vec![Component::default(); own_parts.len()];
        for (child, &part) in own_parts.iter().enumerate() {
            components[groups.find(child as u32) as usize].own.push(part);
        }
        for (&child, &part) in overlapped.iter().zip(other_parts) {
            components[groups.find(child as u32) as usize].other.push(part);
        }
        components.retain(|Component { own: own_parts, other: other_parts }| {
            let differ = own_parts.len() != 1 || other_parts.len() != 1;
            let any = !own_parts.is_empty() && !other_parts.is_empty();
            any && differ && own.size_of_all(own_parts) == other.size_of_all(other_parts)
        });
        components
    }
}

/// Returns the place of `part` in `parts`, which are sorted.
fn place(parts: &[u32], part: u32) -> usize {
    parts.binary_search(&part).expect("one of the parts")
}
