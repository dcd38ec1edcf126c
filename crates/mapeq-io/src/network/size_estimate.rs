//! Estimate of the size of a network file before it is read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::ReadError;
use crate::network::format::NetworkFormat;
use crate::network::snapshot::snapshot_facts;
use crate::network::sniff::format_of_content;
use crate::scan::source::is_compressed;
use crate::scan::token::fields;

/// Number of samples, spread over the file because rows are often shorter at the beginning, where
/// ids are small.
const SAMPLES: u64 = 5;

/// Bytes per sample.
const SAMPLE: u64 = 1 << 14;

/// Size of a network, or an estimate of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeEstimate {
    /// Number of nodes, if the file declares it.
    pub nodes: Option<u64>,
    /// Number of links. For text files, the estimated number of rows.
    pub links: u64,
    /// Whether links have weights.
    pub weighted: bool,
    /// Whether the numbers are exact.
    pub exact: bool,
}

/// Returns the size of the network at `path`: exactly for a snapshot, and estimated from sampled
/// rows for text with a link per row. Returns `None` for other formats, for compressed files and
/// for anything but regular files.
///
/// # Complexity
/// O(1).
///
/// # Errors
/// If the file cannot be read, or if the metadata of a snapshot are damaged.
pub fn estimate_size(path: &Path) -> Result<Option<SizeEstimate>, ReadError> {
    if path == Path::new("-") || !path.metadata().is_ok_and(|found| found.is_file()) {
        return Ok(None);
    }
    if let Some(facts) = snapshot_facts(path)? {
        let (nodes, links, weighted) = (Some(facts.nodes), facts.links, facts.weighted);
        return Ok(Some(SizeEstimate { nodes, links, weighted, exact: true }));
    }
    if !NetworkFormat::from_path(path).is_none_or(has_a_link_per_line) {
        return Ok(None);
    }
    sample(path).map_err(|source| ReadError::Io { path: path.to_owned(), source })
}

/// Returns whether the number of lines is about that of links.
fn has_a_link_per_line(format: NetworkFormat) -> bool {
    matches!(format, NetworkFormat::Text | NetworkFormat::Csv | NetworkFormat::Tsv | NetworkFormat::MatrixMarket)
}

fn sample(path: &Path) -> io::Result<Option<SizeEstimate>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let (mut bytes, mut rows, mut weighted_rows) = (0, 0, 0);
    for sample in 0..SAMPLES {
        let mut text = Vec::new();
        file.seek(SeekFrom::Start(size.saturating_sub(SAMPLE) * sample / (SAMPLES - 1)))?;
        file.by_ref().take(SAMPLE).read_to_end(&mut text)?;
        if sample == 0 && (is_compressed(&text) || !has_a_link_per_line(format_of_content(&text))) {
            return Ok(None);
        }
        bytes += text.len() as u64;
        // The first and the last line may be truncated.
        let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
        rows += lines.len() as u64 - 1;
        weighted_rows += lines.iter().skip(1).rev().skip(1).filter(|line| fields(line).count() > 2).count() as u64;
    }
    let links = (u128::from(size) * u128::from(rows) / u128::from(bytes.max(1))) as u64;
    Ok(Some(SizeEstimate { nodes: None, links, weighted: 2 * weighted_rows > rows, exact: false }))
}
