//! The formats of networks: how each is known, and a file for each that is not plain rows of text.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::scan::source::without_compression;

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
    /// The same, as Arrow accepts them in memory: IPC files, Feather version 2.
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
    pub(crate) fn is_table(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv | Self::Parquet | Self::Arrow)
    }

    /// The format that the name of a file tells, whatever it is compressed with. `None` for names such as `.txt` and `.net`, of
    /// which the content has to tell.
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
