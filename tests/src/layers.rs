//! Networks of layers from planted networks.

use mapeq_search::{below, random};

/// A layer for each of so many links, from 1 to `layers`, at random.
///
/// # Panics
/// If there is no layer.
pub fn layers_of_links(links: usize, layers: u32, seed: u64) -> Vec<u32> {
    let mut random = random(seed, &[1]);
    (0..links).map(|_| below(&mut random, layers as usize) as u32 + 1).collect()
}
