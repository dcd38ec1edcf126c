//! Model of the peak memory of a command.
//!
//! Every stage holds arrays of the size of the network; the peak is that of the largest stage. There
//! are n nodes and m links of l bytes each (a target, and a weight unless all weights are equal).
//! There are c couplings, two for each link, one at each node:
//!
//! ```text
//! reading    m · (list + l) + 8 n            links as read, and their rows
//! flow       m · l + c · k + n · …           rows, couplings, arrays of nodes
//! search     c · k + n · … + trials · (n · node + c · 2)
//! ```
//!
//! The sizes of arrays follow from the network. The constants of a trial are fitted to peaks of
//! two-level and multilevel searches, with one and two trials. The networks are com-dblp, planted
//! networks of 10⁶ and 10⁷ links, and cnr-2000 as directed and undirected network.

use mapeq_core::{LinkValues, Network, NodeIds, NodeTable, StringTable};

/// Bytes of the program, the stacks of its threads and buffers for files.
const PROGRAM: u64 = 6 << 20;

/// Bytes of text buffers per thread, read-ahead included.
const READ_PER_THREAD: u64 = 3 << 20;

/// Bytes of a target in rows of links.
const TARGET: u64 = 4;

/// Bytes of a weight, a flow or an offset.
const NUMBER: u64 = 8;

/// Bytes of both ends of a link before rows are made.
const READ_LINK: u64 = 8;

/// Nodes per link if only the number of links is known. Most networks have 0.05 to 0.35.
const NODES_PER_LINK: f64 = 0.2;

/// Couplings per byte of direction flags, for directed links without weights.
const COUPLINGS_PER_FLAG_BYTE: u64 = 4;

/// Arrays of nodes for undirected flow: offsets and places of couplings, sums of weights, flow,
/// exit flow.
const UNDIRECTED_FLOW_ARRAYS: u64 = 5;

/// Arrays of nodes for directed flow, with teleportation targets and the rates of three sweeps.
const DIRECTED_FLOW_ARRAYS: u64 = 11;

/// Arrays of nodes for a search: offsets of couplings, flow, enter flow, exit flow.
const SEARCH_ARRAYS: u64 = 4;

/// Bytes per node of a two-level trial: units, modules, the best partition and those that it is
/// combined with. Measured.
const TRIAL_PER_NODE: u64 = 140;

/// Further bytes per node for trees. Measured.
const TREE_PER_NODE: u64 = 20;

/// Bytes per coupling of a trial, for the couplings of the first level of modules. These are few if
/// modules are clear, and take up to 15 bytes if there are no modules. Measured.
const TRIAL_PER_COUPLING: u64 = 3;

/// Bytes per factored coupling of a trial: modules of few states are coupled to very many others,
/// and these couplings are listed. Measured: 13 to 16 bytes on large networks, 22 on one of 4·10⁶.
const TRIAL_PER_FACTORED_COUPLING: u64 = 18;

/// Bytes of a pool of factored couplings and of its state, besides offsets of rows.
const POOL: u64 = 32;

/// Size of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    pub(crate) nodes: u64,
    pub(crate) links: u64,
    /// Whether links have individual weights.
    pub(crate) weighted: bool,
    /// Links between layers whose couplings are factored. The others are within layers.
    pub(crate) factored_links: u64,
    /// Bytes of the ids, names and weights of nodes.
    pub(crate) node_table: u64,
    /// Whether links are read from text and not from rows.
    pub(crate) from_text: bool,
}

impl Size {
    /// Returns the size of a network in memory.
    pub(crate) fn of(network: &Network) -> Self {
        Self {
            nodes: network.nodes().len() as u64,
            links: network.links().links() as u64,
            weighted: matches!(network.links().values(), LinkValues::Each(_)),
            factored_links: 0,
            node_table: node_table(network.nodes()),
            from_text: false,
        }
    }

    /// Returns the size of a network with `links` links. An unknown number of nodes is estimated.
    pub(crate) fn estimated(nodes: Option<u64>, links: u64, weighted: bool) -> Self {
        let from_text = nodes.is_none();
        let nodes = nodes.unwrap_or((links as f64 * NODES_PER_LINK) as u64);
        Self { nodes, links, weighted, factored_links: 0, node_table: 0, from_text }
    }
}

/// Work on a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Work {
    /// `None` if the network is only read.
    pub(crate) flow: Option<Walk>,
    /// Number of concurrent trials.
    pub(crate) trials: u64,
    /// Whether trials find nested modules.
    pub(crate) nested: bool,
    pub(crate) threads: u64,
}

/// Kind of the flow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Walk {
    Undirected,
    Directed,
}

