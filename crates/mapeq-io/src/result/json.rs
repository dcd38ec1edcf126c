//! `.json` files: a result as one object, with the keys of Infomap.

use std::io::{self, Write};

use mapeq_core::{Csr, Direction};
use serde::Serialize;

use crate::header::{Header, InputFile, Level, RunDetails};
use crate::id_columns::first_feature_id;
use crate::number::round_g6;
use crate::result::level::ClusterLevel;
use crate::result::module_links::{links_per_module, module_links};
use crate::result::ordered::{OrderedResult, ResultTree};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    version: String,
    args: &'a str,
    started_at: &'a str,
    completed_in: f64,
    codelength: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trials: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_trials: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<Input<'a>>,
    num_levels: usize,
    num_top_modules: usize,
    /// For every level. The last one has no modules.
    num_modules: Vec<usize>,
    relative_codelength_savings: f64,
    directed: bool,
    flow_model: &'a str,
    higher_order: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_level: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bipartite_start_id: Option<u64>,
}

#[derive(Serialize)]
struct Input<'a> {
    path: &'a str,
    size: u64,
    hash: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    path: &'a [u32],
    #[serde(skip_serializing_if = "Option::is_none")]
    modules: Option<Vec<u32>>,
    name: &'a str,
    flow: f64,
    mec: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    participation: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer_id: Option<u64>,
    #[serde(serialize_with = "id_or_text")]
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Module<'a> {
    path: &'a [u32],
    enter_flow: f64,
    exit_flow: f64,
    num_edges: u32,
    num_children: u32,
    codelength: f64,
}

/// Writes a result as one JSON object on one line. Its keys are those of the header, `nodes` and
/// `modules`.
///
/// Codelength and savings have all digits. Each of the `nodes` has its path, its module at every
/// level with the number of [`write_clu`](crate::write_clu), its flow and its centrality `mec`. The
/// first of the `modules` is the root. `flow` is the flow per codeword along the links of the
/// network. Numeric ids are JSON numbers.
///
/// States have a `stateId`, a `layerId` in multilayer networks, and the `id` of their physical
/// node. Physical nodes have one row per module of their states, with the `share` of their flow
/// there and their `participation`
/// ([`PhysicalLevel::participation`](crate::PhysicalLevel::participation)), but without modules at
/// every level.
///
/// The module centrality of a node of flow p in a module of flow P is (P − p) log2 (P / (P − p))
/// bits: the increase of the codelength if the node has no codeword of its own (Blöcker, Nieves &
/// Rosvall, Applied Network Science 2022, doi:10.1007/s41109-022-00477-9).
///
/// # Complexity
/// O(n log n · levels + links · (depth + log links)).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the parts of the result differ in nodes or modules.
pub fn write_json(
    out: &mut impl Write,
    header: &Header,
    result: ResultTree<'_>,
    flow: &Csr,
    direction: Direction,
) -> io::Result<()> {
    let ordered = result.ordered();
    // The object without its closing brace. The lists are streamed, because they may not fit in
    // memory.
    let head = serde_json::to_string(&Head::new(header, &ordered, direction))?;
    write!(out, "{},\"nodes\":[", &head[..head.len() - 1])?;
    write_nodes(out, &ordered)?;
    write!(out, "],\"modules\":[")?;
    let links = module_links(&ordered, flow, direction);
    let (edges, children) = (links_per_module(&links, ordered.modules.len()), ordered.children());
    for (module, own) in ordered.modules.iter().enumerate() {
        let path = if module == 0 { vec![0] } else { ordered.order.module_path(module) };
        let module = Module {
            path: &path,
            enter_flow: round_g6(own.enter),
            exit_flow: round_g6(own.exit),
            num_edges: edges[module],
            num_children: children[module],
            codelength: round_g6(own.codelength),
        };
        write!(out, "{}{}", if path == [0] { "" } else { "," }, serde_json::to_string(&module)?)?;
    }
    writeln!(out, "]}}")
}

