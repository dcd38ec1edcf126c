//! METIS files (`.graph`, `.metis`): a row of neighbours for every node of an undirected network.
//!
//! ```text
//! 3 2 001             nodes, links, kinds of weights
//! 2 5                 neighbours of node 1, each with its weight
//! 1 5 3 7
//! 2 7
//! ```
//!
//! The digits of the third number state whether rows begin with a node size, then with node
//! weights, and whether links have weights. A fourth number gives the number of weights per node.
//! Sizes, and all node weights after the first, are ignored.
//!
//! G. Karypis & V. Kumar, METIS: a software package for partitioning unstructured graphs, manual of
//! version 5 (2013).

use mapeq_core::{Direction, NodeIds, NodeTable};

use crate::error::{Fault, ReadError, count};
use crate::network::builder::network;
use crate::network::file::NetworkFile;
use crate::network::links::LinkBuffer;
use crate::network::options::ReadOptions;
use crate::network::skipped::SkippedRows;
use crate::network::weight::link_weight;
use crate::scan::lines::Lines;
use crate::scan::source::Source;
use crate::scan::token::{real, skip_blanks, split_field, whole};

pub(crate) fn read(source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    let mut lines = Lines::new(source)?;
    let mut reader = Reader::new(options);
    lines.for_each(|line, _| reader.line(line))?;
    reader.finish().map_err(|fault| fault.in_file(lines.path()))
}

struct Header {
    nodes: u64,
    links: u64,
    sizes: bool,
    node_weights: u64,
    link_weights: bool,
}

struct Reader<'a> {
    options: &'a ReadOptions,
    header: Option<Header>,
    /// Number of rows so far.
    rows: u64,
    /// Links as listed at their smaller end, and as listed at their larger end.
    from_below: Vec<(u32, u32, f64)>,
    from_above: Vec<(u32, u32, f64)>,
    loops: Vec<(u32, f64)>,
    weights: Vec<f64>,
}

