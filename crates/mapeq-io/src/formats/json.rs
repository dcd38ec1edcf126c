//! Networks as JSON: the node-link form of NetworkX and others, and the network documents of Infomap.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::error::{Fault, printable};
use crate::network_file::{NetworkFile, ReadOptions};

use super::document::{self, Located};
use super::{infomap_json, node_link};

/// What tells one kind from the other.
#[derive(Deserialize)]
struct Kind {
    format: Option<String>,
    nodes: Option<serde::de::IgnoredAny>,
    links: Option<serde::de::IgnoredAny>,
    edges: Option<serde::de::IgnoredAny>,
}

pub(crate) fn parse(bytes: &[u8], options: &ReadOptions) -> Result<NetworkFile, Located> {
    let text = document::text(bytes)?;
    let kind: Kind = from_text(text)?;
    match kind.format {
        Some(format) if format == "infomap-network" => infomap_json::parse(text, options),
        _ if kind.links.is_some() || kind.edges.is_some() => node_link::parse(text, options),
        _ if kind.nodes.is_some() => {
            Err(Fault::new("an object with nodes and no links: expected \"links\" or \"edges\"").into())
        }
        Some(format) => {
            Err(Fault::token(format.as_bytes(), "is not a known format of networks", "\"infomap-network\"").into())
        }
        None => Err(Fault::new("not a network: expected an object with \"nodes\" and \"links\" (or \"edges\")").into()),
    }
}

/// A value from text; errors name the line.
pub(crate) fn from_text<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Located> {
    if text.trim_start().chars().next().is_some_and(|c| c != '{') {
        return Err(Fault::new("not an object of JSON: expected {").into());
    }
    serde_json::from_str(text).map_err(|error| {
        let mut problem = error.to_string();
        // The line is told in front.
        problem.truncate(problem.rfind(" at line ").unwrap_or(problem.len()));
        let problem = problem.replace("expected f64", "expected a number").replace("a sequence", "a list");
        let fault = Fault::new(format!("not the JSON that is expected: {}", printable(&problem)));
        Located::at_line(fault, error.line() as u64)
    })
}

/// An id: text or a number, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Self(text)),
            serde_json::Value::Number(number) => Ok(Self(match number.as_f64() {
                Some(value) if !number.is_u64() && value >= 0.0 && value < 2f64.powi(53) && value.fract() == 0.0 => {
                    format!("{value}")
                }
                _ => number.to_string(),
            })),
            serde_json::Value::Bool(value) => Ok(Self(value.to_string())),
            serde_json::Value::Array(parts) => Ok(Self(serde_json::Value::Array(parts).to_string())),
            other => Err(D::Error::custom(format!("invalid id {other}, expected text or a number"))),
        }
    }
}
