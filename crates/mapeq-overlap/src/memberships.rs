//! The memberships of all nodes with their shares, close together in memory.

use crate::cover::Cover;

/// A copy of a node: one of its modules, and the share of the node's visits there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Membership {
    pub module: u32,
    pub share: f64,
}

/// Storage location of the copies of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    first: u32,
    len: u32,
}

/// The copies of every node, ascending by module.
///
/// All nodes whose only module is the same share one stored copy, so that frequent reads stay in
/// the caches. Replaced copies stay in memory until [`compact`](Self::compact), and can be restored
/// until then.
#[derive(Clone, Debug)]
pub(crate) struct Memberships {
    slots: Vec<Slot>,
    copies: Vec<Membership>,
    /// By module: position of the copy of nodes with this module alone, or `NONE`.
    single: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Memberships {
    /// The nodes in the modules of a cover, with equal shares.
    pub fn new(cover: &Cover) -> Self {
        Self::of_each(cover.iter().map(|modules| {
            let share = 1.0 / modules.len() as f64;
            modules.iter().map(move |&module| Membership { module, share })
        }))
    }

    /// Stores the copies of each node in the order of nodes.
    pub fn of_each<C: IntoIterator<Item = Membership>>(nodes: impl Iterator<Item = C>) -> Self {
        let mut memberships =
            Self { slots: Vec::with_capacity(nodes.size_hint().0), copies: Vec::new(), single: Vec::new() };
        let mut own = Vec::new();
        for copies in nodes {
            own.clear();
            own.extend(copies);
            let slot = memberships.store(&own);
            memberships.slots.push(slot);
        }
        memberships
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Copies of a node.
    #[inline(always)]
    pub fn of(&self, node: usize) -> &[Membership] {
        self.at(self.slots[node])
    }

    /// Copies in a slot, also in one that was replaced since the last [`compact`](Self::compact).
    #[inline(always)]
    pub fn at(&self, Slot { first, len }: Slot) -> &[Membership] {
        &self.copies[first as usize..first as usize + len as usize]
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Membership]> {
        (0..self.len()).map(|node| self.of(node))
    }

    /// Returns whether a node has several modules.
    #[inline(always)]
    pub fn overlaps(&self, node: usize) -> bool {
        self.slots[node].len > 1
    }

    /// Returns whether two nodes have the same module, and no other.
    #[inline(always)]
    pub fn same_module(&self, node: usize, other: usize) -> bool {
        self.slots[node] == self.slots[other] && self.slots[node].len == 1
    }

    /// Replaces the copies of a node, and returns the slot of the earlier ones.
    pub fn replace(&mut self, node: usize, copies: &[Membership]) -> Slot {
        let slot = self.store(copies);
        std::mem::replace(&mut self.slots[node], slot)
    }

    /// Restores the copies in `slot`, which [`replace`](Self::replace) returned.
    pub fn restore(&mut self, node: usize, slot: Slot) {
        self.slots[node] = slot;
    }

    /// Sets the shares of a node with several modules.
    pub fn set_shares(&mut self, node: usize, shares: &[f64]) {
        let Slot { first, len } = self.slots[node];
        debug_assert!(len > 1);
        let own = &mut self.copies[first as usize..first as usize + len as usize];
        own.iter_mut().zip(shares).for_each(|(copy, &share)| copy.share = share);
    }

    /// Stores the copies in the order of nodes again, and discards replaced ones. O(memberships).
    pub fn compact(&mut self) {
        *self = Self::of_each(self.iter().map(|copies| copies.iter().copied()));
    }

    /// Removes copies with at most `min_visits` visits, except for the largest of each node.
    pub fn retain_visited(&mut self, visits: &[f64], min_visits: f64) {
        *self = Self::of_each(self.iter().zip(visits).map(|(copies, &visits)| {
            let max_share = copies.iter().map(|copy| copy.share).fold(0.0, f64::max);
            let largest = copies.iter().position(|copy| copy.share == max_share);
            let retained =
                move |(i, copy): &(usize, &Membership)| copy.share * visits > min_visits || Some(*i) == largest;
            copies.iter().enumerate().filter(retained).map(|(_, copy)| *copy)
        }));
    }

    fn store(&mut self, copies: &[Membership]) -> Slot {
        let first = self.copies.len() as u32;
        if let [copy] = copies {
            let module = copy.module as usize;
            if self.single.len() <= module {
                self.single.resize(module + 1, NONE);
            }
            if self.single[module] == NONE {
                self.single[module] = first;
                self.copies.push(Membership { share: 1.0, ..*copy });
            }
            return Slot { first: self.single[module], len: 1 };
        }
        self.copies.extend_from_slice(copies);
        Slot { first, len: copies.len() as u32 }
    }
}

pub(crate) fn has(copies: &[Membership], module: u32) -> bool {
    position_of(copies, module).is_some()
}

/// Returns the position of the copy in `module`. Linear search: most nodes have few copies.
#[inline(always)]
pub(crate) fn position_of(copies: &[Membership], module: u32) -> Option<usize> {
    copies.iter().position(|copy| copy.module == module)
}

/// Returns the largest change of a node's share in any module.
pub(crate) fn max_share_change(old: &[Membership], new: &[Membership]) -> f64 {
    let share =
        |copies: &[Membership], module| position_of(copies, module).map_or(0.0, |position| copies[position].share);
    let lost = old.iter().filter(|copy| !has(new, copy.module)).map(|copy| copy.share);
    new.iter().map(|copy| (copy.share - share(old, copy.module)).abs()).chain(lost).fold(0.0, f64::max)
}
