//! How much two covers agree: modules that may share nodes.

use std::collections::BTreeMap;

/// Modules that may share nodes, each a list of different nodes, in any order.
pub type Cover = [Vec<u32>];

/// Omega index of two covers of the nodes `0..nodes`: how many pairs of nodes are together in the same number of modules of both,
/// above what chance would have: 1 if all are, about 0 if the covers have nothing to do with each other. For partitions, the
/// adjusted Rand index. (Collins & Dent, Multivariate Behavioral Research 1988, doi:10.1207/s15327906mbr2302_6.)
///
/// O(Σ size² + nodes) in time and memory, or rather pairs of nodes that share modules.
///
/// # Panics
/// If there are fewer than two nodes.
pub fn omega_index(a: &Cover, b: &Cover, nodes: usize) -> f64 {
    assert!(nodes > 1, "pairs of nodes");
    let (of_a, of_b) = (pairs_together(a), pairs_together(b));
    let all = nodes as f64 * (nodes - 1) as f64 / 2.0;
    let counts = |of: &BTreeMap<(u32, u32), u32>| -> BTreeMap<u32, f64> {
        let mut counts = BTreeMap::from([(0, all - of.len() as f64)]);
        of.values().for_each(|&times| *counts.entry(times).or_default() += 1.0);
        counts
    };
    let (counts_a, counts_b) = (counts(&of_a), counts(&of_b));
    let both = of_a.iter().filter(|(pair, times)| of_b.get(pair) == Some(times)).count() as f64;
    let only_b = of_b.keys().filter(|pair| !of_a.contains_key(pair)).count() as f64;
    let observed = (both + all - of_a.len() as f64 - only_b) / all;
    let expected: f64 =
        counts_a.iter().map(|(times, count)| count * counts_b.get(times).copied().unwrap_or(0.0) / (all * all)).sum();
    if expected == 1.0 { 1.0 } else { (observed - expected) / (1.0 - expected) }
}

/// In how many modules each pair of nodes is together, if in any.
fn pairs_together(cover: &Cover) -> BTreeMap<(u32, u32), u32> {
    let mut times = BTreeMap::new();
    for module in cover {
        for (place, &one) in module.iter().enumerate() {
            for &other in &module[place + 1..] {
                *times.entry((one.min(other), one.max(other))).or_default() += 1;
            }
        }
    }
    times
}

/// Normalized mutual information of two covers of the nodes `0..nodes`: 1 if they are equal, about 0 if they have nothing to do
/// with each other. Every module is a variable, in it or not; each is told by the one of the other cover that leaves fewest bits of
/// it, or by none if that would only tell the opposite; normalized by the larger of the two entropies (McDaid, Greene & Hurley,
/// arXiv:1110.2515: NMI with max, which differs from that of Lancichinetti, Fortunato & Kertész, New J. Phys. 2009, in that
/// alone).
///
/// O(modules² + nodes · memberships²).
pub fn overlapping_mutual_information(a: &Cover, b: &Cover, nodes: usize) -> f64 {
    let (entropy_a, entropy_b) = (entropy(a, nodes), entropy(b, nodes));
    let largest = f64::max(entropy_a, entropy_b);
    if largest == 0.0 {
        return 1.0;
    }
    let mut of_node: Vec<(Vec<usize>, Vec<usize>)> = vec![Default::default(); nodes];
    for (module, members) in a.iter().enumerate() {
        members.iter().for_each(|&node| of_node[node as usize].0.push(module));
    }
    for (module, members) in b.iter().enumerate() {
        members.iter().for_each(|&node| of_node[node as usize].1.push(module));
    }
    let mut common: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (of_a, of_b) in &of_node {
        for &one in of_a {
            of_b.iter().for_each(|&other| *common.entry((one, other)).or_default() += 1);
        }
    }
    let h = |count: usize| term(count, nodes);
    let left = |one: &Vec<u32>, other: &Vec<u32>, both: usize| {
        let (only_one, only_other) = (one.len() - both, other.len() - both);
        let neither = nodes - both - only_one - only_other;
        // Else the other is nearer to the complement.
        (h(both) + h(neither) >= h(only_one) + h(only_other))
            .then(|| h(both) + h(neither) + h(only_one) + h(only_other) - h(other.len()) - h(nodes - other.len()))
    };
    let alone = |members: &Vec<u32>| h(members.len()) + h(nodes - members.len());
    let remaining = |these: &Cover, those: &Cover, both: &dyn Fn(usize, usize) -> usize| -> f64 {
        let of_module = |(one, members): (usize, &Vec<u32>)| {
            let by = those.iter().enumerate().filter_map(|(other, of)| left(members, of, both(one, other)));
            by.fold(alone(members), f64::min)
        };
        these.iter().enumerate().map(of_module).sum()
    };
    let shared = |one: usize, other: usize| common.get(&(one, other)).copied().unwrap_or(0);
    let of_a = entropy_a - remaining(a, b, &shared);
    let of_b = entropy_b - remaining(b, a, &|other, one| shared(one, other));
    0.5 * (of_a + of_b) / largest
}

