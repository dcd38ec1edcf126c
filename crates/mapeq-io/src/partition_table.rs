//! Partitions as comma-separated values: a first row with the names of the columns, then a row per node.
//!
//! The node is in the column `node_id` (or `id`, `node`), and its modules are in the column `path`, as positions joined by colons of
//! which the last one is the node's own, or in the column `module`, which may hold anything. Where nodes are states, they are in
//! `state_id`, and their layers, if there are any, in `layer_id`.

use csv::{ByteRecord, ReaderBuilder};
use mapeq_core::{NodeTable, Partition, Tree};
use rustc_hash::FxHashMap;

use crate::error::{Fault, Quoted, ReadError};
use crate::partition_file::{Assignment, PartitionFile};
use crate::source::Source;
use crate::tree_file::{self, Modules, place_row};

pub(crate) fn read(mut source: Source<'_>, nodes: &NodeTable) -> Result<PartitionFile, ReadError> {
    let bytes = source.all()?;
    parse(&bytes, nodes).map_err(|(fault, line)| source.error(fault, line))
}

/// Where the columns are.
struct Columns {
    path: Option<usize>,
    module: Option<usize>,
    node: Option<usize>,
    state: Option<usize>,
    layer: Option<usize>,
}

fn parse(bytes: &[u8], nodes: &NodeTable) -> Result<PartitionFile, (Fault, Option<u64>)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|delimiter| first.contains(delimiter)).unwrap_or(b',');
    let mut rows = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut columns = None;
    let mut assignment = Assignment::new(nodes);
    let (mut modules, mut numbers) = (Modules::new(), FxHashMap::default());
    // Memory can always be read.
    while rows.read_byte_record(&mut record).unwrap_or(false) {
        let line = record.position().map_or(0, csv::Position::line);
        let Some(columns) = &columns else {
            columns = Some(Columns::of(&record).map_err(|fault| (fault, Some(line)))?);
            continue;
        };
        let row = Row { record: &record, columns, line };
        row.place(&mut assignment, &mut modules, &mut numbers).map_err(|fault| (fault, Some(line)))?;
    }
    let flat = columns.is_some_and(|columns| columns.path.is_none());
    if flat {
        let (modules, notes) = assignment.finish(numbers.len() as u32).map_err(|fault| (fault, None))?;
        return Ok(PartitionFile { tree: Tree::from_partition(&Partition::from_labels(modules)), notes });
    }
    tree_file::finish(assignment, modules).map_err(|fault| (fault, None))
}

impl Columns {
    fn of(names: &ByteRecord) -> Result<Self, Fault> {
        let place = |wanted: &[&str]| {
            names.iter().position(|name| {
                let name = name.trim_ascii();
                wanted.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
            })
        };
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
        let given: Vec<String> = names.iter().take(8).map(|name| Quoted(name.trim_ascii()).to_string()).collect();
        Err(Fault::new(format!(
            "the first row has no column of nodes or none of modules: expected \"node_id\", and \"path\" or \"module\", not {}",
            given.join(", ")
        )))
    }
}

struct Row<'a> {
    record: &'a ByteRecord,
    columns: &'a Columns,
    line: u64,
}

impl<'a> Row<'a> {
    fn field(&self, column: Option<usize>) -> Option<&'a [u8]> {
        column.and_then(|column| self.record.get(column)).map(<[u8]>::trim_ascii)
    }

    fn place(
        &self,
        assignment: &mut Assignment<'_>,
        modules: &mut Modules,
        numbers: &mut FxHashMap<Vec<u8>, u32>,
    ) -> Result<(), Fault> {
        let Columns { path, module, node, state, layer } = *self.columns;
        let (node, layer) = (self.field(node), self.field(layer));
        let ids = match self.field(state) {
            Some(state) => [Some(state), node, layer],
            None => [node, None, None],
        };
        let what = if path.is_some() { "a path" } else { "a module" };
        let (Some(id), Some(place)) = (ids[0], self.field(path.or(module))) else {
            let last = Quoted(self.record.iter().next_back().unwrap_or_default()).to_string();
            return Err(Fault::new(format!("the row ends after {last}: expected a node and {what}")));
        };
        let physical = state.is_none() && assignment.is_of_states();
        if path.is_some() {
            return place_row(assignment, modules, ids, physical, place, self.line);
        }
        let Some(found) = assignment.find_row(ids, physical, self.line)? else { return Ok(()) };
        let next = numbers.len() as u32;
        let module = *numbers.entry(place.to_vec()).or_insert(next);
        if assignment.assign_place(found, module) {
            Ok(())
        } else {
            Err(Fault::token(id, "has a row before", "one row for each node"))
        }
    }
}
