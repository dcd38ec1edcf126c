//! The JSON summary. Its keys are stable.

use std::collections::BTreeMap;
use std::time::Duration;

use mapeq_core::{Network, Tree, plogp};
use serde::Serialize;
use serde_json::Value;

use crate::job::TrialSummary;
use crate::registry::Score;

/// The summary of `mapeq cluster` and `mapeq score`.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) version: &'static str,
    pub(crate) command: &'static str,
    pub(crate) network: NetworkFacts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lumping: Option<LumpingFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory: Option<MemoryFacts>,
    pub(crate) flow_model: String,
    pub(crate) objective: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) objective_options: BTreeMap<&'static str, Value>,
    pub(crate) seed: u64,
    pub(crate) threads: usize,
    #[serde(flatten)]
    pub(crate) result: TreeFacts,
    pub(crate) trials: Vec<TrialFacts>,
    /// Number of the best trial, from 1; `None` without a search.
    pub(crate) best_trial: Option<usize>,
    pub(crate) flow: FlowFacts,
    pub(crate) seconds: Seconds,
    pub(crate) peak_memory_bytes: u64,
    pub(crate) notes: Vec<String>,
    pub(crate) outputs: Vec<String>,
    pub(crate) interrupted: bool,
    /// Prediction before the flow was computed.
    pub(crate) predicted_peak_memory_bytes: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) codelength_per_level: Vec<LevelFacts>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) modules: Vec<ModuleFacts>,
}

/// Size of a network.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct NetworkFacts {
    pub(crate) nodes: usize,
    pub(crate) links: usize,
    pub(crate) physical_nodes: usize,
    pub(crate) layers: usize,
}

/// A second-order walk: its parameters, and the numbers of its states before and after lumping.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct MemoryFacts {
    #[serde(rename = "return")]
    pub(crate) return_parameter: f64,
    #[serde(rename = "in_out")]
    pub(crate) in_out_parameter: f64,
    pub(crate) states: usize,
    pub(crate) lumped_states: usize,
}

impl NetworkFacts {
    /// Returns the size of a network.
    pub(crate) fn of(network: &Network) -> Self {
        let (nodes, links) = (network.nodes().len(), network.links().links());
        let states = network.nodes().states.as_ref();
        let physical_nodes = states.map_or(nodes, |states| states.physical_nodes.len());
        Self { nodes, links, physical_nodes, layers: states.map_or(0, |states| states.layers()) }
    }
}

/// Lumping of the states of paths.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LumpingFacts {
    pub(crate) order: usize,
    pub(crate) states: usize,
    pub(crate) lumped_states: usize,
    /// `none`, the upper bound on the bits that a merger costs, or `all`.
    pub(crate) lumps: String,
    /// Extents that were tried, if held-out paths decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) held_out: Vec<HeldOutFacts>,
}

/// Extent of lumping, with the description length of held-out paths.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HeldOutFacts {
    pub(crate) lumps: String,
    pub(crate) states: usize,
    pub(crate) bits_per_step: f64,
}

/// A tree of modules and its codelength.
#[derive(Debug, Serialize)]
pub(crate) struct TreeFacts {
    pub(crate) codelength: f64,
    pub(crate) index_codelength: f64,
    pub(crate) module_codelength: f64,
    pub(crate) one_level_codelength: f64,
    pub(crate) relative_savings: f64,
    pub(crate) levels: usize,
    pub(crate) top_modules: usize,
    pub(crate) modules_per_level: Vec<usize>,
    pub(crate) effective_top_modules: f64,
}

/// One trial.
#[derive(Debug, Serialize)]
pub(crate) struct TrialFacts {
    pub(crate) trial: usize,
    pub(crate) seed: u64,
    pub(crate) codelength: f64,
    pub(crate) top_modules: usize,
    pub(crate) levels: usize,
    pub(crate) seconds: f64,
}

/// Convergence of the flow.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct FlowFacts {
    pub(crate) iterations: usize,
    pub(crate) residual: f64,
    pub(crate) converged: bool,
}

/// Elapsed times in seconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Seconds {
    pub(crate) read: f64,
    pub(crate) flow: f64,
    pub(crate) search: f64,
    pub(crate) write: f64,
    pub(crate) total: f64,
}

