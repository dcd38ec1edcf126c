//! Bytes of files as lines, fields, numbers and documents.

pub(crate) mod columns;
pub(crate) mod document;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod magic;
pub(crate) mod source;
pub(crate) mod token;
