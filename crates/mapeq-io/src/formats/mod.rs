//! The formats of networks: how each is known, and a file for each that is not plain rows of text.

mod delimited;
mod document;
mod gexf;
mod gexf_writer;
mod gml;
mod graph;
mod graphml;
mod graphml_writer;
mod infomap_json;
mod json;
mod matrix;
mod matrix_market;
mod metis;
mod node_link;
mod npy;
mod npz;
mod xml;
mod xml_text;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::error::{Fault, ReadError};
use crate::network_file::{NetworkFile, ReadOptions};
use crate::snapshot::MAGIC;
use crate::source::Source;
use crate::token::real;
use crate::{snapshot_reader, text_network};

pub(crate) use document::{Located, line_at, text};
pub(crate) use json::{Id, from_text};

pub use delimited::{Column, Columns};
pub use gexf_writer::write_gexf;
pub use graphml_writer::write_graphml;

/// A format of network files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkFormat {
    /// Link lists, Pajek files and what extends them: rows of fields between blanks, below headings.
    Text,
    /// Values separated by commas, semicolons or tabs, whatever the first row shows.
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// Entries of a sparse matrix: Matrix Market.
    MatrixMarket,
    /// A row of neighbours for every node: METIS.
    Metis,
    /// GraphML.
    GraphMl,
    /// GML.
    Gml,
    /// GEXF, as Gephi writes it.
    Gexf,
    /// Sparse matrices of SciPy.
    Npz,
    /// Node-link JSON of NetworkX and others, or an `infomap-network`.
    Json,
    /// The binary format of `mapeq convert`.
    Snapshot,
}

impl NetworkFormat {
    /// All formats.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::Csv,
        Self::Tsv,
        Self::MatrixMarket,
        Self::Metis,
        Self::GraphMl,
        Self::Gml,
        Self::Gexf,
        Self::Npz,
        Self::Json,
        Self::Snapshot,
    ];

    /// The name for `--format`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::MatrixMarket => "matrix-market",
            Self::Metis => "metis",
            Self::GraphMl => "graphml",
            Self::Gml => "gml",
            Self::Gexf => "gexf",
            Self::Npz => "npz",
            Self::Json => "json",
            Self::Snapshot => "snapshot",
        }
    }

    /// The format that the name of a file tells, whatever it is compressed with. `None` for names such as `.txt` and `.net`, of
    /// which the content has to tell.
    pub fn of_name(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let (_, extension) = without_compression(&name).rsplit_once('.')?;
        match extension {
            "csv" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "mtx" => Some(Self::MatrixMarket),
            "graph" | "metis" => Some(Self::Metis),
            "graphml" => Some(Self::GraphMl),
            "gml" => Some(Self::Gml),
            "gexf" => Some(Self::Gexf),
            "npz" => Some(Self::Npz),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The format of a file that begins with `head`.
    pub(crate) fn of_content(head: &[u8]) -> Self {
        let line = first_line(head);
        let has = |mark: &[u8]| memchr::memmem::find(head, mark).is_some();
        match line.first() {
            _ if head.starts_with(npz::MAGIC) => Self::Npz,
            _ if matrix_market::begins(line) => Self::MatrixMarket,
            Some(b'{') => Self::Json,
            Some(b'<') if has(b"<gexf") => Self::Gexf,
            Some(b'<') if has(b"<?xml") || has(b"<graphml") => Self::GraphMl,
            _ if gml::begins(line) => Self::Gml,
            _ if delimited::begins_with_header(line) => Self::Csv,
            _ => Self::Text,
        }
    }
}

impl fmt::Display for NetworkFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for NetworkFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| format!("expected one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// A name of a file without the ending that tells the compression.
pub(crate) fn without_compression(name: &str) -> &str {
    [".gz", ".zst", ".xz"].iter().find_map(|packed| name.strip_suffix(packed)).unwrap_or(name)
}

/// Bytes that tell a format by content.
const HEAD: usize = 1 << 10;

/// Reads a network in the format that the options, the name or the content tell, in this order. A snapshot is always known.
pub(crate) fn read(mut source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    if source.begins_with(&MAGIC)? {
        return snapshot_reader::read(source, options);
    }
    let format = match options.format.or_else(|| NetworkFormat::of_name(source.path())) {
        Some(format) => format,
        None => NetworkFormat::of_content(&source.peek(HEAD)?),
    };
    let table = matches!(format, NetworkFormat::Csv | NetworkFormat::Tsv);
    if options.columns.is_some() && !table {
        let fault = Fault::new(format!("columns are told of a file that is read as {format}: expected csv or tsv"));
        return Err(source.error(fault, None));
    }
    match format {
        NetworkFormat::Text => text_network::read(source, options),
        NetworkFormat::Csv => delimited::read(source, None, options),
        NetworkFormat::Tsv => delimited::read(source, Some(b'\t'), options),
        NetworkFormat::MatrixMarket => matrix_market::read(source, options),
        NetworkFormat::Metis => metis::read(source, options),
        NetworkFormat::GraphMl => document::read(source, |bytes| graphml::parse(bytes, options)),
        NetworkFormat::Gml => document::read(source, |bytes| gml::parse(bytes, options)),
        NetworkFormat::Gexf => document::read(source, |bytes| gexf::parse(bytes, options)),
        NetworkFormat::Npz => document::read(source, |bytes| npz::parse(bytes, options)),
        NetworkFormat::Json => document::read(source, |bytes| json::parse(bytes, options)),
        NetworkFormat::Snapshot => {
            Err(source.error(Fault::new("not a snapshot: expected a file of `mapeq convert`"), None))
        }
    }
}

/// The first line that is no comment and not empty, as far as `head` has it, without the mark of UTF-8.
fn first_line(head: &[u8]) -> &[u8] {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    lines.into_iter().find(|line| !line.is_empty() && line[0] != b'#').unwrap_or_default()
}

/// The weight of a link that `token` spells.
fn link_weight(token: &[u8]) -> Result<f64, Fault> {
    let problem = match real(token) {
        Some(weight) if weight >= 0.0 && weight.is_finite() => return Ok(weight),
        Some(weight) if weight < 0.0 => "is a negative link weight",
        Some(_) => "is not a finite link weight",
        None => "is not a link weight",
    };
    Err(Fault::token(token, problem, "a number >= 0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_names() {
        for format in NetworkFormat::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        assert!("docx".parse::<NetworkFormat>().unwrap_err().starts_with("expected one of text, csv, "));
    }

    #[test]
    fn names_tell_formats_compressed_or_not() {
        for (name, format) in [
            ("a/links.csv", Some(NetworkFormat::Csv)),
            ("LINKS.CSV.gz", Some(NetworkFormat::Csv)),
            ("links.tsv.xz", Some(NetworkFormat::Tsv)),
            ("links.txt", None),
            ("links", None),
            ("csv", None),
            ("-", None),
        ] {
            assert_eq!(NetworkFormat::of_name(Path::new(name)), format, "{name}");
        }
    }
}
