//! The map equation framework: finds modules and hierarchies in networks by compressing the
//! description of a random walk.
//!
//! # A list of links
//!
//! [`cluster`] takes a [`Network`] and returns the best tree of modules that it found:
//!
//! ```
//! use mapeq::{ClusterOptions, Direction, Network, cluster};
//!
//! // Two triangles and a link between them: source, target, weight.
//! let links = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)];
//! let links = links.map(|(source, target)| (source, target, 1.0));
//! let network = Network::from_links(Direction::Undirected, 6, links)?;
//!
//! let found = cluster(&network, &ClusterOptions::default())?;
//! assert_eq!(found.tree.leaf_partition().labels(), [0, 0, 0, 1, 1, 1]);
//!
//! // Bits per step to describe a random walk with a codebook per module, and with one codebook.
//! assert!((found.score.codelength.total() - 2.3207).abs() < 1e-4);
//! assert!((found.score.one_level - 2.5567).abs() < 1e-4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Weights and directions
//!
//! Weights are any finite positive numbers. The walk follows links in both directions unless the
//! network and the flow model are directed. Then it teleports with probability 0.15 per step:
//!
//! ```
//! use mapeq::{ClusterOptions, Direction, FlowModel, FlowOptions, Network, cluster};
//!
//! // Two cycles and weak links between them.
//! let links = [(0, 1, 5.0), (1, 2, 5.0), (2, 0, 5.0), (3, 4, 2.5), (4, 5, 2.5), (5, 3, 2.5)];
//! let bridges = [(2, 3, 0.5), (5, 0, 0.5)];
//! let network = Network::from_links(Direction::Directed, 6, links.into_iter().chain(bridges))?;
//!
//! let flow = FlowOptions { model: FlowModel::Directed, ..FlowOptions::default() };
//! let found = cluster(&network, &ClusterOptions { flow, ..ClusterOptions::default() })?;
//! assert_eq!(found.tree.top_modules(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Clustering::flow`] holds the visit rates of the nodes. Other flow models, teleportation, prior
//! networks and Markov times are described in [`flow`].
//!
//! # Files
//!
//! [`io::read_network`] reads link lists, Pajek files, tables, matrices, GraphML and more, plain or
//! compressed. [`io::read_network_from`] reads the same formats from memory:
//!
//! ```
//! use mapeq::io::{ReadOptions, read_network_from};
//!
//! let text = "alice bob\nalice carol\nbob carol\ncarol dave\ndave erin\ndave frank\nerin frank\n";
//! let network = read_network_from(text.as_bytes(), "friends", &ReadOptions::default())?.network;
//!
//! let found = mapeq::cluster(&network, &mapeq::ClusterOptions::default())?;
//! for (node, module) in found.tree.leaf_partition().labels().iter().enumerate() {
//!     println!("{} is in module {module}", network.nodes().name(node));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`io`] also writes results, such as `.tree` and `.clu` files, and with the feature `petgraph`
//! converts petgraph graphs.
//!
//! # Two levels or many
//!
//! By default the search finds a hierarchy: it adds levels as long as they shorten the codelength.
//! With [`ClusterOptions::two_level`] the result is a flat partition:
//!
//! ```
//! # use mapeq::{ClusterOptions, Direction, Network, cluster};
//! // Nine triangles: three groups of three.
//! let mut links = Vec::new();
//! for triangle in 0..9 {
//!     let [a, b, c] = [0, 1, 2].map(|corner| 3 * triangle + corner);
//!     let group = 9 * (triangle / 3);
//!     let next = group + (a + 3) % 9;
//!     links.extend([(a, b, 1.0), (b, c, 1.0), (c, a, 1.0), (c, next, 0.5)]);
//! }
//! links.extend([(0, 9, 0.1), (9, 18, 0.1), (18, 0, 0.1)]);
//! let network = Network::from_links(Direction::Undirected, 27, links)?;
//!
//! let tree = cluster(&network, &ClusterOptions::default())?.tree;
//! assert_eq!(tree.modules_per_level(), [3, 9]);
//! assert_eq!(tree.partition_at(1).modules(), 3);
//! assert_eq!(tree.leaf_partition().modules(), 9);
//!
//! let two_level = ClusterOptions { two_level: true, ..ClusterOptions::default() };
//! assert_eq!(cluster(&network, &two_level)?.tree.modules_per_level(), [9]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Trials and seeds
//!
//! Trials differ in their seeds. [`ClusterOptions::trials`] sets their number, and the best trial
//! is returned. The first four trials are independent; most of the later ones combine results of
//! earlier ones. Trials run in parallel in the current rayon pool, and the result does not depend
//! on the number of threads:
//!
//! ```
//! # use mapeq::{ClusterOptions, Convergence, Direction, Network, cluster};
//! # let links = [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 4, 1.0), (3, 5, 1.0), (4, 5, 1.0)];
//! # let network = Network::from_links(Direction::Undirected, 6, links)?;
//! let options = ClusterOptions {
//!     trials: 100,
//!     seed: 1,
//!     convergence: Some(Convergence::default()), // End when trials gain nothing more.
//!     ..ClusterOptions::default()
//! };
//! let found = cluster(&network, &options)?;
//! assert!(found.trials.len() < 100);
//! println!("the best trial has seed {}", found.trials[found.best_trial].seed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Start and fixed nodes
//!
//! [`cluster_with`] starts from a given tree, such as the result for an earlier version of the
//! network, and can keep nodes together or apart. See its example.
//!
//! # State nodes and layers
//!
//! In a higher-order network (with memory or layers), modules contain *state nodes*. A state node
//! is a physical node in one layer, or a physical node reached by certain earlier steps. State
//! nodes of one physical node can be in different modules:
//!
//! ```
//! use mapeq::io::{ReadOptions, read_network_from};
//!
//! // Layer, source, target: two layers whose only common node is 1.
//! let text = "*Intra\n1 1 2\n1 1 3\n1 2 3\n2 1 4\n2 1 5\n2 4 5\n";
//! let network = read_network_from(text.as_bytes(), "layers", &ReadOptions::default())?.network;
//!
//! let found = mapeq::cluster(&network, &mapeq::ClusterOptions::default())?;
//! let states = network.nodes().states.as_ref().expect("a network with layers");
//! for (state, module) in found.tree.leaf_partition().labels().iter().enumerate() {
//!     let layer = states.layer_id(state).expect("a network with layers");
//!     println!("node {} in layer {layer}: module {module}", network.nodes().name(state));
//! }
//! assert_eq!(found.tree.top_modules(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`FlowOptions::relaxation`] sets how the walk changes layers. [`io::read_paths`] reads observed
//! paths as a network of state nodes, and [`flow::second_order_walk`] computes the state network of
//! a biased second-order walk (node2vec).
//!
//! # Overlapping modules
//!
//! In a network without state nodes, nodes can belong to several modules too, if that shortens the
//! codelength. The search [`overlapping`](overlap::overlapping) starts from modules without
//! overlap:
//!
//! ```
//! use mapeq::overlap::{OverlapOptions, Walk, overlapping};
//! use mapeq::{ClusterOptions, RegisteredMapEquation, Silent, cluster_flow, compute_flow};
//! # use mapeq::{Direction, FlowOptions, Network};
//!
//! // Two groups of four that share the node 3.
//! let links = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (3, 4), (3, 5), (3, 6), (4, 5), (4, 6), (5, 6)];
//! let links = links.map(|(source, target)| (source, target, 1.0));
//! let network = Network::from_links(Direction::Undirected, 7, links)?;
//! let flow = compute_flow(&network, &FlowOptions::default())?.network;
//!
//! let two_level = ClusterOptions { two_level: true, ..ClusterOptions::default() };
//! let hard = cluster_flow(&flow, &RegisteredMapEquation::default(), &two_level, &Silent);
//! let hard = hard.tree.leaf_partition();
//!
//! let walk = Walk::new(&network, &flow)?;
//! let found = overlapping(&walk, &flow, &hard, &OverlapOptions::default(), 123, &Silent);
//! assert_eq!(found.cover().of(3).len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Other objectives
//!
//! [`cluster_flow`] and [`cluster_with`] minimise any [`RegisteredObjective`]. A [`Registry`] holds
//! objectives by name. [`TwoLevel`] wraps any [`AdditiveObjective`](core::AdditiveObjective) as an
//! entry, and [`Multilevel`] any [`HierarchicalObjective`](core::HierarchicalObjective). So the
//! search and the program work for objectives of other crates:
//!
//! ```
//! use mapeq::twolevel::Modularity;
//! use mapeq::{ClusterOptions, Registry, Silent, TwoLevel, cluster_flow, compute_flow};
//! # use mapeq::{Direction, FlowOptions, Network};
//! # let links = [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 4, 1.0), (3, 5, 1.0), (4, 5, 1.0)];
//! # let network = Network::from_links(Direction::Undirected, 6, links)?;
//!
//! let mut registry = Registry::standard();
//! let fine = Modularity { resolution: 4.0 };
//! registry.add(TwoLevel::new("fine-modularity", "Negative modularity at resolution 4", move |_| fine));
//!
//! let flow = compute_flow(&network, &FlowOptions::default())?.network;
//! let modules = |name: &str| {
//!     let objective = registry.find(name).expect("a registered objective");
//!     cluster_flow(&flow, objective, &ClusterOptions::default(), &Silent).tree.top_modules()
//! };
//! assert_eq!(modules("modularity"), 2);
//! assert!(modules("fine-modularity") > 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Crates
//!
//! Each module below is a crate that can also be used alone:
//!
//! | module | contents |
//! |---|---|
//! | [`core`] | networks, flow, partitions, trees and the traits of objectives |
//! | [`flow`] | flow models: from weights to the flow of a random walk |
//! | [`twolevel`], [`labels`] | objectives: the map equation and its variants, and modularity |
//! | [`search`], [`multilevel`] | searches for partitions and trees, for any objective |
//! | [`overlap`] | overlapping modules |
//! | [`io`] | readers and writers of files |
//!
//! # Features
//!
//! - `cli` (default): [`cli`], the `mapeq` program for any registry;
//! - `petgraph` (default): [`io::petgraph`], conversion of petgraph graphs;
//! - `parquet`: Parquet and Arrow files.
//!
//! The library works without any of these features. It does not read the environment, print, or
//! create thread pools.

