//! Modules for nodes that a partition file omits.

use std::collections::BTreeMap;

use mapeq_core::{Couplings, Tree};

/// Moves every node of `missing`, which is sorted, into the module of the present nodes with the
/// strongest coupling.
///
/// Among equal couplings, the first module wins. Returns the tree and the number of nodes that
/// moved.
///
/// # Complexity
/// O(nodes + links)
pub(super) fn join_neighbours(tree: &Tree, missing: &[u32], couplings: &Couplings) -> (Tree, usize) {
    let mut leaf_modules = tree.leaf_modules().to_vec();
    let mut joined = 0;
    for &node in missing {
        let mut couplings_to: BTreeMap<u32, f64> = BTreeMap::new();
        for (neighbour, coupling) in couplings.row(node as usize).filter(|&(_, coupling)| coupling > 0.0) {
            if missing.binary_search(&(neighbour as u32)).is_err() {
                *couplings_to.entry(tree.leaf_modules()[neighbour]).or_default() += coupling;
            }
        }
        let strongest = couplings_to.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
        if let Some((module, _)) = strongest {
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
    fn a_missing_node_joins_the_module_with_the_strongest_coupling() {
        // Modules {0, 1} and {2}; 3 to 5 are missing. Node 3 is coupled more to {0, 1} than to 2.
        // Node 4 is coupled more to 3, which is missing, than to 1. Node 5 is coupled to 4 only,
        // which is missing, and stays alone.
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