/// Returns the predicted peak memory of the process in bytes.
pub(crate) fn predicted_peak(size: &Size, work: &Work) -> u64 {
    let Size { nodes, links, weighted, factored_links, node_table, from_text } = *size;
    let value = if weighted { NUMBER } else { 0 };
    let rows = links * (TARGET + value) + nodes * NUMBER;
    let list = if from_text { links * (READ_LINK + value) } else { 0 };
    let reading = list + rows + work.threads * READ_PER_THREAD;
    let Some(walk) = work.flow else { return PROGRAM + node_table + reading };

    let (transposed, arrays) = match walk {
        Walk::Undirected => (0, UNDIRECTED_FLOW_ARRAYS),
        Walk::Directed => (rows, DIRECTED_FLOW_ARRAYS),
    };
    let couplings = 2 * links;
    let coupling_bytes = couplings * (TARGET + value)
        + match walk {
            // Equal weights still have different flow, by the rates of nodes.
            Walk::Directed if !weighted => couplings / COUPLINGS_PER_FLAG_BYTE + nodes * NUMBER,
            _ => 0,
        };
    let pools = if factored_links > 0 { rows + transposed + nodes * POOL } else { 0 };
    let coupling_bytes = coupling_bytes + pools;
    let flow = rows + transposed + coupling_bytes + nodes * NUMBER * arrays;

    let per_node = TRIAL_PER_NODE + if work.nested { TREE_PER_NODE } else { 0 };
    let trial = nodes * per_node + couplings * TRIAL_PER_COUPLING + 2 * factored_links * TRIAL_PER_FACTORED_COUPLING;
    let search = coupling_bytes + nodes * NUMBER * SEARCH_ARRAYS + work.trials * trial;
    PROGRAM + node_table + reading.max(flow).max(search)
}

fn node_table(nodes: &NodeTable) -> u64 {
    let strings = |table: &StringTable| table.text().len() as u64 + NUMBER * table.len() as u64;
    let ids = match &nodes.ids {
        NodeIds::Consecutive { .. } => 0,
        NodeIds::Numbers(ids) => NUMBER * ids.len() as u64,
        NodeIds::Strings(ids) => strings(ids),
    };
    let weights = nodes.weights.as_ref().map_or(0, |weights| NUMBER * weights.len() as u64);
    ids + nodes.names.as_ref().map_or(0, strings) + weights
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nodes, links, factored links; weighted, directed; trials, nested; bytes.
    type Measured = ([u64; 3], [bool; 2], u64, bool, u64);

    /// Peaks measured with one thread per trial: com-dblp, a planted network of 10⁶ links, cnr-2000
    /// as directed and undirected network, a network of 10⁷ links with power laws, and planted
    /// networks of 50 layers with 2000 and 20 000 nodes.
    const MEASURED: [Measured; 13] = [
        ([317_080, 1_049_866, 0], [false, false], 1, false, 61_140_992),
        ([317_080, 1_049_866, 0], [false, false], 1, true, 61_132_800),
        ([317_080, 1_049_866, 0], [false, false], 2, false, 99_176_448),
        ([317_080, 1_049_866, 0], [false, false], 2, true, 99_102_720),
        ([100_000, 1_018_414, 0], [false, false], 1, false, 30_089_216),
        ([100_000, 1_018_414, 0], [false, false], 2, true, 41_799_680),
        ([325_557, 3_216_152, 0], [false, true], 1, false, 88_185_000),
        ([325_557, 3_216_152, 0], [false, true], 1, true, 96_680_000),
        ([325_557, 3_216_152, 0], [false, true], 2, true, 153_600_000),
        ([325_557, 2_826_411, 0], [true, false], 1, true, 131_244_032),
        ([1_000_000, 9_980_330, 0], [false, false], 1, false, 309_862_400),
        ([95_500, 404_302, 19_630_457], [false, true], 1, false, 622_900_000),
        ([637_227, 2_029_128, 87_421_626], [false, true], 1, false, 2_425_200_000),
    ];

    #[test]
    fn predictions_are_near_measured_peaks() {
        for ([nodes, links, factored_links], [weighted, directed], trials, nested, measured) in MEASURED {
            let size = Size { nodes, links, weighted, factored_links, node_table: 0, from_text: true };
            let flow = Some(if directed { Walk::Directed } else { Walk::Undirected });
            let work = Work { flow, trials, nested, threads: trials.max(1) };
            let ratio = predicted_peak(&size, &work) as f64 / measured as f64;
            assert!((0.85..1.5).contains(&ratio), "{nodes} nodes, {trials} trials: {ratio}");
        }
    }
}
