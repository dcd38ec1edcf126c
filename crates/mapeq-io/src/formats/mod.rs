//! The formats of networks: how each is known, and a file for each that is not plain rows of text.

#[cfg(feature = "parquet")]
mod arrow;
#[cfg(feature = "parquet")]
mod arrow_lengths;
#[cfg(feature = "parquet")]
mod arrow_links;
#[cfg(feature = "parquet")]
mod arrow_modules;
mod columns;
mod delimited;
mod document;
mod gexf;
mod gexf_writer;
mod gml;
mod graph;
mod graphml;
mod graphml_writer;
#[cfg(feature = "parquet")]
mod guard;
mod infomap_json;
mod json;
mod matrix;
mod matrix_market;
mod metis;
mod node_link;
mod npy;
mod npz;
#[cfg(feature = "parquet")]
mod parquet_pages;
#[cfg(feature = "parquet")]
mod parquet_schema;
#[cfg(feature = "parquet")]
mod parquet_writer;
#[cfg(feature = "parquet")]
mod thrift;
mod xml;
mod xml_text;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::error::{Fault, ReadError};
use crate::network_file::{NetworkFile, ReadOptions};
use crate::snapshot::MAGIC;
use crate::source::{Source, without_compression, without_utf8_mark};
use crate::token::real;
use crate::{snapshot_reader, text_network};

pub(crate) use document::{Located, line_at, text};
pub(crate) use json::{Id, each};

#[cfg(feature = "parquet")]
pub(crate) use arrow_modules::read as read_arrow_modules;
pub use columns::{Column, Columns};
pub(crate) use columns::{find as find_column, listed as listed_columns};
pub use gexf_writer::write_gexf;
pub use graphml_writer::write_graphml;
#[cfg(feature = "parquet")]
pub use parquet_writer::write_parquet;

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
    /// Tables by column: Parquet, with the feature `parquet`.
    Parquet,
    /// The same, as Arrow keeps them in memory: IPC files, Feather version 2.
    Arrow,
    /// The binary format of `mapeq convert`.
    Snapshot,
}

impl NetworkFormat {
    /// All formats.
    pub const ALL: [Self; 13] = [
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
        Self::Parquet,
        Self::Arrow,
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
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
            Self::Snapshot => "snapshot",
        }
    }

    /// Whether links are read from columns of a table.
    fn is_table(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv | Self::Parquet | Self::Arrow)
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
            "parquet" => Some(Self::Parquet),
            "arrow" | "feather" => Some(Self::Arrow),
            _ => None,
        }
    }

    /// The format of a file that begins with `head`.
    pub(crate) fn of_content(head: &[u8]) -> Self {
        let line = first_line(head);
        let has = |mark: &[u8]| memchr::memmem::find(head, mark).is_some();
        match line.first() {
            _ if head.starts_with(npz::MAGIC) => Self::Npz,
            _ if head.starts_with(PARQUET_MAGIC)
                && head.get(4).is_some_and(|next| !next.is_ascii_graphic() && !next.is_ascii_whitespace()) =>
            {
                Self::Parquet
            }
            _ if head.starts_with(ARROW_MAGIC) => Self::Arrow,
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

/// What Parquet files and Arrow files begin with. Names of nodes may begin like that, too: behind it, Parquet files have the header
/// of a page, which no text begins with.
const PARQUET_MAGIC: &[u8] = b"PAR1";
const ARROW_MAGIC: &[u8] = b"ARROW1\0\0";

/// Bytes that tell a format by content.
const HEAD: usize = 1 << 10;

/// Reads a network in the format that the options, the name or the content tell, in this order. A snapshot is always known.
pub(crate) fn read(mut source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    if source.begins_with(&MAGIC)? {
        return snapshot_reader::read(source, options);
    }
    let format = match options.format.or_else(|| NetworkFormat::of_name(source.path())) {
        Some(format) => format,
        None => match NetworkFormat::of_content(&source.peek(HEAD)?) {
            NetworkFormat::Text if options.columns.is_some() => NetworkFormat::Csv,
            format => format,
        },
    };
    if options.columns.is_some() && !format.is_table() {
        let problem = format!("columns are told of a file that is read as {format}: expected a table");
        return Err(source.error(Fault::new(problem).hint("--format csv reads it as one"), None));
    }
    match format {
        NetworkFormat::Text => text_network::read(source, options),
        NetworkFormat::Csv => delimited::read(source, None, options),
        NetworkFormat::Tsv => delimited::read(source, Some(b'\t'), options),
        NetworkFormat::MatrixMarket => matrix_market::read(source, options),
        NetworkFormat::Metis => metis::read(source, options),
        NetworkFormat::GraphMl => graphml::read(source, options),
        NetworkFormat::Gml => document::read(source, |bytes| gml::parse(bytes, options)),
        NetworkFormat::Gexf => gexf::read(source, options),
        NetworkFormat::Npz => document::read(source, |bytes| npz::parse(bytes, options)),
        NetworkFormat::Json => document::read(source, |bytes| json::parse(bytes, options)),
        #[cfg(feature = "parquet")]
        NetworkFormat::Parquet | NetworkFormat::Arrow => arrow_links::read(source, options),
        #[cfg(not(feature = "parquet"))]
        NetworkFormat::Parquet | NetworkFormat::Arrow => Err(source.error(without_parquet(), None)),
        NetworkFormat::Snapshot => {
            Err(source.error(Fault::new("not a snapshot: expected a file of `mapeq convert`"), None))
        }
    }
}

/// The first line that is no comment and not empty, as far as `head` has it, without the mark of UTF-8.
fn first_line(head: &[u8]) -> &[u8] {
    let lines = without_utf8_mark(head).split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    lines.into_iter().find(|line| !line.is_empty() && line[0] != b'#').unwrap_or_default()
}

/// The weight of a link that `token` spells.
fn link_weight(token: &[u8]) -> Result<f64, Fault> {
    let problem = match real(token) {
        Some(weight) => match why_no_weight(weight) {
            None => return Ok(weight),
            Some(problem) => problem,
        },
        None => "is not a link weight",
    };
    Err(Fault::token(token, problem, "a number >= 0"))
}

/// The weight of a link, of a format that has numbers.
fn checked_weight(weight: f64) -> Result<f64, Fault> {
    match why_no_weight(weight) {
        None => Ok(weight),
        Some(problem) => Err(Fault::token(weight.to_string().as_bytes(), problem, "a number >= 0")),
    }
}

fn why_no_weight(weight: f64) -> Option<&'static str> {
    match weight {
        weight if weight >= 0.0 && weight.is_finite() => None,
        weight if weight < 0.0 => Some("is a negative link weight"),
        _ => Some("is not a finite link weight"),
    }
}

/// What reads and writes tables by column where the program was built without it.
#[cfg(not(feature = "parquet"))]
pub(crate) fn without_parquet() -> Fault {
    let fault = Fault::new("Parquet and Arrow files take a program that is built with the feature \"parquet\"");
    fault.hint("cargo install mapeq --features parquet")
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
