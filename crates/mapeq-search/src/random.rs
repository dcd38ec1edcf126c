//! Random numbers that are equal on every platform and in every version of this crate.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// The random number generator of a search.
pub type Random = Xoshiro256PlusPlus;

/// Returns the generator for the part of a search that `path` names, under `seed`.
///
/// No two parts share a stream, so they can run in any order, or in parallel, with equal results.
pub fn random(seed: u64, path: &[u64]) -> Random {
    let mut state = mix(seed);
    for &step in path {
        state = mix(state ^ mix(step.wrapping_add(0x9e37_79b9_7f4a_7c15)));
    }
    Random::seed_from_u64(state)
}

/// Returns a generator for a part of the search, seeded by the next number of `random`.
pub fn fork(random: &mut Random) -> Random {
    Random::seed_from_u64(mix(random.next_u64()))
}

/// Mixes the bits of `z`: Stafford's variant 13 of the SplitMix64 finaliser.
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Returns a number in `0..bound`, with negligible bias (Lemire's multiplication).
pub fn below(random: &mut Random, bound: usize) -> usize {
    ((u128::from(random.next_u64()) * bound as u128) >> 64) as usize
}

/// Shuffles `items` (Fisher–Yates).
pub fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(random, last + 1));
    }
}

/// Length of the blocks of consecutive numbers that `random_order` shuffles.
const BLOCK: usize = 64;

/// Returns the numbers `0..len` in random order: blocks of consecutive numbers in random order,
/// each of them shuffled.
///
/// Neighbours in a network often have close numbers. Units that are visited one after the other are
/// then close together in memory.
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

/// Returns `items` in random order, as `random_order` does.
pub fn in_random_order<T: Copy>(items: &[T], random: &mut Random) -> Vec<T> {
    random_order(items.len(), random).into_iter().map(|place| items[place as usize]).collect()
}
