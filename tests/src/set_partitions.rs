/// Calls `visit` with every partition of `0..len`, as labels in order of first appearance.
///
/// # Complexity
/// Bell(`len`) calls.
pub fn set_partitions(len: usize, mut visit: impl FnMut(&[u32])) {
    extend(&mut Vec::with_capacity(len), 0, len, &mut visit);
}

fn extend(labels: &mut Vec<u32>, modules: u32, len: usize, visit: &mut impl FnMut(&[u32])) {
    if labels.len() == len {
        return visit(labels);
    }
    for label in 0..=modules {
        labels.push(label);
        extend(labels, modules.max(label + 1), len, visit);
        labels.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn their_number_is_the_bell_number() {
        for (len, bell) in [1, 1, 2, 5, 15, 52, 203, 877, 4140].into_iter().enumerate() {
            let mut count = 0;
            set_partitions(len, |_| count += 1);
            assert_eq!(count, bell, "{len} elements");
        }
    }
}