/// Bits of being in each of the modules.
fn entropy(cover: &Cover, nodes: usize) -> f64 {
    cover.iter().map(|members| term(members.len(), nodes) + term(nodes - members.len(), nodes)).sum()
}

/// −p log2 p of a share of the nodes.
fn term(count: usize, nodes: usize) -> f64 {
    if count == 0 { 0.0 } else { -(count as f64 / nodes as f64) * (count as f64 / nodes as f64).log2() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn a_cover_agrees_with_itself_whatever_the_order() {
        let cover = [vec![0, 1, 2], vec![2, 3, 4, 5]];
        let other = [vec![5, 3, 2, 4], vec![1, 0, 2]];
        close(omega_index(&cover, &other, 6), 1.0);
        close(overlapping_mutual_information(&cover, &other, 6), 1.0);
    }

    /// Of partitions, it is the adjusted Rand index.
    #[test]
    fn omega_of_partitions_by_hand() {
        let (a, b) = ([vec![0, 1], vec![2, 3]], [vec![0], vec![1, 2, 3]]);
        // Agree: {23} together, {02} {03} apart: 3 of 6. Expected: (2·3 + 4·3)/36 = 1/2.
        close(omega_index(&a, &b, 4), 0.0);
        let (a, b) = ([vec![0, 1, 2], vec![3, 4]], [vec![0, 1], vec![2], vec![3, 4]]);
        // Apart in a 6 of 10, in b 8; the pairs 02 and 12 differ. Observed 8/10, expected (6·8 + 4·2)/100.
        close(omega_index(&a, &b, 5), (0.8 - 0.56) / 0.44);
    }

    /// {012}{012 3} has the pairs 01, 02, 12 twice and 03, 13, 23 once; {0123} has all once.
    #[test]
    fn omega_counts_how_often_pairs_are_together() {
        let (a, b) = ([vec![0, 1, 2], vec![0, 1, 2, 3]], [vec![0, 1, 2, 3]]);
        // Observed 3/6; expected: none apart in both, once: 3/6 · 6/6.
        close(omega_index(&a, &b, 4), 0.0);
        let (a, b) = ([vec![0, 1, 2], vec![2, 3]], [vec![0, 1, 2], vec![2, 3, 1]]);
        // a: 01 02 12 23 once, 03 13 not. b: 01 02 once, 12 twice, 23 13 once, 03 not. Agree: 01 02 23 03.
        // Expected: (not) 2/6 · 1/6 + (once) 4/6 · 4/6.
        close(omega_index(&a, &b, 4), (4.0 / 6.0 - 18.0 / 36.0) / (18.0 / 36.0));
    }

    /// Two halves, and two others that are as far from both as from their complements: nothing is told.
    #[test]
    fn crossed_halves_tell_nothing() {
        let (a, b) = ([vec![0, 1], vec![2, 3]], [vec![0, 2], vec![1, 3]]);
        close(overlapping_mutual_information(&a, &b, 4), 0.0);
    }

    /// Four nodes, {01}{23} and {01}{123}. In bits: h(1/2) + h(1/2) = 1 for the modules of two nodes, s = h(1/4) + h(3/4) for
    /// that of three.
    #[test]
    fn one_node_too_many_by_hand() {
        let (a, b) = ([vec![0, 1], vec![2, 3]], [vec![0, 1], vec![1, 2, 3]]);
        let s = 0.25 * 2.0 + 0.75 * (4.0f64 / 3.0).log2();
        // {23} given {123}: joint entropy of (2, 1, 1 of 4) 1.5, less s. {01} of a is told by that of b, and the other way round;
        // {123} given {23}: 1.5 less 1; given {01}: joint entropy of (both 1, only {123} 2, only {01} 1, neither 0), but the opposite
        // is told: h(1/4) + 0 < h(1/2) + h(1/4).
        let (left_of_a, left_of_b) = (1.5 - s, 0.5);
        let expected = 0.5 * ((2.0 - left_of_a) + (1.0 + s - left_of_b)) / 2.0;
        close(overlapping_mutual_information(&a, &b, 4), expected);
        close(overlapping_mutual_information(&b, &a, 4), expected);
    }
}
