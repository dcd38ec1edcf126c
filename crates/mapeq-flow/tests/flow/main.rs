//! Flow from outside: golden cases and laws.

mod common;
mod golden;
mod laws;
