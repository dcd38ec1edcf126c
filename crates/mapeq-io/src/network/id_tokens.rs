//! Tokens as ids of nodes, and what is wrong with those that are none.

use crate::error::Fault;
use crate::network::options::ReadOptions;
use crate::scan::token::{is_digits, looks_like_number, looks_separated, whole};

/// The number that a token spells.
pub(crate) fn numeric_id(token: &[u8]) -> Result<u64, Fault> {
    whole(token).ok_or_else(|| {
        if is_digits(token) {
            return Fault::token(token, "is too large for a numeric node id", format!("at most {}", u64::MAX))
                .hint("with --string-ids every id is text");
        }
        id_fault(token).unwrap_or_else(|| {
            Fault::token(token, "is not a numeric node id", "digits, as in the first row")
                .hint("with --string-ids every id is text")
        })
    })
}

/// The token, if it may be an id that is text.
pub(crate) fn string_id<'t>(token: &'t [u8], options: &ReadOptions) -> Result<&'t [u8], Fault> {
    match id_fault(token) {
        Some(fault) if !options.string_ids => Err(fault),
        _ => Ok(token),
    }
}

/// What is wrong with an id that looks like something else; digits alone are fine.
fn id_fault(token: &[u8]) -> Option<Fault> {
    if is_digits(token) {
        None
    } else if looks_separated(token) {
        Some(Fault::token(token, "is not a node id", "one id").hint("fields are separated by blanks"))
    } else if looks_like_number(token) {
        let fault = Fault::token(token, "is not a node id", "a whole number >= 0");
        Some(fault.hint("with --string-ids every id is text"))
    } else {
        None
    }
}