fn write_nodes(out: &mut impl Write, ordered: &OrderedResult<'_>) -> io::Result<()> {
    let ResultTree { nodes, flow, physical, .. } = ordered.result;
    let levels = (1..ordered.tree().levels()).map(|depth| numbered(ordered, depth));
    let levels: Vec<Vec<u32>> = levels.collect();
    let shares = physical.map(|physical| (physical, physical.shares(), physical.participation()));
    let states = nodes.states.as_deref();
    let mut separator = "";
    ordered.for_each_row(|leaf| {
        let (own, module) = (flow[leaf.node], ordered.modules[leaf.module].flow);
        let node = Node {
            path: leaf.path,
            modules: physical.is_none().then(|| levels.iter().map(|level| level[leaf.node]).collect()),
            name: &nodes.name(leaf.node),
            flow: round_g6(own),
            mec: round_g6(centrality(own, module)),
            share: shares.as_ref().map(|(_, shares, _)| round_g6(shares[leaf.node])),
            participation: shares
                .as_ref()
                .map(|(level, _, participation)| round_g6(participation[level.physical[leaf.node] as usize])),
            state_id: states.and_then(|_| nodes.ids.number(leaf.node)),
            layer_id: states.and_then(|states| states.layer_id(leaf.node)),
            id: &match states {
                None => nodes.ids.text(leaf.node),
                Some(states) => states.physical_nodes.ids.text(states.physical[leaf.node] as usize),
            },
        };
        write!(out, "{separator}{}", serde_json::to_string(&node)?)?;
        separator = ",";
        Ok(())
    })
}

/// Returns the module of every node at `depth`, numbered from 1 in the order of output.
fn numbered(ordered: &OrderedResult<'_>, depth: usize) -> Vec<u32> {
    let partition = ClusterLevel::Depth(depth).partition(ordered.tree());
    let numbers = ordered.order.module_numbers(&partition);
    (0..partition.len()).map(|node| numbers[partition.module(node)]).collect()
}

fn centrality(own: f64, module: f64) -> f64 {
    let rest = module - own;
    if rest > 0.0 && own > 0.0 { rest * mapeq_core::log2(module / rest) } else { 0.0 }
}

impl<'a> Head<'a> {
    fn new(header: &'a Header, ordered: &OrderedResult<'_>, direction: Direction) -> Self {
        let details = header.details.as_ref();
        let input =
            |InputFile { path, bytes, hash }: &'a InputFile| Input { path, size: *bytes, hash: format!("{hash:016x}") };
        let nodes = ordered.result.nodes;
        let mut num_modules = ordered.tree().modules_per_level();
        num_modules.push(0);
        Self {
            version: format!("v{}", header.version),
            args: header.command.split_once(' ').map_or("", |(_, args)| args),
            started_at: &header.started_at,
            completed_in: header.completed_in,
            codelength: header.codelength,
            seed: details.map(|details| details.seed),
            trials: details.map(|details| details.trials),
            num_trials: details.map(|details| details.trials_requested),
            input: details.and_then(|RunDetails { input, .. }| input.as_ref()).map(input),
            num_levels: header.levels,
            num_top_modules: header.top_modules,
            num_modules,
            relative_codelength_savings: header.relative_savings,
            directed: direction == Direction::Directed,
            flow_model: &header.flow_model,
            higher_order: header.level.is_some(),
            state_level: header.level.map(|level| level == Level::States),
            bipartite_start_id: nodes.first_feature.and_then(|first| first_feature_id(&nodes.ids, first as usize).ok()),
        }
    }
}

/// Serializes a numeric id as a number.
fn id_or_text<S: serde::Serializer>(id: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    match id.parse::<u64>() {
        Ok(number) if number.to_string() == *id => serializer.serialize_u64(number),
        _ => serializer.serialize_str(id),
    }
}
