//! First bytes of binary formats.

/// First bytes of Parquet files. Names of nodes may also begin with them, but in Parquet files the
/// header of a page follows, which is not text.
pub(crate) const PARQUET: &[u8] = b"PAR1";

/// First bytes of Arrow files.
pub(crate) const ARROW: &[u8] = b"ARROW1\0\0";

/// First bytes of ZIP archives.
pub(crate) const ZIP: &[u8] = b"PK\x03\x04";
