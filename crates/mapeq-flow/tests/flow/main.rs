//! Tests of the public API: golden cases and laws.

mod common;
mod golden;
mod laws;
mod layers;
mod links;
mod option_laws;
mod options;
mod paths;
mod second_order;
