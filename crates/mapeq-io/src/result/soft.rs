//! Soft membership: what every node exchanges with modules, as comma-separated values.

use std::io::{self, Write};

use mapeq_core::{Exchange, FlowNetwork, NodeTable, Tree};

use crate::id_columns::{self, CsvIds};
use crate::number::format_g6;
use crate::quoting::{CsvField, InQuotes};
use crate::result::level::ClusterLevel;
use crate::result::order::{OutputOrder, Path, RowFilter};

/// Soft membership of modules: what every node exchanges with each of them, as a table of shares.
///
/// With F_um the flow per step between node u and the nodes of module m, both directions together, the share of u with m is
/// s_um = F_um / Σ_m F_um, and its participation 1 − Σ_m s_um² (Guimerà & Amaral, Nature 2005, doi:10.1038/nature03288): see
/// [`Exchange`].
#[derive(Clone, Copy, Debug)]
pub struct SoftModules<'a> {
    /// The nodes of the network.
    pub nodes: &'a NodeTable,
    /// The flow of the network, in any order of the nodes.
    pub network: &'a FlowNetwork,
    /// Visit rate of every node, per step.
    pub flow: &'a [f64],
    /// Modules of the nodes.
    pub tree: &'a Tree,
    /// Which modules of the tree.
    pub level: ClusterLevel,
    /// The nodes that have rows.
    pub rows: RowFilter,
}

impl SoftModules<'_> {
    /// Writes a row `node_id,module,share,participation,member,name` for every node and module that exchange flow, below a row
    /// with these words: the nodes in their order, for each the modules by descending share. Modules are told by their paths in
    /// a `.tree` file; `member` is 1 in the row of the node's own module and 0 in others. States have the ids of their nodes and
    /// layers behind their own. O(links + n log n).
    ///
    /// # Errors
    /// If `out` fails.
    ///
    /// # Panics
    /// If the parts are not of the same nodes.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let names = CsvIds(id_columns::headings(self.nodes)).to_string();
        let named = Named::new(self);
        let exchange = Exchange::new(self.network, &named.partition);
        named.write(out, &names, &exchange, |node| {
            self.rows.includes(self.nodes, node).then(|| Row {
                ids: CsvIds(id_columns::ids(self.nodes, node)).to_string(),
                name: self.nodes.name(node).into(),
            })
        })
    }

    /// The same of the physical nodes of states, which exchange what their states do together.
    ///
    /// # Errors
    /// If `out` fails.
    ///
    /// # Panics
    /// If the nodes are no states.
    pub fn write_physical_nodes(&self, out: &mut impl Write) -> io::Result<()> {
        let states = self.nodes.states.as_ref().expect("nodes that are states");
        let table = &states.physical_nodes;
        let named = Named::new(self);
        let exchange = Exchange::of_physical_nodes(self.network, &named.partition, &states.physical, table.len());
        named.write(out, "node_id", &exchange, |node| {
            Some(Row { ids: CsvField(&table.ids.text(node)).to_string(), name: table.name(node).into() })
        })
    }
}

/// The fields of a node that do not depend on the module.
struct Row {
    ids: String,
    name: String,
}

/// A flat partition whose modules have paths.
struct Named {
    partition: mapeq_core::Partition,
    paths: Vec<String>,
}

impl Named {
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
