//! Nested assignments of nodes to modules.

use crate::partition::Partition;

/// A tree of modules with the nodes of a network as leaves.
///
/// Modules are stored in preorder, and module 0 is the root. Every node is a child of exactly one
/// module, its *leaf module*. The children of a module are either all modules or all nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    modules: Box<[TreeModule]>,
    leaf_module: Box<[u32]>,
}

/// Relative difference of sums that may come from another order of summation.
const ROUNDING: f64 = 1e-12;

/// A module of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeModule {
    /// The module that contains this one. The root contains itself.
    pub parent: u32,
    /// Distance from the root: 0 for the root, 1 for top modules.
    pub depth: u32,
    /// One past the last module of the subtree.
    pub end: u32,
}

impl Tree {
    /// Creates a tree from the parent of every module and the leaf module of every node.
    ///
    /// Module 0 is the root and its own parent. Modules without nodes below them are dropped.
    /// Siblings are ordered by their smallest node.
    ///
    /// # Complexity
    /// O(n log n) in the number of nodes and modules.
    ///
    /// # Panics
    /// - If a parent or a leaf module does not exist.
    /// - If the parents contain a cycle.
    /// - If a module contains both nodes and non-empty modules.
    pub fn new(parents: &[u32], leaf_module: &[u32]) -> Self {
        Self::with_numbers(parents, leaf_module).0
    }

    /// Creates a tree as [`Tree::new`], and returns the new number of each given module, 0 for
    /// dropped modules.
    ///
    /// # Panics
    /// As [`Tree::new`].
    pub fn with_numbers(parents: &[u32], leaf_module: &[u32]) -> (Self, Vec<u32>) {
        assert!(parents.first().is_none_or(|&root| root == 0), "module 0 is the root");
        let old = parents.len().max(1);
        let mut smallest = vec![u32::MAX; old];
        let mut has_nodes = vec![false; old];
        for (node, &module) in leaf_module.iter().enumerate() {
            has_nodes[module as usize] = true;
            smallest[module as usize] = smallest[module as usize].min(node as u32);
        }
        let order = bottom_up(parents);
        for &module in &order {
            let parent = parents[module as usize] as usize;
            smallest[parent] = smallest[parent].min(smallest[module as usize]);
        }
        let mut children = vec![Vec::new(); old];
        for module in 1..old {
            if smallest[module] != u32::MAX {
                children[parents[module] as usize].push(module as u32);
            }
        }
        for (module, children) in children.iter_mut().enumerate() {
            assert!(children.is_empty() || !has_nodes[module], "a module contains either nodes or modules");
            children.sort_by_key(|&child| smallest[child as usize]);
        }
        Self::in_order(&children, leaf_module)
    }

    /// Numbers the modules depth first, in the order of `children`.
    fn in_order(children: &[Vec<u32>], leaf_module: &[u32]) -> (Self, Vec<u32>) {
        let mut number = vec![0u32; children.len()];
        let mut modules = vec![TreeModule { parent: 0, depth: 0, end: 1 }];
        let mut stack = vec![(0u32, 0usize)];
        while let Some((old, next)) = stack.pop() {
            let own = number[old as usize];
            if let Some(&child) = children[old as usize].get(next) {
                stack.push((old, next + 1));
                number[child as usize] = modules.len() as u32;
                let depth = modules[own as usize].depth + 1;
                modules.push(TreeModule { parent: own, depth, end: 0 });
                stack.push((child, 0));
            } else {
                modules[own as usize].end = modules.len() as u32;
            }
        }
        let leaf_module = leaf_module.iter().map(|&module| number[module as usize]).collect();
        (Self { modules: modules.into(), leaf_module }, number)
    }

    /// Creates the tree of a partition, with one top module per module.
    pub fn from_partition(partition: &Partition) -> Self {
        let parents = vec![0; partition.modules() + 1];
        let leaf_module: Vec<u32> = partition.labels().iter().map(|&module| module + 1).collect();
        Self::new(&parents, &leaf_module)
    }

    /// Returns all modules in preorder, the root first.
    pub fn modules(&self) -> &[TreeModule] {
        &self.modules
    }

    /// Returns the parent of every module in preorder. The root is its own parent, as in
    /// [`Tree::new`].
    pub fn parents(&self) -> Vec<u32> {
        self.modules.iter().map(|module| module.parent).collect()
    }

    /// Replaces the nodes; `leaf_module` is the module of each new node. Empty modules are dropped.
    ///
    /// # Complexity
    /// As [`Tree::new`].
    ///
    /// # Panics
    /// As [`Tree::new`].
    pub fn with_leaves(&self, leaf_module: &[u32]) -> Self {
        Self::new(&self.parents(), leaf_module)
    }

