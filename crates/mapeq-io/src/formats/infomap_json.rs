//! JSON documents of the format `infomap-network`, version 1.0.
//!
//! ```json
//! {"format": "infomap-network", "version": "1.0", "nodes": [{"id": 1, "name": "alice"}], "edges": [{"source": 1, "target": 2}]}
//! ```
//!
//! They say what the rows of text files say, and so they are read as such rows.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mapeq_core::Direction;
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};

use crate::error::{Fault, Quoted, count};
use crate::flow_file::on_one_line;
use crate::network_file::{NetworkFile, ReadOptions};
use crate::network_writer::Shortest;
use crate::text_network;

use super::document::Located;
use super::json::from_text;

#[derive(Deserialize)]
struct Document {
    version: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    directed: Option<bool>,
    #[serde(rename = "bipartiteStartId")]
    bipartite_start_id: Option<Whole>,
    multilayer: Option<String>,
    #[serde(default)]
    nodes: Vec<Node>,
    #[serde(default)]
    states: Vec<State>,
    #[serde(default)]
    edges: Vec<Edge>,
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

/// A whole number >= 0; `1.0` is one, too.
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

pub(crate) fn parse(text: &str, options: &ReadOptions) -> Result<NetworkFile, Located> {
    let document: Document = from_text(text)?;
    if let Some(version) = document.version.as_ref().filter(|version| *version != "1.0") {
        return Err(Fault::token(version.as_bytes(), "is not a known version of the format", "\"1.0\"").into());
    }
    let rows = document.rows()?;
    let mut file = text_network::read_rows(rows.iter().map(|row| (row.line.as_str(), row.place.as_str())), options)?;
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
    if document.nodes.iter().any(|node| node.path.is_some()) || document.states.iter().any(|state| state.path.is_some())
    {
        file.notes.push("modules in \"path\" are not used: --cluster-data takes a file of them".to_owned());
    }
    if document.nodes.iter().any(|node| node.meta.is_some()) {
        file.notes.push("categories in \"meta\" are not used: --meta-data takes a file of them".to_owned());
    }
    Ok(file)
}

/// A row of a text file, and the place in the document that it comes from.
struct Row {
    line: String,
    place: String,
}

impl Document {
    fn rows(&self) -> Result<Vec<Row>, Fault> {
        let mut rows = Rows(Vec::new());
        if !self.nodes.is_empty() {
            rows.heading("*Vertices");
        }
        for (place, Node { id, name, weight, .. }) in self.nodes.iter().enumerate() {
            let name = name.as_ref().filter(|name| !name.is_empty()).map_or(id.to_string(), |name| on_one_line(name));
            rows.push(format!("{id} \"{name}\""), *weight, || format!("nodes[{place}]"));
        }
        match self.kind.as_deref().unwrap_or("standard") {
            "standard" => rows.heading("*Links"),
            "bipartite" => {
                let first = self.bipartite_start_id;
                let first = first
                    .ok_or_else(|| Fault::new("\"bipartiteStartId\" is missing: expected the first id of a feature"))?;
                rows.heading(&format!("*Bipartite {first}"));
            }
            "state" => {
                rows.heading("*States");
                for (place, State { id, node, name, weight, .. }) in self.states.iter().enumerate() {
                    let name = name.as_ref().map_or(String::new(), |name| format!(" \"{}\"", on_one_line(name)));
                    rows.push(format!("{id} {node}{name}"), *weight, || format!("states[{place}]"));
                }
                rows.heading("*Links");
            }
            "multilayer" => {
                self.layered(&mut rows)?;
                return Ok(rows.0);
            }
            other => {
                let expected = "\"standard\", \"bipartite\", \"state\" or \"multilayer\"";
                return Err(Fault::token(other.as_bytes(), "is no type of networks", expected));
            }
        }
        for (place, edge) in self.edges.iter().enumerate() {
            rows.push(format!("{} {}", edge.source, edge.target), edge.weight, || format!("edges[{place}]"));
        }
        Ok(rows.0)
    }

    fn layered(&self, rows: &mut Rows) -> Result<(), Fault> {
        let dialect = self.multilayer.as_deref().unwrap_or("full");
        let (heading, inter) = match dialect {
            "full" => ("*Multilayer", false),
            "intra" => ("*Intra", false),
            "intra-inter" => ("*Intra", true),
            other => {
                let expected = "\"full\", \"intra\" or \"intra-inter\"";
                return Err(Fault::token(other.as_bytes(), "is no kind of layers", expected));
            }
        };
        rows.heading(heading);
        let mut between = Rows(Vec::new());
        for (place, Edge { source, target, weight, layers }) in self.edges.iter().enumerate() {
            let place = || format!("edges[{place}]");
            match (dialect, &layers[..]) {
                ("full", [from, to]) => rows.push(format!("{from} {source} {to} {target}"), *weight, place),
                ("intra" | "intra-inter", [layer]) => rows.push(format!("{layer} {source} {target}"), *weight, place),
                ("intra-inter", [from, to]) if source == target => {
                    between.push(format!("{from} {source} {to}"), *weight, place);
                }
                _ => {
                    let expected = match dialect {
                        "full" => "two, from and to",
                        "intra" => "one",
                        _ => "one, or two and the same node at both ends",
                    };
                    let problem = format!("{}: {}: expected {expected}", place(), count(layers.len() as u64, "layer"));
                    return Err(Fault::new(problem));
                }
            }
        }
        if inter {
            rows.heading("*Inter");
            rows.0.append(&mut between.0);
        }
        Ok(())
    }
}

struct Rows(Vec<Row>);

impl Rows {
    fn heading(&mut self, line: &str) {
        self.0.push(Row { line: line.to_owned(), place: "\"type\"".to_owned() });
    }

    fn push(&mut self, mut line: String, weight: Option<f64>, place: impl FnOnce() -> String) {
        if let Some(weight) = weight {
            write!(line, " {}", Shortest(weight)).expect("memory");
        }
        self.0.push(Row { line, place: place() });
    }
}
