//! Results as Parquet.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use mapeq_core::{Layers, NodeIds, NodeTable};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::result::order::Path;
use crate::result::ordered::ResultTree;

/// Rows per batch.
const BATCH: usize = 1 << 16;

/// Writes a row per node with the columns of [`write_csv`](crate::write_csv): `path` and `name` as
/// text, `flow` as double, and ids as unsigned 64-bit numbers or text.
///
/// # Complexity
/// O(n log n).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the parts of the result differ in nodes or modules.
pub fn write_parquet(out: &mut (impl Write + Send), result: ResultTree<'_>) -> io::Result<()> {
    let mut batch = Batch::new(result.nodes);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(out, batch.finish()?.schema(), Some(properties))?;
    let ordered = result.ordered();
    ordered.for_each_row(|leaf| {
        batch.row(&result.nodes.name(leaf.node), leaf.node, &Path(leaf.path).to_string(), result.flow[leaf.node]);
        if batch.rows == BATCH {
            writer.write(&batch.finish()?)?;
        }
        Ok(())
    })?;
    writer.write(&batch.finish()?)?;
    writer.close()?;
    Ok(())
}

/// Rows that are not written yet.
struct Batch<'a> {
    rows: usize,
    path: StringBuilder,
    flow: Float64Builder,
    name: StringBuilder,
    ids: Vec<IdColumn<'a>>,
}

impl<'a> Batch<'a> {
    fn new(nodes: &'a NodeTable) -> Self {
        let ids = match nodes.states.as_deref() {
            None => vec![IdColumn::new("node_id", &nodes.ids, None)],
            Some(states) => {
                let own = IdColumn::new("state_id", &nodes.ids, None);
                let of_layer =
                    |layers: &'a Layers| IdColumn::new("layer_id", &layers.table.ids, Some(&layers.of_state));
                let layers = states.layers.as_ref().map(of_layer);
                let physical = IdColumn::new("node_id", &states.physical_nodes.ids, Some(&states.physical));
                [own].into_iter().chain(layers).chain([physical]).collect()
            }
        };
        Self { rows: 0, path: StringBuilder::new(), flow: Float64Builder::new(), name: StringBuilder::new(), ids }
    }

    fn row(&mut self, name: &str, node: usize, path: &str, flow: f64) {
        self.rows += 1;
        self.path.append_value(path);
        self.flow.append_value(flow);
        self.name.append_value(name);
        self.ids.iter_mut().for_each(|ids| ids.push(node));
    }

    /// Takes the collected rows.
    fn finish(&mut self) -> io::Result<RecordBatch> {
        self.rows = 0;
        let columns: [(&str, ArrayRef); 3] = [
            ("path", Arc::new(self.path.finish())),
            ("flow", Arc::new(self.flow.finish())),
            ("name", Arc::new(self.name.finish())),
        ];
        let ids = self.ids.iter_mut().map(|ids| (ids.column, ids.finish()));
        let columns = columns.into_iter().chain(ids).map(|(name, column)| (name, column, false));
        RecordBatch::try_from_iter_with_nullable(columns).map_err(io::Error::other)
    }
}

/// A column of ids.
struct IdColumn<'a> {
    column: &'static str,
    ids: &'a NodeIds,
    /// Index into `ids` for every node, or `None` if nodes have their own ids.
    of: Option<&'a [u32]>,
    numbers: UInt64Builder,
    text: StringBuilder,
}

impl<'a> IdColumn<'a> {
    fn new(column: &'static str, ids: &'a NodeIds, of: Option<&'a [u32]>) -> Self {
        Self { column, ids, of, numbers: UInt64Builder::new(), text: StringBuilder::new() }
    }

    fn push(&mut self, node: usize) {
        let place = self.of.map_or(node, |of| of[node] as usize);
        match self.ids {
            NodeIds::Consecutive { first, .. } => self.numbers.append_value(first + place as u64),
            NodeIds::Numbers(ids) => self.numbers.append_value(ids[place]),
            NodeIds::Strings(ids) => self.text.append_value(ids.at(place)),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self.ids {
            NodeIds::Strings(_) => Arc::new(self.text.finish()),
            _ => Arc::new(self.numbers.finish()),
        }
    }
}
