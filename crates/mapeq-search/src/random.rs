//! Random numbers that are the same on every platform and in every version of this crate.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// The generator of one search.
pub type Random = Xoshiro256PlusPlus;

/// The generator for the part of a search that `path` names, under `seed`. Parts never share a stream, so
/// they can run in any order, or at once, with the same result.
pub fn random(seed: u64, path: &[u64]) -> Random {
    let mut state = mix(seed);
    for &step in path {
        state = mix(state ^ mix(step.wrapping_add(0x9e37_79b9_7f4a_7c15)));
    }
    Random::seed_from_u64(state)
}

/// A generator of its own for a part of the search, seeded by the next number of `random`.
pub fn fork(random: &mut Random) -> Random {
    Random::seed_from_u64(mix(random.next_u64()))
}

/// Stafford's variant 13 of the SplitMix64 finaliser.
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number in `0..bound`, without bias worth speaking of (Lemire's multiplication).
pub fn below(random: &mut Random, bound: usize) -> usize {
    ((u128::from(random.next_u64()) * bound as u128) >> 64) as usize
}

/// Fisher–Yates shuffle.
pub fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(random, last + 1));
    }
}

/// Numbers below this many in a row are shuffled as one block by [`random_order`].
const BLOCK: usize = 64;

/// The numbers `0..len` in random order: blocks of consecutive numbers in random order, and random order in each.
///
/// Neighbours in a network often have close numbers, and what is visited one after the other then lies close together in
/// memory.
pub fn random_order(len: usize, random: &mut Random) -> Vec<u32> {
    let mut blocks: Vec<usize> = (0..len.div_ceil(BLOCK)).collect();
    shuffle(&mut blocks, random);
    let mut order = Vec::with_capacity(len);
    for block in blocks {
        let start = order.len();
        order.extend((block * BLOCK) as u32..((block + 1) * BLOCK).min(len) as u32);
        shuffle(&mut order[start..], random);
    }
    order
}

/// `items` in random order, likewise.
pub fn in_random_order<T: Copy>(items: &[T], random: &mut Random) -> Vec<T> {
    random_order(items.len(), random).into_iter().map(|place| items[place as usize]).collect()
}
