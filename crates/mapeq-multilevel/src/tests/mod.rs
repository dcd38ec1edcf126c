//! Laws that need private items.

mod laws;
