//! Soft membership: flow exchanged by nodes and modules, as comma-separated values.

use std::io::{self, Write};

use mapeq_core::{Exchange, FlowNetwork, NodeTable, Tree};

use crate::id_columns::{self, CsvIds};
use crate::number::format_g6;
use crate::quoting::{CsvField, InQuotes};
use crate::result::level::ClusterLevel;
use crate::result::order::{OutputOrder, Path, RowFilter};

/// Soft membership of nodes in modules, as a table of shares.
///
/// F_um is the flow per step between node u and the nodes of module m, in both directions together.
/// The share of u with m is s_um = F_um / Σ_m F_um, and the participation of u is 1 − Σ_m s_um²
/// (Guimerà & Amaral, Nature 2005, doi:10.1038/nature03288). See [`Exchange`].
#[derive(Clone, Copy, Debug)]
pub struct SoftModules<'a> {
    /// The nodes of the network.
    pub nodes: &'a NodeTable,
    /// The flow network. Its nodes may have any order.
    pub network: &'a FlowNetwork,
    /// Visit rate of every node, per step.
    pub flow: &'a [f64],
    /// Modules of the nodes.
    pub tree: &'a Tree,
    /// Selects the modules of the tree.
    pub level: ClusterLevel,
    /// Selects the nodes that have rows.
    pub rows: RowFilter,
}

impl SoftModules<'_> {
    /// Writes rows `node_id,module,share,participation,member,name` below a header: one for every
    /// node and each module with which it exchanges flow.
    ///
    /// Rows are in node order, then by descending share. Modules are given by their paths in a
    /// `.tree` file. `member` is 1 for the node's own module and 0 otherwise. Rows of states
    /// continue with the ids of the physical node and of the layer after the state id.
    ///
    /// # Complexity
    /// O(links + n log n).
    ///
    /// # Errors
    /// Those of `out`.
    ///
    /// # Panics
    /// If the parts differ in nodes.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let names = CsvIds(id_columns::headings(self.nodes)).to_string();
        let modules = ModulesWithPaths::new(self);
        let exchange = Exchange::new(self.network, &modules.partition);
        modules.write(out, &names, &exchange, |node| {
            self.rows.includes(self.nodes, node).then(|| Row {
                ids: CsvIds(id_columns::ids(self.nodes, node)).to_string(),
                name: self.nodes.name(node).into(),
            })
        })
    }

    /// Writes the rows of physical nodes, whose exchange is the sum over their states.
    ///
    /// # Errors
    /// Those of `out`.
    ///
    /// # Panics
    /// If the nodes are not states.
    pub fn write_physical_nodes(&self, out: &mut impl Write) -> io::Result<()> {
        let states = self.nodes.states.as_ref().expect("nodes that are states");
        let table = &states.physical_nodes;
        let modules = ModulesWithPaths::new(self);
        let exchange = Exchange::of_physical_nodes(self.network, &modules.partition, &states.physical, table.len());
        modules.write(out, "node_id", &exchange, |node| {
            Some(Row { ids: CsvField(&table.ids.text(node)).to_string(), name: table.name(node).into() })
        })
    }
}

/// Fields of a node that do not depend on the module.
struct Row {
    ids: String,
    name: String,
}

/// A partition with the path of every module.
struct ModulesWithPaths {
    partition: mapeq_core::Partition,
    paths: Vec<String>,
}

impl ModulesWithPaths {
    fn new(SoftModules { tree, flow, level, .. }: &SoftModules<'_>) -> Self {
        let order = OutputOrder::new(tree, flow);
        let partition = level.partition(&order.tree);
        let mut paths = vec![String::new(); partition.modules()];
        for (node, &leaf_module) in order.tree.leaf_modules().iter().enumerate() {
            let path = &mut paths[partition.module(node)];
            if path.is_empty() {
                let mut positions = order.module_path(leaf_module as usize);
                if let ClusterLevel::Depth(depth) = level {
                    positions.truncate(*depth);
                }
                *path = Path(&positions).to_string();
            }
        }
        Self { partition, paths }
    }

    fn write(
        &self,
        out: &mut impl Write,
        ids: &str,
        exchange: &Exchange,
        row: impl Fn(usize) -> Option<Row>,
    ) -> io::Result<()> {
        writeln!(out, "{ids},module,share,participation,member,name")?;
        for node in 0..exchange.len() {
            let Some(Row { ids, name }) = row(node) else { continue };
            let participation = format_g6(exchange.participation(node));
            for with in exchange.of(node) {
                let (module, share, member) =
                    (&self.paths[with.module as usize], format_g6(with.share), u8::from(with.member));
                writeln!(out, "{ids},{module},{share},{participation},{member},{}", InQuotes(&name))?;
            }
        }
        Ok(())
    }
}
