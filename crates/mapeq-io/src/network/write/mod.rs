//! Networks as text.

mod flow;
mod node_flow;
mod pajek;
mod states;

pub use flow::{write_flow, write_states, write_weights};
pub use node_flow::write_node_flow;
pub use pajek::{left_out_of_link_list, unusual_ids, write_link_list, write_pajek};
