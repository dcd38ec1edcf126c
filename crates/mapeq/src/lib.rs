//! Modules and hierarchies that compress a random walk on a network best: the map equation framework.
//!
//! This crate puts the parts together. [`cluster`] is the whole job in one call:
//!
//! ```
//! let text = "alice bob\nalice carol\nbob carol\ncarol dave\ndave erin\ndave frank\nerin frank\n";
//! let file = mapeq::io::read_network_from(text.as_bytes(), "friends", &mapeq::io::ReadOptions::default())?;
//!
//! let clustering = mapeq::cluster(&file.network, &mapeq::ClusterOptions { trials: 5, ..Default::default() })?;
//! assert_eq!(clustering.tree.top_modules(), 2);
//! println!("{} bits per step", clustering.score.codelength.total());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`cluster`] and [`cluster_flow`]: network or flow → the best tree of some trials;
//! - [`Registry`]: objectives by name. [`TwoLevel`] and [`Multilevel`] make an entry from anyone's objective;
//! - [`cli`] (feature `cli`, on by default): the `mapeq` program, for any registry;
//! - [`core`], [`flow`], [`io`], [`search`], [`multilevel`], [`overlap`], [`twolevel`], [`labels`]: the parts, each usable on
//!   its own.
//!
//! The library never reads the environment, never prints and never builds a thread pool: it runs in the caller's.

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
pub use mapeq_core::{Codelength, Direction, FlowNetwork, LinkList, Network, NodeIds, NodeTable, Partition, Tree};
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
