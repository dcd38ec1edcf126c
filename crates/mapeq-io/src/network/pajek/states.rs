//! Rows of `*States`, which assign states to physical nodes.

use mapeq_core::{IdTable, NodeIds, NodeTable, States, StringTable};
use rustc_hash::FxHashMap;

use crate::error::{Fault, Quoted, count, row_too_short};
use crate::scan::token::{skip_blanks, split_data, whole};

/// Declared states, by the ids of the file.
#[derive(Debug, Default)]
pub(crate) struct StateRows {
    /// Id of the physical node by id of the state.
    physical: FxHashMap<u64, u64>,
    names: FxHashMap<u64, String>,
}

/// Description of a row of `*States` in error messages.
pub(crate) const ROW: &str = "state_id physical_id [\"name\"] [weight]";

/// A row of `*States`.
pub(crate) struct StateRow<'a> {
    /// Id of the state.
    pub(crate) state: &'a [u8],
    /// The rest of the row after the ids and the name.
    pub(crate) rest: &'a [u8],
}

impl StateRows {
    /// Parses a row `state_id physical_id ["name"] [weight]`, except for the weight.
    pub(crate) fn row<'a>(&mut self, line: &'a [u8]) -> Result<Option<StateRow<'a>>, Fault> {
        let Some((state, rest)) = split_data(line) else { return Ok(None) };
        let Some((physical, rest)) = split_data(rest) else {
            return Err(row_too_short(state, "the id of a physical node", ROW));
        };
        let (id, of) = (id_of(state, "state")?, id_of(physical, "physical node")?);
        let before = *self.physical.entry(id).or_insert(of);
        if before != of {
            let problem = format!("is a state of {before} in an earlier row, and of {of} here");
            return Err(Fault::token(state, &problem, "one physical node"));
        }
        let rest = skip_blanks(rest);
        let rest = match rest.strip_prefix(b"\"") {
            None => rest,
            Some(quoted) => {
                let end = memchr::memrchr(b'"', quoted)
                    .ok_or_else(|| Fault::token(rest.trim_ascii_end(), "has no closing quote", "a name in quotes"))?;
                self.names.insert(id, String::from_utf8_lossy(&quoted[..end]).into_owned());
                &quoted[end + 1..]
            }
        };
        Ok(Some(StateRow { state, rest }))
    }

    /// Builds the states with these ids. A state without a row belongs to the physical node with
    /// the same id. `vertices` holds the names of physical nodes. Also returns a note on states
    /// without a row.
    pub(crate) fn finish(self, ids: &NodeIds, vertices: &NodeTable) -> (States, Option<String>) {
        let of_states: Vec<u64> = (0..ids.len())
            .map(|state| {
                let id = ids.number(state).expect("states have numeric ids");
                self.physical.get(&id).copied().unwrap_or(id)
            })
            .collect();
        let numbers = (0..ids.len()).filter_map(|state| ids.number(state));
        let mut undeclared = numbers.filter(|id| !self.physical.contains_key(id));
        let note = undeclared.next().map(|first| {
            let states = count(1 + undeclared.count() as u64, "state");
            format!("{states} without a row in *States assigned to physical nodes with the same ids (first: {first})")
        });
        let names = (!self.names.is_empty()).then(|| {
            let name = |state| ids.number(state).and_then(|id| self.names.get(&id)).map_or("", String::as_str);
            (0..ids.len()).map(name).collect::<StringTable>()
        });
        let declared = (0..vertices.len()).filter_map(|vertex| vertices.ids.number(vertex));
        let nodes: Vec<u64> = of_states.iter().copied().chain(declared).collect();
        let (physical_nodes, mut physical) = numbered(&nodes, vertices);
        physical.truncate(of_states.len());
        (States { physical_nodes, physical: physical.into(), layers: None, names }, note)
    }
}

/// Returns a table of the nodes with these `ids`, named as in `vertices`, and the index of each id
/// in it.
pub(crate) fn numbered(ids: &[u64], vertices: &NodeTable) -> (IdTable, Vec<u32>) {
    let mut known = ids.to_vec();
    known.sort_unstable();
    known.dedup();
    let number = |id: &u64| known.binary_search(id).expect("one of the ids") as u32;
    let numbers = ids.iter().map(number).collect();
    let names = vertices.names.as_ref().map(|names| {
        let name = |&id: &u64| vertices.ids.find_number(id).map_or("", |node| names.at(node));
        known.iter().map(name).collect()
    });
    (IdTable { ids: NodeIds::ascending(known), names }, numbers)
}

/// Parses the numeric id of `what`.
pub(crate) fn id_of(token: &[u8], what: &str) -> Result<u64, Fault> {
    whole(token).ok_or_else(|| {
        let problem = format!("is not the id of a {what}");
        Fault::token(token, &problem, "a whole number").hint("names belong in *Vertices, in quotes")
    })
}

/// The fault of a heading that contradicts an earlier one.
pub(crate) fn mixed_dialects(heading: &[u8], before: &str) -> Fault {
    Fault::new(format!("{} follows {before}: expected one kind of network in a file", Quoted(heading)))
}
