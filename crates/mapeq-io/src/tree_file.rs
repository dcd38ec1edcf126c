//! `.tree` files: a path through the modules per node.

use std::io::{self, Write};
use std::ops::Range;

use mapeq_core::{NodeTable, Tree};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::canonical::{Canonical, Rows};
use crate::columns::{self, StateIds};
use crate::error::{Fault, Quoted, ReadError};
use crate::header::Header;
use crate::lines::Lines;
use crate::number::format_g6;
use crate::partition_file::{Assigned, Assignment, PartitionFile};
use crate::quoting::InQuotes;
use crate::result::positions;
use crate::state_places::{Place, several_rows};
use crate::token::{fields, is_blank, real, skip_blanks, split_field, whole};

/// So many rows of a thread wait to be written.
const ROWS_AT_ONCE: usize = 1 << 12;

/// Most rows are not longer.
const BYTES_PER_ROW: usize = 48;

/// Writes a tree, with `flow` a rate per node (per step of the walk), as rows `path flow "name" id`; states have
/// the ids of their physical nodes and layers behind their own.
///
/// Siblings, modules and nodes alike, are in the order of descending flow, ties by smallest node, and a path tells the
/// position of every ancestor and of the node itself among its siblings, from 1. `rows` leaves out some of them. O(n log n).
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If `nodes`, `flow` and `tree` are not of the same nodes.
pub fn write_tree(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    flow: &[f64],
    tree: &Tree,
    rows: Rows,
) -> io::Result<()> {
    let Canonical { tree, nodes: order } = Canonical::new(tree, flow);
    header.write(out)?;
    let (id, more_ids) = columns::names(nodes);
    writeln!(out, "# path flow name {id}{more_ids}")?;
    let positions = positions(&tree);
    // Nodes are in the order of their modules.
    let begin = |module: u32| order.partition_point(|&node| tree.leaf_modules()[node as usize] < module);
    // The rows of some nodes in a row.
    let text = |places: Range<usize>| -> io::Result<Vec<u8>> {
        let mut text = Vec::with_capacity(places.len() * BYTES_PER_ROW);
        let mut prefix = String::new();
        let (mut current, mut position) = (None, 0);
        for place in places {
            let node = order[place] as usize;
            let module = tree.leaf_modules()[node];
            if current != Some(module) {
                prefix = path_prefix(&tree, &positions, module as usize);
                // The first module may have begun in other rows.
                position = if current.is_none() { place - begin(module) } else { 0 };
                current = Some(module);
            }
            position += 1;
            if !rows.show(nodes, node) {
                continue;
            }
            let (flow, name, id) = (format_g6(flow[node]), nodes.name(node), nodes.ids.text(node));
            let states = StateIds(nodes, node);
            writeln!(text, "{prefix}{position} {flow} {} {id}{states}", InQuotes(&name))?;
        }
        Ok(text)
    };
    let starts: Vec<usize> = (0..order.len()).step_by(ROWS_AT_ONCE).collect();
    for starts in starts.chunks(rayon::current_num_threads()) {
        let end = |start: usize| order.len().min(start + ROWS_AT_ONCE);
        let texts: Vec<_> = starts.par_iter().map(|&start| text(start..end(start))).collect();
        for text in texts {
            out.write_all(&text?)?;
        }
    }
    Ok(())
}

/// `1:3:` for the third module in the first one; nothing for the root.
pub(crate) fn path_prefix(tree: &Tree, positions: &[u32], mut module: usize) -> String {
    let mut path = Vec::new();
    while module != 0 {
        path.push(positions[module]);
        module = tree.modules()[module].parent as usize;
    }
    path.iter().rev().map(|position| format!("{position}:")).collect()
}

/// Reads the rows of a `.tree` or `.ftree` file up to the first heading.
pub(crate) fn read(mut lines: Lines<'_>, nodes: &NodeTable) -> Result<PartitionFile, ReadError> {
    let mut assignment = Assignment::new(nodes);
    let mut modules = Modules::new();
    let mut first_columns = None;
    let mut number = 0;
    while let Some(line) = lines.next()? {
        number += 1;
        match skip_blanks(line).first() {
            None | Some(b'#') => continue,
            Some(b'*') => break,
            Some(_) => {}
        }
        let added = Row::parse(line, assignment.has_string_ids()).and_then(|row| {
            let columns = *first_columns.get_or_insert(row.columns);
            if columns != row.columns {
                let expected = format!("{columns} after the name, as in the first row");
                return Err(Fault::token(row.id, &format!("begins {}", row.columns), expected));
            }
            let physical = assignment.is_of_states() && row.columns == Row::NODE_ID;
            let ids = [Some(row.id), row.more[0], row.more[1]];
            place_row(&mut assignment, ids, physical, number, || modules.place_node(row.path, number))
        });
        added.map_err(|fault| lines.error(fault))?;
    }
    finish(assignment, modules).map_err(|fault| fault.in_file(lines.path()))
}

