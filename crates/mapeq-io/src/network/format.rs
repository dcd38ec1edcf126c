//! Formats of network files.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::scan::source::without_compression;

/// A format of network files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkFormat {
    /// Link lists and Pajek files with extensions: fields separated by blanks, in sections with
    /// headings.
    Text,
    /// Values separated by commas, semicolons or tabs. The first row decides which.
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// Matrix Market: entries of a sparse matrix.
    MatrixMarket,
    /// METIS: a row of neighbours per node.
    Metis,
    /// GraphML.
    GraphMl,
    /// GML.
    Gml,
    /// GEXF, as written by Gephi.
    Gexf,
    /// Sparse matrices of SciPy.
    Npz,
    /// Node-link JSON, as written by NetworkX and others, or an `infomap-network`.
    Json,
    /// Parquet: columnar tables. Needs the feature `parquet`.
    Parquet,
    /// Arrow: IPC files and Feather version 2. Needs the feature `parquet`.
    Arrow,
    /// Binary format of `mapeq convert`.
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

    /// Returns the name of the format for `--format`.
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

    /// Returns whether links are read from table columns.
    pub(crate) fn is_table(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv | Self::Parquet | Self::Arrow)
    }

    /// Returns the format that a file name implies, ignoring the extension of a compression.
    /// Returns `None` if the content must decide, as for `.txt` and `.net`.
    pub fn from_path(path: &Path) -> Option<Self> {
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
            assert_eq!(NetworkFormat::from_path(Path::new(name)), format, "{name}");
        }
    }
}
