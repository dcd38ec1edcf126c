use mapeq_core::Partition;

/// Returns the normalized mutual information of two partitions of the same nodes: 1 if they are
/// equal, about 0 if they are independent. Normalized by the mean of the entropies; 1 if both have
/// one module.
///
/// # Panics
/// If the partitions have different numbers of nodes.
pub fn normalized_mutual_information(a: &Partition, b: &Partition) -> f64 {
    let (sum, joint) = (entropy(a) + entropy(b), entropy(&a.intersection(b)));
    if sum == 0.0 { 1.0 } else { 2.0 * (sum - joint) / sum }
}

/// Returns the entropy of the module of a random node, in bits.
fn entropy(partition: &Partition) -> f64 {
    let fraction = |size: usize| size as f64 / partition.len() as f64;
    partition.sizes().into_iter().map(|size| -fraction(size) * fraction(size).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_partitions_agree_and_crossed_ones_do_not() {
        let halves = Partition::from_labels(vec![0, 0, 1, 1]);
        let crossed = Partition::from_labels(vec![0, 1, 0, 1]);
        assert_eq!(normalized_mutual_information(&halves, &halves), 1.0);
        assert_eq!(normalized_mutual_information(&halves, &crossed), 0.0);
        assert_eq!(normalized_mutual_information(&halves, &Partition::singletons(4)), 2.0 / 3.0);
    }
}
