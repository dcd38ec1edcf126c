//! Paths, as networks of states that remember where a walk comes from.
//!
//! A row holds the numeric ids of the nodes that a path visits, in order, and last its weight. At order k a state is k nodes that
//! follow each other on a path; it is a state of the last one, and leads to the state that is one step farther on the path. At
//! order 1 states are nodes.
//!
//! Rosvall, Esquivel, Lancichinetti, West & Lambiotte, Nature Communications 2014, doi:10.1038/ncomms5630.

use mapeq_core::{Network, NodeIds, NodeTable, States, StringTable};
use rustc_hash::FxHashMap;

use crate::error::{Fault, ReadError, count};
use crate::intake::{Tally, network, row_too_short};
use crate::lines::Lines;
use crate::links::Links;
use crate::network_file::{NetworkFile, ReadOptions};
use crate::source::Source;
use crate::state_rows::{id_of, numbered};
use crate::text_network::weight_and_more;
use crate::token::fields;

pub(crate) fn read(source: Source<'_>, order: usize, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    let mut lines = Lines::new(source)?;
    let mut paths = Paths { order, ..Paths::default() };
    while let Some(line) = lines.next()? {
        paths.row(line, options).map_err(|fault| lines.error(fault))?;
    }
    let (network, notes) = paths.finish(options).map_err(|fault| fault.in_file(lines.path()))?;
    Ok(NetworkFile { network, notes, directed_hint: None })
}

#[derive(Default)]
struct Paths {
    order: usize,
    /// States in order of first appearance.
    places: FxHashMap<Box<[u32]>, u32>,
    links: Links,
    tally: Tally,
    short: u64,
    ids: Vec<u32>,
}

impl Paths {
    fn row(&mut self, line: &[u8], options: &ReadOptions) -> Result<(), Fault> {
        let mut tokens: Vec<&[u8]> = fields(line).collect();
        let Some(weight) = tokens.pop() else { return Ok(()) };
        if tokens.is_empty() {
            return Err(row_too_short(weight, "a weight", "node node … weight"));
        }
        let weight = weight_and_more(weight, "link")?.0.unwrap_or(1.0);
        self.ids.clear();
        for token in tokens {
            let id = u32::try_from(id_of(token, "node")?);
            self.ids.push(id.map_err(|_| Fault::token(token, "is too large in a path", "an id below 2^32"))?);
        }
        if self.ids.len() < self.order {
            self.short += 1;
            return Ok(());
        }
        let mut before = None;
        for nodes in self.ids.windows(self.order) {
            let next = self.places.len() as u32;
            let state = match self.places.get(nodes) {
                Some(&state) => state,
                None if weight > 0.0 => *self.places.entry(nodes.into()).or_insert(next),
                None => break,
            };
            if let Some(before) = before.replace(state)
                && self.tally.keeps(options, weight, before == state)
            {
                self.links.push(before, state, weight);
            }
        }
        Ok(())
    }

    fn finish(self, options: &ReadOptions) -> Result<(Network, Vec<String>), Fault> {
        let Self { order, places, mut links, tally, short, .. } = self;
        if places.is_empty() {
            return Err(Fault::new(format!("no path of {order} nodes: expected rows `node node … weight`")));
        }
        let mut notes = tally.notes(options);
        if short > 0 {
            notes.push(format!("{} of fewer than {order} nodes ignored", count(short, "path")));
        }
        // Numbered by their nodes, so that the order of the rows does not matter.
        let mut states: Vec<(Box<[u32]>, u32)> = places.into_iter().collect();
        states.sort_unstable();
        let mut number = vec![0; states.len()];
        states.iter().enumerate().for_each(|(state, &(_, place))| number[place as usize] = state as u32);
        for (source, target) in links.ends_mut() {
            (*source, *target) = (number[*source as usize], number[*target as usize]);
        }
        let rows = links.into_rows(states.len(), options.direction);
        let last: Vec<u64> = states.iter().map(|(nodes, _)| u64::from(nodes[order - 1])).collect();
        if order == 1 {
            return Ok((network(NodeTable::new(NodeIds::ascending(last)), rows, options.direction)?, notes));
        }
        let nodes = NodeTable::new(NodeIds::Consecutive { first: 0, len: states.len() });
        let (physical_nodes, physical) = numbered(&last, &NodeTable::new(NodeIds::ascending(Vec::new())));
        let name = |nodes: &[u32]| nodes.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
        let mut names = StringTable::default();
        states.iter().for_each(|(nodes, _)| _ = names.push(&name(nodes)));
        let states = States { physical_nodes, physical: physical.into(), layers: None, names: Some(names) };
        Ok((network(nodes, rows, options.direction)?.with_states(states), notes))
    }
}
