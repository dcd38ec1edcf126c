//! Laws that need private items, on networks smaller than those that the tested parts are made for.

pub(crate) mod fixtures;
mod levels;
mod moving;
mod searches;
