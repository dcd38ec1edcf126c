//! Detection of the format of a network file by its first bytes.

use crate::network::format::NetworkFormat;
use crate::network::{csv, gml, matrix_market};
use crate::scan::lines::first_line;
use crate::scan::magic;

/// Number of first bytes used for detection.
pub(crate) const HEAD: usize = 1 << 10;

/// Returns the format of a file that begins with `head`.
pub(crate) fn format_of_content(head: &[u8]) -> NetworkFormat {
    let line = first_line(head);
    let has = |mark: &[u8]| memchr::memmem::find(head, mark).is_some();
    match line.first() {
        _ if head.starts_with(magic::ZIP) => NetworkFormat::Npz,
        _ if head.starts_with(magic::PARQUET)
            && head.get(4).is_some_and(|next| !next.is_ascii_graphic() && !next.is_ascii_whitespace()) =>
        {
            NetworkFormat::Parquet
        }
        _ if head.starts_with(magic::ARROW) => NetworkFormat::Arrow,
        _ if matrix_market::begins(line) => NetworkFormat::MatrixMarket,
        Some(b'{') => NetworkFormat::Json,
        Some(b'<') if has(b"<gexf") => NetworkFormat::Gexf,
        Some(b'<') if has(b"<?xml") || has(b"<graphml") => NetworkFormat::GraphMl,
        _ if gml::begins(line) => NetworkFormat::Gml,
        _ if csv::begins_with_header(line) => NetworkFormat::Csv,
        _ => NetworkFormat::Text,
    }
}
