//! JSON documents of the format `infomap-network`, version 1.0.
//!
//! ```json
//! {"format": "infomap-network", "version": "1.0", "nodes": [{"id": 1, "name": "alice"}], "edges": [{"source": 1, "target": 2}]}
//! ```
//!
//! A document is read as the equivalent rows of a text file.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use mapeq_core::Direction;
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};

use crate::error::{Fault, Quoted, count};
use crate::network::file::NetworkFile;
use crate::network::options::ReadOptions;
use crate::network::pajek::Parser;
use crate::number::Shortest;
use crate::quoting::on_one_line;
use crate::scan::document::LocatedFault;
use crate::scan::json::{for_each, from_text};

/// All keys except the lists, which are read element by element.
#[derive(Deserialize)]
struct Document {
    version: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    directed: Option<bool>,
    #[serde(rename = "bipartiteStartId")]
    bipartite_start_id: Option<Whole>,
    multilayer: Option<String>,
}

const KEYS: [&str; 9] =
    ["format", "version", "type", "directed", "bipartiteStartId", "multilayer", "nodes", "states", "edges"];

#[derive(Deserialize)]
struct Node {
    id: Whole,
    name: Option<String>,
    weight: Option<f64>,
    meta: Option<IgnoredAny>,
    path: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct State {
    id: Whole,
    node: Whole,
    name: Option<String>,
    weight: Option<f64>,
    path: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Edge {
    source: Whole,
    target: Whole,
    weight: Option<f64>,
    #[serde(default)]
    layers: Vec<Whole>,
}

/// A whole number >= 0. `1.0` is one as well.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Whole(u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        let integral = |value: &f64| *value >= 0.0 && *value < 2f64.powi(53) && value.fract() == 0.0;
        let whole = number.as_u64().or_else(|| number.as_f64().filter(integral).map(|value| value as u64));
        whole.map(Self).ok_or_else(|| D::Error::custom(format!("invalid id {number}, expected a whole number >= 0")))
    }
}

impl std::fmt::Display for Whole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

pub(crate) fn parse(text: &str, options: &ReadOptions) -> Result<NetworkFile, LocatedFault> {
    let document: Document = from_text(text)?;
    if let Some(version) = document.version.as_ref().filter(|version| *version != "1.0") {
        return Err(Fault::token(version.as_bytes(), "is not a known format version", "\"1.0\"").into());
    }
    let mut rows = PajekLines { parser: Parser::new(options), line: String::new(), paths: false, categories: false };
    rows.document(text, &document)?;
    let PajekLines { parser, paths, categories, .. } = rows;
    let mut file = parser.into_file()?;
    let layered = document.kind.as_deref() == Some("multilayer");
    file.directed_hint = document.directed.filter(|_| !layered).map(|directed| match directed {
        true => Direction::Directed,
        false => Direction::Undirected,
    });
    let keys: BTreeMap<String, IgnoredAny> = from_text(text)?;
    let unknown: Vec<String> =
        keys.keys().filter(|key| !KEYS.contains(&key.as_str())).map(|key| Quoted(key.as_bytes()).to_string()).collect();
    if !unknown.is_empty() {
        file.notes.push(format!("unknown keys ignored: {}", unknown.join(", ")));
    }
    if paths {
        file.notes.push("modules in \"path\" ignored (hint: pass a file of modules with --cluster-data)".to_owned());
    }
    if categories {
        file.notes.push("categories in \"meta\" ignored (hint: pass a file of categories with --meta-data)".to_owned());
    }
    Ok(file)
}

/// The rows of the equivalent text file.
struct PajekLines<'a> {
    parser: Parser<'a>,
    /// The current row.
    line: String,
    /// Whether nodes or states have a `path`, and whether nodes have a category.
    paths: bool,
    categories: bool,
}

impl PajekLines<'_> {
    fn document(&mut self, text: &str, document: &Document) -> Result<(), LocatedFault> {
        let mut first = true;
        for_each(text, "nodes", |Node { id, name, weight, meta, path }| {
            self.paths |= path.is_some();
            self.categories |= meta.is_some();
            if std::mem::take(&mut first) {
                self.heading("*Vertices")?;
            }
            match name.filter(|name| !name.is_empty()) {
                Some(name) => self.row(format_args!("{id} \"{}\"", on_one_line(&name)), weight),
                None => self.row(format_args!("{id} \"{id}\""), weight),
            }
        })?;
        match document.kind.as_deref().unwrap_or("standard") {
            "standard" => self.heading("*Links")?,
            "bipartite" => {
                let first = document.bipartite_start_id;
                let first = first
                    .ok_or_else(|| Fault::new("\"bipartiteStartId\" is missing: expected the first id of a feature"))?;
                self.heading(&format!("*Bipartite {first}"))?;
            }
            "state" => {
                self.heading("*States")?;
                for_each(text, "states", |State { id, node, name, weight, path }| {
                    self.paths |= path.is_some();
                    match name {
                        Some(name) => self.row(format_args!("{id} {node} \"{}\"", on_one_line(&name)), weight),
                        None => self.row(format_args!("{id} {node}"), weight),
                    }
                })?;
                self.heading("*Links")?;
            }
            "multilayer" => return self.layers(text, document.multilayer.as_deref().unwrap_or("full")),
            other => {
                let expected = "\"standard\", \"bipartite\", \"state\" or \"multilayer\"";
                return Err(Fault::token(other.as_bytes(), "is not a network type", expected).into());
            }
        }
        for_each(text, "edges", |Edge { source, target, weight, .. }| {
            self.row(format_args!("{source} {target}"), weight)
        })?;
        Ok(())
    }

    fn layers(&mut self, text: &str, dialect: &str) -> Result<(), LocatedFault> {
        let expected = match dialect {
            "full" => "two, from and to",
            "intra" => "one",
            "intra-inter" => "one, or two and the same node at both ends",
            other => {
                let expected = "\"full\", \"intra\" or \"intra-inter\"";
                return Err(Fault::token(other.as_bytes(), "is not a kind of multilayer network", expected).into());
            }
        };
        self.heading(if dialect == "full" { "*Multilayer" } else { "*Intra" })?;
        for_each(text, "edges", |Edge { source, target, weight, layers }| match (dialect, &layers[..]) {
            ("full", [from, to]) => self.row(format_args!("{from} {source} {to} {target}"), weight),
            ("intra" | "intra-inter", [layer]) => self.row(format_args!("{layer} {source} {target}"), weight),
            ("intra-inter", [_, _]) if source == target => Ok(()),
            _ => Err(Fault::new(format!("{}: expected {expected}", count(layers.len() as u64, "layer")))),
        })?;
        if dialect == "intra-inter" {
            self.heading("*Inter")?;
            for_each(text, "edges", |Edge { source, weight, layers, .. }| match layers[..] {
                [from, to] => self.row(format_args!("{from} {source} {to}"), weight),
                _ => Ok(()),
            })?;
        }
        Ok(())
    }

    fn heading(&mut self, line: &str) -> Result<(), Fault> {
        self.parser.line(line.as_bytes()).map_err(|fault| fault.within("\"type\""))
    }

    fn row(&mut self, fields: fmt::Arguments<'_>, weight: Option<f64>) -> Result<(), Fault> {
        self.line.clear();
        self.line.write_fmt(fields).expect("memory");
        if let Some(weight) = weight {
            write!(self.line, " {}", Shortest(weight)).expect("memory");
        }
        self.parser.line(self.line.as_bytes())
    }
}
