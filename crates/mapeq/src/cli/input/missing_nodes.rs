//! Nodes that a file of modules does not name, beside those that it does.

use std::collections::BTreeMap;

use mapeq_core::{Couplings, Tree};

/// Moves every node of `missing`, in increasing order, into the module that holds the neighbours it is coupled to most, as far as these
/// are not missing themselves; of equals, into the first module. How many nodes moved comes with the tree. O(nodes + links).
pub(crate) fn join_neighbours(tree: &Tree, missing: &[u32], couplings: &Couplings) -> (Tree, usize) {
    let mut leaf_modules = tree.leaf_modules().to_vec();
    let mut joined = 0;
    for &node in missing {
        let mut coupling: BTreeMap<u32, f64> = BTreeMap::new();
        for (other, own) in couplings.row(node as usize).filter(|&(_, own)| own > 0.0) {
            if missing.binary_search(&(other as u32)).is_err() {
                *coupling.entry(tree.leaf_modules()[other]).or_default() += own;
            }
        }
        let most = coupling.into_iter().reduce(|most, next| if next.1 > most.1 { next } else { most });
        if let Some((module, _)) = most {
            leaf_modules[node as usize] = module;
            joined += 1;
        }
    }
    (tree.with_leaves(&leaf_modules), joined)
}

#[cfg(test)]
mod tests {
    use mapeq_core::{Csr, LinkValues, Partition};

    use super::*;

    #[test]
    fn the_strongest_neighbour_that_is_named_counts() {
        // 0 and 1 together, 2 alone, 3 to 5 missing: 3 is coupled to 0, 1 and more to 2, 4 to 3 and less to 1, 5 to 4 alone.
        let links = [(0, 3, 2.0), (1, 3, 2.0), (2, 3, 3.0), (3, 4, 9.0), (1, 4, 1.0), (4, 5, 1.0)];
        let mut rows: Vec<Vec<(u32, f64)>> = vec![Vec::new(); 6];
        for (a, b, coupling) in links {
            rows[a].push((b as u32, coupling));
            rows[b].push((a as u32, coupling));
        }
        let ends = rows.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        });
        let offsets: Box<[usize]> = std::iter::once(0).chain(ends).collect();
        let (targets, values): (Vec<u32>, Vec<f64>) = rows.into_iter().flatten().unzip();
        let couplings = Csr::new(offsets, targets.into(), LinkValues::Each(values.into()));
        let given = Tree::from_partition(&Partition::from_labels(vec![0, 0, 1, 2, 3, 4]));
        let (tree, joined) = join_neighbours(&given, &[3, 4, 5], &couplings.into());
        assert_eq!((tree.leaf_partition().labels(), joined), (&[0, 0, 1, 0, 0, 2][..], 2));
    }
}
