//! Modules given by the paths of nodes.

use mapeq_core::Tree;
use rustc_hash::FxHashMap;

use crate::error::{Fault, Quoted};
use crate::partition::builder::{BuiltPartition, PartitionBuilder, PartitionFile};
use crate::partition::state_lookup::{RowTarget, repeated_physical_node};
use crate::scan::token::whole;

/// Builds the tree of nodes and modules.
pub(crate) fn build_partition(builder: PartitionBuilder<'_>, modules: PathTree) -> Result<PartitionFile, Fault> {
    let BuiltPartition { modules: leaf_modules, missing, notes } = builder.finish(modules.len() as u32)?;
    Ok(PartitionFile { tree: modules.into_tree(&leaf_modules), missing, notes })
}

/// Assigns the target of a row, as returned by [`PartitionBuilder::resolve`], to a module.
pub(crate) fn assign_row(
    builder: &mut PartitionBuilder<'_>,
    ids: [Option<&[u8]>; 3],
    physical: bool,
    number: u64,
    module: impl FnOnce() -> Result<u32, Fault>,
) -> Result<(), Fault> {
    let Some(place) = builder.resolve(ids, physical, number)? else { return Ok(()) };
    let module = module()?;
    let id = ids[0].unwrap_or_default();
    match (builder.assign_target(place, module), place) {
        (true, _) => Ok(()),
        (false, RowTarget::StatesOf(_)) => Err(repeated_physical_node(id)),
        (false, _) => Err(Fault::token(id, "has an earlier row", "one row per node")),
    }
}

/// The tree of modules on the paths so far. Module 0 is the root.
pub(crate) struct PathTree {
    parents: Vec<u32>,
    children: FxHashMap<(u32, u64), u32>,
    /// For each module, the line that first assigned a node to it, and a child module; 0 if none
    /// has.
    first_node: Vec<u64>,
    first_child: Vec<u64>,
    /// The path of the previous row, and the modules on it from the root. Consecutive rows often
    /// share a prefix.
    path: Vec<u64>,
    trail: Vec<u32>,
    /// Name of a row in messages, such as `line`.
    unit: &'static str,
}

impl PathTree {
    pub(crate) fn new() -> Self {
        let (first_node, first_child) = (vec![0], vec![0]);
        let (children, path, unit) = (FxHashMap::default(), Vec::new(), "line");
        Self { parents: vec![0], children, first_node, first_child, path, trail: vec![0], unit }
    }

    /// Sets the name of a row in messages, for formats without lines.
    pub(crate) fn with_unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// Builds the tree of nodes. Modules that are on no path become top modules.
    pub(crate) fn into_tree(mut self, leaf_modules: &[u32]) -> Tree {
        let added = leaf_modules.iter().max().map_or(0, |&last| last as usize + 1);
        self.parents.resize(self.parents.len().max(added), 0);
        Tree::new(&self.parents, leaf_modules)
    }

    /// Returns the number of modules, including the root.
    pub(crate) fn len(&self) -> usize {
        self.parents.len()
    }

    /// Returns the module of a node with this path, on `line`, and adds missing modules. The last
    /// position is the node's own unless it is the only one.
    pub(crate) fn insert_text(&mut self, path: &[u8], line: u64) -> Result<u32, Fault> {
        let position = |position: &[u8]| whole(position).filter(|&position| position > 0);
        let positions: Option<Vec<u64>> = path.split(|&byte| byte == b':').map(position).collect();
        self.insert(&positions.ok_or_else(|| not_a_path(path))?, line)
    }

    /// Returns the module of a node with a path of these positions, like
    /// [`insert_text`](Self::insert_text).
    pub(crate) fn insert(&mut self, path: &[u64], line: u64) -> Result<u32, Fault> {
        if path.is_empty() || path.contains(&0) {
            return Err(not_a_path(joined(path).as_bytes()));
        }
        let depth = (path.len() - 1).max(1);
        let common = self.trail.len() - 1;
        let common =
            path.iter().zip(&self.path).take(common.min(depth)).take_while(|(own, before)| own == before).count();
        self.path.clear();
        self.path.extend_from_slice(path);
        self.trail.truncate(common + 1);
        let mut module = self.trail[common] as usize;
        for level in common..depth {
            if self.first_node[module] != 0 {
                return Err(self.mixed(path, level, self.first_node[module]));
            }
            if self.first_child[module] == 0 {
                self.first_child[module] = line;
            }
            module = self.child(module as u32, path[level]) as usize;
            self.trail.push(module as u32);
        }
        if self.first_child[module] != 0 {
            return Err(self.mixed(path, depth, self.first_child[module]));
        }
        if self.first_node[module] == 0 {
            self.first_node[module] = line;
        }
        Ok(module as u32)
    }

    /// Returns the parent of every module. The root is its own parent.
    pub(crate) fn into_parents(self) -> Vec<u32> {
        self.parents
    }

    fn child(&mut self, module: u32, position: u64) -> u32 {
        *self.children.entry((module, position)).or_insert_with(|| {
            self.parents.push(module);
            self.first_node.push(0);
            self.first_child.push(0);
            self.parents.len() as u32 - 1
        })
    }

    /// The fault of a path that mixes nodes and modules in its module at `depth`, which conflicts
    /// with an earlier `row`.
    fn mixed(&self, path: &[u64], depth: usize, row: u64) -> Fault {
        let problem = format!("mixes nodes and modules in module {}", Quoted(joined(&path[..depth]).as_bytes()));
        let expected = format_args!("either nodes or modules, as at {} {row}", self.unit);
        Fault::token(joined(path).as_bytes(), &problem, expected)
    }
}

/// Formats a path: `1:3:2`.
fn joined(path: &[u64]) -> String {
    path.iter().map(u64::to_string).collect::<Vec<_>>().join(":")
}

fn not_a_path(path: &[u8]) -> Fault {
    Fault::token(path, "is not a path", "positive whole numbers joined by colons")
}
