//! Bytes that binary files begin with.

/// Parquet files. Names of nodes may begin like that, too: behind it, Parquet files have the header of a page, which no text begins
/// with.
pub(crate) const PARQUET: &[u8] = b"PAR1";

/// Arrow files.
pub(crate) const ARROW: &[u8] = b"ARROW1\0\0";

/// Archives, such as those of arrays.
pub(crate) const ZIP: &[u8] = b"PK\x03\x04";
