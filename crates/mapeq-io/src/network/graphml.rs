//! GraphML documents.
//!
//! ```xml
//! <graphml><key id="w" for="edge" attr.name="weight" attr.type="double"/>
//! <graph edgedefault="undirected"><node id="a"/><node id="b"/>
//! <edge source="a" target="b"><data key="w">2.5</data></edge></graph></graphml>
//! ```
//!
//! The data `label` or `name` of nodes and `weight` or `value` of edges are used. Edges in nested
//! graphs are ordinary links.
//!
//! U. Brandes, M. Eiglsperger, I. Herman, M. Himsolt & M. S. Marshall, GraphML progress report,
//! Graph Drawing 2001, doi:10.1007/3-540-45848-4_59.

use crate::error::{Fault, ReadError, count};
use crate::network::file::NetworkFile;
use crate::network::graph::Graph;
use crate::network::options::ReadOptions;
use crate::network::weight::link_weight;
use crate::network::xml::{self, Element, Event, Problem, Xml};
use crate::scan::document::LocatedFault;
use crate::scan::source::Source;

pub(crate) fn read(source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    xml::read(source, |document| parse(document, options))
}

fn parse(document: &mut Xml<'_>, options: &ReadOptions) -> Result<NetworkFile, Problem> {
    let mut reader = GraphMl {
        graph: Graph::new(options),
        graphs: 0,
        open: Vec::new(),
        keys: [Keys::new("node", &["label", "name"]), Keys::new("edge", &["weight", "value"])],
        pending: Vec::new(),
    };
    loop {
        match document.next()? {
            Event::Start(element) => {
                let open = reader.begin(&element)?;
                reader.open.push(open);
            }
            Event::Text(text) => reader.text(&text),
            Event::End => reader.end()?,
            Event::Eof => return reader.finish(),
        }
    }
}

struct GraphMl<'a> {
    graph: Graph<'a>,
    /// Number of graphs directly in the outermost element so far.
    graphs: u64,
    /// Open elements, from the outermost one.
    open: Vec<Open>,
    /// Keys of labels and of weights.
    keys: [Keys; 2],
    /// Open nodes and edges. Their data may follow nested graphs.
    pending: Vec<Pending>,
}

/// Indices of the two sets of keys.
const LABELS: usize = 0;
const WEIGHTS: usize = 1;

/// Kind of an open element.
#[derive(Clone, Copy)]
enum Open {
    /// A key: the index of its set, and its position there.
    Key(usize, usize),
    /// The default value of this key.
    Default(usize, usize),
    Graph {
        directed: bool,
    },
    NodeOrEdge,
    /// Data of the innermost open node or edge, for the key at this position.
    Data(usize),
    Other,
}

struct Pending {
    line: u64,
    what: NodeOrEdge,
    /// Values by position of the key.
    data: Vec<Option<String>>,
}

enum NodeOrEdge {
    Node { id: String },
    Edge { source: String, target: String, directed: bool },
}

