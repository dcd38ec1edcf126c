//! How much memory a job will take at most, before it takes it.
//!
//! Every stage holds arrays of the size of the network; the peak is that of the stage that holds most. With n nodes, m
//! links of l bytes each (a target, and a weight unless all are the same) and c couplings (two for a link, as each of its
//! nodes has one):
//!
//! ```text
//! reading    m · (list + l) + 8 n            the links as read, and the rows made from them
//! flow       m · l + c · k + n · …           the rows, what the flow makes of them, arrays per node
//! search     c · k + n · … + trials · (n · node + c · 2)
//! ```
//!
//! The sizes of arrays are known. What a trial takes was measured: constants fitted to the peaks of com-dblp, of planted
//! networks of 10⁶ and 10⁷ links, and of cnr-2000 with and without directions, two-level and multilevel, one and two trials.

use mapeq_core::{LinkValues, Network, NodeIds, NodeTable, StringTable};

/// The program itself, its threads' stacks and buffers for files.
const PROGRAM: u64 = 6 << 20;

/// Buffers for text that is read and being read ahead, per thread.
const READ_PER_THREAD: u64 = 3 << 20;

/// A target in rows of links.
const TARGET: u64 = 4;

/// A weight, a flow, an offset.
const NUMBER: u64 = 8;

/// Both ends of a link that has been read and is not in a row yet.
const READ_LINK: u64 = 8;

/// Nodes per link where only the number of links is known; of most networks it is 0.05 to 0.35.
const NODES_PER_LINK: f64 = 0.2;

/// Which ways there are along couplings of directed links without weights.
const COUPLINGS_PER_BYTE_OF_WAYS: u64 = 4;

/// Arrays over the nodes while undirected flow is computed: offsets and places of couplings, sums of weights, flow, exit.
const UNDIRECTED_FLOW_ARRAYS: u64 = 5;

/// The same of directed flow, with teleportation targets and the rates of three sweeps.
const DIRECTED_FLOW_ARRAYS: u64 = 11;

/// Arrays over the nodes that a search starts from: offsets of couplings, flow, enter, exit.
const SEARCH_ARRAYS: u64 = 4;

/// What a two-level trial holds per node: units, modules, the best partition so far and those it is combined with. Measured.
const TRIAL_PER_NODE: u64 = 140;

/// What trees add to it. Measured.
const TREE_PER_NODE: u64 = 20;

/// What a trial holds per coupling of nodes: the couplings of the first level of modules, which are few where modules are
/// clear, and up to 15 bytes where there are none. Measured.
const TRIAL_PER_COUPLING: u64 = 3;

/// The same of what pools tell instead of a list: modules of few states are coupled to very many others, and that is listed. Measured:
/// 13 to 16 bytes on large networks, 22 on one of 4·10⁶.
const TRIAL_PER_WAY: u64 = 18;

/// What a pool takes, and the state that it belongs to, besides offsets of rows.
const POOL: u64 = 32;

/// The size of a network, as far as memory depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    pub(crate) nodes: u64,
    pub(crate) links: u64,
    /// Whether links have weights of their own.
    pub(crate) weighted: bool,
    /// Links that a walk takes between layers, where pools tell of them: they are not among the others, which are those in layers.
    pub(crate) by_pools: u64,
    /// Ids, names and weights of nodes, in bytes.
    pub(crate) node_table: u64,
    /// Whether links are read from text, not from rows.
    pub(crate) from_text: bool,
}

impl Size {
    /// The size of a network that is there already.
    pub(crate) fn of(network: &Network) -> Self {
        Self {
            nodes: network.nodes().len() as u64,
            links: network.links().links() as u64,
            weighted: matches!(network.links().values(), LinkValues::Each(_)),
            by_pools: 0,
            node_table: node_table(network.nodes()),
            from_text: false,
        }
    }

    /// The size of a network with so many links, the nodes being guessed where they are not known.
    pub(crate) fn guessed(nodes: Option<u64>, links: u64, weighted: bool) -> Self {
        let from_text = nodes.is_none();
        let nodes = nodes.unwrap_or((links as f64 * NODES_PER_LINK) as u64);
        Self { nodes, links, weighted, by_pools: 0, node_table: 0, from_text }
    }
}

/// What is done with a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Work {
    /// `None` if the network is only read.
    pub(crate) flow: Option<Walk>,
    /// Number of trials at the same time.
    pub(crate) trials: u64,
    /// Whether trials look for modules inside modules.
    pub(crate) nested: bool,
    pub(crate) threads: u64,
}

/// How the flow is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Walk {
    Undirected,
    Directed,
}

/// The most memory that the process will hold, in bytes.
pub(crate) fn predicted_peak(size: &Size, work: &Work) -> u64 {
    let Size { nodes, links, weighted, by_pools, node_table, from_text } = *size;
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
    let held = couplings * (TARGET + value)
        + match walk {
            // Where weights do not differ, flow still does: by the rates of nodes.
            Walk::Directed if !weighted => couplings / COUPLINGS_PER_BYTE_OF_WAYS + nodes * NUMBER,
            _ => 0,
        };
    let pools = if by_pools > 0 { rows + transposed + nodes * POOL } else { 0 };
    let held = held + pools;
    let flow = rows + transposed + held + nodes * NUMBER * arrays;

    let per_node = TRIAL_PER_NODE + if work.nested { TREE_PER_NODE } else { 0 };
    let trial = nodes * per_node + couplings * TRIAL_PER_COUPLING + 2 * by_pools * TRIAL_PER_WAY;
    let search = held + nodes * NUMBER * SEARCH_ARRAYS + work.trials * trial;
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

    /// Nodes, links, those told by pools; weighted, directed; trials, nested; bytes.
    type Measured = ([u64; 3], [bool; 2], u64, bool, u64);

    /// Peaks measured with one thread per trial: com-dblp, a planted network of 10⁶ links, cnr-2000 with and without
    /// directions, a network with power laws of 10⁷ links, and planted networks of 50 layers, of 2000 and
    /// 20 000 nodes.
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
    fn predictions_are_near_what_was_measured() {
        for ([nodes, links, by_pools], [weighted, directed], trials, nested, measured) in MEASURED {
            let size = Size { nodes, links, weighted, by_pools, node_table: 0, from_text: true };
            let flow = Some(if directed { Walk::Directed } else { Walk::Undirected });
            let work = Work { flow, trials, nested, threads: trials.max(1) };
            let ratio = predicted_peak(&size, &work) as f64 / measured as f64;
            assert!((0.85..1.5).contains(&ratio), "{nodes} nodes, {trials} trials: {ratio}");
        }
    }
}
