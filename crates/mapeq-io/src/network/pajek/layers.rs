//! Networks of layers: a state is a node in a layer.
//!
//! ```text
//! *Multilayer                *Intra                 *Inter                   *Layers
//! layer node layer node w    layer node node w      layer node layer w       id "name" [w]
//! ```
//!
//! LinkBuffer of `*Multilayer` are what the walk takes. Those of `*Intra` stay in a layer, and `*Inter` says how a node leads from
//! one layer to another. `*Layers` is optional; with it, every layer has to be among its rows, where a weight behind the name
//! scales the links of `*Intra` in the layer. States have the weights of their nodes.

use mapeq_core::{InterLink, Layers, Network, NodeIds, NodeTable, States};
use rayon::prelude::*;

use crate::error::{Fault, count, row_too_short};
use crate::network::builder::{NetworkBuilder, network};
use crate::network::links::LinkBuffer;
use crate::network::options::ReadOptions;
use crate::network::pajek::states::{id_of, numbered};
use crate::network::skipped::SkippedRows;
use crate::network::weight::weight_and_more;
use crate::scan::token::split_data;

/// What the rows of a section are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LayerSection {
    /// `layer node layer node [weight]`
    Multilayer,
    /// `layer node node [weight]`
    Intra,
    /// `layer node layer [weight]`
    Inter,
    /// `id name`
    Layers,
}

/// LinkBuffer between nodes in layers, in the order of the input.
#[derive(Debug)]
pub(crate) struct LayerRows<'a> {
    options: &'a ReadOptions,
    links: Vec<Row>,
    inter: Vec<Row>,
    layers: NetworkBuilder<'a>,
    skipped: SkippedRows,
    /// Whether the links stay in their layers; `None` before it is known.
    intra: Option<bool>,
}

/// A link between two states, each by node and layer.
#[derive(Clone, Copy, Debug)]
struct Row {
    source: u64,
    target: u64,
    weight: f64,
}

/// States in this order are sorted by node, and by layer for each.
fn key(layer: u32, node: u32) -> u64 {
    u64::from(node) << 32 | u64::from(layer)
}

fn layer(key: u64) -> u64 {
    key & u64::from(u32::MAX)
}

fn node(key: u64) -> u64 {
    key >> 32
}

impl<'a> LayerRows<'a> {
    pub(crate) fn new(options: &'a ReadOptions) -> Self {
        let (links, inter, skipped) = (Vec::new(), Vec::new(), SkippedRows::default());
        Self { options, links, inter, layers: NetworkBuilder::new(options), skipped, intra: None }
    }

    /// A section begins; `false` if it does not go with those before.
    pub(crate) fn begin(&mut self, section: LayerSection) -> bool {
        let intra = match section {
            LayerSection::Layers => return true,
            LayerSection::Multilayer => false,
            LayerSection::Intra | LayerSection::Inter => true,
        };
        *self.intra.get_or_insert(intra) == intra
    }

    /// A row of a section, which is line `number`.
    pub(crate) fn row(&mut self, section: LayerSection, line: &[u8], number: u64) -> Result<(), Fault> {
        let (form, [from, a, to, b]) = match section {
            LayerSection::Multilayer => ("layer node layer node [weight]", [0, 1, 2, 3]),
            LayerSection::Intra => ("layer node node [weight]", [0, 1, 0, 2]),
            LayerSection::Inter => ("layer node layer [weight]", [0, 1, 2, 1]),
            LayerSection::Layers => unreachable!("rows of nodes are read elsewhere"),
        };
        let mut ids = [0; 4];
        let (mut rest, mut last) = (line, &b""[..]);
        for (id, what) in ids.iter_mut().zip(form.split(' ').take_while(|what| !what.starts_with('['))) {
            let Some((token, more)) = split_data(rest) else {
                return if last.is_empty() { Ok(()) } else { Err(row_too_short(last, &format!("a {what}"), form)) };
            };
            let number = id_of(token, what)?;
            *id = u32::try_from(number)
                .map_err(|_| Fault::token(token, "is too large in a network of layers", "an id below 2^32"))?;
            (last, rest) = (token, more);
        }
        let (weight, extra) = weight_and_more(rest, "link", form)?;
        if extra {
            self.skipped.extra_columns(number);
        }
        let (source, target) = (key(ids[from], ids[a]), key(ids[to], ids[b]));
        if section == LayerSection::Inter && source == target {
            return Err(Fault::token(last, "is the layer that the link comes from", "another layer"));
        }
        let weight = weight.unwrap_or(1.0);
        if self.skipped.accepts(self.options, weight, source == target) {
            let rows = if section == LayerSection::Inter { &mut self.inter } else { &mut self.links };
            rows.push(Row { source, target, weight });
        }
        Ok(())
    }

    /// A link inside a layer, in a file of another format.
    pub(crate) fn link_inside(&mut self, of: u32, source: u32, target: u32, weight: f64) {
        self.intra = Some(true);
        if self.skipped.accepts(self.options, weight, source == target) {
            self.links.push(Row { source: key(of, source), target: key(of, target), weight });
        }
    }

