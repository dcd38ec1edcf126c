//! Agreement of two covers, whose modules may overlap.

use std::collections::BTreeMap;

/// Modules that may overlap, each a list of distinct nodes in any order.
pub type Cover = [Vec<u32>];

/// Returns the omega index of two covers of the nodes `0..nodes` (Collins & Dent, Multivariate
/// Behavioral Research 1988, doi:10.1207/s15327906mbr2302_6).
///
/// It is the fraction of node pairs that share the same number of modules in both covers, corrected
/// for chance: 1 if all pairs do, about 0 if the covers are independent. For partitions, it is the
/// adjusted Rand index.
///
/// # Complexity
/// `O(Σ size² + nodes)` in time and memory, where the sum is over modules.
///
/// # Panics
/// If there are fewer than two nodes.
pub fn omega_index(a: &Cover, b: &Cover, nodes: usize) -> f64 {
    assert!(nodes > 1, "at least one pair of nodes");
    let (shared_a, shared_b) = (shared_modules(a), shared_modules(b));
    let pairs = nodes as f64 * (nodes - 1) as f64 / 2.0;
    let histogram = |shared: &BTreeMap<(u32, u32), u32>| -> BTreeMap<u32, f64> {
        let mut histogram = BTreeMap::from([(0, pairs - shared.len() as f64)]);
        shared.values().for_each(|&modules| *histogram.entry(modules).or_default() += 1.0);
        histogram
    };
    let (counts_a, counts_b) = (histogram(&shared_a), histogram(&shared_b));
    let equal = shared_a.iter().filter(|(pair, modules)| shared_b.get(pair) == Some(modules)).count() as f64;
    let only_b = shared_b.keys().filter(|pair| !shared_a.contains_key(pair)).count() as f64;
    let observed = (equal + pairs - shared_a.len() as f64 - only_b) / pairs;
    let count_b = |modules: &u32| counts_b.get(modules).copied().unwrap_or(0.0);
    let expected: f64 = counts_a.iter().map(|(modules, count)| count * count_b(modules) / (pairs * pairs)).sum();
    if expected == 1.0 { 1.0 } else { (observed - expected) / (1.0 - expected) }
}

/// Returns the number of shared modules of every pair of nodes with at least one.
fn shared_modules(cover: &Cover) -> BTreeMap<(u32, u32), u32> {
    let mut shared = BTreeMap::new();
    for module in cover {
        for (index, &one) in module.iter().enumerate() {
            for &other in &module[index + 1..] {
                *shared.entry((one.min(other), one.max(other))).or_default() += 1;
            }
        }
    }
    shared
}

/// Returns the normalized mutual information of two covers of the nodes `0..nodes`: 1 if they are
/// equal, about 0 if they are independent.
///
/// Each module is a binary variable over the nodes. It is predicted by the module of the other
/// cover that minimizes the conditional entropy, or by none if the best prediction is the
/// complement. The result is normalized by the larger of the two entropies (McDaid, Greene &
/// Hurley, arXiv:1110.2515, NMI with max); that alone differs from Lancichinetti, Fortunato &
/// Kertész, New J. Phys. 2009.
///
/// # Complexity
/// `O(modules² + nodes · memberships²)`.
pub fn overlapping_mutual_information(a: &Cover, b: &Cover, nodes: usize) -> f64 {
    let (entropy_a, entropy_b) = (entropy(a, nodes), entropy(b, nodes));
    let largest = f64::max(entropy_a, entropy_b);
    if largest == 0.0 {
        return 1.0;
    }
    let mut common: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (modules_a, modules_b) in memberships(a, nodes).iter().zip(&memberships(b, nodes)) {
        for &one in modules_a {
            modules_b.iter().for_each(|&other| *common.entry((one, other)).or_default() += 1);
        }
    }
    let h = |count: usize| term(count, nodes);
    let conditional = |one: &Vec<u32>, other: &Vec<u32>, both: usize| {
        let (only_one, only_other) = (one.len() - both, other.len() - both);
        let neither = nodes - both - only_one - only_other;
        // Otherwise the other module predicts the complement.
        (h(both) + h(neither) >= h(only_one) + h(only_other))
            .then(|| h(both) + h(neither) + h(only_one) + h(only_other) - h(other.len()) - h(nodes - other.len()))
    };
    let alone = |members: &Vec<u32>| h(members.len()) + h(nodes - members.len());
    let remaining = |predicted: &Cover, by: &Cover, both: &dyn Fn(usize, usize) -> usize| -> f64 {
        let of_module = |(one, members): (usize, &Vec<u32>)| {
            let predictors = by.iter().enumerate();
            let entropies = predictors.filter_map(|(other, of)| conditional(members, of, both(one, other)));
            entropies.fold(alone(members), f64::min)
        };
        predicted.iter().enumerate().map(of_module).sum()
    };
    let shared = |one: usize, other: usize| common.get(&(one, other)).copied().unwrap_or(0);
    let information_a = entropy_a - remaining(a, b, &shared);
    let information_b = entropy_b - remaining(b, a, &|other, one| shared(one, other));
    0.5 * (information_a + information_b) / largest
}

