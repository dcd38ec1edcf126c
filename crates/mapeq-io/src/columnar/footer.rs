//! The footer of Parquet and Arrow files.

/// The footer of a file that ends with its length, in four bytes, and a mark; `trailer` is the length of both.
pub(crate) fn footer(file: &[u8], trailer: usize) -> Option<&[u8]> {
    let (rest, trailer) = file.split_at_checked(file.len().checked_sub(trailer)?)?;
    let length = u32::from_le_bytes(*trailer.first_chunk()?) as usize;
    rest.get(rest.len().checked_sub(length)?..)
}