    /// A row of `*Layers`.
    pub(crate) fn layer(&mut self, id: &[u8], name: &[u8], weight: Option<f64>) -> Result<(), Fault> {
        id_of(id, "layer")?;
        self.layers.node(id, name, weight)
    }

    /// The network of states, and notes on what is not in it. `vertices` names physical nodes.
    pub(crate) fn finish(self, vertices: &NodeTable) -> Result<(Network, Vec<String>), Fault> {
        let Self { options, links: mut rows, inter, layers: declared, skipped, intra } = self;
        let declared = declared.finish_nodes();
        if declared.weights.is_some() {
            scale(&mut rows, &declared, intra == Some(true))?;
        }
        let mut notes = skipped.notes(options, "link");
        if rows.is_empty() {
            return Err(Fault::new("no links in layers: expected rows under *Multilayer or *Intra"));
        }
        let mut known: Vec<u64> = rows.par_iter().chain(&inter).flat_map_iter(|row| [row.source, row.target]).collect();
        known.par_sort_unstable();
        known.dedup();
        check_layers(&known, &rows, &declared)?;
        let number = |key| known.binary_search(&key).expect("a state of one of the rows") as u32;
        let mut links = LinkBuffer::default();
        rows.iter().for_each(|row| links.push(number(row.source), number(row.target), row.weight));
        drop(rows);

        let ids = match options.matchable_layers {
            None => NodeIds::Consecutive { first: 0, len: known.len() },
            Some(layers) => matchable_ids(&known, layers)?,
        };
        let (table, of_state) = numbered(&known.iter().map(|&key| layer(key)).collect::<Vec<_>>(), &declared);
        let (physical_nodes, physical) = numbered(&known.iter().map(|&key| node(key)).collect::<Vec<_>>(), vertices);
        let inter: Option<Box<[InterLink]>> = (intra == Some(true)).then(|| {
            let link =
                |row: &Row| InterLink { source: number(row.source), target: number(row.target), weight: row.weight };
            inter.iter().map(link).collect()
        });
        let weights = vertices.weights.as_ref().map(|_| {
            let weight = |&key: &u64| vertices.ids.find_number(node(key)).map_or(1.0, |node| vertices.weight(node));
            known.iter().map(weight).collect()
        });
        let unused = vertices.len().saturating_sub(physical_nodes.len());
        if unused > 0 {
            notes.push(format!("{} in no layer left out", count(unused as u64, "node")));
        }
        let layers = Some(Layers { table, of_state: of_state.into(), inter });
        let states = States { physical_nodes, physical: physical.into(), layers, names: None };
        let rows = links.into_rows(known.len(), options.direction);
        let nodes = NodeTable { weights, ..NodeTable::new(ids) };
        Ok((network(nodes, rows, options.direction)?.with_states(states), notes))
    }
}

/// LinkBuffer have the weights of their layers; those of weight 0 are none.
fn scale(rows: &mut Vec<Row>, declared: &NodeTable, intra: bool) -> Result<(), Fault> {
    if !intra {
        return Err(Fault::new(
            "a layer has a weight, but links of *Multilayer are not in one layer: expected weights of links",
        ));
    }
    let place = |row: &Row| declared.ids.find_number(layer(row.source));
    rows.iter_mut().for_each(|row| row.weight *= place(row).map_or(1.0, |place| declared.weight(place)));
    rows.retain(|row| row.weight > 0.0);
    Ok(())
}

/// Layers are those of `*Layers`, or, without that section, those that have links.
fn check_layers(states: &[u64], links: &[Row], declared: &NodeTable) -> Result<(), Fault> {
    let unknown = |known: &dyn Fn(u64) -> bool| states.iter().map(|&state| layer(state)).find(|&layer| !known(layer));
    if !declared.is_empty() {
        return match unknown(&|layer| declared.ids.find_number(layer).is_some()) {
            Some(layer) => Err(Fault::new(format!("the layer {layer} is not declared: expected a row in *Layers"))),
            None => Ok(()),
        };
    }
    let mut known: Vec<u64> = links.iter().flat_map(|row| [layer(row.source), layer(row.target)]).collect();
    known.sort_unstable();
    known.dedup();
    match unknown(&|layer| known.binary_search(&layer).is_ok()) {
        Some(layer) => Err(Fault::new(format!(
            "a link in *Inter leads from or to the layer {layer}, which has no links and is not declared: expected a layer \
             of *Intra or *Layers"
        ))),
        None => Ok(()),
    }
}

/// NodeIdMap that are the same in every network with up to so many layers: those of the node, then bits for that of the layer.
fn matchable_ids(states: &[u64], layers: u32) -> Result<NodeIds, Fault> {
    let shift = layers.max(1).next_power_of_two().trailing_zeros() + 1;
    let id = |&state: &u64| {
        let (node, layer) = (node(state), layer(state));
        if layer > u64::from(layers) {
            let expected = "expected an id up to that of --matchable-multilayer-ids";
            return Err(Fault::new(format!("the layer {layer} is beyond {layers}: {expected}")));
        }
        Ok(node << shift | layer)
    };
    Ok(NodeIds::ascending(states.iter().map(id).collect::<Result<_, _>>()?))
}
