//! Tests that need private items.

mod cases;
mod examples;
mod laws;
mod optima;
