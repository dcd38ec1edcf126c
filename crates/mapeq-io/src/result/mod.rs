//! Writers of results.

mod clu;
mod csv;
mod ftree;
mod gexf;
mod graphml;
mod json;
mod level;
mod memberships;
mod module_links;
mod newick;
mod order;
mod ordered;
#[cfg(feature = "parquet")]
mod parquet;
mod physical;
mod soft;
mod tree;
mod xml_text;

pub use clu::{write_clu, write_pajek_clu};
pub use csv::{write_csv, write_memberships, write_modules};
pub use ftree::write_ftree;
pub use gexf::write_gexf;
pub use graphml::write_graphml;
pub use json::write_json;
pub use level::ClusterLevel;
pub use memberships::Memberships;
pub use newick::write_newick;
pub use order::RowFilter;
pub use ordered::{ModuleFlow, ResultTree};
#[cfg(feature = "parquet")]
pub use parquet::write_parquet;
pub use physical::PhysicalLevel;
pub use soft::SoftModules;
pub use tree::write_tree;
