//! Collects the modules of nodes row by row.

use mapeq_core::{NodeIds, NodeTable, Tree};
use rustc_hash::FxHashMap;

use crate::error::{Fault, Quoted, count};
use crate::partition::state_lookup::{RowTarget, StateLookup};
use crate::scan::token::whole;

/// A partition as read from a file.
#[derive(Clone, Debug)]
pub struct PartitionFile {
    /// Module of every node, in a two-level tree for `.clu` files.
    pub tree: Tree,
    /// Nodes without a row, in increasing order. Each is in a module of its own.
    pub missing: Vec<u32>,
    /// Notes for the user on ignored or added input, one sentence each.
    pub notes: Vec<String>,
}

/// The module of every node, with notes.
pub(crate) struct BuiltPartition {
    pub modules: Vec<u32>,
    pub missing: Vec<u32>,
    pub notes: Vec<String>,
}

/// The modules of the nodes as assigned by rows.
pub(crate) struct PartitionBuilder<'a> {
    ids: &'a NodeIds,
    states: Option<StateLookup<'a>>,
    by_string: FxHashMap<&'a str, u32>,
    modules: Vec<u32>,
    rows: u64,
    /// Number of rows with unknown ids, and the first such line.
    unknown: u64,
    first_unknown: u64,
    /// Name of a row in messages, such as `line`.
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

    /// Sets the name of a row in messages, for formats without lines.
    pub(crate) fn with_unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// Returns whether the nodes of the network have string ids.
    pub(crate) fn has_string_ids(&self) -> bool {
        matches!(self.ids, NodeIds::Strings(_))
    }

    /// Returns the number of nodes in the network.
    pub(crate) fn nodes(&self) -> usize {
        self.modules.len()
    }

    /// Returns the node with this id. Counts an unknown id, on `line`.
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
            self.count_unknown(line);
        }
        Ok(node)
    }

    /// Returns whether a node has this string id.
    pub(crate) fn contains_text(&self, token: &[u8]) -> bool {
        std::str::from_utf8(token).is_ok_and(|id| self.by_string.contains_key(id))
    }

    fn count_unknown(&mut self, line: u64) {
        if self.unknown == 0 {
            self.first_unknown = line;
        }
        self.unknown += 1;
    }

    /// Returns the target of a row with these ids: of a node, or of a state, its physical node and
    /// its layer. With `physical`, the id is that of a physical node, and the target is all its
    /// states.
    pub(crate) fn resolve(
        &mut self,
        ids: [Option<&[u8]>; 3],
        physical: bool,
        line: u64,
    ) -> Result<Option<RowTarget>, Fault> {
        let [Some(id), node, layer] = ids else { return Ok(None) };
        let place = match &self.states {
            Some(states) if physical => states.find_physical(id)?,
            Some(states) if let (Some(node), Some(layer), true) = (node, layer, states.has_layers()) => {
                states.find_in_layer(node, layer)?
            }
            _ => return Ok(self.find(id, line)?.map(RowTarget::Node)),
        };
        if place.is_none() {
            self.count_unknown(line);
        }
        Ok(place)
    }

    /// Assigns a target to `module`. Returns `false` if any part of it was assigned before.
    pub(crate) fn assign_target(&mut self, place: RowTarget, module: u32) -> bool {
        match place {
            RowTarget::Node(node) => self.assign(node, module),
            RowTarget::StatesOf(physical) => {
                let states = self.states.as_ref().map(|states| states.states_of(physical)).unwrap_or_default();
                // Assigns all states, even after one that was assigned before.
                states.into_iter().map(|state| self.assign(state as usize, module)).filter(|fresh| !fresh).count() == 0
            }
        }
    }

    /// Returns whether the network is a state network.
    pub(crate) fn has_states(&self) -> bool {
        self.states.is_some()
    }

    /// Assigns `node` to `module`. Returns `false` if it was assigned before.
    pub(crate) fn assign(&mut self, node: usize, module: u32) -> bool {
        self.rows += 1;
        std::mem::replace(&mut self.modules[node], module) == UNASSIGNED
    }

    /// Returns the module of every node with a row, and notes. `expected` describes the file in the
    /// error.
    pub(crate) fn into_assignments(self, expected: &str) -> Result<(Vec<Option<u32>>, Vec<String>), Fault> {
        if self.rows == 0 {
            return Err(Fault::new(format!("no row names a node of the network: expected {expected} of its nodes")));
        }
        let mut notes = Vec::new();
        if self.unknown > 0 {
            let rows = count(self.unknown, "row");
            notes.push(format!(
                "{rows} of nodes that are not in the network ignored (first: {} {})",
                self.unit, self.first_unknown
            ));
        }
        let assigned = |module| Some(module).filter(|&module| module != UNASSIGNED);
        Ok((self.modules.into_iter().map(assigned).collect(), notes))
    }

    /// Returns the module of every node, and notes. Nodes without a row get modules of their own,
    /// numbered from `free`.
    pub(crate) fn finish(self, mut free: u32) -> Result<BuiltPartition, Fault> {
        let ids = self.ids;
        let (assignments, mut notes) = self.into_assignments("a partition")?;
        let mut missing = Vec::new();
        let alone = |(node, module): (usize, Option<u32>)| {
            module.unwrap_or_else(|| {
                missing.push(node as u32);
                free += 1;
                free - 1
            })
        };
        let modules = assignments.into_iter().enumerate().map(alone).collect();
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

/// Describes rows of nodes that have an earlier row.
pub(crate) fn repeated_rows(repeated: u64) -> Option<String> {
    (repeated > 0).then(|| format!("{} of a node with an earlier row: the last one counts", count(repeated, "row")))
}
