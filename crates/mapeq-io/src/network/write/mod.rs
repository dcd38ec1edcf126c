//! Writers of networks.

mod flow;
mod node_flow;
mod pajek;
mod states;

pub use flow::{write_flow, write_states, write_weights};
pub use node_flow::write_node_flow;
pub use pajek::{has_ambiguous_ids, left_out_of_link_list, write_link_list, write_pajek};
