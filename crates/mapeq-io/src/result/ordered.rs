//! A result with its modules, and the rows that all result files share.

use std::io;

use mapeq_core::{NodeTable, Tree};

use crate::result::order::{OutputOrder, Path, RowFilter};
use crate::result::physical::PhysicalLevel;

/// The modules found in a network.
#[derive(Clone, Copy, Debug)]
pub struct ResultTree<'a> {
    /// The nodes of the network.
    pub nodes: &'a NodeTable,
    /// Visit rate of every node, per step.
    pub flow: &'a [f64],
    /// Modules of the nodes.
    pub tree: &'a Tree,
    /// Flow and codelength of every module, in the order of [`Tree::modules`].
    pub modules: &'a [ModuleFlow],
    /// Selects the nodes that have rows.
    pub rows: RowFilter,
    /// The physical level that the nodes belong to, if they are physical nodes in modules of
    /// states.
    pub physical: Option<&'a PhysicalLevel>,
}

/// Flow and codelength of a module, per step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ModuleFlow {
    /// Sum of the visit rates of the nodes inside.
    pub flow: f64,
    /// Rate of entering; 0 for the root.
    pub enter: f64,
    /// Rate of leaving; 0 for the root.
    pub exit: f64,
    /// Codelength of the module's codebook, in bits per step.
    pub codelength: f64,
}

/// A result in the order of output.
pub(crate) struct OrderedResult<'a> {
    pub(crate) result: ResultTree<'a>,
    pub(crate) order: OutputOrder,
    /// Flow and codelength of every module of the sorted tree.
    pub(crate) modules: Vec<ModuleFlow>,
}

/// A node in a tree.
pub(crate) struct Leaf<'p> {
    pub(crate) node: usize,
    /// The module that directly contains the node.
    pub(crate) module: usize,
    /// Positions of the node's modules and of the node among their siblings, from 1.
    pub(crate) path: &'p [u32],
}

impl<'a> ResultTree<'a> {
    pub(crate) fn ordered(self) -> OrderedResult<'a> {
        let (order, numbers) = OutputOrder::with_numbers(self.tree, self.flow);
        let mut modules = vec![ModuleFlow::default(); numbers.len()];
        for (module, &number) in self.modules.iter().zip(&numbers) {
            modules[number as usize] = *module;
        }
        OrderedResult { result: self, order, modules }
    }
}

impl OrderedResult<'_> {
    pub(crate) fn tree(&self) -> &Tree {
        &self.order.tree
    }

    /// Calls `leaf` with every node in the order of output, including nodes without a row.
    pub(crate) fn for_each_leaf(&self, mut leaf: impl FnMut(Leaf<'_>) -> io::Result<()>) -> io::Result<()> {
        let (mut path, mut current) = (Vec::new(), usize::MAX);
        for &node in &self.order.nodes {
            let module = self.tree().leaf_modules()[node as usize] as usize;
            if module != current {
                current = module;
                path = self.order.module_path(module);
                path.push(0);
            }
            *path.last_mut().expect("a path ends with the node") += 1;
            leaf(Leaf { node: node as usize, module, path: &path })?;
        }
        Ok(())
    }

    /// Calls `row` with every node that has a row, in the order of output.
    pub(crate) fn for_each_row(&self, mut row: impl FnMut(Leaf<'_>) -> io::Result<()>) -> io::Result<()> {
        let ResultTree { rows, nodes, .. } = self.result;
        self.for_each_leaf(|leaf| if rows.includes(nodes, leaf.node) { row(leaf) } else { Ok(()) })
    }

    /// Returns the position of every node among its siblings, from 1.
    pub(crate) fn node_positions(&self) -> Vec<u32> {
        let mut next = vec![0u32; self.modules.len()];
        let mut positions = vec![0; self.order.nodes.len()];
        for &node in &self.order.nodes {
            let next = &mut next[self.tree().leaf_modules()[node as usize] as usize];
            *next += 1;
            positions[node as usize] = *next;
        }
        positions
    }

    /// Returns the number of children of every module: modules or nodes.
    pub(crate) fn children(&self) -> Vec<u32> {
        let mut children = vec![0u32; self.modules.len()];
        let parents = self.tree().modules()[1..].iter().map(|module| module.parent);
        parents.chain(self.tree().leaf_modules().iter().copied()).for_each(|parent| children[parent as usize] += 1);
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
        debug_assert!(collected.is_ok(), "nothing is written");
        Self(paths)
    }

    /// Returns the path of `node`, such as `1:3:2`.
    pub(crate) fn path(&self, node: usize) -> &str {
        &self.0[node]
    }

    /// Returns the number of the top module of `node`.
    pub(crate) fn top(&self, node: usize) -> &str {
        self.0[node].split(':').next().unwrap_or_default()
    }
}
