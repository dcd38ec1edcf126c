//! Check of the declared sizes of Parquet pages, before the library allocates memory.
//!
//! Delta encodings begin with a number of values of their own, which may contradict that of the
//! page: <https://parquet.apache.org/docs/file-format/data-pages/encodings/>.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::Page;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescriptor;

use crate::columnar::guard::can_allocate;
use crate::columnar::thrift::{Compact, INT, STRUCT, number};

/// Returns whether the declared sizes of all pages in the columns at `places` are possible.
pub(crate) fn are_possible(file: &Bytes, metadata: &ParquetMetaData, places: &[usize]) -> Result<bool, ParquetError> {
    let schema = metadata.file_metadata().schema_descr();
    for group in metadata.row_groups() {
        let columns = group.columns().iter().enumerate();
        for (_, column) in columns.filter(|(leaf, _)| places.contains(&schema.get_column_root_idx(*leaf))) {
            let (start, length) = column.byte_range();
            let end = start.saturating_add(length).try_into().unwrap_or(usize::MAX);
            let Some(chunk) = usize::try_from(start).ok().and_then(|start| file.get(start..end)) else {
                return Ok(false);
            };
            if !headers_are_possible(chunk) {
                return Ok(false);
            }
            let rows = usize::try_from(group.num_rows())?;
            for page in SerializedPageReader::new(Arc::new(file.clone()), column, rows, None)? {
                if !is_possible(&page?, column.column_descr()) {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}

/// Returns whether a column chunk consists of whole pages only.
fn headers_are_possible(mut chunk: &[u8]) -> bool {
    while !chunk.is_empty() {
        let mut head = Compact(chunk);
        let size = page_size(&mut head).and_then(|size| usize::try_from(size).ok());
        match size.and_then(|size| head.0.get(size..)) {
            Some(rest) => chunk = rest,
            None => return false,
        }
    }
    true
}

/// Skips the header of a page and returns the size of the page in the file. Returns `None` if a
/// field does not have the type that the library expects: fields 1 to 4 are numbers, 5 to 8 are
/// page-type headers.
fn page_size(head: &mut Compact<'_>) -> Option<u64> {
    let (mut id, mut size) = (0, None);
    while let Some(kind) = head.field(&mut id)? {
        match (id, kind) {
            (3, _) => size = Some(head.int(kind)?),
            (5, STRUCT) => skip_page_type(head, 4)?,
            (6, STRUCT) => skip_page_type(head, 0)?,
            (7, STRUCT) => skip_page_type(head, 2)?,
            (8, STRUCT) => skip_page_type(head, 6)?,
            (1 | 2 | 4, INT) | (9.., _) => head.skip(kind)?,
            _ => return None,
        }
    }
    size
}

/// Skips a page-type header whose first `numbers` fields are integers.
fn skip_page_type(head: &mut Compact<'_>, numbers: u64) -> Option<()> {
    let mut id = 0;
    while let Some(kind) = head.field(&mut id)? {
        if id == 0 || id <= numbers && kind != INT {
            return None;
        }
        head.skip(kind)?;
    }
    Some(())
}

/// Returns whether the declared number of values of a page is possible.
fn is_possible(page: &Page, column: &ColumnDescriptor) -> bool {
    let lengths = match page.encoding() {
        Encoding::DELTA_BINARY_PACKED | Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
        // Lengths of shared prefixes and lengths of suffixes.
        Encoding::DELTA_BYTE_ARRAY => 2,
        // Every value of a dictionary takes at least one byte.
        _ => return !matches!(page, Page::DictionaryPage { .. }) || page.num_values() as usize <= page.buffer().len(),
    };
    let Some(mut values) = values(page, column) else { return false };
    // A page of missing values is empty.
    values.is_empty()
        || (0..lengths)
            .try_for_each(|_| Differences::read(&mut values)?.skip(&mut values, page.num_values().into()))
            .is_some()
}

/// Returns the values of a page, after the levels. Returns `None` if the levels exceed the page.
fn values<'p>(page: &'p Page, column: &ColumnDescriptor) -> Option<&'p [u8]> {
    match page {
        Page::DataPage { buf, num_values, def_level_encoding, rep_level_encoding, .. } => {
            let mut rest = &buf[..];
            for (max, encoding) in
                [(column.max_rep_level(), rep_level_encoding), (column.max_def_level(), def_level_encoding)]
            {
                if max > 0 {
                    rest = behind_levels(rest, max, *encoding, *num_values)?;
                }
            }
            Some(rest)
        }
        Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
            buf.get((*def_levels_byte_len as usize).checked_add(*rep_levels_byte_len as usize)?..)
        }
        Page::DictionaryPage { buf, .. } => Some(buf),
    }
}

/// Skips the levels, which are at most `max`.
fn behind_levels(rest: &[u8], max: i16, encoding: Encoding, values: u32) -> Option<&[u8]> {
    #[expect(deprecated, reason = "old files contain it")]
    if encoding == Encoding::BIT_PACKED {
        let bits = u64::from(max.unsigned_abs().ilog2() + 1) * u64::from(values);
        return rest.get(usize::try_from(bits.div_ceil(8)).ok()?..);
    }
    let (length, rest) = rest.split_first_chunk()?;
    rest.get(u32::from_le_bytes(*length) as usize..)
}

/// Delta-encoded numbers: a header, then blocks of several mini blocks each.
struct Differences {
    per_block: u64,
    mini_blocks: u64,
    count: u64,
}

impl Differences {
    /// Reads the header and removes it from `rest`.
    fn read(rest: &mut &[u8]) -> Option<Self> {
        let [per_block, mini_blocks, count, _] = [number(rest)?, number(rest)?, number(rest)?, number(rest)?];
        Some(Self { per_block, mini_blocks, count })
    }

    /// Skips the blocks. Returns `None` if there are more than `max` numbers, or fewer than
    /// declared.
    fn skip(self, rest: &mut &[u8], max: u64) -> Option<()> {
        let per_mini_block = self.per_block.checked_div(self.mini_blocks).filter(|&values| values > 0)?;
        if self.count > max || !can_allocate(usize::try_from(self.count).ok()?.checked_mul(size_of::<i32>())?) {
            return None;
        }
        // The first number is in the header.
        let mut left = self.count.saturating_sub(1);
        while left > 0 {
            number(rest)?;
            let (widths, more) = rest.split_at_checked(usize::try_from(self.mini_blocks).ok()?)?;
            *rest = more;
            for &width in widths {
                if left == 0 {
                    break;
                }
                let bytes = per_mini_block.checked_mul(width.into())? / 8;
                // The last mini block may be truncated.
                *rest = &rest[usize::try_from(bytes).ok()?.min(rest.len())..];
                left = left.saturating_sub(per_mini_block);
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the size in the header of a page with this page-type header, if the header ends as
    /// expected.
    fn size(kind: u8, page_type: &[u8]) -> Option<u64> {
        let head = [&[0x15, 0, 0x15, 10, 0x15, 10, kind << 4 | STRUCT], page_type, &[0, 0, 7]].concat();
        let mut head = Compact(&head);
        page_size(&mut head).filter(|_| head.0 == [7])
    }

    #[test]
    fn headers_have_the_types_that_the_library_expects() {
        // A data page: four numbers, and statistics with a text and a number.
        assert_eq!(size(2, &[0x15, 2, 0x15, 0, 0x15, 0, 0x15, 0, 0x1c, 0x18, 1, b'a', 0x26, 0, 0]), Some(5));
        assert_eq!(size(4, &[0x15, 2, 0x15, 0, 0x11]), Some(5));
        assert_eq!(size(5, &[0x15, 2, 0x15, 2, 0x15, 2, 0x15, 0, 0x15, 0, 0x15, 0, 0x12]), Some(5));
        // A text instead of a number, and a list of booleans, which take no bytes in the library.
        assert_eq!(size(2, &[0x18, 1, b'a']), None);
        assert_eq!(size(2, &[0x15, 2, 0x49, 0x28, 0, 0]), Some(5));
        assert_eq!(size(2, &[0x15, 2, 0x49, 0x21, 1, 2]), None);
        assert_eq!(page_size(&mut Compact(&[0x18, 1, b'a', 0x25, 10, 0])), None);
        assert_eq!(page_size(&mut Compact(&[0x15, 0, 0x25, 10, 0])), Some(5));
    }
}
