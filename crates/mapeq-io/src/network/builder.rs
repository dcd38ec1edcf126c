//! Collects nodes and links row by row and builds a network with notes.

use mapeq_core::{Csr, Direction, Network, NodeTable, StringTable};

use crate::error::{Fault, count};
use crate::network::id_tokens::{numeric_id, string_id};
use crate::network::ids::{HashedId, NodeIdMap};
use crate::network::links::LinkBuffer;
use crate::network::options::ReadOptions;
use crate::network::skipped::SkippedRows;
use crate::network::weight::infinite_sum;
use crate::scan::token::{is_digits, looks_like_number, looks_separated};

/// Nodes and links, collected row by row.
#[derive(Debug)]
pub(crate) struct NetworkBuilder<'a> {
    options: &'a ReadOptions,
    /// Map of node ids. `None` until the first row decides between numbers and strings.
    ids: Option<NodeIdMap>,
    /// Whether ids read as text become numbers if all of them are numbers.
    any_ids: bool,
    /// Description of the expected contents, for the error message if the network is empty.
    expected: &'static str,
    links: LinkBuffer,
    declared: Declared,
    /// Smallest id of a feature, for bipartite networks.
    first_feature: Option<u64>,
    skipped: SkippedRows,
}

/// Node declarations in the order of the input.
#[derive(Debug, Default)]
struct Declared {
    nodes: Vec<u32>,
    names: StringTable,
    /// Empty before the first weight, then at most one per declaration.
    weights: Vec<f64>,
}

impl<'a> NetworkBuilder<'a> {
    pub(crate) fn new(options: &'a ReadOptions) -> Self {
        let ids = options.string_ids.then(NodeIdMap::strings);
        let (links, declared, skipped) = (LinkBuffer::default(), Declared::default(), SkippedRows::default());
        Self {
            options,
            ids,
            any_ids: false,
            expected: "rows `source target [weight]`",
            links,
            declared,
            first_feature: None,
            skipped,
        }
    }

    /// Creates a builder whose ids become numbers if all of them are numbers.
    pub(crate) fn with_any_ids(options: &'a ReadOptions) -> Self {
        Self {
            ids: Some(NodeIdMap::strings()),
            any_ids: !options.string_ids,
            expected: "at least one link",
            ..Self::new(options)
        }
    }

    /// Creates a builder for numeric ids.
    pub(crate) fn numeric(options: &'a ReadOptions) -> Self {
        Self { ids: Some(NodeIdMap::Plain), ..Self::new(options) }
    }

    /// Returns whether ids are known to be text.
    #[inline(always)]
    pub(crate) fn has_string_ids(&self) -> bool {
        matches!(self.ids, Some(NodeIdMap::Strings { .. }))
    }

    /// Returns whether there are ids, and all of them are numbers below 2^32.
    pub(crate) fn has_plain_ids(&self) -> bool {
        matches!(self.ids, Some(NodeIdMap::Plain))
    }

    /// Appends links between ids below 2^32, from rows after line `line`.
    pub(crate) fn append(&mut self, links: &LinkBuffer, skipped: &SkippedRows, line: u64) {
        debug_assert!(self.has_plain_ids());
        self.links.append(links);
        self.skipped.append(skipped, line);
    }

    /// Returns the map of ids.
    ///
    /// # Panics
    /// If the kind of ids is not known.
    pub(crate) fn ids(&self) -> &NodeIdMap {
        self.ids.as_ref().expect("the kind of ids is known")
    }

