//! Laws that hold for every network, checked on random ones with self-links, repeated links,
//! dangling and isolated nodes.

mod bipartite;
mod cases;
mod exchange;
mod map_equation;
mod modularity;
mod penalties;
mod second_order;
