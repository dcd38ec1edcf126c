//! The copies of every node, close together in memory.

use crate::cover::Cover;

/// A copy of a node: one of its modules, and the share of its visits there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Copy {
    pub module: u32,
    pub share: f64,
}

/// Where the copies of a node are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    first: u32,
    len: u32,
}

/// The copies of every node, ascending by module.
///
/// Nodes with one module share its only copy, so that what is asked most often is found in the caches. Copies that a node no longer
/// has stay where they are until all are put in order, and can be put back until then.
#[derive(Clone, Debug)]
pub(crate) struct Members {
    places: Vec<Place>,
    copies: Vec<Copy>,
    /// Where the copy of nodes with this module alone is, or `NOWHERE`.
    whole: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl Members {
    /// The nodes in the modules of a cover, with equal shares.
    pub fn new(cover: &Cover) -> Self {
        Self::of_each(cover.iter().map(|modules| {
            let share = 1.0 / modules.len() as f64;
            modules.iter().map(move |&module| Copy { module, share })
        }))
    }

    /// The copies of each node, in the order of nodes, also in memory.
    pub fn of_each<C: IntoIterator<Item = Copy>>(nodes: impl Iterator<Item = C>) -> Self {
        let mut members =
            Self { places: Vec::with_capacity(nodes.size_hint().0), copies: Vec::new(), whole: Vec::new() };
        let mut own = Vec::new();
        for copies in nodes {
            own.clear();
            own.extend(copies);
            let place = members.put(&own);
            members.places.push(place);
        }
        members
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// The copies of a node.
    #[inline(always)]
    pub fn of(&self, node: usize) -> &[Copy] {
        self.at(self.places[node])
    }

    /// The copies in a place that has been replaced since they have been put in order.
    #[inline(always)]
    pub fn at(&self, Place { first, len }: Place) -> &[Copy] {
        &self.copies[first as usize..first as usize + len as usize]
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Copy]> {
        (0..self.len()).map(|node| self.of(node))
    }

    /// Whether a node has several modules.
    #[inline(always)]
    pub fn overlaps(&self, node: usize) -> bool {
        self.places[node].len > 1
    }

    /// Whether two nodes have the same module, and no other.
    #[inline(always)]
    pub fn same_module(&self, node: usize, other: usize) -> bool {
        self.places[node] == self.places[other] && self.places[node].len == 1
    }

    /// Gives a node other copies; tells where those are that it had.
    pub fn replace(&mut self, node: usize, copies: &[Copy]) -> Place {
        let place = self.put(copies);
        std::mem::replace(&mut self.places[node], place)
    }

    /// The node has again the copies that it had.
    pub fn put_back(&mut self, node: usize, place: Place) {
        self.places[node] = place;
    }

    /// Shares of a node that has several modules.
    pub fn set_shares(&mut self, node: usize, shares: &[f64]) {
        let Place { first, len } = self.places[node];
        debug_assert!(len > 1);
        let own = &mut self.copies[first as usize..first as usize + len as usize];
        own.iter_mut().zip(shares).for_each(|(copy, &share)| copy.share = share);
    }

    /// Puts the copies in the order of nodes and forgets what nodes had. O(memberships).
    pub fn compact(&mut self) {
        *self = Self::of_each(self.iter().map(|copies| copies.iter().copied()));
    }

    /// The same without copies that have no more than `least` visits, but for one of a node.
    pub fn keep_visited(&mut self, visits: &[f64], least: f64) {
        *self = Self::of_each(self.iter().zip(visits).map(|(copies, &visits)| {
            let most = copies.iter().map(|copy| copy.share).fold(0.0, f64::max);
            let place = copies.iter().position(|copy| copy.share == most);
            let kept = move |(i, copy): &(usize, &Copy)| copy.share * visits > least || Some(*i) == place;
            copies.iter().enumerate().filter(kept).map(|(_, copy)| *copy)
        }));
    }

    fn put(&mut self, copies: &[Copy]) -> Place {
        let first = self.copies.len() as u32;
        if let [copy] = copies {
            let module = copy.module as usize;
            if self.whole.len() <= module {
                self.whole.resize(module + 1, NOWHERE);
            }
            if self.whole[module] == NOWHERE {
                self.whole[module] = first;
                self.copies.push(Copy { share: 1.0, ..*copy });
            }
            return Place { first: self.whole[module], len: 1 };
        }
        self.copies.extend_from_slice(copies);
        Place { first, len: copies.len() as u32 }
    }
}

pub(crate) fn has(copies: &[Copy], module: u32) -> bool {
    place_of(copies, module).is_some()
}

/// Which copy is the one in `module`. Most nodes have a few.
#[inline(always)]
pub(crate) fn place_of(copies: &[Copy], module: u32) -> Option<usize> {
    copies.iter().position(|copy| copy.module == module)
}

/// By how much the share differs most that a node has in any module.
pub(crate) fn largest_change(old: &[Copy], new: &[Copy]) -> f64 {
    let share = |copies: &[Copy], module| place_of(copies, module).map_or(0.0, |place| copies[place].share);
    let lost = old.iter().filter(|copy| !has(new, copy.module)).map(|copy| copy.share);
    new.iter().map(|copy| (copy.share - share(old, copy.module)).abs()).chain(lost).fold(0.0, f64::max)
}
