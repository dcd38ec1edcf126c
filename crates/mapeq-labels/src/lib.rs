//! Map equations with labels of nodes: physical nodes of states, or categories.
//!
//! Every node carries a *label* and an amount of it. A leaf module contains amounts Y_c of labels
//! c, with the sum W = Σ_c Y_c. It adds to the map equation, with h(x) = x log2 x:
//!
//! ```text
//! Labels::physical_nodes  − Σ_c h(Y_c)                Y_c: visit rate of the states of node c
//! Labels::categories      rate · [h(W) − Σ_c h(Y_c)]  Y_c: visit rate of the nodes of category c
//! ```
//!
//! - The first replaces the −Σ h(p_u) of the nodes, because the states of one physical node share a
//!   codeword in each module. This is the map equation of state networks (Rosvall et al., Nat.
//!   Commun. 2014, doi:10.1038/ncomms5630; Edler, Bohlin & Rosvall, Algorithms 2017,
//!   doi:10.3390/a10040112).
//! - The second is the entropy of the categories in the module, times its flow, times a rate. This
//!   is the metadata map equation (Emmons & Mucha, Phys. Rev. E 2019,
//!   doi:10.1103/PhysRevE.100.022301).
//!
//! [`WithLabels`] adds either to any hierarchical objective of the flow, for the searches for flat
//! partitions and for trees. [`Labels::codebook_changes`] returns the change of a tree's codelength
//! due to labels.
//!
//! ```
//! use mapeq_labels::{Labels, Weight};
//! use mapeq_core::{Codelength, Csr, FlowNetwork, LinkValues, NodeFlows, Partition, Tree};
//!
//! // Two nodes and the link between them.
//! let couplings = Csr::new([0, 1, 2].into(), [1, 0].into(), LinkValues::Same(1.0));
//! let flow = vec![0.5, 0.5].into_boxed_slice();
//! let network = FlowNetwork::new(couplings, NodeFlows { flow: flow.clone(), exit: flow, ..NodeFlows::default() });
//! let one_module = Tree::from_partition(&Partition::one_module(2));
//!
//! let plain = Codelength { index: 0.0, module: 1.0 };
//! let categories = Labels::categories(&[Some(7), None], 0.5, Weight::Flow);
//! assert_eq!(categories.codelength(&network, &one_module, plain).total(), 1.5);
//! let states_of_one_node = Labels::physical_nodes(&[3, 3]);
//! assert_eq!(states_of_one_node.codelength(&network, &one_module, plain).total(), 0.0);
//! ```

mod codelength;
mod label_index;
mod labels;
mod module_labels;
mod objective;
#[cfg(test)]
mod tests;
mod unit_labels;

pub use labels::{Labels, Weight};
pub use module_labels::ModuleLabels;
pub use objective::{LabelledUnits, LeaveWithLabels, StateWithLabels, WithLabels};
pub use unit_labels::{LabelAmount, UnitLabels};
