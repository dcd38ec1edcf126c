//! Scanning of files: bytes, lines, fields, numbers and whole documents.

pub(crate) mod columns;
pub(crate) mod document;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod magic;
pub(crate) mod source;
pub(crate) mod token;
