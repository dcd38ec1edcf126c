//! Modules that overlap: a row per node and module.

use std::io::{self, Write};
use std::path::Path;

use mapeq_core::{Csr, NodeTable, Tree};

use crate::canonical::Canonical;
use crate::error::{Fault, ReadError};
use crate::header::Header;
use crate::lines::Lines;
use crate::number::format_g6;
use crate::partition_file::Assignment;
use crate::result::positions;
use crate::token::skip_blanks;
use crate::tree_file::{Modules, Row, path_prefix};

/// Copies of nodes: one for each module of a node, in the order of the nodes.
#[derive(Clone, Copy, Debug)]
pub struct Memberships<'a> {
    /// The nodes of the network.
    pub nodes: &'a NodeTable,
    /// The node of every copy.
    pub node: &'a [u32],
    /// Visit rate of every copy, per step of the walk.
    pub flow: &'a [f64],
    /// The share of its node's visits.
    pub share: &'a [f64],
    /// The copies as leaves.
    pub tree: &'a Tree,
}

impl Memberships<'_> {
    /// Writes a tree as [`write_tree`](crate::write_tree) does, with a row per copy: `path flow "name" id`, an id for each of its
    /// modules. O(n log n).
    ///
    /// # Errors
    /// If `out` fails.
    pub fn write_tree(&self, out: &mut impl Write, header: &Header) -> io::Result<()> {
        header.write(out)?;
        writeln!(out, "# path flow name node_id")?;
        self.rows(|path, position, copy| {
            let node = self.node[copy] as usize;
            let (flow, name, id) = (format_g6(self.flow[copy]), self.nodes.name(node), self.nodes.ids.text(node));
            writeln!(out, "{path}{position} {flow} \"{name}\" {id}")
        })
    }

    /// Writes the top modules as rows `id module flow`, one per copy.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn write_clu(&self, out: &mut impl Write, header: &Header) -> io::Result<()> {
        header.write(out)?;
        writeln!(out, "# module level 1")?;
        writeln!(out, "# node_id module flow")?;
        self.rows(|path, _, copy| {
            let top = path.split(':').next().unwrap_or_default();
            writeln!(out, "{} {top} {}", self.nodes.ids.text(self.node[copy] as usize), format_g6(self.flow[copy]))
        })
    }

    /// Writes rows `node module flow share`, the nodes in their order, the modules by their paths.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "# node_id module flow share")?;
        let mut module = vec![String::new(); self.node.len()];
        self.rows(|path, _, copy| {
            module[copy] = path.trim_end_matches(':').to_owned();
            Ok(())
        })?;
        for (copy, module) in module.iter().enumerate() {
            let id = self.nodes.ids.text(self.node[copy] as usize);
            writeln!(out, "{id} {module} {} {}", format_g6(self.flow[copy]), format_g6(self.share[copy]))?;
        }
        Ok(())
    }

    /// Writes the copies as states of a state network, with what they and `steps` between them carry: flow to be taken as it is.
    /// State `i` is the copy `i`, from 1; so are the physical nodes.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn write_states(&self, out: &mut impl Write, steps: &Csr) -> io::Result<()> {
        writeln!(out, "*Vertices {}", self.nodes.len())?;
        for node in 0..self.nodes.len() {
            writeln!(out, "{} \"{}\"", node + 1, self.nodes.name(node))?;
        }
        writeln!(out, "*States")?;
        for (copy, &node) in self.node.iter().enumerate() {
            writeln!(out, "{} {} \"{}\" {:e}", copy + 1, node + 1, self.nodes.name(node as usize), self.flow[copy])?;
        }
        writeln!(out, "*Links")?;
        for (source, target, flow) in steps.iter() {
            writeln!(out, "{} {} {flow:e}", source + 1, target + 1)?;
        }
        Ok(())
    }

    /// Calls `row` with the path of the module, the position in it, and the copy, in the order of output.
    fn rows(&self, mut row: impl FnMut(&str, u32, usize) -> io::Result<()>) -> io::Result<()> {
        let Canonical { tree, nodes: order } = Canonical::new(self.tree, self.flow);
        let positions = positions(&tree);
        let (mut path, mut current, mut position) = (String::new(), None, 0);
        for &copy in &order {
            let module = tree.leaf_modules()[copy as usize];
            if current != Some(module) {
                path = path_prefix(&tree, &positions, module as usize);
                (current, position) = (Some(module), 0);
            }
            position += 1;
            row(&path, position, copy as usize)?;
        }
        Ok(())
    }
}

/// The modules that directly contain each node, by any numbers, from a `.tree` file where nodes may have several rows, and notes.
/// Nodes without a row get a module each.
///
/// # Errors
/// As [`read_partition`](crate::read_partition), but for nodes in several places.
pub fn read_memberships(path: &Path, nodes: &NodeTable) -> Result<(Vec<Vec<u32>>, Vec<String>), ReadError> {
    let mut lines = Lines::open(path)?;
    let mut assignment = Assignment::new(nodes);
    let mut modules = Modules::new();
    let mut of_nodes = vec![Vec::new(); nodes.len()];
    let mut number = 0;
    while let Some(line) = lines.next()? {
        number += 1;
        match skip_blanks(line).first() {
            None | Some(b'#') => continue,
            Some(b'*') => break,
            Some(_) => {}
        }
        let added = Row::parse(line, assignment.has_string_ids()).and_then(|row| {
            let Some(node) = assignment.find(row.id, number)? else { return Ok(()) };
            let module = modules.place_node(row.path, number)?;
            assignment.assign(node, module);
            if of_nodes[node].contains(&module) {
                return Err(Fault::token(row.id, "is in this module before", "one row for each node in a module"));
            }
            of_nodes[node].push(module);
            Ok(())
        });
        added.map_err(|fault| lines.error(fault))?;
    }
    let free = of_nodes.iter().flatten().max().map_or(0, |&last| last + 1);
    let (alone, notes) = assignment.finish(free).map_err(|fault| fault.in_file(lines.path()))?;
    for (own, alone) in of_nodes.iter_mut().zip(alone) {
        if own.is_empty() {
            own.push(alone);
        }
    }
    Ok((of_nodes, notes))
}
