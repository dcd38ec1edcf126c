//! Multilayer networks: a state is a node in a layer.
//!
//! ```text
//! *Multilayer                *Intra                 *Inter                   *Layers
//! layer node layer node w    layer node node w      layer node layer w       id "name" [w]
//! ```
//!
//! Links of `*Multilayer` join any states. Links of `*Intra` stay in a layer, and links of `*Inter`
//! lead from a node to the same node in another layer. `*Layers` is optional. If present, it must
//! list every layer, and an optional weight scales the `*Intra` links of the layer. States have the
//! weights of their nodes.

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

/// Kind of the rows in a section.
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

/// Multilayer links in input order.
#[derive(Debug)]
pub(crate) struct LayerRows<'a> {
    options: &'a ReadOptions,
    links: Vec<Row>,
    inter: Vec<Row>,
    layers: NetworkBuilder<'a>,
    skipped: SkippedRows,
    /// Whether links stay in their layers; `None` before the first section.
    intra: Option<bool>,
}

/// A link between two states, each a node in a layer.
#[derive(Clone, Copy, Debug)]
struct Row {
    source: u64,
    target: u64,
    weight: f64,
}

/// Key of a state. Keys sort states by node, then by layer.
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

    /// Begins a section. Returns `false` if it contradicts earlier sections.
    pub(crate) fn begin(&mut self, section: LayerSection) -> bool {
        let intra = match section {
            LayerSection::Layers => return true,
            LayerSection::Multilayer => false,
            LayerSection::Intra | LayerSection::Inter => true,
        };
        *self.intra.get_or_insert(intra) == intra
    }

    /// Parses a row of a section, on line `number`.
    pub(crate) fn row(&mut self, section: LayerSection, line: &[u8], number: u64) -> Result<(), Fault> {
        let (form, [from, a, to, b]) = match section {
            LayerSection::Multilayer => ("layer node layer node [weight]", [0, 1, 2, 3]),
            LayerSection::Intra => ("layer node node [weight]", [0, 1, 0, 2]),
            LayerSection::Inter => ("layer node layer [weight]", [0, 1, 2, 1]),
            LayerSection::Layers => unreachable!("the parser reads rows of layers like vertices"),
        };
        let mut ids = [0; 4];
        let (mut rest, mut last) = (line, &b""[..]);
        for (id, what) in ids.iter_mut().zip(form.split(' ').take_while(|what| !what.starts_with('['))) {
            let Some((token, more)) = split_data(rest) else {
                return if last.is_empty() { Ok(()) } else { Err(row_too_short(last, &format!("a {what}"), form)) };
            };
            let number = id_of(token, what)?;
            *id = u32::try_from(number)
                .map_err(|_| Fault::token(token, "is too large in a multilayer network", "an id below 2^32"))?;
            (last, rest) = (token, more);
        }
        let (weight, extra) = weight_and_more(rest, "link", form)?;
        if extra {
            self.skipped.extra_columns(number);
        }
        let (source, target) = (key(ids[from], ids[a]), key(ids[to], ids[b]));
        if section == LayerSection::Inter && source == target {
            return Err(Fault::token(last, "is also the source layer", "another layer"));
        }
        let weight = weight.unwrap_or(1.0);
        if self.skipped.accepts(self.options, weight, source == target) {
            let rows = if section == LayerSection::Inter { &mut self.inter } else { &mut self.links };
            rows.push(Row { source, target, weight });
        }
        Ok(())
    }

    /// Adds a link inside the layer `of`.
    pub(crate) fn link_inside(&mut self, of: u32, source: u32, target: u32, weight: f64) {
        self.intra = Some(true);
        if self.skipped.accepts(self.options, weight, source == target) {
            self.links.push(Row { source: key(of, source), target: key(of, target), weight });
        }
    }

    /// Adds a row of `*Layers`.
    pub(crate) fn layer(&mut self, id: &[u8], name: &[u8], weight: Option<f64>) -> Result<(), Fault> {
        id_of(id, "layer")?;
        self.layers.node(id, name, weight)
    }

    /// Builds the state network and notes on skipped rows. `vertices` names physical nodes.
    pub(crate) fn finish(self, vertices: &NodeTable) -> Result<(Network, Vec<String>), Fault> {
        let Self { options, links: mut rows, inter, layers: declared, skipped, intra } = self;
        let declared = declared.finish_nodes();
        if declared.weights.is_some() {
            scale(&mut rows, &declared, intra == Some(true))?;
        }
        let mut notes = skipped.notes(options, "link");
        if rows.is_empty() {
            return Err(Fault::new("no multilayer links: expected rows after *Multilayer or *Intra"));
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
            notes.push(format!("{} in no layer ignored", count(unused as u64, "node")));
        }
        let layers = Some(Layers { table, of_state: of_state.into(), inter });
        let states = States { physical_nodes, physical: physical.into(), layers, names: None };
        let rows = links.into_rows(known.len(), options.direction);
        let nodes = NodeTable { weights, ..NodeTable::new(ids) };
        Ok((network(nodes, rows, options.direction)?.with_states(states), notes))
    }
}

/// Scales links by the weights of their layers, and removes those of weight 0.
fn scale(rows: &mut Vec<Row>, declared: &NodeTable, intra: bool) -> Result<(), Fault> {
    if !intra {
        return Err(Fault::new("layers have weights, which *Multilayer links cannot use: expected weights of links"));
    }
    let place = |row: &Row| declared.ids.find_number(layer(row.source));
    rows.iter_mut().for_each(|row| row.weight *= place(row).map_or(1.0, |place| declared.weight(place)));
    rows.retain(|row| row.weight > 0.0);
    Ok(())
}

/// Checks that every layer is declared in `*Layers`, or has links if there is no such section.
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
            "a link in *Inter leads from or to the layer {layer}, which is neither linked nor declared: expected a layer \
             of *Intra or *Layers"
        ))),
        None => Ok(()),
    }
}

/// Returns ids that match across all networks with at most `layers` layers: the id of the node,
/// followed by bits for that of the layer.
fn matchable_ids(states: &[u64], layers: u32) -> Result<NodeIds, Fault> {
    let shift = layers.max(1).next_power_of_two().trailing_zeros() + 1;
    let id = |&state: &u64| {
        let (node, layer) = (node(state), layer(state));
        if layer > u64::from(layers) {
            let expected = "expected an id up to --matchable-multilayer-ids";
            return Err(Fault::new(format!("the layer {layer} exceeds {layers}: {expected}")));
        }
        Ok(node << shift | layer)
    };
    Ok(NodeIds::ascending(states.iter().map(id).collect::<Result<_, _>>()?))
}