    /// Appends links between ids that are text, from rows after line `line`. `ends` holds source
    /// and target alternately.
    pub(crate) fn append_named(&mut self, ends: &[HashedId<'_>], weights: &[f64], skipped: &SkippedRows, line: u64) {
        let ids = self.ids.as_mut().expect("the kind of ids is known");
        for (ends, &weight) in ends.chunks_exact(2).zip(weights) {
            let mut number = |id: &HashedId<'_>| id.number.unwrap_or_else(|| ids.text(id.text, id.hash));
            let (source, target) = (number(&ends[0]), number(&ends[1]));
            self.links.push(source, target, weight);
        }
        self.skipped.append(skipped, line);
    }

    /// Adds a link between numeric ids.
    #[inline]
    pub(crate) fn link(&mut self, source: u64, target: u64, weight: f64) {
        let ids = self.ids.get_or_insert(NodeIdMap::Plain);
        if self.skipped.accepts(self.options, weight, source == target) {
            ids.widen_for(source.max(target), &mut self.links, &mut self.declared.nodes);
            let (source, target) = (ids.number(source), ids.number(target));
            self.links.push(source, target, weight);
        }
    }

    /// Adds a link between ids as written in the file. The weight is parsed after the ids, so that
    /// errors in ids come first.
    pub(crate) fn link_of_tokens(
        &mut self,
        [source, target]: [&[u8]; 2],
        weight: impl FnOnce() -> Result<f64, Fault>,
    ) -> Result<(), Fault> {
        if self.decide_kind(&[source, target]) {
            let [from, to] = [string_id(source, self.options)?, string_id(target, self.options)?];
            let weight = weight()?;
            if self.skipped.accepts(self.options, weight, from == to) {
                let ids = self.ids.as_mut().expect("decided above");
                let (source, target) = (ids.string(from)?, ids.string(to)?);
                self.links.push(source, target, weight);
            }
        } else {
            let (source, target) = (numeric_id(source)?, numeric_id(target)?);
            self.check_kinds(source, target)?;
            self.link(source, target, weight()?);
        }
        Ok(())
    }

    /// Adds a link between text ids, which are not parsed even if they look like numbers.
    ///
    /// # Panics
    /// If ids are known to be numbers.
    pub(crate) fn link_of_text(&mut self, source: &[u8], target: &[u8], weight: f64) -> Result<(), Fault> {
        if self.skipped.accepts(self.options, weight, source == target) {
            let ids = self.ids.get_or_insert_with(NodeIdMap::strings);
            let (source, target) = (ids.string(source)?, ids.string(target)?);
            self.links.push(source, target, weight);
        }
        Ok(())
    }

    /// Declares a node. A later declaration of the same node replaces an earlier one.
    pub(crate) fn node(&mut self, id: &[u8], name: &[u8], weight: Option<f64>) -> Result<(), Fault> {
        let node = if self.decide_kind(&[id]) {
            let id = string_id(id, self.options)?;
            self.ids.as_mut().expect("decided above").string(id)?
        } else {
            let id = numeric_id(id)?;
            let ids = self.ids.as_mut().expect("decided above");
            ids.widen_for(id, &mut self.links, &mut self.declared.nodes);
            ids.number(id)
        };
        let name = String::from_utf8_lossy(name);
        self.skipped.repaired_names += u64::from(matches!(name, std::borrow::Cow::Owned(_)));
        self.declare(node, &name, weight);
        Ok(())
    }

    /// Declares a node with a text id, which is not parsed even if it looks like a number.
    ///
    /// # Panics
    /// If ids are known to be numbers.
    pub(crate) fn node_of_text(&mut self, id: &str, name: &str, weight: Option<f64>) -> Result<(), Fault> {
        let node = self.ids.get_or_insert_with(NodeIdMap::strings).string(id.as_bytes())?;
        self.declare(node, name, weight);
        Ok(())
    }

    /// Assigns the next index to a text id if it is new. The node is declared or linked later.
    pub(crate) fn mention(&mut self, id: &str) -> Result<(), Fault> {
        self.ids.get_or_insert_with(NodeIdMap::strings).string(id.as_bytes()).map(drop)
    }

    fn declare(&mut self, node: u32, name: &str, weight: Option<f64>) {
        if weight.is_some() || !self.declared.weights.is_empty() {
            self.declared.weights.resize(self.declared.nodes.len(), 1.0);
            self.declared.weights.push(weight.unwrap_or(1.0));
        }
        self.declared.names.push(name);
        self.declared.nodes.push(node);
    }

    /// Marks nodes with ids of at least `id` as features. Every link must join a feature and
    /// another node.
    pub(crate) fn features_from(&mut self, id: &[u8]) -> Result<(), Fault> {
        if self.has_string_ids() {
            let fault = Fault::new("*Bipartite needs numeric ids: ids are text");
            return Err(fault.hint("*Vertices can declare names for numeric ids"));
        }
        self.ids.get_or_insert(NodeIdMap::Plain);
        let id = numeric_id(id)?;
        if self.first_feature.is_some_and(|first| first != id) {
            return Err(Fault::new("features begin at two ids: expected one *Bipartite heading"));
        }
        self.first_feature = Some(id);
        Ok(())
    }

    /// Returns whether no link has been added.
    pub(crate) fn has_no_links(&self) -> bool {
        self.links.len() == 0
    }

    /// Builds the table of declared nodes, without links.
    pub(crate) fn finish_nodes(self) -> NodeTable {
        let Self { ids, mut links, mut declared, .. } = self;
        let mut nodes = NodeTable::new(ids.unwrap_or(NodeIdMap::Plain).finish(&mut links, &mut declared.nodes));
        declared.describe(&mut nodes);
        nodes
    }

    /// Returns whether the network is bipartite.
    pub(crate) fn is_bipartite(&self) -> bool {
        self.first_feature.is_some()
    }

    /// Rejects a link between two features or two ordinary nodes.
    pub(crate) fn check_kinds(&self, source: u64, target: u64) -> Result<(), Fault> {
        match self.first_feature {
            Some(first) if (source < first) == (target < first) => Err(same_kind(source, target, first)),
            _ => Ok(()),
        }
    }

    /// Counts a row with unused columns at the end, at `line`.
    pub(crate) fn extra_columns(&mut self, line: u64) {
        self.skipped.extra_columns(line);
    }

    /// Returns whether ids are strings. The first row decides.
    fn decide_kind(&mut self, ids: &[&[u8]]) -> bool {
        let numeric = |id: &&[u8]| is_digits(id) || looks_like_number(id) || looks_separated(id);
        self.ids.get_or_insert_with(|| if ids.iter().all(numeric) { NodeIdMap::Plain } else { NodeIdMap::strings() });
        self.has_string_ids()
    }

    /// Builds the network and notes on skipped rows.
    pub(crate) fn finish(self) -> Result<(Network, Vec<String>), Fault> {
        let Self { options, ids, any_ids, expected, mut links, mut declared, first_feature, skipped } = self;
        let mut notes = skipped.notes(options, "link");
        let ids = ids.unwrap_or(NodeIdMap::Plain);
        let ids = if any_ids { ids.into_numbers() } else { ids };
        let ids = ids.finish(&mut links, &mut declared.nodes);
        if ids.is_empty() {
            let fault = Fault::new(format!("no links and no nodes: expected {expected}"));
            return Err(if notes.is_empty() { fault } else { fault.hint(notes.join("; ")) });
        }
        let mut nodes = NodeTable::new(ids);
        let repeated = declared.describe(&mut nodes);
        if repeated > 0 {
            notes.push(format!("{} of a node declared before: the last one counts", count(repeated, "declaration")));
        }
        let rows = links.into_rows(nodes.len(), options.direction);
        if let Some(first) = first_feature {
            set_features(&mut nodes, &rows, first)?;
        }
        Ok((network(nodes, rows, options.direction)?, notes))
    }
}

impl Declared {
    /// Sets names and weights of the nodes. Returns the number of replaced declarations.
    fn describe(&self, nodes: &mut NodeTable) -> u64 {
        const NONE: usize = usize::MAX;
        if self.nodes.is_empty() {
            return 0;
        }
        let mut last = vec![NONE; nodes.len()];
        let mut repeated = 0;
        for (declaration, &node) in self.nodes.iter().enumerate() {
            repeated += u64::from(last[node as usize] != NONE);
            last[node as usize] = declaration;
        }
        nodes.names = Some(last.iter().map(|&place| if place == NONE { "" } else { self.names.at(place) }).collect());
        if !self.weights.is_empty() {
            // Out of bounds for undeclared nodes only: there are as many weights as declarations.
            let weight = |&place: &usize| self.weights.get(place).copied().unwrap_or(1.0);
            nodes.weights = Some(last.iter().map(weight).collect());
        }
        repeated
    }
}

/// Marks nodes with ids of at least `first` as features. Checks all links again, because some may
/// precede the heading.
fn set_features(nodes: &mut NodeTable, rows: &Csr, first: u64) -> Result<(), Fault> {
    nodes.first_feature = Some(nodes.ids.numbers_below(first));
    match rows.iter().find(|&(source, target, _)| nodes.is_feature(source) == nodes.is_feature(target)) {
        Some((source, target, _)) => Err(same_kind(nodes.ids.text(source), nodes.ids.text(target), first)),
        None => Ok(()),
    }
}

fn same_kind(source: impl std::fmt::Display, target: impl std::fmt::Display, first: u64) -> Fault {
    Fault::new(format!(
        "the link from {source} to {target} joins nodes of one kind: expected one id below {first} and one >= {first}, \
         as declared by *Bipartite {first}"
    ))
}

/// Builds a network from valid rows. Fails only if a sum of weights is infinite.
pub(crate) fn network(nodes: NodeTable, rows: Csr, direction: Direction) -> Result<Network, Fault> {
    Network::from_rows(nodes, rows, direction).map_err(|_| infinite_sum())
}
