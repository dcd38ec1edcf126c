//! A buffer of links, and its parallel conversion to the rows of a network.

use std::ops::Range;

use mapeq_core::{Csr, Direction, LinkValues};
use rayon::prelude::*;

/// Links sorted by one thread at a time. Together with their copies they fit in a second-level
/// cache.
const CHUNK: usize = 1 << 16;

/// Approximate number of links per bucket. Their targets fit in a second-level cache.
const BUCKET: usize = 1 << 15;

/// Upper bound on buckets: writing to more streams at once misses the TLB.
const MAX_BUCKETS: usize = 1 << 10;

/// Links in input order, in 8 bytes each, or 16 with weights.
///
/// Weights are stored from the first weight that differs from 1. Unlike
/// [`LinkList`](mapeq_core::LinkList), which is sequential, the buffer is converted by all threads.
#[derive(Debug, Default)]
pub(crate) struct LinkBuffer {
    ends: Vec<(u32, u32)>,
    weights: Vec<f64>,
}

impl LinkBuffer {
    /// Adds a link with a finite and positive weight.
    #[inline(always)]
    pub(crate) fn push(&mut self, source: u32, target: u32, weight: f64) {
        if weight != 1.0 || !self.weights.is_empty() {
            self.push_weight(weight);
        }
        self.ends.push((source, target));
    }

    #[inline(never)]
    fn push_weight(&mut self, weight: f64) {
        self.weights.resize(self.ends.len(), 1.0);
        self.weights.push(weight);
    }

    /// Appends all links of another buffer.
    pub(crate) fn append(&mut self, other: &Self) {
        if !(self.weights.is_empty() && other.weights.is_empty()) {
            self.weights.resize(self.ends.len(), 1.0);
            self.weights.extend_from_slice(&other.weights);
            self.weights.resize(self.ends.len() + other.ends.len(), 1.0);
        }
        self.ends.extend_from_slice(&other.ends);
    }

    /// Removes all links but keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.ends.clear();
        self.weights.clear();
    }

    /// Returns the number of links.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the ends of all links.
    pub(crate) fn ends(&self) -> &[(u32, u32)] {
        &self.ends
    }

    pub(crate) fn ends_mut(&mut self) -> &mut [(u32, u32)] {
        &mut self.ends
    }

    /// Builds one row per node, sorted by target. The weights of links with the same ends are
    /// summed in input order.
    ///
    /// Chunks of links are sorted by bucket, a range of consecutive rows, and then each bucket by
    /// row. Both fit in caches for any input order, and no thread needs the output of another. The
    /// sums do not depend on the number of threads.
    ///
    /// # Panics
    /// If a link has an end that is not below `nodes`.
    pub(crate) fn into_rows(mut self, nodes: usize, direction: Direction) -> Csr {
        let buckets = (self.len() / BUCKET).clamp(1, MAX_BUCKETS);
        let shift = nodes.div_ceil(buckets).next_power_of_two().trailing_zeros();
        let chunks = self.sort_chunks(shift, nodes.div_ceil(1 << shift), direction);

        let mut offsets = vec![0usize; nodes + 1];
        let mut targets = vec![0u32; self.len()];
        let mut weights = vec![0.0f64; self.weights.len()];
        let mut work = Vec::new();
        let (mut free_targets, mut free_weights) = (&mut targets[..], &mut weights[..]);
        for (bucket, degrees) in offsets[1..].chunks_mut(1 << shift).enumerate() {
            let links = chunks.iter().map(|chunk| chunk[bucket].len()).sum();
            let (targets, rest) = free_targets.split_at_mut(links);
            free_targets = rest;
            let (weights, rest) = free_weights.split_at_mut(links.min(free_weights.len()));
            free_weights = rest;
            work.push(Bucket { bucket, shift, degrees, targets, weights });
        }
        assert!(free_targets.is_empty(), "links join nodes");
        let filled: Vec<Filled> = {
            let fill = |scratch: &mut BucketScratch, bucket: Bucket| bucket.fill(&self, &chunks, scratch);
            work.into_par_iter().map_init(BucketScratch::default, fill).collect()
        };
        drop(self);

        let mut end = 0;
        for offset in &mut offsets {
            end += *offset;
            *offset = end;
        }
        let weighted = !weights.is_empty();
        if end < targets.len() {
            close_gaps(&mut targets, &filled);
            close_gaps(&mut weights, &filled);
            if !weighted {
                weights = counts(filled, end);
            }
        }
        Csr::new(offsets.into(), targets.into(), values(weights))
    }

    /// Sorts every chunk by bucket, keeping the order inside buckets. Returns the range of each
    /// bucket in each chunk. Undirected links are first turned towards their larger end.
    fn sort_chunks(&mut self, shift: u32, buckets: usize, direction: Direction) -> Vec<Vec<Range<usize>>> {
        let chunks = self.ends.len().div_ceil(CHUNK);
        // Without weights, every chunk of links gets an empty slice.
        let mut weights: Vec<&mut [f64]> = self.weights.chunks_mut(CHUNK).collect();
        weights.resize_with(chunks, Default::default);
        let chunks = self.ends.par_chunks_mut(CHUNK).zip(weights).enumerate();
        let sort = |scratch: &mut Scratch, (chunk, (ends, weights))| {
            let starts = scratch.sort(ends, weights, shift, buckets, direction);
            let first = chunk * CHUNK;
            starts.windows(2).map(|pair| first + pair[0]..first + pair[1]).collect()
        };
        chunks.map_init(Scratch::default, sort).collect()
    }
}

