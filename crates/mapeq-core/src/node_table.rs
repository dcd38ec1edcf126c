//! The nodes of a network as the input described them: ids, names, weights.

use std::borrow::Cow;

use crate::ids::{IdTable, NodeIds, StringTable, name_or_id};
use crate::states::States;

/// Ids, names, weights and kinds of the nodes of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeTable {
    /// External ids.
    pub ids: NodeIds,
    /// Names, if the input gave any. A node without a name has the empty string here.
    pub names: Option<StringTable>,
    /// Node weights (teleportation targets), if the input gave any. The default is 1.
    pub weights: Option<Box<[f64]>>,
    /// First feature node of a bipartite network.
    ///
    /// Primary nodes precede it, features follow, and links join the two kinds only.
    pub first_feature: Option<u32>,
    /// Physical nodes and layers of state nodes. Then `names` is `None`.
    pub states: Option<Box<States>>,
}

impl From<IdTable> for NodeTable {
    fn from(IdTable { ids, names }: IdTable) -> Self {
        Self { names, ..Self::new(ids) }
    }
}

impl NodeTable {
    /// Creates nodes with ids alone.
    pub fn new(ids: NodeIds) -> Self {
        Self { ids, names: None, weights: None, first_feature: None, states: None }
    }

    /// Returns the number of nodes.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns the name of `node` or, if it is a state, of its physical node. Without a name it is
    /// the id.
    pub fn name(&self, node: usize) -> Cow<'_, str> {
        if let Some(states) = &self.states {
            return states.physical_nodes.name(states.physical[node] as usize);
        }
        name_or_id(self.names.as_ref(), &self.ids, node)
    }

    /// Returns whether `node` is a feature of a bipartite network.
    pub fn is_feature(&self, node: usize) -> bool {
        self.first_feature.is_some_and(|first| node >= first as usize)
    }

    /// Returns the weight of `node`, 1 by default.
    pub fn weight(&self, node: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[node])
    }
}