/// The tree of nodes and modules as they have been read.
pub(crate) fn finish(assignment: Assignment<'_>, modules: Modules) -> Result<PartitionFile, Fault> {
    let Assigned { modules: leaf_modules, missing, notes } = assignment.finish(modules.len() as u32)?;
    Ok(PartitionFile { tree: modules.into_tree(&leaf_modules), missing, notes })
}

/// Puts what a row with these ids is about, as [`Assignment::find_row`] has them, into a module.
pub(crate) fn place_row(
    assignment: &mut Assignment<'_>,
    ids: [Option<&[u8]>; 3],
    physical: bool,
    number: u64,
    module: impl FnOnce() -> Result<u32, Fault>,
) -> Result<(), Fault> {
    let Some(place) = assignment.find_row(ids, physical, number)? else { return Ok(()) };
    let module = module()?;
    let id = ids[0].unwrap_or_default();
    match (assignment.assign_place(place, module), place) {
        (true, _) => Ok(()),
        (false, Place::StatesOf(_)) => Err(several_rows(id)),
        (false, _) => Err(Fault::token(id, "has a row before", "one row for each node")),
    }
}

/// A row `path flow "name" id`.
pub(crate) struct Row<'a> {
    pub(crate) path: &'a [u8],
    pub(crate) id: &'a [u8],
    /// The ids behind it: of a physical node and a layer, if `id` is that of a state.
    more: [Option<&'a [u8]>; 2],
    /// What the columns behind the name are.
    columns: &'static str,
}

impl<'a> Row<'a> {
    const FORM: &'static str = "a row is `path flow \"name\" id`";
    const NODE_ID: &'static str = "one id";
    const STATE_ID: &'static str = "several ids";

    /// A string id is the last field, whatever that contains, or all that follows the name; a numeric one the first field behind the last quote.
    pub(crate) fn parse(line: &'a [u8], string_ids: bool) -> Result<Self, Fault> {
        let lacks =
            |expected: &str| Fault::token(line.trim_ascii(), "is not a row of a tree", expected).hint(Self::FORM);
        let (path, rest) = split_field(line).ok_or_else(|| lacks("a path"))?;
        let (flow, rest) = split_field(rest).ok_or_else(|| lacks("a flow"))?;
        if real(flow).is_none() {
            return Err(Fault::token(flow, "is not a flow", "a number").hint(Self::FORM));
        }
        let rest = skip_blanks(rest);
        let rest = rest.strip_prefix(b"\"").ok_or_else(|| lacks("a name in quotes"))?;
        if string_ids {
            let end = rest.iter().rposition(|&byte| !is_blank(byte)).map_or(0, |last| last + 1);
            let start = rest[..end].iter().rposition(|&byte| is_blank(byte)).map_or(0, |blank| blank + 1);
            let quote = memchr::memrchr(b'"', &rest[..start]);
            let quote = quote.ok_or_else(|| lacks("an id after the name in quotes"))?;
            // An id with blanks is more than one field, and may have quotes, too: then those of the name are doubled.
            let blanks = split_field(&rest[quote + 1..start]).is_some();
            let id = if blanks { behind_doubled(rest).trim_ascii() } else { &rest[start..end] };
            return Ok(Self { path, id, more: [None; 2], columns: Self::NODE_ID });
        }
        let quote = memchr::memrchr(b'"', rest).ok_or_else(|| lacks("a closing quote after the name"))?;
        let mut behind = fields(&rest[quote + 1..]);
        let id = behind.next().ok_or_else(|| lacks("an id after the name in quotes"))?;
        let more = [behind.next(), behind.next()];
        let columns = if more[0].is_some() { Self::STATE_ID } else { Self::NODE_ID };
        Ok(Self { path, id, more, columns })
    }
}

/// What follows the quote that ends a name in which quotes are doubled.
fn behind_doubled(mut rest: &[u8]) -> &[u8] {
    while let Some(quote) = memchr::memchr(b'"', rest) {
        rest = &rest[quote + 1..];
        match rest.strip_prefix(b"\"") {
            Some(more) => rest = more,
            None => return rest,
        }
    }
    &[]
}

/// The modules that paths have named so far; 0 is the root.
pub(crate) struct Modules {
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

impl Modules {
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