/// Memory for sorting, reused for all chunks of a thread.
#[derive(Default)]
struct Scratch {
    places: Vec<u32>,
    ends: Vec<(u32, u32)>,
    weights: Vec<f64>,
}

impl Scratch {
    /// Sorts one chunk. Returns the starts of its buckets, and the end.
    fn sort(
        &mut self,
        ends: &mut [(u32, u32)],
        weights: &mut [f64],
        shift: u32,
        buckets: usize,
        direction: Direction,
    ) -> Vec<usize> {
        if direction == Direction::Undirected {
            for (source, target) in ends.iter_mut() {
                (*source, *target) = ((*source).min(*target), (*source).max(*target));
            }
        }
        let mut starts = vec![0usize; buckets + 1];
        for &(source, _) in ends.iter() {
            starts[(source >> shift) as usize + 1] += 1;
        }
        for bucket in 0..buckets {
            starts[bucket + 1] += starts[bucket];
        }
        // Many files are sorted already.
        if !ends.is_sorted_by_key(|(source, _)| source >> shift) {
            let mut cursor = starts.clone();
            self.places.clear();
            self.places.extend(ends.iter().map(|&(source, _)| {
                let place = &mut cursor[(source >> shift) as usize];
                *place += 1;
                *place as u32 - 1
            }));
            permute(ends, &self.places, &mut self.ends);
            permute(weights, &self.places, &mut self.weights);
        }
        starts
    }
}

/// Moves every value to its place.
fn permute<T: Copy + Default>(values: &mut [T], places: &[u32], moved: &mut Vec<T>) {
    moved.resize(moved.len().max(values.len()), T::default());
    for (&value, &place) in values.iter().zip(places) {
        moved[place as usize] = value;
    }
    values.copy_from_slice(&moved[..values.len()]);
}

/// A bucket of consecutive rows, and the memory for its links.
struct Bucket<'a> {
    bucket: usize,
    shift: u32,
    /// Degree of every row, filled in.
    degrees: &'a mut [usize],
    targets: &'a mut [u32],
    /// Empty if links have no weights.
    weights: &'a mut [f64],
}

/// Memory for filling buckets, reused for all buckets of a thread.
#[derive(Default)]
struct BucketScratch {
    /// First the starts of the rows, finally their ends.
    ends: Vec<usize>,
    weighted: Vec<(u32, f64)>,
}

/// Result of filling a bucket.
struct Filled {
    /// Number of links read, which is the reserved space.
    read: usize,
    /// Number of links with distinct ends, which are at the start of that space.
    kept: usize,
    /// Multiplicity of each kept link, if links have no weights and some are repeated.
    counts: Option<Vec<f64>>,
}

impl Bucket<'_> {
    fn fill(self, links: &LinkBuffer, chunks: &[Vec<Range<usize>>], scratch: &mut BucketScratch) -> Filled {
        let first = self.bucket << self.shift;
        let pieces = || chunks.iter().map(|chunk| chunk[self.bucket].clone());
        let BucketScratch { ends, weighted } = scratch;
        ends.clear();
        ends.resize(self.degrees.len() + 1, 0);
        for piece in pieces() {
            for &(source, _) in &links.ends[piece] {
                ends[source as usize - first + 1] += 1;
            }
        }
        // `ends` holds the starts of the rows, which advance to their ends as rows are filled.
        for row in 1..ends.len() {
            ends[row] += ends[row - 1];
        }
        let read = self.targets.len();
        if self.weights.is_empty() {
            for piece in pieces() {
                for &(source, target) in &links.ends[piece] {
                    let place = &mut ends[source as usize - first];
                    self.targets[*place] = target;
                    *place += 1;
                }
            }
            let (kept, counts) = sort_targets(self.degrees, ends, self.targets);
            return Filled { read, kept, counts };
        }
        weighted.resize(weighted.len().max(read), (0, 0.0));
        for piece in pieces() {
            for (&(source, target), &weight) in links.ends[piece.clone()].iter().zip(&links.weights[piece]) {
                let place = &mut ends[source as usize - first];
                weighted[*place] = (target, weight);
                *place += 1;
            }
        }
        let mut kept = 0;
        let mut start = 0;
        for (degree, &end) in self.degrees.iter_mut().zip(ends.iter()) {
            let row = &mut weighted[start..end];
            row.sort_by_key(|link| link.0);
            let first = kept;
            for &(target, weight) in row.iter() {
                if kept > first && self.targets[kept - 1] == target {
                    self.weights[kept - 1] += weight;
                } else {
                    (self.targets[kept], self.weights[kept]) = (target, weight);
                    kept += 1;
                }
            }
            start = end;
            *degree = kept - first;
        }
        Filled { read, kept, counts: None }
    }
}

