//! What the pages of a Parquet file claim to hold, looked at before the library takes memory for it.
//!
//! Encodings of differences begin with the number of values, whatever the page says about it:
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/>.

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

/// Whether the pages of the columns at these places can hold what they claim to.
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
            if !heads_are_possible(chunk) {
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

/// Whether one page after the other, a column chunk holds nothing else.
fn heads_are_possible(mut chunk: &[u8]) -> bool {
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

/// The size of a page as it is in the file, from its head, which `head` then is behind. Fields that the library knows have
/// the types that it takes them for: 1 to 4 are numbers, 5 to 8 what there is to say of a kind of pages.
fn page_size(head: &mut Compact<'_>) -> Option<u64> {
    let (mut id, mut size) = (0, None);
    while let Some(kind) = head.field(&mut id)? {
        match (id, kind) {
            (3, _) => size = Some(head.int(kind)?),
            (5, STRUCT) => kind_of_page(head, 4)?,
            (6, STRUCT) => kind_of_page(head, 0)?,
            (7, STRUCT) => kind_of_page(head, 2)?,
            (8, STRUCT) => kind_of_page(head, 6)?,
            (1 | 2 | 4, INT) | (9.., _) => head.skip(kind)?,
            _ => return None,
        }
    }
    size
}

/// Goes behind what there is to say of a kind of pages, of which the first fields are so many numbers.
fn kind_of_page(head: &mut Compact<'_>, numbers: u64) -> Option<()> {
    let mut id = 0;
    while let Some(kind) = head.field(&mut id)? {
        if id == 0 || id <= numbers && kind != INT {
            return None;
        }
        head.skip(kind)?;
    }
    Some(())
}

fn is_possible(page: &Page, column: &ColumnDescriptor) -> bool {
    let lengths = match page.encoding() {
        Encoding::DELTA_BINARY_PACKED | Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
        // Those of what values share with the one before, and of what they do not.
        Encoding::DELTA_BYTE_ARRAY => 2,
        // No value of a dictionary takes less than a byte.
        _ => return !matches!(page, Page::DictionaryPage { .. }) || page.num_values() as usize <= page.buffer().len(),
    };
    let Some(mut values) = values(page, column) else { return false };
    // There is nothing where all values are missing.
    values.is_empty()
        || (0..lengths)
            .try_for_each(|_| Differences::read(&mut values)?.skip(&mut values, page.num_values().into()))
            .is_some()
}

/// The values of a page, behind the levels; `None` if these do not end.
fn values<'p>(page: &'p Page, column: &ColumnDescriptor) -> Option<&'p [u8]> {
    match page {
        Page::DataPage { buf, num_values, def_level_encoding, rep_level_encoding, .. } => {
            let mut rest = &buf[..];
            for (most, encoding) in
                [(column.max_rep_level(), rep_level_encoding), (column.max_def_level(), def_level_encoding)]
            {
                if most > 0 {
                    rest = behind_levels(rest, most, *encoding, *num_values)?;
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

fn behind_levels(rest: &[u8], most: i16, encoding: Encoding, values: u32) -> Option<&[u8]> {
    #[expect(deprecated, reason = "old files have it")]
    if encoding == Encoding::BIT_PACKED {
        let bits = u64::from(most.unsigned_abs().ilog2() + 1) * u64::from(values);
        return rest.get(usize::try_from(bits.div_ceil(8)).ok()?..);
    }
    let (length, rest) = rest.split_first_chunk()?;
    rest.get(u32::from_le_bytes(*length) as usize..)
}

/// Numbers by their differences: a head, and blocks of some mini blocks each.
struct Differences {
    per_block: u64,
    mini_blocks: u64,
    count: u64,
}

impl Differences {
    /// The head, which `rest` then is behind.
    fn read(rest: &mut &[u8]) -> Option<Self> {
        let [per_block, mini_blocks, count, _] = [number(rest)?, number(rest)?, number(rest)?, number(rest)?];
        Some(Self { per_block, mini_blocks, count })
    }

    /// Goes behind the blocks; `None` if there are more than `most` numbers, or not so many.
    fn skip(self, rest: &mut &[u8], most: u64) -> Option<()> {
        let per_mini_block = self.per_block.checked_div(self.mini_blocks).filter(|&values| values > 0)?;
        if self.count > most || !can_allocate(usize::try_from(self.count).ok()?.checked_mul(size_of::<i32>())?) {
            return None;
        }
        // The first one is in the head.
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
                // The last one may be cut off.
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

    /// The size that a head tells of a page of 5 bytes, of this kind and with these fields, if it ends where the head ends.
    fn size(kind: u8, of_page: &[u8]) -> Option<u64> {
        let head = [&[0x15, 0, 0x15, 10, 0x15, 10, kind << 4 | STRUCT], of_page, &[0, 0, 7]].concat();
        let mut head = Compact(&head);
        page_size(&mut head).filter(|_| head.0 == [7])
    }

    #[test]
    fn heads_are_what_the_library_takes_them_for() {
        // One with data: four numbers, and statistics: a text and a number.
        assert_eq!(size(2, &[0x15, 2, 0x15, 0, 0x15, 0, 0x15, 0, 0x1c, 0x18, 1, b'a', 0x26, 0, 0]), Some(5));
        assert_eq!(size(4, &[0x15, 2, 0x15, 0, 0x11]), Some(5));
        assert_eq!(size(5, &[0x15, 2, 0x15, 2, 0x15, 2, 0x15, 0, 0x15, 0, 0x15, 0, 0x12]), Some(5));
        // A text instead of a number, and a list of truths, each of which the library takes no byte for.
        assert_eq!(size(2, &[0x18, 1, b'a']), None);
        assert_eq!(size(2, &[0x15, 2, 0x49, 0x28, 0, 0]), Some(5));
        assert_eq!(size(2, &[0x15, 2, 0x49, 0x21, 1, 2]), None);
        assert_eq!(page_size(&mut Compact(&[0x18, 1, b'a', 0x25, 10, 0])), None);
        assert_eq!(page_size(&mut Compact(&[0x15, 0, 0x25, 10, 0])), Some(5));
    }
}
