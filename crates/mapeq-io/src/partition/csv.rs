//! Partitions as tables with a header and a row per node. Used for comma-separated values and for
//! Parquet.
//!
//! The node is in the column `node_id` (or `id`, `node`). Modules are in the column `path`, as
//! positions joined by colons, of which the last is the node's own, or in the column `module`,
//! which may hold anything. In state networks, the state is in `state_id`, and the layer, if any,
//! in `layer_id`.

use csv::{ByteRecord, ReaderBuilder};
use mapeq_core::{NodeTable, Partition, Tree};
use rustc_hash::FxHashMap;

use crate::error::{Fault, Quoted};
use crate::partition::builder::{BuiltPartition, PartitionBuilder, PartitionFile};
use crate::partition::paths::{PathTree, assign_row, build_partition};
use crate::scan::columns::{find as find_column, listed as listed_columns};
use crate::scan::document::LocatedFault;
use crate::scan::source::without_bom;

pub(crate) fn parse(bytes: &[u8], nodes: &NodeTable) -> Result<PartitionFile, LocatedFault> {
    let bytes = without_bom(bytes);
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|delimiter| first.contains(delimiter)).unwrap_or(b',');
    let mut rows = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut table = None;
    // Reading from memory cannot fail.
    while rows.read_byte_record(&mut record).unwrap_or(false) {
        let line = record.position().map_or(0, csv::Position::line);
        let at_line = |fault| LocatedFault::at_line(fault, line);
        match &mut table {
            None => table = Some(ModuleTable::new(record.iter(), nodes).map_err(at_line)?),
            Some(table) => table.row(|column| record.get(column), line).map_err(at_line)?,
        }
    }
    Ok(match table {
        Some(table) => table.finish()?,
        None => build_partition(PartitionBuilder::new(nodes), PathTree::new())?,
    })
}

/// Positions of the columns.
#[derive(Clone, Copy)]
struct Columns {
    path: Option<usize>,
    module: Option<usize>,
    node: Option<usize>,
    state: Option<usize>,
    layer: Option<usize>,
}

impl Columns {
    fn of<'n>(names: impl Iterator<Item = &'n [u8]> + Clone) -> Result<Self, Fault> {
        let place = |wanted: &[&str]| find_column(names.clone(), wanted);
        let columns = Self {
            path: place(&["path"]),
            module: place(&["module", "cluster", "modularity_class"]),
            node: place(&["node_id", "id", "node"]),
            state: place(&["state_id"]),
            layer: place(&["layer_id"]),
        };
        if (columns.path.or(columns.module)).is_some() && columns.node.or(columns.state).is_some() {
            return Ok(columns);
        }
        Err(Fault::new(format!(
            "the first row lacks a column of nodes or of modules: expected \"node_id\", and \"path\" or \"module\", not {}",
            listed_columns(names)
        )))
    }
}

/// The modules of the nodes in a table.
pub(crate) struct ModuleTable<'a> {
    columns: Columns,
    builder: PartitionBuilder<'a>,
    modules: PathTree,
    /// Module indices by the contents of the column `module`, in order of appearance.
    numbers: FxHashMap<Vec<u8>, u32>,
}

impl<'a> ModuleTable<'a> {
    /// Starts a table with columns of these names.
    pub(crate) fn new<'n>(names: impl Iterator<Item = &'n [u8]> + Clone, nodes: &'a NodeTable) -> Result<Self, Fault> {
        let columns = Columns::of(names)?;
        Ok(Self {
            columns,
            builder: PartitionBuilder::new(nodes),
            modules: PathTree::new(),
            numbers: FxHashMap::default(),
        })
    }

    /// Returns the positions of the columns that are read.
    #[cfg(feature = "parquet")]
    pub(crate) fn columns(&self) -> Vec<usize> {
        let Columns { path, module, node, state, layer } = self.columns;
        [path.or(module), node, state, layer].into_iter().flatten().collect()
    }

    /// Adds a row, given by a function from column to field.
    pub(crate) fn row<'f>(&mut self, field: impl Fn(usize) -> Option<&'f [u8]>, line: u64) -> Result<(), Fault> {
        let Columns { path, module, node, state, layer } = self.columns;
        let value = |column: Option<usize>| column.and_then(&field).map(<[u8]>::trim_ascii);
        let (node, layer) = (value(node), value(layer));
        let ids = match value(state) {
            Some(state) => [Some(state), node, layer],
            None => [node, None, None],
        };
        let (Some(id), Some(place)) = (ids[0], value(path.or(module))) else {
            let last = Quoted((0..).map_while(&field).last().unwrap_or_default()).to_string();
            let what = if path.is_some() { "a path" } else { "a module" };
            return Err(Fault::new(format!("the row ends after {last}: expected a node and {what}")));
        };
        let physical = state.is_none() && self.builder.has_states();
        if path.is_some() {
            return assign_row(&mut self.builder, ids, physical, line, || self.modules.insert_text(place, line));
        }
        let Some(found) = self.builder.resolve(ids, physical, line)? else { return Ok(()) };
        let next = self.numbers.len() as u32;
        let module = *self.numbers.entry(place.to_vec()).or_insert(next);
        if self.builder.assign_target(found, module) {
            Ok(())
        } else {
            Err(Fault::token(id, "has an earlier row", "one row per node"))
        }
    }

    pub(crate) fn finish(self) -> Result<PartitionFile, Fault> {
        let Self { columns, builder, modules, numbers } = self;
        if columns.path.is_some() {
            return build_partition(builder, modules);
        }
        let BuiltPartition { modules, missing, notes } = builder.finish(numbers.len() as u32)?;
        Ok(PartitionFile { tree: Tree::from_partition(&Partition::from_labels(modules)), missing, notes })
    }
}
