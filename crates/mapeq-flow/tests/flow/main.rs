//! Flow from outside: golden cases and laws.

mod common;
mod golden;
mod laws;
mod option_laws;
mod options;
