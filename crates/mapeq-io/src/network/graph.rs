//! Nodes and links of graph documents, which may be directed one by one.

use mapeq_core::Direction;

use crate::error::Fault;
use crate::network::builder::NetworkBuilder;
use crate::network::file::NetworkFile;
use crate::network::options::ReadOptions;

/// Nodes and links of a document, in any order.
pub(crate) struct Graph<'a> {
    builder: NetworkBuilder<'a>,
    directed: u64,
    undirected: u64,
    notes: Vec<String>,
}

impl<'a> Graph<'a> {
    pub(crate) fn new(options: &'a ReadOptions) -> Self {
        Self { builder: NetworkBuilder::with_any_ids(options), directed: 0, undirected: 0, notes: Vec::new() }
    }

    /// Adds a node. An empty label means none.
    pub(crate) fn node(&mut self, id: &str, label: &str) -> Result<(), Fault> {
        check(id, "id of the node")?;
        self.builder.node_of_text(id, if label == id { "" } else { label }, None)
    }

    /// Assigns the next indices to nodes that are declared later.
    pub(crate) fn mention<'i>(&mut self, ids: impl Iterator<Item = &'i str>) -> Result<(), Fault> {
        ids.into_iter().try_for_each(|id| self.builder.mention(id))
    }

    /// Adds a link with a finite weight >= 0. Its ends need not be declared.
    pub(crate) fn link(&mut self, source: &str, target: &str, weight: f64, directed: bool) -> Result<(), Fault> {
        check(source, "source")?;
        check(target, "target")?;
        *(if directed { &mut self.directed } else { &mut self.undirected }) += 1;
        self.builder.link_of_text(source.as_bytes(), target.as_bytes(), weight)
    }

    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    pub(crate) fn finish(self) -> Result<NetworkFile, Fault> {
        let (network, mut notes) = self.builder.finish()?;
        notes.extend(self.notes);
        let directed_hint = match (self.directed, self.undirected) {
            (0, 0) => None,
            (_, 0) => Some(Direction::Directed),
            (0, _) => Some(Direction::Undirected),
            _ => {
                notes.push("the file mixes directed and undirected links: all are read as one kind".to_owned());
                None
            }
        };
        Ok(NetworkFile { network, notes, directed_hint })
    }
}

fn check(id: &str, what: &str) -> Result<(), Fault> {
    if id.is_empty() { Err(Fault::new(format!("the {what} is empty: expected an id"))) } else { Ok(()) }
}