/// Lists the modules of every node.
fn memberships(cover: &Cover, nodes: usize) -> Vec<Vec<usize>> {
    let mut modules = vec![Vec::new(); nodes];
    for (module, members) in cover.iter().enumerate() {
        members.iter().for_each(|&node| modules[node as usize].push(module));
    }
    modules
}

/// Returns the sum of the entropies of all modules as binary variables, in bits.
fn entropy(cover: &Cover, nodes: usize) -> f64 {
    cover.iter().map(|members| term(members.len(), nodes) + term(nodes - members.len(), nodes)).sum()
}

/// Returns −p log2 p for the fraction p = `count` / `nodes`.
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
    fn a_cover_agrees_with_itself_in_any_order() {
        let cover = [vec![0, 1, 2], vec![2, 3, 4, 5]];
        let other = [vec![5, 3, 2, 4], vec![1, 0, 2]];
        close(omega_index(&cover, &other, 6), 1.0);
        close(overlapping_mutual_information(&cover, &other, 6), 1.0);
    }

    /// For partitions, omega is the adjusted Rand index.
    #[test]
    fn omega_of_partitions_by_hand() {
        let (a, b) = ([vec![0, 1], vec![2, 3]], [vec![0], vec![1, 2, 3]]);
        // Pairs that agree: 23 together, 02 and 03 apart, 3 of 6. Expected: (2·3 + 4·3)/36 = 1/2.
        close(omega_index(&a, &b, 4), 0.0);
        let (a, b) = ([vec![0, 1, 2], vec![3, 4]], [vec![0, 1], vec![2], vec![3, 4]]);
        // 6 of 10 pairs are apart in a, 8 in b; the pairs 02 and 12 differ.
        // Observed: 8/10. Expected: (6·8 + 4·2)/100.
        close(omega_index(&a, &b, 5), (0.8 - 0.56) / 0.44);
    }

    /// {012}{0123} has the pairs 01, 02, 12 twice and 03, 13, 23 once; {0123} has all pairs once.
    #[test]
    fn omega_counts_how_often_pairs_are_together() {
        let (a, b) = ([vec![0, 1, 2], vec![0, 1, 2, 3]], [vec![0, 1, 2, 3]]);
        // Observed: 3/6. Expected: no pair is apart in both covers; once: 3/6 · 6/6.
        close(omega_index(&a, &b, 4), 0.0);
        let (a, b) = ([vec![0, 1, 2], vec![2, 3]], [vec![0, 1, 2], vec![2, 3, 1]]);
        // a: 01 02 12 23 once, 03 13 apart. b: 01 02 23 13 once, 12 twice, 03 apart. Equal: 01 02
        // 23 03. Expected: (apart) 2/6 · 1/6 + (once) 4/6 · 4/6.
        close(omega_index(&a, &b, 4), (4.0 / 6.0 - 18.0 / 36.0) / (18.0 / 36.0));
    }

    /// The halves of one cover are as far from those of the other as from their complements.
    #[test]
    fn crossed_halves_share_no_information() {
        let (a, b) = ([vec![0, 1], vec![2, 3]], [vec![0, 2], vec![1, 3]]);
        close(overlapping_mutual_information(&a, &b, 4), 0.0);
    }

    /// Four nodes, {01}{23} and {01}{123}. Modules of two nodes have entropy h(1/2) + h(1/2) = 1,
    /// that of three nodes s = h(1/4) + h(3/4).
    #[test]
    fn an_extra_membership_by_hand() {
        let (a, b) = ([vec![0, 1], vec![2, 3]], [vec![0, 1], vec![1, 2, 3]]);
        let s = 0.25 * 2.0 + 0.75 * (4.0f64 / 3.0).log2();
        // {01} predicts {01} in both directions. {23} given {123}: the joint entropy 1.5 of the
        // counts (2, 1, 1) less s. {123} given {23}: 1.5 less 1. {123} given {01} has the counts
        // (both 1, only {123} 2, only {01} 1, neither 0) and predicts the complement: h(1/4) + 0 <
        // h(1/2) + h(1/4).
        let (remaining_a, remaining_b) = (1.5 - s, 0.5);
        let expected = 0.5 * ((2.0 - remaining_a) + (1.0 + s - remaining_b)) / 2.0;
        close(overlapping_mutual_information(&a, &b, 4), expected);
        close(overlapping_mutual_information(&b, &a, 4), expected);
    }
}
