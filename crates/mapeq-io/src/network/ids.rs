//! Indices of node ids while a file is read, and renumbering when all ids are known.

use std::collections::hash_map::Entry;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use mapeq_core::{NodeIds, StringTable};
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::error::Fault;
use crate::network::links::LinkBuffer;

/// Links processed by one thread at a time.
const CHUNK: usize = 1 << 16;

/// Map from the ids of a file to placeholders, which [`finish`](Self::finish) replaces by node
/// indices.
#[derive(Debug)]
pub(crate) enum NodeIdMap {
    /// Numbers below 2^32, which are their own placeholders.
    Plain,
    /// Numbers of any size. Placeholders count ids in order of first appearance.
    Large {
        /// Placeholder of each id.
        place: FxHashMap<u64, u32>,
        /// Ids in order of placeholders.
        ids: Vec<u64>,
    },
    /// Text. Placeholders count ids in order of first appearance.
    Strings {
        /// Placeholder by hash of the id. After a hash collision, an id takes the next free hash.
        place: FxHashMap<u64, u32>,
        /// Ids in order of placeholders.
        ids: StringTable,
    },
}

impl NodeIdMap {
    /// Returns an empty map of string ids.
    pub(crate) fn strings() -> Self {
        Self::Strings { place: FxHashMap::default(), ids: StringTable::default() }
    }

    /// Prepares [`number`](Self::number) for ids up to `id`. The first id of more than 32 bits
    /// changes the placeholders in `links` and `declared`.
    #[inline]
    pub(crate) fn widen_for(&mut self, id: u64, links: &mut LinkBuffer, declared: &mut [u32]) {
        if id > u64::from(u32::MAX) && matches!(self, Self::Plain) {
            let (mut place, mut ids) = (FxHashMap::default(), Vec::new());
            for end in placeholders(links, declared) {
                *end = placeholder_of(&mut place, &mut ids, u64::from(*end));
            }
            *self = Self::Large { place, ids };
        }
    }

    /// Returns the placeholder of a numeric id.
    ///
    /// # Panics
    /// If [`widen_for`](Self::widen_for) has not been called for the id, or if ids are strings.
    #[inline]
    pub(crate) fn number(&mut self, id: u64) -> u32 {
        match self {
            Self::Plain => u32::try_from(id).expect("widened for the id"),
            Self::Large { place, ids } => placeholder_of(place, ids, id),
            Self::Strings { .. } => unreachable!("a file has one kind of ids"),
        }
    }

    /// Returns the placeholder of a string id.
    ///
    /// # Panics
    /// If the ids are numbers.
    pub(crate) fn string(&mut self, id: &[u8]) -> Result<u32, Fault> {
        let id = std::str::from_utf8(id).map_err(|_| Fault::token(id, "is not a node id", "valid UTF-8"))?;
        Ok(self.text(id, Self::hash(id)))
    }

    /// Returns the placeholder of a string id with this [hash](Self::hash).
    pub(crate) fn text(&mut self, id: &str, mut hash: u64) -> u32 {
        let Self::Strings { place, ids } = self else { unreachable!("a file has one kind of ids") };
        loop {
            match place.entry(hash) {
                Entry::Vacant(free) => return *free.insert(node_number(ids.push(id))),
                Entry::Occupied(taken) if ids.at(*taken.get() as usize) == id => return *taken.get(),
                Entry::Occupied(_) => hash = hash.wrapping_add(1),
            }
        }
    }

    /// Returns the hash by which a string id is found.
    pub(crate) fn hash(id: &str) -> u64 {
        FxBuildHasher.hash_one(id)
    }

    /// Fills in the placeholders of known string ids, except for some with colliding hashes. Each
    /// step runs over all ids, so that the cache misses of one id do not delay the others.
    pub(crate) fn look_up(&self, wanted: &mut [HashedId<'_>]) {
        let Self::Strings { place, ids } = self else { return };
        wanted.iter_mut().for_each(|id| id.number = place.get(&id.hash).copied());
        for id in wanted {
            id.number = id.number.filter(|&number| ids.at(number as usize) == id.text);
        }
    }

    /// Converts string ids to numbers if all of them are numbers in canonical form, without `+` and
    /// leading zeros.
    pub(crate) fn into_numbers(self) -> Self {
        let number = |id: &str| match id.as_bytes() {
            [b'0'] => Some(0),
            [b'1'..=b'9', ..] => id.parse::<u64>().ok(),
            _ => None,
        };
        match self {
            Self::Strings { place, ids } => match ids.iter().map(number).collect() {
                Some(ids) => Self::Large { place: FxHashMap::default(), ids },
                None => Self::Strings { place, ids },
            },
            numbers => numbers,
        }
    }

    /// Returns the ids in node order, numeric ids ascending. Replaces every placeholder in `links`
    /// and `declared` by its node index.
    pub(crate) fn finish(self, links: &mut LinkBuffer, declared: &mut [u32]) -> NodeIds {
        match self {
            Self::Plain => renumber_plain(links, declared),
            Self::Large { ids, .. } => {
                let mut order: Vec<u32> = (0..node_number(ids.len())).collect();
                order.sort_unstable_by_key(|&place| ids[place as usize]);
                let mut node_at = vec![0u32; ids.len()];
                for (node, &place) in order.iter().enumerate() {
                    node_at[place as usize] = node as u32;
                }
                for end in placeholders(links, declared) {
                    *end = node_at[*end as usize];
                }
                NodeIds::ascending(order.iter().map(|&place| ids[place as usize]).collect())
            }
            Self::Strings { ids, .. } => NodeIds::Strings(ids),
        }
    }
}

/// A string id with its hash.
pub(crate) struct HashedId<'t> {
    pub(crate) text: &'t str,
    pub(crate) hash: u64,
    /// Placeholder of the id if it was known.
    pub(crate) number: Option<u32>,
}

