//! Check of the declared lengths of compressed buffers in Arrow files, before the library allocates
//! memory.
//!
//! Every compressed buffer begins with its decompressed length, or with -1 if it is not compressed:
//! <https://github.com/apache/arrow/blob/main/format/Message.fbs>.

use arrow_ipc::{Block, CompressionType, Message, RecordBatch, root_as_footer, root_as_message};

use crate::columnar::footer::footer;
use crate::columnar::guard::can_allocate;

/// Upper bound on the compression ratio of LZ4: one byte of a length represents up to 255 bytes.
const MAX_LZ4_RATIO: u64 = 255;

/// Upper bound on the compression ratio of Zstandard: a block of 128 KiB takes at least 4 bytes.
const MAX_ZSTD_RATIO: u64 = (128 << 10) / 4;

/// Length of the trailer of an Arrow file: the length of the footer, and the mark `ARROW1`.
const TRAILER: usize = 10;

/// Returns whether every batch lies inside the file, and every declared buffer length is possible
/// and can be allocated.
pub(crate) fn are_possible(file: &[u8]) -> bool {
    // The copy is aligned for numbers of any width.
    let Some(footer) = footer(file, TRAILER).map(<[u8]>::to_vec) else { return false };
    let Ok(footer) = root_as_footer(&footer) else { return false };
    let blocks = footer.dictionaries().into_iter().chain(footer.recordBatches()).flatten();
    blocks.into_iter().all(|block| {
        let possible = parts(file, block).and_then(|(metadata, body)| batch_is_possible(metadata, body));
        possible.unwrap_or(false)
    })
}

/// Returns the metadata and the buffers of a block.
fn parts<'f>(file: &'f [u8], block: &Block) -> Option<(&'f [u8], &'f [u8])> {
    let block_and_more = file.get(usize::try_from(block.offset()).ok()?..)?;
    let (metadata, body) = block_and_more.split_at_checked(usize::try_from(block.metaDataLength()).ok()?)?;
    Some((metadata, body.get(..usize::try_from(block.bodyLength()).ok()?)?))
}

/// Returns whether the buffer lengths of a batch are possible, or `None` if the batch cannot be
/// parsed.
fn batch_is_possible(metadata: &[u8], body: &[u8]) -> Option<bool> {
    let head = if metadata.starts_with(&[0xff; 4]) { 8 } else { 4 };
    let metadata = metadata.to_vec();
    let batch = batch(root_as_message(metadata.get(head..)?).ok()?)?;
    let Some(compression) = batch.compression() else { return Some(true) };
    let max_ratio = match compression.codec() {
        CompressionType::LZ4_FRAME => MAX_LZ4_RATIO,
        _ => MAX_ZSTD_RATIO,
    };
    let possible = |buffer: &arrow_ipc::Buffer| {
        let bytes = body.get(usize::try_from(buffer.offset()).ok()?..)?;
        let (length, packed) = bytes.get(..usize::try_from(buffer.length()).ok()?)?.split_first_chunk()?;
        let Ok(unpacked) = u64::try_from(i64::from_le_bytes(*length)) else { return Some(true) };
        let fits = || usize::try_from(unpacked).is_ok_and(can_allocate);
        Some(unpacked <= (packed.len() as u64).saturating_mul(max_ratio) && fits())
    };
    Some(batch.buffers()?.iter().all(|buffer| buffer.length() == 0 || possible(buffer).unwrap_or(false)))
}

fn batch(message: Message<'_>) -> Option<RecordBatch<'_>> {
    message.header_as_record_batch().or_else(|| message.header_as_dictionary_batch()?.data())
}
