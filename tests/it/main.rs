//! Tests of mapeq as a whole: laws, golden cases, planted modules, determinism.

mod determinism;
mod golden;
mod laws;
mod planted;
mod small_networks;
mod stages;
mod unlinked;
mod variants;