impl<'a> Reader<'a> {
    fn new(options: &'a ReadOptions) -> Self {
        let (from_below, from_above, loops, weights) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { options, header: None, rows: 0, from_below, from_above, loops, weights }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Fault> {
        if skip_blanks(line).first() == Some(&b'%') {
            return Ok(());
        }
        match self.header {
            None if skip_blanks(line).is_empty() => Ok(()),
            None => {
                self.header = Some(Header::of(line)?);
                Ok(())
            }
            Some(_) => self.row(line),
        }
    }

    fn row(&mut self, line: &[u8]) -> Result<(), Fault> {
        let header = self.header.as_ref().expect("rows follow the header");
        let mut tokens = Tokens(line);
        if self.rows == header.nodes {
            return match tokens.next() {
                None => Ok(()),
                Some(_) => {
                    Err(Fault::new(format!("too many rows: expected {}, one per node", count(header.nodes, "row"))))
                }
            };
        }
        let node = index(self.rows)?;
        self.rows += 1;
        for size in 0..header.node_weights.saturating_add(u64::from(header.sizes)) {
            let token = tokens.next().ok_or_else(|| Fault::new("the row ends before the weight of its node"))?;
            let weight = real(token).filter(|weight| *weight >= 0.0 && weight.is_finite());
            let weight = weight.ok_or_else(|| Fault::token(token, "is not a node weight", "a number >= 0"))?;
            if size == u64::from(header.sizes) {
                self.weights.push(weight);
            }
        }
        while let Some(token) = tokens.next() {
            let neighbour = whole(token).filter(|&id| id > 0 && id <= header.nodes);
            let expected = format!("1 to {}, as declared in the first line", header.nodes);
            let neighbour = neighbour.ok_or_else(|| Fault::token(token, "is not a neighbour", expected))?;
            let weight = match (header.link_weights, tokens.next_if(header.link_weights)) {
                (false, _) => 1.0,
                (true, Some(weight)) => link_weight(weight)?,
                (true, None) => {
                    return Err(Fault::token(token, "has no link weight", "a weight, as declared in the first line"));
                }
            };
            let neighbour = index(neighbour - 1)?;
            match neighbour.cmp(&node) {
                std::cmp::Ordering::Less => self.from_above.push((neighbour, node, weight)),
                std::cmp::Ordering::Equal => self.loops.push((node, weight)),
                std::cmp::Ordering::Greater => self.from_below.push((node, neighbour, weight)),
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<NetworkFile, Fault> {
        let Some(header) = self.header else {
            return Err(Fault::new("the file is empty: expected a line `nodes links [weights]`"));
        };
        if self.rows < header.nodes {
            let (rows, nodes) = (count(self.rows, "row"), header.nodes);
            return Err(Fault::new(format!("only {rows}: expected {nodes}, one per node")));
        }
        if header.nodes == 0 {
            return Err(Fault::new("no links and no nodes: expected at least one node"));
        }
        let ends = |&(from, to, _): &(u32, u32, f64)| (from, to);
        self.from_below.sort_by_key(ends);
        self.from_above.sort_by_key(ends);
        let one_sided = self.from_below.iter().zip(&self.from_above).find(|(below, above)| below != above);
        let one_sided = one_sided.map(|(below, above)| if ends(below) <= ends(above) { below } else { above });
        let longer = if self.from_below.len() > self.from_above.len() { &self.from_below } else { &self.from_above };
        let shorter = self.from_below.len().min(self.from_above.len());
        if let Some((from, to, _)) = one_sided.or(longer.get(shorter)) {
            let (from, to) = (from + 1, to + 1);
            return Err(Fault::new(format!("the rows of {from} and {to} differ: expected the same link in both")));
        }
        let found = self.from_below.len() as u64;
        let (min, max) = (found + self.loops.len() as u64 / 2, found + self.loops.len() as u64);
        if !(min..=max).contains(&header.links) {
            let expected = header.links;
            return Err(Fault::new(format!(
                "{} in the rows: expected {expected}, as declared in the first line",
                count(found, "link")
            )));
        }
        let (mut links, mut skipped) = (LinkBuffer::default(), SkippedRows::default());
        let loops = self.loops.iter().map(|&(node, weight)| (node, node, weight));
        for (from, to, weight) in self.from_below.into_iter().chain(loops) {
            if skipped.accepts(self.options, weight, from == to) {
                links.push(from, to, weight);
                if from != to && self.options.direction == Direction::Directed {
                    links.push(to, from, weight);
                }
            }
        }
        let mut nodes = NodeTable::new(NodeIds::Consecutive { first: 1, len: header.nodes as usize });
        nodes.weights = (!self.weights.is_empty()).then(|| self.weights.into());
        let rows = links.into_rows(nodes.len(), self.options.direction);
        let network = network(nodes, rows, self.options.direction)?;
        Ok(NetworkFile { network, notes: skipped.notes(self.options, "link"), directed_hint: None })
    }
}

impl Header {
    fn of(line: &[u8]) -> Result<Self, Fault> {
        let mut tokens = Tokens(line);
        let mut number = |name: &str| match tokens.next() {
            None => Ok(None),
            Some(token) => match whole(token) {
                Some(number) => Ok(Some(number)),
                None => Err(Fault::token(token, &format!("is not a number of {name}"), "a whole number")),
            },
        };
        let missing = || Fault::new("the first line is too short: expected `nodes links [weights]`");
        let nodes = number("nodes")?.ok_or_else(missing)?;
        let links = number("links")?.ok_or_else(missing)?;
        let format = number("weights")?.unwrap_or(0);
        let (sizes, node_weights, link_weights) = (format / 100, format / 10 % 10, format % 10);
        if sizes > 1 || node_weights > 1 || link_weights > 1 {
            return Err(Fault::token(
                format.to_string().as_bytes(),
                "is not a kind of weights",
                "up to three digits 0 or 1",
            ));
        }
        let node_weights = if node_weights == 0 { 0 } else { number("weights of a node")?.unwrap_or(1) };
        Ok(Self { nodes, links, sizes: sizes == 1, node_weights, link_weights: link_weights == 1 })
    }
}

fn index(node: u64) -> Result<u32, Fault> {
    u32::try_from(node).map_err(|_| Fault::new("too many nodes: expected fewer than 2^32"))
}

/// The fields of a line, in which there are no comments.
struct Tokens<'l>(&'l [u8]);

impl<'l> Tokens<'l> {
    fn next(&mut self) -> Option<&'l [u8]> {
        let (token, rest) = split_field(self.0)?;
        self.0 = rest;
        Some(token)
    }

    fn next_if(&mut self, wanted: bool) -> Option<&'l [u8]> {
        if wanted { self.next() } else { None }
    }
}