/// One level of a tree: codelength of the codebooks that name its modules and nodes.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct LevelFacts {
    pub(crate) level: usize,
    pub(crate) modules: usize,
    pub(crate) nodes: usize,
    /// Codelength of codebooks that name modules.
    pub(crate) index_codelength: f64,
    /// Codelength of codebooks that name nodes.
    pub(crate) module_codelength: f64,
}

/// One module.
#[derive(Debug, Serialize)]
pub(crate) struct ModuleFacts {
    pub(crate) path: String,
    pub(crate) flow: f64,
    pub(crate) enter_flow: f64,
    pub(crate) exit_flow: f64,
    pub(crate) codelength: f64,
    pub(crate) nodes: usize,
}

impl TreeFacts {
    /// Returns the facts of a tree with its score.
    pub(crate) fn new(tree: &Tree, score: &Score) -> Self {
        let entropy: f64 = tree.children(0).map(|module| -plogp(score.modules[module].flow)).sum();
        Self {
            codelength: score.codelength.total(),
            index_codelength: score.codelength.index,
            module_codelength: score.codelength.module,
            one_level_codelength: score.one_level,
            relative_savings: score.relative_savings(),
            levels: tree.levels(),
            top_modules: tree.top_modules(),
            modules_per_level: tree.modules_per_level(),
            effective_top_modules: entropy.exp2(),
        }
    }
}

impl From<&TrialSummary> for TrialFacts {
    fn from(trial: &TrialSummary) -> Self {
        Self {
            trial: trial.number + 1,
            seed: trial.seed,
            codelength: trial.codelength,
            top_modules: trial.modules_per_level.first().copied().unwrap_or(0),
            levels: trial.levels,
            seconds: seconds(trial.time),
        }
    }
}

impl LevelFacts {
    /// Returns the levels, top first. Their codelengths sum to that of the tree.
    pub(crate) fn of(tree: &Tree, score: &Score) -> Vec<Self> {
        let mut levels: Vec<Self> = (1..=tree.levels()).map(|level| Self { level, ..Self::default() }).collect();
        for (module, own) in tree.modules().iter().enumerate() {
            if module > 0 {
                levels[own.depth as usize - 1].modules += 1;
            }
            let Some(named) = levels.get_mut(own.depth as usize) else { continue };
            let codelength = score.modules[module].codelength;
            if tree.is_leaf_module(module) {
                named.module_codelength += codelength;
            } else {
                named.index_codelength += codelength;
            }
        }
        for &module in tree.leaf_modules() {
            levels[tree.modules()[module as usize].depth as usize].nodes += 1;
        }
        levels
    }
}

impl ModuleFacts {
    /// Returns the modules in the order of the tree, without the root.
    pub(crate) fn of(tree: &Tree, score: &Score) -> Vec<Self> {
        let mut nodes = vec![0; tree.modules().len()];
        for &module in tree.leaf_modules() {
            nodes[module as usize] += 1;
        }
        for (module, own) in tree.modules().iter().enumerate().skip(1).rev() {
            nodes[own.parent as usize] += nodes[module];
        }
        let mut paths = vec![String::new(); tree.modules().len()];
        let mut children = vec![0; tree.modules().len()];
        for (module, own) in tree.modules().iter().enumerate().skip(1) {
            let parent = own.parent as usize;
            children[parent] += 1;
            let position = children[parent];
            paths[module] = if parent == 0 { position.to_string() } else { format!("{}:{position}", paths[parent]) };
        }
        let facts = paths.into_iter().zip(nodes).zip(&score.modules).skip(1);
        let module = |((path, nodes), codebook): ((String, usize), &mapeq_twolevel::Codebook)| Self {
            path,
            flow: codebook.flow,
            enter_flow: codebook.enter,
            exit_flow: codebook.exit,
            codelength: codebook.codelength,
            nodes,
        };
        facts.map(module).collect()
    }
}

/// Returns a duration in seconds.
pub(crate) fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

/// Returns the peak memory of the process in bytes; 0 if the system does not report it.
pub(crate) fn peak_memory_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|peak| peak.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kibibytes.map_or(0, |kibibytes| 1024 * kibibytes)
}
