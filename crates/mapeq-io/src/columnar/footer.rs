//! The footer of Parquet and Arrow files.

/// Returns the footer. After it, the file ends with a trailer of `trailer` bytes: the length of the
/// footer in four bytes, and a mark.
pub(crate) fn footer(file: &[u8], trailer: usize) -> Option<&[u8]> {
    let (rest, trailer) = file.split_at_checked(file.len().checked_sub(trailer)?)?;
    let length = u32::from_le_bytes(*trailer.first_chunk()?) as usize;
    rest.get(rest.len().checked_sub(length)?..)
}