impl GraphMl<'_> {
    fn begin(&mut self, element: &Element) -> Result<Open, Problem> {
        let name = element.name();
        let parent = self.open.last().copied();
        match (self.open.len(), name, parent) {
            (0, ..) => {
                element.expect_name("graphml")?;
                return Ok(Open::Other);
            }
            (1, "key", _) => return self.key(element),
            (2, "default", Some(Open::Key(kind, place))) => {
                self.keys[kind].keys[place].default = Some(String::new());
                return Ok(Open::Default(kind, place));
            }
            (1, "graph", _) => self.graphs += 1,
            _ if !matches!(self.open.get(1), Some(Open::Graph { .. })) => return Ok(Open::Other),
            _ => {}
        }
        if self.graphs > 1 {
            return Ok(Open::Other);
        }
        match name {
            "graph" => {
                let [edges] = element.attributes(["edgedefault"])?;
                let directed = match edges.as_deref() {
                    Some("directed") => true,
                    Some("undirected") | None => false,
                    Some(other) => {
                        let fault = Fault::token(
                            other.as_bytes(),
                            "is not a value of \"edgedefault\"",
                            "directed or undirected",
                        );
                        return Err(element.at(fault).into());
                    }
                };
                Ok(Open::Graph { directed })
            }
            "node" => {
                let [id] = element.attributes(["id"])?;
                let id = element.required("id", &id)?.to_owned();
                self.begin_pending(element, NodeOrEdge::Node { id })
            }
            "edge" => {
                let [source, target, directed] = element.attributes(["source", "target", "directed"])?;
                let [source, target] = [("source", &source), ("target", &target)]
                    .map(|(name, value)| element.required(name, value).map(str::to_owned));
                let (source, target) = (source?, target?);
                let directed = match directed.as_deref() {
                    Some("true" | "1") => true,
                    Some("false" | "0") => false,
                    Some(other) => {
                        let problem = "is not a value of \"directed\"";
                        return Err(element.at(Fault::token(other.as_bytes(), problem, "true or false")).into());
                    }
                    None => matches!(parent, Some(Open::Graph { directed: true })),
                };
                self.begin_pending(element, NodeOrEdge::Edge { source, target, directed })
            }
            "data" => {
                let (Some(Open::NodeOrEdge), Some(pending)) = (parent, self.pending.last_mut()) else {
                    return Ok(Open::Other);
                };
                let [key] = element.attributes(["key"])?;
                let keys = &self.keys[pending.what.keys()];
                let place = key.and_then(|key| keys.place(&key)).filter(|&place| pending.data[place].is_none());
                Ok(place.map_or(Open::Other, |place| {
                    pending.data[place] = Some(String::new());
                    Open::Data(place)
                }))
            }
            "hyperedge" => {
                let fault = Fault::new("a \"hyperedge\" is not supported: expected \"edge\"");
                Err(element.at(fault.hint("model hyperedges as nodes of a bipartite network")).into())
            }
            _ => Ok(Open::Other),
        }
    }

    fn begin_pending(&mut self, element: &Element, what: NodeOrEdge) -> Result<Open, Problem> {
        if let Some(Pending { line, what, .. }) = self.pending.last() {
            self.graph.mention(what.ids()).map_err(|fault| LocatedFault::at_line(fault, *line))?;
        }
        let data = vec![None; self.keys[what.keys()].keys.len()];
        self.pending.push(Pending { line: element.line(), what, data });
        Ok(Open::NodeOrEdge)
    }

    fn key(&mut self, element: &Element) -> Result<Open, Problem> {
        if self.graphs > 0 {
            return Err(element.at(Fault::new("a \"key\" follows a graph: expected all keys before it")).into());
        }
        let [id, of, name] = element.attributes(["id", "for", "attr.name"])?;
        let Some(id) = id else { return Ok(Open::Other) };
        let name = name.as_ref().unwrap_or(&id);
        // The names in the two sets are disjoint.
        let place = |kind: usize| Some(Open::Key(kind, self.keys[kind].add(&id, of.as_deref(), name)?));
        Ok([LABELS, WEIGHTS].into_iter().find_map(place).unwrap_or(Open::Other))
    }

    fn text(&mut self, text: &str) {
        match (self.open.last(), self.pending.last_mut()) {
            (Some(&Open::Data(place)), Some(Pending { data, .. })) => {
                data[place].get_or_insert_default().push_str(text);
            }
            (Some(&Open::Default(kind, place)), _) => {
                self.keys[kind].keys[place].default.get_or_insert_default().push_str(text);
            }
            _ => {}
        }
    }

    fn end(&mut self) -> Result<(), Problem> {
        match self.open.pop() {
            Some(Open::NodeOrEdge) => self.finish_element(),
            _ => Ok(()),
        }
    }

    /// Adds the innermost open node or edge, which is complete.
    fn finish_element(&mut self) -> Result<(), Problem> {
        let Some(Pending { line, what, data }) = self.pending.pop() else { return Ok(()) };
        let added = match &what {
            NodeOrEdge::Node { id } => self.graph.node(id, self.keys[LABELS].find(&data).unwrap_or_default()),
            NodeOrEdge::Edge { source, target, directed } => {
                let weight = self.keys[WEIGHTS].find(&data).map_or(Ok(1.0), |weight| link_weight(weight.as_bytes()));
                weight.and_then(|weight| self.graph.link(source, target, weight, *directed))
            }
        };
        Ok(added.map_err(|fault| LocatedFault::at_line(fault, line))?)
    }

    fn finish(mut self) -> Result<NetworkFile, Problem> {
        match self.graphs {
            0 => return Err(Fault::new("there is no \"graph\": expected one in \"graphml\"").into()),
            1 => {}
            graphs => {
                let more = count(graphs - 1, "graph");
                self.graph.note(format!("only the first graph is read: {more} ignored"));
            }
        }
        Ok(self.graph.finish()?)
    }
}

impl NodeOrEdge {
    /// Returns the ids of nodes in order.
    fn ids(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Self::Node { id } => (id, None),
            Self::Edge { source, target, .. } => (source, Some(target)),
        };
        [first].into_iter().chain(second).map(String::as_str)
    }

    /// Returns the index of the set of keys for this kind of element.
    fn keys(&self) -> usize {
        match self {
            Self::Node { .. } => LABELS,
            Self::Edge { .. } => WEIGHTS,
        }
    }
}

/// Keys of one attribute of nodes or edges, in order of preference.
struct Keys {
    /// Kind of element, and accepted names in order of preference.
    of: &'static str,
    names: &'static [&'static str],
    keys: Vec<Key>,
}

struct Key {
    id: String,
    /// Rank of the name, 0 being preferred.
    rank: usize,
    default: Option<String>,
}

impl Keys {
    fn new(of: &'static str, names: &'static [&'static str]) -> Self {
        Self { of, names, keys: Vec::new() }
    }

    /// Adds a key if it has an accepted name. Returns its position.
    fn add(&mut self, id: &str, of: Option<&str>, name: &str) -> Option<usize> {
        let rank = self.names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
        if of.is_some_and(|of| of != self.of && of != "all") {
            return None;
        }
        let place = self.keys.partition_point(|key| key.rank <= rank);
        self.keys.insert(place, Key { id: id.to_owned(), rank, default: None });
        Some(place)
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.keys.iter().position(|key| key.id == id)
    }

    /// Returns the preferred value in `data`, or else the preferred default.
    fn find<'d>(&'d self, data: &'d [Option<String>]) -> Option<&'d str> {
        let value = data.iter().find_map(Option::as_deref);
        value.or_else(|| self.keys.iter().find_map(|key| key.default.as_deref())).map(str::trim)
    }
}
