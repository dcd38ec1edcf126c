//! Changes of a state: made, followed to the splits that depend on them, and taken back where they do not pay.

use std::collections::VecDeque;

use mapeq_core::plogp;

use crate::members::{Copy, Place, largest_change};
use crate::modules::{Module, Modules};
use crate::neighbourhood::Neighbourhood;
use crate::state::State;

/// Room to work in, kept from change to change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Desk {
    pub hood: Neighbourhood,
    copies: Vec<Copy>,
    changed: Vec<(u32, Module)>,
    queue: VecDeque<u32>,
    waiting: Vec<bool>,
    /// Changes of flow up to this are not followed.
    tolerance: f64,
    /// What to put back, latest last.
    nodes: Vec<(u32, Place)>,
    modules: Vec<(u32, Module)>,
}

impl Desk {
    /// The nodes that the last change has given other copies, and how much the share of one differs most.
    pub fn changes<'a>(&'a self, state: &'a State<'_>) -> impl Iterator<Item = (usize, f64)> {
        self.nodes.iter().map(|&(node, place)| {
            let node = node as usize;
            (node, largest_change(state.members.at(place), state.members.of(node)))
        })
    }
}

impl State<'_> {
    /// Gives `node` other modules and splits again whatever depends on it, if that makes the codelength shorter by more than
    /// `least`; tells by how much, or 0. `promised` is what it seems to gain.
    pub fn attempt(&mut self, node: usize, modules: &[u32], least: f64, promised: f64, desk: &mut Desk) -> f64 {
        desk.tolerance = f64::max(self.tolerance(), self.following.of_gain * promised);
        self.change_with(desk, least, |state, desk| state.place(node, modules, desk))
    }

    /// The same for several nodes at once.
    pub fn attempt_all(&mut self, nodes: &[(u32, Modules)], least: f64, desk: &mut Desk) -> f64 {
        desk.tolerance = self.tolerance();
        self.change_with(desk, least, |state, desk| {
            nodes.iter().for_each(|(node, modules)| state.place(*node as usize, modules, desk));
        })
    }

    fn change_with(&mut self, desk: &mut Desk, least: f64, change: impl FnOnce(&mut Self, &mut Desk)) -> f64 {
        let totals = self.totals;
        desk.nodes.clear();
        desk.modules.clear();
        desk.waiting.resize(self.members.len(), false);
        change(self, desk);
        self.follow(desk);
        let gain = totals.codelength(self.per_codeword) - self.codelength();
        if gain > least {
            return gain;
        }
        desk.modules.drain(..).rev().for_each(|(module, flow)| self.modules[module as usize] = flow);
        desk.nodes.drain(..).rev().for_each(|(node, place)| self.members.put_back(node as usize, place));
        self.totals = totals;
        0.0
    }

    /// Splits again what depends on the nodes in the queue, until nothing changes any more.
    fn follow(&mut self, desk: &mut Desk) {
        let mut left = self.following.most;
        while let Some(node) = desk.queue.pop_front() {
            let node = node as usize;
            desk.waiting[node] = false;
            if left == 0 || !self.members.overlaps(node) {
                continue;
            }
            let modules: Modules = self.modules_of(node).collect();
            desk.hood.meet(self, node, &modules);
            desk.hood.split(self.rule, &modules, &mut desk.copies);
            if largest_change(self.members.of(node), &desk.copies) * self.walk.visits()[node] > desk.tolerance {
                left -= 1;
                self.settle(node, &modules, desk);
            }
        }
    }

    /// Gives `node` these modules, split by its neighbours, and queues those that depend on it.
    fn place(&mut self, node: usize, modules: &[u32], desk: &mut Desk) {
        desk.hood.meet(self, node, modules);
        self.settle(node, modules, desk);
    }

    /// The same for a node whose neighbours have been met.
    fn settle(&mut self, node: usize, modules: &[u32], desk: &mut Desk) {
        desk.hood.look(self, node, modules);
        desk.hood.place(self, modules, &mut desk.copies, &mut desk.changed);
        for &(module, new) in &desk.changed {
            let old = std::mem::replace(&mut self.modules[module as usize], new);
            self.totals.enter += new.flow.enter - old.flow.enter;
            self.totals.terms += new.term - old.term;
            self.totals.modules += i32::from(new.flow.copies > 0) - i32::from(old.flow.copies > 0);
            desk.modules.push((module, old));
        }
        let (visits, old) = (self.walk.visits()[node], self.members.of(node));
        let codewords = |copies: &[Copy]| copies.iter().map(|copy| plogp(copy.share * visits)).sum::<f64>();
        self.totals.codewords += codewords(&desk.copies) - codewords(old);
        self.totals.copies += desk.copies.len() as i32 - old.len() as i32;
        let change = largest_change(old, &desk.copies);
        desk.nodes.push((node as u32, self.members.replace(node, &desk.copies)));
        for (target, flow) in self.walk.outgoing().row(node) {
            if change * flow > desk.tolerance && self.members.overlaps(target) && !desk.waiting[target] {
                desk.waiting[target] = true;
                desk.queue.push_back(target as u32);
            }
        }
    }
}