impl<'t> HashedId<'t> {
    pub(crate) fn of(id: &'t [u8]) -> Option<Self> {
        let text = std::str::from_utf8(id).ok()?;
        Some(Self { text, hash: NodeIdMap::hash(text), number: None })
    }
}

/// Returns all placeholders.
fn placeholders<'a>(links: &'a mut LinkBuffer, declared: &'a mut [u32]) -> impl Iterator<Item = &'a mut u32> {
    links.ends_mut().iter_mut().flat_map(|(source, target)| [source, target]).chain(declared)
}

fn placeholder_of(place: &mut FxHashMap<u64, u32>, ids: &mut Vec<u64>, id: u64) -> u32 {
    *place.entry(id).or_insert_with(|| {
        ids.push(id);
        node_number(ids.len() - 1)
    })
}

/// Converts a position to an index of 32 bits. The map of more ids would not fit in memory.
fn node_number(position: usize) -> u32 {
    u32::try_from(position).expect("fewer than 2^32 nodes")
}

/// Renumbers ids in ascending order. Uses a bit set of ids if that is no larger than the links, and
/// sorting otherwise.
fn renumber_plain(links: &mut LinkBuffer, declared: &mut [u32]) -> NodeIds {
    let placeholder_count = 2 * links.len() + declared.len();
    if placeholder_count == 0 {
        return NodeIds::Consecutive { first: 0, len: 0 };
    }
    let largest_of = |links: &[(u32, u32)]| links.iter().fold(0, |largest, link| largest.max(link.0).max(link.1));
    let largest = links.ends().par_chunks(CHUNK).map(largest_of).max().unwrap_or(0);
    let largest = declared.iter().fold(largest, |largest, &id| largest.max(id)) as usize;
    if IdSet::bytes(largest) <= 4 * placeholder_count + (1 << 16) {
        let present = IdSet::new(largest, links.ends(), declared);
        // Ids from 0 without gaps are node indices already, as in many files.
        if present.len() <= largest {
            links.ends_mut().par_chunks_mut(CHUNK).for_each(|links| {
                links.iter_mut().for_each(|link| *link = (present.rank(link.0), present.rank(link.1)));
            });
            declared.iter_mut().for_each(|id| *id = present.rank(*id));
        }
        match present.iter().next() {
            Some(first) if largest - first as usize == present.len() - 1 => {
                NodeIds::Consecutive { first: u64::from(first), len: present.len() }
            }
            _ => NodeIds::ascending(present.iter().map(u64::from).collect()),
        }
    } else {
        let mut ids: Vec<u32> = placeholders(links, declared).map(|id| *id).collect();
        ids.par_sort_unstable();
        ids.dedup();
        let index = SortedIds::new(&ids);
        let node = |id: u32| index.place(id);
        links.ends_mut().par_chunks_mut(CHUNK).for_each(|links| {
            links.iter_mut().for_each(|link| *link = (node(link.0), node(link.1)));
        });
        declared.iter_mut().for_each(|id| *id = node(*id));
        NodeIds::ascending(ids.into_iter().map(u64::from).collect())
    }
}

/// Ascending ids, with the start of each range of ids that share leading bits. There are about as
/// many ranges as ids, so scattered ids give short ranges.
struct SortedIds<'a> {
    ids: &'a [u32],
    shift: u32,
    starts: Vec<u32>,
}

impl<'a> SortedIds<'a> {
    fn new(ids: &'a [u32]) -> Self {
        let bits = (ids.len() as u64).next_power_of_two().trailing_zeros();
        let shift = u32::BITS - bits.clamp(1, 31);
        let mut starts = vec![0u32; (1 << (u32::BITS - shift)) + 1];
        ids.iter().for_each(|&id| starts[(id >> shift) as usize + 1] += 1);
        for range in 1..starts.len() {
            starts[range] += starts[range - 1];
        }
        Self { ids, shift, starts }
    }

