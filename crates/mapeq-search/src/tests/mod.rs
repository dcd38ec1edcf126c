//! Laws that need private items. Parts of the search that only large networks use are tested on
//! small ones.

pub(crate) mod fixtures;
mod levels;
mod moving;
mod searches;
