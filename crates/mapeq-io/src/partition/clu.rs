//! `.clu` files: a module per node.

use mapeq_core::{NodeTable, Partition, Tree};
use rustc_hash::FxHashMap;

use crate::error::{Fault, ReadError, count, row_too_short};
use crate::partition::builder::{BuiltPartition, PartitionBuilder, PartitionFile, repeated_rows};
use crate::partition::state_lookup::{RowTarget, repeated_physical_node};
use crate::scan::lines::Lines;
use crate::scan::token::{fields, is_blank, skip_blanks, split_data, whole};

/// Reads rows `id module`, or `*Vertices n` and one module per row in node order.
pub(crate) fn read(mut lines: Lines<'_>, nodes: &NodeTable) -> Result<PartitionFile, ReadError> {
    let mut clu = Clu {
        builder: PartitionBuilder::new(nodes),
        numbers: FxHashMap::default(),
        repeated: 0,
        vertices_heading: false,
        physical_rows: false,
        rows_in_order: None,
    };
    lines.for_each(|line, number| clu.row(line, number))?;
    clu.finish().map_err(|fault| fault.in_file(lines.path()))
}

struct Clu<'a> {
    builder: PartitionBuilder<'a>,
    /// Module indices by the module numbers of the file, in order of appearance.
    numbers: FxHashMap<u64, u32>,
    repeated: u64,
    vertices_heading: bool,
    /// Whether rows describe physical nodes of a state network.
    physical_rows: bool,
    /// Number of rows so far in the form without ids. `None` in the other form and before the first
    /// row.
    rows_in_order: Option<usize>,
}

impl Clu<'_> {
    fn row(&mut self, line: &[u8], number: u64) -> Result<(), Fault> {
        self.physical_rows |= line.starts_with(b"# node_id ");
        if skip_blanks(line).starts_with(b"*") {
            let heading = fields(line).next().unwrap_or_default();
            self.vertices_heading |= heading.eq_ignore_ascii_case(b"*vertices");
            return Ok(());
        }
        let Some((first, rest)) = self.split_id(line) else { return Ok(()) };
        let mut fields = fields(rest);
        match (fields.next(), self.rows_in_order) {
            (None, None) if self.vertices_heading && self.numbers.is_empty() => self.row_in_order(0, first),
            (None, None) => Err(row_too_short(first, "a module number", "id module")),
            (None, Some(rows)) => self.row_in_order(rows, first),
            (Some(second), Some(_)) => {
                Err(Fault::token(second, "follows the module", "one module per row, as in the first row"))
            }
            (Some(module), None) => {
                let module = self.module(module)?;
                let (node, layer) = (fields.nth(1), fields.next());
                if let Some(place) = self.builder.resolve([Some(first), node, layer], self.physical_rows, number)?
                    && !self.builder.assign_target(place, module)
                {
                    if let RowTarget::StatesOf(_) = place {
                        return Err(repeated_physical_node(first));
                    }
                    self.repeated += 1;
                }
                Ok(())
            }
        }
    }

    /// Splits off the id of a row. An id with blanks spans several fields, so the longest known id
    /// is taken.
    fn split_id<'l>(&self, line: &'l [u8]) -> Option<(&'l [u8], &'l [u8])> {
        let (first, rest) = split_data(line)?;
        let module_follows = split_data(rest).is_none_or(|(module, _)| whole(module).is_some());
        if self.builder.has_string_ids() && !(module_follows && self.builder.contains_text(first)) {
            let line = line.trim_ascii();
            let before_last = |line: &'l [u8]| line.iter().rposition(|&byte| is_blank(byte)).map(|end| &line[..end]);
            let without_module = before_last(line).map(<[u8]>::trim_ascii_end);
            let without_flow = without_module.and_then(before_last).map(<[u8]>::trim_ascii_end);
            if let Some(id) =
                [without_flow, without_module].into_iter().flatten().find(|id| self.builder.contains_text(id))
            {
                return Some((id, &line[id.len()..]));
            }
        }
        Some((first, rest))
    }

    fn row_in_order(&mut self, node: usize, module: &[u8]) -> Result<(), Fault> {
        let module = self.module(module)?;
        if node == self.builder.nodes() {
            let nodes = count(node as u64, "row");
            return Err(Fault::new(format!("too many rows: expected {nodes}, one per node of the network")));
        }
        self.builder.assign(node, module);
        self.rows_in_order = Some(node + 1);
        Ok(())
    }

    fn module(&mut self, token: &[u8]) -> Result<u32, Fault> {
        let Some(number) = whole(token) else {
            return Err(Fault::token(token, "is not a module number", "a whole number >= 0"));
        };
        let next = self.numbers.len() as u32;
        Ok(*self.numbers.entry(number).or_insert(next))
    }

    fn finish(self) -> Result<PartitionFile, Fault> {
        let nodes = self.builder.nodes();
        if let Some(rows) = self.rows_in_order
            && rows < nodes
        {
            let rows = count(rows as u64, "row");
            return Err(Fault::new(format!("only {rows}: expected {nodes}, one per node of the network")));
        }
        let BuiltPartition { modules, missing, mut notes } = self.builder.finish(self.numbers.len() as u32)?;
        notes.extend(repeated_rows(self.repeated));
        Ok(PartitionFile { tree: Tree::from_partition(&Partition::from_labels(modules)), missing, notes })
    }
}
