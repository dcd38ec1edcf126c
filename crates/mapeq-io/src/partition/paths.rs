//! PathTree by the paths that lead to them.

use mapeq_core::Tree;
use rustc_hash::FxHashMap;

use crate::error::{Fault, Quoted};
use crate::partition::builder::{BuiltPartition, PartitionBuilder, PartitionFile};
use crate::partition::state_lookup::{RowTarget, several_rows};
use crate::scan::token::whole;

/// The tree of nodes and modules as they have been read.
pub(crate) fn finish(builder: PartitionBuilder<'_>, modules: PathTree) -> Result<PartitionFile, Fault> {
    let BuiltPartition { modules: leaf_modules, missing, notes } = builder.finish(modules.len() as u32)?;
    Ok(PartitionFile { tree: modules.into_tree(&leaf_modules), missing, notes })
}

/// Puts what a row with these ids is about, as [`PartitionBuilder::resolve`] has them, into a module.
pub(crate) fn place_row(
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
        (false, RowTarget::StatesOf(_)) => Err(several_rows(id)),
        (false, _) => Err(Fault::token(id, "has a row before", "one row for each node")),
    }
}

/// The modules that paths have named so far; 0 is the root.
pub(crate) struct PathTree {
    parents: Vec<u32>,
    children: FxHashMap<(u32, u64), u32>,
    /// The line that first put a node, or a module, into each module; 0 before there is one.
    first_node: Vec<u64>,
    first_child: Vec<u64>,
    /// The path of the row before, and the modules on it, the root first: rows often begin alike.
    path: Vec<u64>,
    trail: Vec<u32>,
    /// What rows are counted by.
    unit: &'static str,
}

impl PathTree {
    pub(crate) fn new() -> Self {
        let (first_node, first_child) = (vec![0], vec![0]);
        let (children, path, unit) = (FxHashMap::default(), Vec::new(), "line");
        Self { parents: vec![0], children, first_node, first_child, path, trail: vec![0], unit }
    }

    /// The same, for what has no lines.
    pub(crate) fn counted_by(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// The tree of nodes that are all in modules named so far, but for those in modules beyond: these are at the top.
    pub(crate) fn into_tree(mut self, leaf_modules: &[u32]) -> Tree {
        let added = leaf_modules.iter().max().map_or(0, |&last| last as usize + 1);
        self.parents.resize(self.parents.len().max(added), 0);
        Tree::new(&self.parents, leaf_modules)
    }

    /// Number of modules named so far, the root included.
    pub(crate) fn len(&self) -> usize {
        self.parents.len()
    }

    /// The module that the path of a node, at `line`, leads to. The last position is the node's own, unless it is the
    /// only one.
    pub(crate) fn place_node(&mut self, path: &[u8], line: u64) -> Result<u32, Fault> {
        let position = |position: &[u8]| whole(position).filter(|&position| position > 0);
        let positions: Option<Vec<u64>> = path.split(|&byte| byte == b':').map(position).collect();
        self.place(&positions.ok_or_else(|| no_path(path))?, line)
    }

    /// The same for a path that is told by its positions.
    pub(crate) fn place(&mut self, path: &[u64], line: u64) -> Result<u32, Fault> {
        if path.is_empty() || path.contains(&0) {
            return Err(no_path(joined(path).as_bytes()));
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

    /// The parent of every module, of the root itself.
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

    /// The module at `depth` of `path` cannot take it, for what it contains since row `row`.
    fn mixed(&self, path: &[u64], depth: usize, row: u64) -> Fault {
        let problem = format!("puts nodes beside modules into module {}", Quoted(joined(&path[..depth]).as_bytes()));
        let expected = format_args!("the one or the other, as at {} {row}", self.unit);
        Fault::token(joined(path).as_bytes(), &problem, expected)
    }
}

/// `1:3:2`.
fn joined(path: &[u64]) -> String {
    path.iter().map(u64::to_string).collect::<Vec<_>>().join(":")
}

fn no_path(path: &[u8]) -> Fault {
    Fault::token(path, "is not a path", "positive whole numbers joined by colons")
}
