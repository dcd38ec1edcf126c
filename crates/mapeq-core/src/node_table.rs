//! The nodes of a network as the input described them: ids, names, weights.

use std::borrow::Cow;

use crate::ids::{IdTable, NodeIds, StringTable, name_or_id};
use crate::states::States;

/// What the caller said about each node: id, optional name, optional weight.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeTable {
    /// External ids.
    pub ids: NodeIds,
    /// Names, where the input gave any; a node without one has the empty string here.
    pub names: Option<StringTable>,
    /// Node weights (teleportation targets), where the input gave any; 1 is the default.
    pub weights: Option<Box<[f64]>>,
    /// Number of the first feature node, where nodes are of two kinds: primary ones before it, features from it on, and
    /// links between the two only.
    pub first_feature: Option<u32>,
    /// Physical nodes and layers, where the nodes are states of others. Then they have no names of their own here.
    pub states: Option<Box<States>>,
}

impl From<IdTable> for NodeTable {
    fn from(IdTable { ids, names }: IdTable) -> Self {
        Self { names, ..Self::new(ids) }
    }
}

impl NodeTable {
    /// Nodes known by their ids alone.
    pub fn new(ids: NodeIds) -> Self {
        Self { ids, names: None, weights: None, first_feature: None, states: None }
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The name of `node`, that of its physical node if it is a state; the id where there is no name.
    pub fn name(&self, node: usize) -> Cow<'_, str> {
        if let Some(states) = &self.states {
            return states.physical_nodes.name(states.physical[node] as usize);
        }
        name_or_id(self.names.as_ref(), &self.ids, node)
    }

    /// Whether `node` is one of the features of a bipartite network.
    pub fn is_feature(&self, node: usize) -> bool {
        self.first_feature.is_some_and(|first| node >= first as usize)
    }

    /// The weight of `node`, 1 unless the input says otherwise.
    pub fn weight(&self, node: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[node])
    }
}