/// Sorts each row and removes repeated targets. Returns the number of kept links, and their
/// multiplicities if any target was repeated.
fn sort_targets(degrees: &mut [usize], ends: &[usize], targets: &mut [u32]) -> (usize, Option<Vec<f64>>) {
    let mut start = 0;
    let mut repeated = false;
    for (degree, &end) in degrees.iter_mut().zip(ends) {
        let row = &mut targets[start..end];
        row.sort_unstable();
        repeated |= row.windows(2).any(|pair| pair[0] == pair[1]);
        *degree = end - start;
        start = end;
    }
    if !repeated {
        return (targets.len(), None);
    }
    let mut counts: Vec<f64> = Vec::with_capacity(targets.len());
    let mut start = 0;
    for (degree, &end) in degrees.iter_mut().zip(ends) {
        let first = counts.len();
        for link in start..end {
            let kept = counts.len();
            if kept > first && targets[kept - 1] == targets[link] {
                counts[kept - 1] += 1.0;
            } else {
                targets[kept] = targets[link];
                counts.push(1.0);
            }
        }
        start = end;
        *degree = counts.len() - first;
    }
    (counts.len(), Some(counts))
}

/// Moves the kept links of all buckets together.
fn close_gaps<T: Copy>(values: &mut Vec<T>, filled: &[Filled]) {
    if values.is_empty() {
        return;
    }
    let (mut from, mut to) = (0, 0);
    for bucket in filled {
        values.copy_within(from..from + bucket.kept, to);
        from += bucket.read;
        to += bucket.kept;
    }
    values.truncate(to);
}

/// Returns the multiplicity of each kept link.
fn counts(filled: Vec<Filled>, kept: usize) -> Vec<f64> {
    let mut counts = Vec::with_capacity(kept);
    for bucket in filled {
        match bucket.counts {
            Some(own) => counts.extend(own),
            None => counts.resize(counts.len() + bucket.kept, 1.0),
        }
    }
    counts
}

fn values(weights: Vec<f64>) -> LinkValues {
    match weights.first() {
        None => LinkValues::Same(1.0),
        Some(&first) if weights.iter().all(|&weight| weight == first) => LinkValues::Same(first),
        _ => LinkValues::Each(weights.into()),
    }
}

#[cfg(test)]
mod tests {
    use mapeq_core::{LinkList, Network, NodeIds, NodeTable};

    use super::*;

    /// Returns unsorted links, some of them repeated, that span several chunks and buckets.
    fn scattered(links: usize, nodes: u32, weight: impl Fn(usize) -> f64) -> (LinkBuffer, LinkList) {
        let (mut fast, mut plain) = (LinkBuffer::default(), LinkList::default());
        let mut state = 1u64;
        for link in 0..links {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let [source, target] = [(state >> 33) as u32 % nodes, (state >> 13) as u32 % nodes];
            // Squaring gives low nodes most links.
            let source = (u64::from(source) * u64::from(source) / u64::from(nodes)) as u32;
            fast.push(source, target, weight(link));
            plain.push(source, target, weight(link));
        }
        (fast, plain)
    }

    /// Rows are bit by bit those that the core builds sequentially.
    #[test]
    fn rows_are_those_of_the_core() {
        let weights: [&(dyn Fn(usize) -> f64 + Sync); 4] =
            [&|_| 1.0, &|_| 0.3, &|link| 0.1 * (link % 7 + 1) as f64, &|link| if link < 150_000 { 1.0 } else { 0.1 }];
        for direction in [Direction::Directed, Direction::Undirected] {
            for (links, nodes) in [(0, 3), (1, 1), (1000, 10), (1000, 100_000), (200_000, 900), (200_000, 50_000)] {
                for weight in weights {
                    let (fast, plain) = scattered(links, nodes, weight);
                    let table = NodeTable::new(NodeIds::Consecutive { first: 0, len: nodes as usize });
                    let expected = Network::new(table, plain, direction);
                    assert!(fast.into_rows(nodes as usize, direction) == *expected.links(), "{links} links");
                }
            }
        }
    }

    #[test]
    fn lists_are_appended_with_and_without_weights() {
        for (left, right) in [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0)] {
            let (mut all, mut first, mut second) =
                (LinkBuffer::default(), LinkBuffer::default(), LinkBuffer::default());
            for (list, weight) in [(&mut first, left), (&mut second, right)] {
                for link in 0..3 {
                    list.push(link, link + 1, weight);
                    all.push(link, link + 1, weight);
                }
            }
            first.append(&second);
            assert_eq!(first.ends, all.ends);
            assert_eq!(first.weights, all.weights);
        }
    }
}
