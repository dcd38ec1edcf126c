//! Multilayer networks from planted networks.

use mapeq_search::{below, random};

/// Draws a layer from 1 to `layers` for each of `links` links.
///
/// # Panics
/// If `layers` is zero.
pub fn layers_of_links(links: usize, layers: u32, seed: u64) -> Vec<u32> {
    let mut random = random(seed, &[1]);
    (0..links).map(|_| below(&mut random, layers as usize) as u32 + 1).collect()
}
