//! Tentative changes of a cover: applied, propagated to dependent splits, and undone if they do not
//! shorten the codelength.

use std::collections::VecDeque;

use mapeq_core::plogp;

use crate::cover_state::CoverState;
use crate::memberships::{Membership, Slot, max_share_change};
use crate::modules::{Module, ModuleSet};
use crate::neighbourhood::Neighbourhood;

/// Buffers that are reused from change to change, and the undo log of the present change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workspace {
    pub neighbourhood: Neighbourhood,
    copies: Vec<Membership>,
    updates: Vec<(u32, Module)>,
    /// Nodes whose splits depend on a change, each at most once.
    queue: VecDeque<u32>,
    is_queued: Vec<bool>,
    /// Changes of flow up to this are not propagated.
    tolerance: f64,
    /// Undo log: nodes with their earlier copies, and modules with their earlier flow, oldest
    /// first.
    old_copies: Vec<(u32, Slot)>,
    old_modules: Vec<(u32, Module)>,
}

impl Workspace {
    /// Lists the nodes that the last change affected, with the largest change of a share of each.
    pub fn changes<'a>(&'a self, state: &'a CoverState<'_>) -> impl Iterator<Item = (usize, f64)> {
        self.old_copies.iter().map(|&(node, slot)| {
            let node = node as usize;
            (node, max_share_change(state.memberships.at(slot), state.memberships.of(node)))
        })
    }
}

impl CoverState<'_> {
    /// Moves `node` to `modules` and splits dependent nodes again, if the codelength decreases by
    /// more than `min_gain`. Returns the gain, or 0 if the change is undone.
    ///
    /// `expected_gain` is the gain without other splits. It scales the tolerance of the
    /// propagation.
    pub fn try_change(
        &mut self,
        node: usize,
        modules: &[u32],
        min_gain: f64,
        expected_gain: f64,
        workspace: &mut Workspace,
    ) -> f64 {
        workspace.tolerance = f64::max(self.tolerance(), self.propagation.gain_fraction * expected_gain);
        self.try_with(workspace, min_gain, |state, workspace| state.assign(node, modules, workspace))
    }

    /// Moves several nodes at once, as [`try_change`](Self::try_change) does one.
    pub fn try_changes(&mut self, nodes: &[(u32, ModuleSet)], min_gain: f64, workspace: &mut Workspace) -> f64 {
        workspace.tolerance = self.tolerance();
        self.try_with(workspace, min_gain, |state, workspace| {
            nodes.iter().for_each(|(node, modules)| state.assign(*node as usize, modules, workspace));
        })
    }

    fn tolerance(&self) -> f64 {
        self.propagation.tolerance / self.memberships.len() as f64
    }

    fn try_with(
        &mut self,
        workspace: &mut Workspace,
        min_gain: f64,
        change: impl FnOnce(&mut Self, &mut Workspace),
    ) -> f64 {
        let totals = self.totals;
        workspace.old_copies.clear();
        workspace.old_modules.clear();
        workspace.is_queued.resize(self.memberships.len(), false);
        change(self, workspace);
        self.propagate(workspace);
        let gain = totals.codelength(self.per_codeword) - self.codelength();
        if gain > min_gain {
            return gain;
        }
        workspace.old_modules.drain(..).rev().for_each(|(module, old)| self.modules[module as usize] = old);
        workspace.old_copies.drain(..).rev().for_each(|(node, slot)| self.memberships.restore(node as usize, slot));
        self.totals = totals;
        0.0
    }

    /// Splits the queued nodes again, and those that depend on them, until the changes are within
    /// the tolerance or the limit on nodes is reached.
    fn propagate(&mut self, workspace: &mut Workspace) {
        let mut left = self.propagation.max_nodes;
        while let Some(node) = workspace.queue.pop_front() {
            let node = node as usize;
            workspace.is_queued[node] = false;
            if left == 0 || !self.memberships.overlaps(node) {
                continue;
            }
            let modules: ModuleSet = self.modules_of(node).collect();
            workspace.neighbourhood.collect(self, node, &modules);
            workspace.neighbourhood.split(self.rule, &modules, &mut workspace.copies);
            let change = max_share_change(self.memberships.of(node), &workspace.copies);
            if change * self.walk.visits()[node] > workspace.tolerance {
                left -= 1;
                self.apply(node, &modules, workspace);
            }
        }
    }

    /// Assigns `node` to `modules`, and queues the nodes whose splits depend on it.
    fn assign(&mut self, node: usize, modules: &[u32], workspace: &mut Workspace) {
        workspace.neighbourhood.collect(self, node, modules);
        self.apply(node, modules, workspace);
    }

    /// Applies the assignment of a node whose neighbourhood is collected.
    fn apply(&mut self, node: usize, modules: &[u32], workspace: &mut Workspace) {
        workspace.neighbourhood.scan_links(self, node, modules);
        workspace.neighbourhood.placement(self, modules, &mut workspace.copies, &mut workspace.updates);
        for &(module, new) in &workspace.updates {
            let old = std::mem::replace(&mut self.modules[module as usize], new);
            self.totals.enter += new.flow.enter - old.flow.enter;
            self.totals.terms += new.term - old.term;
            self.totals.modules += i32::from(new.flow.copies > 0) - i32::from(old.flow.copies > 0);
            workspace.old_modules.push((module, old));
        }
        let (visits, old) = (self.walk.visits()[node], self.memberships.of(node));
        let codewords = |copies: &[Membership]| copies.iter().map(|copy| plogp(copy.share * visits)).sum::<f64>();
        self.totals.codewords += codewords(&workspace.copies) - codewords(old);
        self.totals.copies += workspace.copies.len() as i32 - old.len() as i32;
        let change = max_share_change(old, &workspace.copies);
        workspace.old_copies.push((node as u32, self.memberships.replace(node, &workspace.copies)));
        for (target, flow) in self.walk.outgoing().row(node) {
            if change * flow > workspace.tolerance && self.memberships.overlaps(target) && !workspace.is_queued[target]
            {
                workspace.is_queued[target] = true;
                workspace.queue.push_back(target as u32);
            }
        }
    }
}
