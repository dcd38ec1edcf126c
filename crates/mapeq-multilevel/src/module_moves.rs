//! Modules move to other parents, with all that is below them, or pour their content into other modules.

use std::collections::VecDeque;

use mapeq_core::{Csr, NestedObjective, Partition};
use mapeq_search::{MIN_GAIN, Monitor, Moved, Random, Units, consolidate_couplings, shuffle};

use crate::nest::{Nest, ROOT};
use crate::relocation::{Relocation, Unit};

/// Couplings between leaf modules, which stay useful while whole leaf modules merge.
struct LeafCouplings {
    couplings: Csr,
    /// The leaf module that each row is part of now.
    module_of_row: Vec<u32>,
    /// The rows and the nodes of each leaf module, by slot.
    rows: Vec<Vec<u32>>,
    nodes: Vec<Vec<u32>>,
    /// Leaf modules around the module asked for last, and its coupling to each; 0 for all others.
    near: Vec<u32>,
    coupling: Vec<f64>,
    /// For every leaf module, the number of the last question about a module that contained it.
    inside: Vec<u32>,
    questions: u32,
    below: Vec<u32>,
    /// Whether they keep their nodes: under rules.
    stay: bool,
}

impl LeafCouplings {
    fn new<O: NestedObjective>(nest: &Nest<'_, O>, units: Units<'_, O>) -> Self {
        let partition = Partition::from_labels(nest.leaf_modules().to_vec());
        let mut module_of_row = vec![ROOT; partition.modules()];
        let mut nodes = vec![Vec::new(); nest.slots()];
        for (node, &module) in nest.leaf_modules().iter().enumerate() {
            module_of_row[partition.module(node)] = module;
            nodes[module as usize].push(node as u32);
        }
        let mut rows = vec![Vec::new(); nest.slots()];
        for (row, &module) in module_of_row.iter().enumerate() {
            rows[module as usize].push(row as u32);
        }
        let (couplings, _) = consolidate_couplings(units.couplings, &partition);
        let (near, below) = (Vec::new(), Vec::new());
        let (coupling, inside) = (vec![0.0; nest.slots()], vec![0; nest.slots()]);
        let stay = units.rules().is_some();
        Self { couplings, module_of_row, rows, nodes, near, coupling, inside, questions: 0, below, stay }
    }

    /// Finds the leaf modules outside of `module` that it is coupled to; returns the number of links looked at.
    fn surroundings<O: NestedObjective>(&mut self, nest: &Nest<'_, O>, module: u32) -> u64 {
        let mut waiting = vec![module];
        self.below.clear();
        self.questions += 1;
        while let Some(module) = waiting.pop() {
            if nest.holds_nodes(module) {
                self.below.push(module);
            } else {
                waiting.extend(nest.children(module));
            }
        }
        for &leaf in &self.below {
            self.inside[leaf as usize] = self.questions;
        }
        let mut links = 0;
        for row in self.below.iter().flat_map(|&leaf| &self.rows[leaf as usize]) {
            links += self.couplings.degree(*row as usize) as u64;
            for (other, coupling) in self.couplings.row(*row as usize) {
                let other = self.module_of_row[other] as usize;
                if self.inside[other] != self.questions {
                    if self.coupling[other] == 0.0 {
                        self.near.push(other as u32);
                    }
                    self.coupling[other] += coupling;
                }
            }
        }
        links
    }

    /// `module` has been poured into `target`.
    fn merge(&mut self, module: u32, target: u32) {
        let rows = std::mem::take(&mut self.rows[module as usize]);
        for &row in &rows {
            self.module_of_row[row as usize] = target;
        }
        self.rows[target as usize].extend(rows);
        let nodes = std::mem::take(&mut self.nodes[module as usize]);
        self.nodes[target as usize].extend(nodes);
    }
}

/// Moves modules until none of those in question wants to move: at first `waiting`, in random order, then also those that
/// a move concerns.
pub(crate) fn move_modules<O: NestedObjective>(
    nest: &mut Nest<'_, O>,
    units: Units<'_, O>,
    waiting: Vec<u32>,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Moved {
    let mut leaves = LeafCouplings::new(nest, units);
    let mut relocation = Relocation::<O>::new();
    let mut moved = Moved::default();
    let mut queued = vec![false; nest.slots()];
    let mut queue = VecDeque::new();
    for module in waiting {
        if !std::mem::replace(&mut queued[module as usize], true) {
            queue.push_back(module);
        }
    }
    shuffle(queue.make_contiguous(), random);
    while let Some(module) = queue.pop_front() {
        queued[module as usize] = false;
        if !nest.exists(module) || monitor.stop_requested() {
            continue;
        }
        let own = move_module(nest, &mut leaves, &mut relocation, module);
        if own.moves > 0 {
            for &near in relocation.near().iter().chain(&[module]) {
                if nest.exists(near) && !std::mem::replace(&mut queued[near as usize], true) {
                    queue.push_back(near);
                }
            }
        }
        moved += own;
    }
    moved
}

fn move_module<O: NestedObjective>(
    nest: &mut Nest<'_, O>,
    leaves: &mut LeafCouplings,
    relocation: &mut Relocation<O>,
    module: u32,
) -> Moved {
    let mut moved = Moved::default();
    if nest.would_leave_only_child(module) {
        return moved;
    }
    let links = leaves.surroundings(nest, module);
    moved.links += links;
    if leaves.near.is_empty() {
        return moved;
    }
    relocation.begin(nest.slots());
    for near in leaves.near.drain(..) {
        relocation.couple(nest, near, std::mem::take(&mut leaves.coupling[near as usize]));
    }
    let mut best_delta = -MIN_GAIN;
    let mut best = None;

    // The whole module, below another parent: one that it is coupled to, or the root.
    let parent = nest.parent(module);
    let unit = Unit::module(nest.flow, nest.aggregate(module));
    relocation.leave(nest, unit, &[], parent, parent != ROOT && nest.size(parent) == 1);
    for &target in relocation.near().iter().chain(&[ROOT]) {
        if target != parent && !nest.holds_nodes(target) {
            let deeper = nest.to_depth(module, target, 1);
            let delta = relocation.delta_below(nest, target, best_delta - deeper) + deeper;
            if delta < best_delta {
                best_delta = delta;
                best = Some(target);
            }
        }
    }
    if let Some(target) = best {
        relocation.commit(nest, target);
        nest.place_module(module, target);
        return Moved { moves: 1, gain: -best_delta, ..moved };
    }

    if leaves.stay && nest.holds_nodes(module) {
        return moved;
    }
    // Its content, into another module of the same kind.
    let unit = Unit::content(nest.flow, nest.aggregate(module));
    relocation.leave(nest, unit, &leaves.nodes[module as usize], module, true);
    for &target in relocation.near() {
        if nest.holds_nodes(target) == nest.holds_nodes(module) && !relocation.leaves(target) {
            let deeper = nest.to_depth(module, target, 0);
            let delta = relocation.delta_below(nest, target, best_delta - deeper) + deeper;
            if delta < best_delta {
                best_delta = delta;
                best = Some(target);
            }
        }
    }
    if let Some(target) = best {
        relocation.commit(nest, target);
        nest.pour(module, target, &leaves.nodes[module as usize]);
        leaves.merge(module, target);
        return Moved { moves: 1, gain: -best_delta, ..moved };
    }
    moved
}
