//! Partitions of the nodes of a known network, from a file whose extension tells the format.

use mapeq_core::{NodeIds, NodeTable, Tree};
use rustc_hash::FxHashMap;

use crate::error::{Fault, Quoted, count};
use crate::partition::state_lookup::{RowTarget, StateLookup};
use crate::scan::token::whole;

/// A partition as read from a file.
#[derive(Clone, Debug)]
pub struct PartitionFile {
    /// The module of every node; two-level for a `.clu` file.
    pub tree: Tree,
    /// Nodes without a row, in increasing order: each is in a module of its own.
    pub missing: Vec<u32>,
    /// What was ignored or added, one sentence each, for the user to see.
    pub notes: Vec<String>,
}

/// The module of every node, and what is told with it.
pub(crate) struct BuiltPartition {
    pub modules: Vec<u32>,
    pub missing: Vec<u32>,
    pub notes: Vec<String>,
}

/// The modules of the nodes, as far as the rows have told.
pub(crate) struct PartitionBuilder<'a> {
    ids: &'a NodeIds,
    states: Option<StateLookup<'a>>,
    by_string: FxHashMap<&'a str, u32>,
    modules: Vec<u32>,
    rows: u64,
    /// Rows of ids that no node has, and the first such line.
    unknown: u64,
    first_unknown: u64,
    /// What rows are counted by.
    unit: &'static str,
}

const UNASSIGNED: u32 = u32::MAX;

impl<'a> PartitionBuilder<'a> {
    pub(crate) fn new(nodes: &'a NodeTable) -> Self {
        let by_string = match &nodes.ids {
            NodeIds::Strings(ids) => ids.iter().enumerate().map(|(node, id)| (id, node as u32)).collect(),
            _ => FxHashMap::default(),
        };
        let modules = vec![UNASSIGNED; nodes.len()];
        let states = nodes.states.as_deref().map(StateLookup::new);
        Self { ids: &nodes.ids, states, by_string, modules, rows: 0, unknown: 0, first_unknown: 0, unit: "line" }
    }

    /// The same, for what has no lines.
    pub(crate) fn counted_by(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// Whether the nodes of the network are known by strings.
    pub(crate) fn has_string_ids(&self) -> bool {
        matches!(self.ids, NodeIds::Strings(_))
    }

    /// Number of nodes in the network.
    pub(crate) fn nodes(&self) -> usize {
        self.modules.len()
    }

    /// The node with the id that `token` spells, if the network has it; `line` is noted if not.
    pub(crate) fn find(&mut self, token: &[u8], line: u64) -> Result<Option<usize>, Fault> {
        let node = if self.has_string_ids() {
            std::str::from_utf8(token).ok().and_then(|id| self.by_string.get(id)).map(|&node| node as usize)
        } else {
            let Some(id) = whole(token) else {
                return Err(Fault::token(token, "is not a node id", "a whole number, like the ids of the network"));
            };
            self.ids.find_number(id)
        };
        if node.is_none() {
            self.note_unknown(line);
        }
        Ok(node)
    }

    /// Whether a node has the id that `token` spells, which is text.
    pub(crate) fn knows(&self, token: &[u8]) -> bool {
        std::str::from_utf8(token).is_ok_and(|id| self.by_string.contains_key(id))
    }

    fn note_unknown(&mut self, line: u64) {
        if self.unknown == 0 {
            self.first_unknown = line;
        }
        self.unknown += 1;
    }

    /// What a row is about that has these ids, each `None` behind the last one: that of a node; or those of a state, its
    /// physical node and its layer; or, with `physical`, that of a physical node, for all of its states.
    pub(crate) fn resolve(
        &mut self,
        ids: [Option<&[u8]>; 3],
        physical: bool,
        line: u64,
    ) -> Result<Option<RowTarget>, Fault> {
        let [Some(id), node, layer] = ids else { return Ok(None) };
        let place = match &self.states {
            Some(states) if physical => states.of_physical(id)?,
            Some(states) if let (Some(node), Some(layer), true) = (node, layer, states.have_layers()) => {
                states.in_layer(node, layer)?
            }
            _ => return Ok(self.find(id, line)?.map(RowTarget::Node)),
        };
        if place.is_none() {
            self.note_unknown(line);
        }
        Ok(place)
    }

    /// Puts what a row is about into `module`; `false` if it, or a part of it, was in one already.
    pub(crate) fn assign_target(&mut self, place: RowTarget, module: u32) -> bool {
        match place {
            RowTarget::Node(node) => self.assign(node, module),
            RowTarget::StatesOf(physical) => {
                let states = self.states.as_ref().map(|states| states.states_of(physical)).unwrap_or_default();
                // All of them, also behind one that was in a module.
                states.into_iter().map(|state| self.assign(state as usize, module)).filter(|fresh| !fresh).count() == 0
            }
        }
    }

    /// Whether nodes are states.
    pub(crate) fn is_of_states(&self) -> bool {
        self.states.is_some()
    }

    /// Puts `node` into `module`; `false` if it was in one already.
    pub(crate) fn assign(&mut self, node: usize, module: u32) -> bool {
        self.rows += 1;
        std::mem::replace(&mut self.modules[node], module) == UNASSIGNED
    }

    /// The module of every node that has a row, and notes; `what` of the nodes the file should tell is for the error.
    pub(crate) fn into_assignments(self, what: &str) -> Result<(Vec<Option<u32>>, Vec<String>), Fault> {
        if self.rows == 0 {
            return Err(Fault::new(format!("no row names a node of the network: expected {what} of its nodes")));
        }
        let mut notes = Vec::new();
        if self.unknown > 0 {
            let rows = count(self.unknown, "row");
            notes.push(format!(
                "{rows} of nodes that are not in the network ignored (first: {} {})",
                self.unit, self.first_unknown
            ));
        }
        let told = |module| Some(module).filter(|&module| module != UNASSIGNED);
        Ok((self.modules.into_iter().map(told).collect(), notes))
    }

    /// The module of every node, those without a row in a module of their own numbered from `free`, and notes.
    pub(crate) fn finish(self, mut free: u32) -> Result<BuiltPartition, Fault> {
        let ids = self.ids;
        let (told, mut notes) = self.into_assignments("a partition")?;
        let mut missing = Vec::new();
        let alone = |(node, module): (usize, Option<u32>)| {
            module.unwrap_or_else(|| {
                missing.push(node as u32);
                free += 1;
                free - 1
            })
        };
        let modules = told.into_iter().enumerate().map(alone).collect();
        if let Some(&first) = missing.first() {
            let id = ids.text(first as usize);
            let nodes = count(missing.len() as u64, "node");
            notes.push(format!(
                "{nodes} without a row put into modules of their own (first: {})",
                Quoted(id.as_bytes())
            ));
        }
        Ok(BuiltPartition { modules, missing, notes })
    }
}