#[cfg(feature = "cli")]
pub mod cli;
mod job;
mod registry;

pub use mapeq_core as core;
pub use mapeq_flow as flow;
pub use mapeq_io as io;
pub use mapeq_labels as labels;
pub use mapeq_multilevel as multilevel;
pub use mapeq_overlap as overlap;
pub use mapeq_search as search;
pub use mapeq_twolevel as twolevel;

pub use job::{
    ClusterOptions, Clustering, Error, Progress, SearchInput, TrialSummary, cluster, cluster_flow, cluster_with,
};
pub use mapeq_core::{
    Codelength, Direction, FlowNetwork, InvalidLinks, LinkList, Network, NodeIds, NodeTable, Partition, Tree,
};
pub use mapeq_flow::{
    BipartiteFlow, Divergence, FlowModel, FlowOptions, MarkovTime, Regularization, Relaxation, TeleportationOptions,
    VariableMarkovTime, compute_flow,
};
pub use mapeq_multilevel::MultilevelOptions;
pub use mapeq_search::{Convergence, Layout, Monitor, SearchOptions, Silent, SizeBounds};
pub use registry::{
    ChoiceError, MapEquationOptions, Multilevel, ObjectiveOption, ObjectiveOptions, RegisteredBipartite,
    RegisteredMapEquation, RegisteredObjective, Registry, Score, SearchMethod, SelectedObjective, TrialRequest,
    TwoLevel, relative_savings,
};
