//! Partitions as columnar tables, with the columns of comma-separated values.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_schema::DataType;
use mapeq_core::NodeTable;

use crate::columnar::{Table, converted};
use crate::error::Fault;
use crate::partition::builder::PartitionFile;
use crate::partition::csv::ModuleTable;

pub(crate) fn parse(bytes: Vec<u8>, nodes: &NodeTable) -> Result<PartitionFile, Fault> {
    let table = Table::open(bytes)?;
    let mut modules = ModuleTable::new(table.names(), nodes)?;
    let places = modules.columns();
    table.each_batch(&places, |columns, first| {
        let text = columns.iter().map(|column| converted(column, &DataType::Utf8)).collect::<Result<Vec<_>, _>>()?;
        for row in 0..text[0].len() {
            let field = |column: usize| {
                let column = text[places.iter().position(|place| *place == column)?].as_string::<i32>();
                Some(if column.is_null(row) { &[][..] } else { column.value(row).as_bytes() })
            };
            let number = first + row as u64;
            modules.row(field, number).map_err(|fault| fault.within(&format!("row {number}")))?;
        }
        Ok(())
    })?;
    modules.finish()
}
