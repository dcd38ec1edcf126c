//! Overlapping modules: a row per node and module.

use std::io::{self, Write};

use mapeq_core::{Csr, IdTable, NodeIds, NodeTable, States, StringTable, Tree};

use crate::number::format_g6;
use crate::quoting::on_one_line;
use crate::result::order::{OutputOrder, Path};

/// Copies of nodes, one for each module of a node, in node order.
#[derive(Clone, Copy, Debug)]
pub struct Memberships<'a> {
    /// The nodes of the network.
    pub nodes: &'a NodeTable,
    /// The node of every copy.
    pub node: &'a [u32],
    /// Visit rate of every copy, per step.
    pub flow: &'a [f64],
    /// Share of every copy in the visits of its node.
    pub share: &'a [f64],
    /// The tree with the copies as leaves.
    pub tree: &'a Tree,
}

impl Memberships<'_> {
    /// Returns a table of the copies with the ids and names of their nodes. The other writers of
    /// results then show a row per node and module.
    ///
    /// # Complexity
    /// O(memberships).
    pub fn node_table(&self) -> NodeTable {
        let (mut ids, mut names) = (StringTable::default(), StringTable::default());
        for &node in self.node {
            ids.push(&self.nodes.ids.text(node as usize));
            names.push(&self.nodes.name(node as usize));
        }
        NodeTable { names: Some(names), ..NodeTable::new(NodeIds::Strings(ids)) }
    }

    /// Writes rows `node module flow share` in node order. Modules are given by their paths.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "# node_id module flow share")?;
        let order = OutputOrder::new(self.tree, self.flow);
        for (copy, &node) in self.node.iter().enumerate() {
            let (id, path) =
                (self.nodes.ids.text(node as usize), order.module_path(order.tree.leaf_modules()[copy] as usize));
            writeln!(out, "{id} {} {} {}", Path(&path), format_g6(self.flow[copy]), format_g6(self.share[copy]))?;
        }
        Ok(())
    }

    /// Writes the copies as states of a state network. Weights are flow: of the copies, and of
    /// `steps` between them. State `i` is copy `i`, from 1, and physical nodes are numbered
    /// likewise.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_states(&self, out: &mut impl Write, steps: &Csr) -> io::Result<()> {
        writeln!(out, "*Vertices {}", self.nodes.len())?;
        for node in 0..self.nodes.len() {
            writeln!(out, "{} \"{}\"", node + 1, on_one_line(&self.nodes.name(node)))?;
        }
        writeln!(out, "*States")?;
        for (copy, &node) in self.node.iter().enumerate() {
            let name = on_one_line(&self.nodes.name(node as usize));
            writeln!(out, "{} {} \"{name}\" {:e}", copy + 1, node + 1, self.flow[copy])?;
        }
        writeln!(out, "*Links")?;
        for (source, target, flow) in steps.iter() {
            writeln!(out, "{} {} {flow:e}", source + 1, target + 1)?;
        }
        Ok(())
    }

    /// Returns the copies as states of the nodes, with the ids that
    /// [`write_states`](Self::write_states) writes.
    ///
    /// # Complexity
    /// O(memberships).
    pub fn state_table(&self) -> NodeTable {
        let mut names = StringTable::default();
        (0..self.nodes.len()).for_each(|node| _ = names.push(&self.nodes.name(node)));
        let from_one = |len: usize| NodeIds::Consecutive { first: 1, len };
        let physical_nodes = IdTable { ids: from_one(self.nodes.len()), names: Some(names) };
        let states = States { physical_nodes, physical: self.node.into(), layers: None, names: None };
        NodeTable { states: Some(Box::new(states)), ..NodeTable::new(from_one(self.node.len())) }
    }
}