    /// Returns the position of an id.
    fn place(&self, id: u32) -> u32 {
        let range = (id >> self.shift) as usize;
        let (start, end) = (self.starts[range], self.starts[range + 1]);
        let within = self.ids[start as usize..end as usize].binary_search(&id).expect("every id was collected");
        start + within as u32
    }
}

/// A set of ids that can count its members below a given id: a bit per possible id, and a count per
/// 64 bits.
struct IdSet {
    words: Vec<u64>,
    before: Vec<u32>,
    len: usize,
}

impl IdSet {
    /// Returns the size in bytes of a set with ids up to `largest`.
    fn bytes(largest: usize) -> usize {
        (largest / 64 + 1) * (size_of::<u64>() + size_of::<u32>())
    }

    /// Returns the set of the ids in links and declarations.
    fn new(largest: usize, links: &[(u32, u32)], declared: &[u32]) -> Self {
        let words: Vec<AtomicU64> = (0..largest / 64 + 1).map(|_| AtomicU64::new(0)).collect();
        let add = |id: u32| {
            let (word, bit) = (&words[id as usize / 64], 1 << (id % 64));
            // Most ids are present already. Testing first avoids contention between threads.
            if word.load(Ordering::Relaxed) & bit == 0 {
                word.fetch_or(bit, Ordering::Relaxed);
            }
        };
        links.par_chunks(CHUNK).for_each(|links| {
            for &(source, target) in links {
                add(source);
                add(target);
            }
        });
        declared.iter().copied().for_each(add);
        let words: Vec<u64> = words.into_iter().map(AtomicU64::into_inner).collect();
        let mut members = 0;
        let before = words
            .iter()
            .map(|word| {
                let smaller = members;
                members += word.count_ones();
                smaller
            })
            .collect();
        Self { words, before, len: members as usize }
    }

    /// Returns the number of members.
    fn len(&self) -> usize {
        self.len
    }

    /// Returns the number of members smaller than `id`.
    fn rank(&self, id: u32) -> u32 {
        let word = self.words[id as usize / 64];
        self.before[id as usize / 64] + (word & ((1 << (id % 64)) - 1)).count_ones()
    }

    /// Returns the members in ascending order.
    fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(place, &word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place as u32 * 64 + bit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renumbered(ids: &[u64]) -> (Vec<(u32, u32)>, NodeIds) {
        let (mut collected, mut links) = (NodeIdMap::Plain, LinkBuffer::default());
        for pair in ids.chunks_exact(2) {
            collected.widen_for(pair[0].max(pair[1]), &mut links, &mut []);
            let (source, target) = (collected.number(pair[0]), collected.number(pair[1]));
            links.push(source, target, 1.0);
        }
        let ids = collected.finish(&mut links, &mut []);
        (links.ends_mut().to_vec(), ids)
    }

    /// Dense, sparse and large ids in the same order give the same links.
    #[test]
    fn renumbering_keeps_the_order_of_ids_whatever_their_size() {
        let shape = [5u64, 2, 0, 5, 9, 9, 2, 0, 64, 5];
        let expected = vec![(2, 1), (0, 2), (3, 3), (1, 0), (4, 2)];
        for factor in [1, 1_000, 60_000_000, 1 << 50] {
            let ids: Vec<u64> = shape.iter().map(|id| id * factor).collect();
            let (links, node_ids) = renumbered(&ids);
            assert_eq!(links, expected, "ids times {factor}");
            let ascending = [0, 2, 5, 9, 64].map(|id| id * factor);
            assert_eq!(node_ids, NodeIds::Numbers(ascending.into()));
        }
    }

    #[test]
    fn extreme_ids() {
        let max = u64::from(u32::MAX);
        assert_eq!(renumbered(&[max, max - 1]).1, NodeIds::Consecutive { first: max - 1, len: 2 });
        assert_eq!(renumbered(&[u64::MAX, 0]), (vec![(1, 0)], NodeIds::Numbers([0, u64::MAX].into())));
        assert_eq!(renumbered(&[0, u64::MAX]).0, [(0, 1)]);
        assert_eq!(renumbered(&[]).1.len(), 0);
    }
    #[test]
    fn strings_with_the_same_hash_stay_distinct() {
        let taken = FxHashMap::from_iter([(FxBuildHasher.hash_one("b"), 0)]);
        let mut ids = NodeIdMap::Strings { place: taken, ids: StringTable::from_iter(["a"]) };
        for (id, node) in [("b", 1), ("c", 2), ("b", 1), ("c", 2)] {
            assert_eq!(ids.string(id.as_bytes()).unwrap(), node);
        }
    }
}
