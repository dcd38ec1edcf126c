//! Modules that overlap: a row per node and module.

use std::io::{self, Write};

use mapeq_core::{Csr, NodeIds, NodeTable, States, StringTable, Tree};

use crate::number::format_g6;
use crate::quoting::on_one_line;
use crate::result::order::OutputOrder;
use crate::result::paths::{path_prefix, positions};

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
    /// The copies as nodes of their own, with the ids and names of the nodes: what other writers of results show is then a row for
    /// each module of a node. O(memberships).
    pub fn node_table(&self) -> NodeTable {
        let (mut ids, mut names) = (StringTable::default(), StringTable::default());
        for &node in self.node {
            ids.push(&self.nodes.ids.text(node as usize));
            names.push(&self.nodes.name(node as usize));
        }
        NodeTable { names: Some(names), ..NodeTable::new(NodeIds::Strings(ids)) }
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

    /// The copies as states of the nodes, with the ids that [`write_states`](Self::write_states) gives both. O(memberships).
    pub fn state_table(&self) -> NodeTable {
        let mut names = StringTable::default();
        (0..self.nodes.len()).for_each(|node| _ = names.push(&self.nodes.name(node)));
        let from_one = |len: usize| NodeTable::new(NodeIds::Consecutive { first: 1, len });
        let physical_nodes = NodeTable { names: Some(names), ..from_one(self.nodes.len()) };
        let states = States { physical_nodes, physical: self.node.into(), layers: None, names: None };
        NodeTable { states: Some(Box::new(states)), ..from_one(self.node.len()) }
    }

    /// Calls `row` with the path of the module, the position in it, and the copy, in the order of output.
    fn rows(&self, mut row: impl FnMut(&str, u32, usize) -> io::Result<()>) -> io::Result<()> {
        let OutputOrder { tree, nodes: order } = OutputOrder::new(self.tree, self.flow);
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