    /// Replaces every node `i` by a module that contains the nodes of module `i` of `partition`.
    ///
    /// # Complexity
    /// As [`Tree::new`].
    ///
    /// # Panics
    /// If the number of modules of `partition` is not the number of nodes of this tree.
    pub fn with_modules_as_leaves(&self, partition: &Partition) -> Self {
        assert_eq!(self.nodes(), partition.modules(), "a node for every module");
        let mut parents = self.parents();
        let above = parents.len() as u32;
        parents.extend(self.leaf_modules());
        let leaf_module: Vec<u32> = partition.labels().iter().map(|&module| above + module).collect();
        Self::new(&parents, &leaf_module)
    }

    /// Returns the leaf module of each node.
    pub fn leaf_modules(&self) -> &[u32] {
        &self.leaf_module
    }

    /// Returns the number of nodes.
    pub fn nodes(&self) -> usize {
        self.leaf_module.len()
    }

    /// Iterates over the child modules of `module`, in order.
    pub fn children(&self, module: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.modules[module].end as usize;
        let mut next = module + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = next;
                next = self.modules[child].end as usize;
                child
            })
        })
    }

    /// Returns whether the children of `module` are nodes.
    pub fn is_leaf_module(&self, module: usize) -> bool {
        self.modules[module].end as usize == module + 1
    }

    /// Returns the number of levels, nodes included: 2 for a flat partition, 1 without top modules.
    pub fn levels(&self) -> usize {
        let depth = self.leaf_module.iter().map(|&module| self.modules[module as usize].depth).max();
        depth.map_or(0, |depth| depth as usize + 1)
    }

    /// Returns the number of modules at each level below the root, top modules first.
    pub fn modules_per_level(&self) -> Vec<usize> {
        let deepest = self.modules.iter().map(|module| module.depth).max().unwrap_or(0);
        let mut count = vec![0; deepest as usize];
        for module in &self.modules[1..] {
            count[module.depth as usize - 1] += 1;
        }
        count
    }

    /// Returns the number of top modules.
    pub fn top_modules(&self) -> usize {
        self.children(0).count()
    }

    /// Returns the partition at `depth`, 1 for top modules. Branches that end earlier end in their
    /// leaf module.
    pub fn partition_at(&self, depth: usize) -> Partition {
        let mut label = vec![0u32; self.modules.len()];
        let mut modules = 0;
        for (module, own) in self.modules.iter().enumerate() {
            let cut = own.depth as usize == depth || (own.depth as usize) < depth && self.is_leaf_module(module);
            if own.depth as usize <= depth && cut {
                label[module] = modules;
                modules += 1;
            } else if own.depth as usize > depth {
                label[module] = label[own.parent as usize];
            }
        }
        Partition::from_labels(self.leaf_module.iter().map(|&module| label[module as usize]).collect())
    }

    /// Returns the lowest module that contains both modules, which may be one of them. O(depth).
    ///
    /// ```
    /// # use mapeq_core::Tree;
    /// let tree = Tree::new(&[0, 0, 1, 1, 0], &[2, 3, 4]);
    /// assert_eq!(tree.lowest_common_module(2, 3), 1);
    /// assert_eq!(tree.lowest_common_module(2, 4), 0);
    /// ```
    pub fn lowest_common_module(&self, mut a: u32, mut b: u32) -> u32 {
        // Parents precede their children, so the later of two different modules is not the common
        // one.
        while a != b {
            if a > b {
                a = self.modules[a as usize].parent;
            } else {
                b = self.modules[b as usize].parent;
            }
        }
        a
    }

    /// Returns the partition into leaf modules.
    pub fn leaf_partition(&self) -> Partition {
        self.partition_at(usize::MAX)
    }

    /// Sums a quantity of the nodes over every leaf module, 0 for other modules.
    ///
    /// # Complexity
    /// O(nodes + modules).
    pub fn sum_over_leaf_modules(&self, of_node: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.modules.len()];
        for (node, &module) in self.leaf_module.iter().enumerate() {
            sums[module as usize] += of_node(node);
        }
        sums
    }

    /// Sums a quantity of the nodes over the subtree of every module.
    ///
    /// Terms are added in the order of the nodes, so that sums do not depend on the numbers of
    /// modules.
    ///
    /// # Complexity
    /// O(nodes · depth + modules).
    pub fn sum_over_subtrees(&self, of_nodes: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.modules.len()];
        for (&of_node, &leaf_module) in of_nodes.iter().zip(&self.leaf_module) {
            let mut module = leaf_module as usize;
            while module != 0 {
                sums[module] += of_node;
                module = self.modules[module].parent as usize;
            }
            sums[0] += of_node;
        }
        sums
    }

    /// Sorts siblings by descending sum of `flow`, which has one rate per node: the canonical order
    /// of output.
    ///
    /// Siblings whose sums differ by rounding only keep their order, which is by smallest node in a
    /// new tree.
    pub fn sorted_by_flow(&self, flow: &[f64]) -> Self {
        self.sorted_with_numbers(flow).0
    }

    /// Sorts siblings as [`Tree::sorted_by_flow`], and returns the new number of every module.
    pub fn sorted_with_numbers(&self, flow: &[f64]) -> (Self, Vec<u32>) {
        let sums = self.sum_over_subtrees(flow);
        let children: Vec<Vec<u32>> = (0..self.modules.len())
            .map(|module| {
                let mut children: Vec<u32> = self.children(module).map(|child| child as u32).collect();
                children.sort_by(|&a, &b| sums[b as usize].total_cmp(&sums[a as usize]));
                let equal = |&a: &u32, &b: &u32| sums[a as usize] - sums[b as usize] <= ROUNDING * sums[a as usize];
                children.chunk_by_mut(equal).for_each(<[u32]>::sort_unstable);
                children
            })
            .collect();
        Self::in_order(&children, &self.leaf_module)
    }
}

