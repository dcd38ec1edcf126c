//! Columnar tables: Parquet and Arrow files.
//!
//! The Apache Parquet format, <https://parquet.apache.org/docs/file-format/>. Arrow IPC files
//! (`.arrow`, `.feather`), <https://arrow.apache.org/docs/format/Columnar.html>.

mod footer;
mod guard;
mod lengths;
mod pages;
mod schema;
mod thrift;

use std::io::Cursor;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_ipc::reader::FileReader;
use arrow_schema::{ArrowError, DataType, Schema};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::ParquetMetaData;

use crate::columnar::guard::catch_quietly;
use crate::error::{Fault, printable};
use crate::scan::magic;

const INCONSISTENT: &str = "its contents do not match their declared sizes";

/// Rows per batch.
const BATCH: usize = 1 << 14;

/// A table whose rows are not read yet.
pub(crate) struct Table {
    schema: Schema,
    file: File,
}

enum File {
    Parquet(Bytes, Box<ParquetRecordBatchReaderBuilder<Bytes>>),
    Arrow(Bytes),
}

impl Table {
    /// Opens the table in `bytes`, whose first bytes decide the format.
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Self, Fault> {
        if !bytes.starts_with(magic::PARQUET) && !bytes.starts_with(magic::ARROW) {
            return Err(Fault::new("not a columnar table: expected a Parquet or Arrow file (Feather version 2)"));
        }
        guarded(|| {
            let parquet = bytes.starts_with(magic::PARQUET);
            let bytes = Bytes::from(bytes);
            if parquet {
                if !schema::is_possible(&bytes) {
                    return Err(damaged("its footer is invalid"));
                }
                let size = bytes.len();
                let builder = ParquetRecordBatchReaderBuilder::try_new(bytes.clone()).map_err(damaged)?;
                check_places(builder.metadata(), size)?;
                Ok(Self { schema: builder.schema().as_ref().clone(), file: File::Parquet(bytes, Box::new(builder)) })
            } else {
                if !lengths::are_possible(&bytes) {
                    return Err(damaged(INCONSISTENT));
                }
                let reader = FileReader::try_new(Cursor::new(bytes.clone()), None).map_err(damaged)?;
                Ok(Self { schema: reader.schema().as_ref().clone(), file: File::Arrow(bytes) })
            }
        })
    }

    /// Returns the names and types of the columns.
    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Returns the names of the columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &[u8]> + Clone {
        self.schema.fields().iter().map(|field| field.name().as_bytes())
    }

    /// Calls `work` with every batch of rows: the columns at `places`, and the number of the first
    /// row, from 1. Other columns are not read.
    pub(crate) fn each_batch(
        self,
        places: &[usize],
        mut work: impl FnMut(&[ArrayRef], u64) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut read = places.to_vec();
        read.sort_unstable();
        read.dedup();
        type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>>>;
        let mut batches = guarded(|| -> Result<Batches, Fault> {
            Ok(match self.file {
                File::Parquet(bytes, builder) => {
                    if !pages::are_possible(&bytes, builder.metadata(), &read).map_err(damaged)? {
                        return Err(damaged(INCONSISTENT));
                    }
                    let mask = ProjectionMask::roots(builder.parquet_schema(), read.iter().copied());
                    Box::new(builder.with_projection(mask).with_batch_size(BATCH).build().map_err(damaged)?)
                }
                File::Arrow(bytes) => {
                    Box::new(FileReader::try_new(Cursor::new(bytes), Some(read.clone())).map_err(damaged)?)
                }
            })
        })?;
        let mut first = 1;
        while let Some(batch) = guarded(|| batches.next().transpose().map_err(damaged))? {
            // An Arrow file may hold all rows in one batch.
            for start in (0..batch.num_rows()).step_by(BATCH) {
                let rows = batch.slice(start, BATCH.min(batch.num_rows() - start));
                let column = |place| rows.column(read.binary_search(place).expect("among those read")).clone();
                work(&places.iter().map(column).collect::<Vec<_>>(), first)?;
                first += rows.num_rows() as u64;
            }
        }
        Ok(())
    }
}

/// Checks that all columns lie inside the file, which the library assumes.
fn check_places(metadata: &ParquetMetaData, size: usize) -> Result<(), Fault> {
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let end = start.checked_add(column.compressed_size());
        if start < 0 || column.compressed_size() < 0 || end.is_none_or(|end| end > size as i64) {
            return Err(damaged("a column lies outside the file"));
        }
    }
    Ok(())
}

/// Converts a panic of a library to a fault.
fn guarded<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_quietly(read).unwrap_or_else(|| Err(damaged("it is inconsistent")))
}

/// Converts the values of a column to another type.
pub(crate) fn converted(column: &ArrayRef, to: &DataType) -> Result<ArrayRef, Fault> {
    guarded(|| cast(column, to).map_err(damaged))
}

/// The fault of a table that the libraries cannot read.
pub(crate) fn damaged(error: impl std::fmt::Display) -> Fault {
    Fault::new(format!("the table is damaged or not supported: {}", printable(&error.to_string())))
}
