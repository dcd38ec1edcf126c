//! Paths of modules and nodes.

use mapeq_core::Tree;

/// `1:3:` for the third module in the first one; nothing for the root.
pub(crate) fn path_prefix(tree: &Tree, positions: &[u32], mut module: usize) -> String {
    let mut path = Vec::new();
    while module != 0 {
        path.push(positions[module]);
        module = tree.modules()[module].parent as usize;
    }
    path.iter().rev().map(|position| format!("{position}:")).collect()
}

/// The position of every module among its siblings, from 1; 0 for the root.
pub(crate) fn positions(tree: &Tree) -> Vec<u32> {
    let mut children = vec![0u32; tree.modules().len()];
    let mut positions = vec![0; tree.modules().len()];
    for (module, own) in tree.modules().iter().enumerate().skip(1) {
        children[own.parent as usize] += 1;
        positions[module] = children[own.parent as usize];
    }
    positions
}

/// `1:3:2`.
pub(crate) struct Path<'a>(pub(crate) &'a [u32]);

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, position) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(":")?;
            }
            write!(f, "{position}")?;
        }
        Ok(())
    }
}