/// Returns all modules except the root, children before parents.
fn bottom_up(parents: &[u32]) -> Vec<u32> {
    let mut waiting = vec![0u32; parents.len()];
    for &parent in parents.iter().skip(1) {
        waiting[parent as usize] += 1;
    }
    let mut ready: Vec<u32> = (1..parents.len() as u32).filter(|&module| waiting[module as usize] == 0).collect();
    let mut next = 0;
    while let Some(&module) = ready.get(next) {
        next += 1;
        let parent = parents[module as usize];
        waiting[parent as usize] -= 1;
        if waiting[parent as usize] == 0 && parent != 0 {
            ready.push(parent);
        }
    }
    assert_eq!(ready.len() + 1, parents.len().max(1), "the parents of modules form a tree");
    ready
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ragged() -> Tree {
        // root { 1 { 3: nodes 4 5, 4: nodes 2 3 }, 2: nodes 0 1 }, and an empty module 5
        Tree::new(&[0, 0, 0, 1, 1, 0], &[2, 2, 4, 4, 3, 3])
    }

    #[test]
    fn modules_are_in_preorder_by_smallest_node() {
        let tree = ragged();
        assert_eq!(tree.leaf_modules(), [1, 1, 3, 3, 4, 4]);
        assert_eq!(tree.children(0).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(tree.children(2).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(tree.levels(), 3);
        assert_eq!(tree.modules_per_level(), [2, 2]);
    }

    #[test]
    fn nodes_can_be_replaced() {
        let tree = ragged();
        assert_eq!(Tree::new(&tree.parents(), tree.leaf_modules()), tree);
        // Nothing is left in the module of nodes 0 and 1.
        let others = tree.with_leaves(&[3, 4, 4]);
        assert_eq!((others.modules_per_level(), others.leaf_modules()), (vec![1, 2], &[2, 3, 3][..]));
    }

    #[test]
    fn modules_take_the_place_of_nodes() {
        let of_modules = Tree::from_partition(&Partition::from_labels(vec![0, 1, 0]));
        let tree = of_modules.with_modules_as_leaves(&Partition::from_labels(vec![0, 0, 1, 2]));
        assert_eq!(tree.modules_per_level(), [2, 3]);
        assert_eq!(tree.partition_at(1).labels(), [0, 0, 1, 0]);
        assert_eq!(tree.leaf_partition().labels(), [0, 0, 1, 2]);
    }

    #[test]
    fn partitions_at_a_depth() {
        let tree = ragged();
        assert_eq!(tree.partition_at(1).labels(), [0, 0, 1, 1, 1, 1]);
        assert_eq!(tree.partition_at(2).labels(), [0, 0, 1, 1, 2, 2]);
        assert_eq!(tree.leaf_partition(), tree.partition_at(2));
    }

    #[test]
    fn sorting_by_flow_puts_the_largest_first() {
        let tree = ragged().sorted_by_flow(&[0.1, 0.1, 0.1, 0.1, 0.3, 0.3]);
        assert_eq!(tree.leaf_modules(), [4, 4, 3, 3, 2, 2]);
        assert_eq!(tree.top_modules(), 2);
    }

    #[test]
    fn sums_that_differ_by_rounding_are_equal() {
        // 0.49 + 0.11 is less than 0.2 + 0.4 by the last bit.
        let flow = [0.49, 0.11, 0.2, 0.4];
        for partition in [[1, 1, 2, 2], [2, 2, 1, 1]] {
            let sorted = Tree::new(&[0, 0, 0], &partition).sorted_by_flow(&flow);
            assert_eq!(sorted.leaf_modules(), [1, 1, 2, 2]);
            assert_eq!(sorted.sorted_by_flow(&flow), sorted);
        }
    }

    #[test]
    #[should_panic(expected = "either nodes or modules")]
    fn mixed_children_are_rejected() {
        Tree::new(&[0, 0, 1], &[1, 2]);
    }
}
