//! What result files tell of a tree of modules, and the rows that they have in common.

use std::io;

use mapeq_core::{NodeTable, Tree};

use crate::result::order::{OutputOrder, RowFilter};
use crate::result::paths::{Path, positions};
use crate::result::physical::PhysicalLevel;

/// The modules that were found in a network.
#[derive(Clone, Copy, Debug)]
pub struct ResultTree<'a> {
    /// The nodes of the network.
    pub nodes: &'a NodeTable,
    /// Visit rate of every node, per step.
    pub flow: &'a [f64],
    /// Modules of the nodes.
    pub tree: &'a Tree,
    /// What is known of every module, in the order of [`Tree::modules`].
    pub modules: &'a [ModuleFlow],
    /// The nodes that have rows.
    pub rows: RowFilter,
    /// Where the nodes are those of a physical level, which.
    pub physical: Option<&'a PhysicalLevel>,
}

/// Flow and codelength of a module, per step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ModuleFlow {
    /// Visits of the nodes inside.
    pub flow: f64,
    /// Rate of entering; 0 for the root.
    pub enter: f64,
    /// Rate of leaving; 0 for the root.
    pub exit: f64,
    /// Bits per step spent on the module's codebook.
    pub codelength: f64,
}

/// A result in the order of output: siblings by descending flow, ties by smallest node.
pub(crate) struct OrderedResult<'a> {
    pub(crate) result: ResultTree<'a>,
    pub(crate) tree: Tree,
    /// Nodes by leaf module; in each in the order of output.
    pub(crate) order: Vec<u32>,
    /// What is known of each module of `tree`.
    pub(crate) modules: Vec<ModuleFlow>,
    /// The position of each module among its siblings, from 1; 0 for the root.
    pub(crate) positions: Vec<u32>,
}

/// A node in a tree.
pub(crate) struct Leaf<'p> {
    pub(crate) node: usize,
    /// The module that it is in.
    pub(crate) module: usize,
    /// Positions of its modules and of itself among their siblings, from 1.
    pub(crate) path: &'p [u32],
}

impl<'a> ResultTree<'a> {
    pub(crate) fn ordered(self) -> OrderedResult<'a> {
        let numbers = self.tree.sorted_with_numbers(self.flow).1;
        let OutputOrder { tree, nodes: order } = OutputOrder::new(self.tree, self.flow);
        let mut modules = vec![ModuleFlow::default(); numbers.len()];
        for (module, &number) in self.modules.iter().zip(&numbers) {
            modules[number as usize] = *module;
        }
        let positions = positions(&tree);
        OrderedResult { result: self, tree, order, modules, positions }
    }
}

impl OrderedResult<'_> {
    /// Calls `row` with every node in the order of output, those without a row included.
    pub(crate) fn for_each_leaf(&self, mut row: impl FnMut(Leaf<'_>) -> io::Result<()>) -> io::Result<()> {
        let (mut path, mut module) = (Vec::new(), usize::MAX);
        for &node in &self.order {
            let own = self.tree.leaf_modules()[node as usize] as usize;
            if own != module {
                module = own;
                path = self.path(module);
                path.push(0);
            }
            *path.last_mut().expect("a path ends with the node") += 1;
            row(Leaf { node: node as usize, module, path: &path })?;
        }
        Ok(())
    }

    /// The same without the nodes that have no row.
    pub(crate) fn for_each_row(&self, mut row: impl FnMut(Leaf<'_>) -> io::Result<()>) -> io::Result<()> {
        let ResultTree { rows, nodes, .. } = self.result;
        self.for_each_leaf(|leaf| if rows.includes(nodes, leaf.node) { row(leaf) } else { Ok(()) })
    }

    /// Positions of a module and of those around it; nothing for the root.
    pub(crate) fn path(&self, mut module: usize) -> Vec<u32> {
        let mut path = Vec::new();
        while module != 0 {
            path.push(self.positions[module]);
            module = self.tree.modules()[module].parent as usize;
        }
        path.reverse();
        path
    }

    /// The position of every node among its siblings, from 1.
    pub(crate) fn node_positions(&self) -> Vec<u32> {
        let mut next = vec![0u32; self.tree.modules().len()];
        let mut positions = vec![0; self.order.len()];
        for &node in &self.order {
            let next = &mut next[self.tree.leaf_modules()[node as usize] as usize];
            *next += 1;
            positions[node as usize] = *next;
        }
        positions
    }

    /// How many children every module has: modules or nodes.
    pub(crate) fn children(&self) -> Vec<u32> {
        let mut children = vec![0u32; self.tree.modules().len()];
        for module in &self.tree.modules()[1..] {
            children[module.parent as usize] += 1;
        }
        for &module in self.tree.leaf_modules() {
            children[module as usize] += 1;
        }
        children
    }
}

/// The path of every node, as text.
pub(crate) struct ModulePaths(Vec<String>);

impl ModulePaths {
    pub(crate) fn new(result: ResultTree<'_>) -> Self {
        let mut paths = vec![String::new(); result.nodes.len()];
        let collected = result.ordered().for_each_leaf(|leaf| {
            paths[leaf.node] = Path(leaf.path).to_string();
            Ok(())
        });
        debug_assert!(collected.is_ok(), "memory takes all of them");
        Self(paths)
    }

    /// `1:3:2`.
    pub(crate) fn path(&self, node: usize) -> &str {
        &self.0[node]
    }

    /// Number of the top module.
    pub(crate) fn top(&self, node: usize) -> &str {
        self.0[node].split(':').next().unwrap_or_default()
    }
}
