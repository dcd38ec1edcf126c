//! Parsing of tokens as node ids.

use crate::error::Fault;
use crate::network::options::ReadOptions;
use crate::scan::token::{is_digits, looks_like_number, looks_separated, whole};

/// Hint for ids that are not numbers.
pub(crate) const STRING_IDS: &str = "--string-ids reads all ids as text";

/// Parses a numeric id.
pub(crate) fn numeric_id(token: &[u8]) -> Result<u64, Fault> {
    whole(token).ok_or_else(|| {
        if is_digits(token) {
            return Fault::token(token, "is too large for a numeric node id", format!("at most {}", u64::MAX))
                .hint(STRING_IDS);
        }
        id_fault(token).unwrap_or_else(|| {
            Fault::token(token, "is not a numeric node id", "digits, as in the first row").hint(STRING_IDS)
        })
    })
}

/// Checks a token that is a text id.
pub(crate) fn string_id<'t>(token: &'t [u8], options: &ReadOptions) -> Result<&'t [u8], Fault> {
    match id_fault(token) {
        Some(fault) if !options.string_ids => Err(fault),
        _ => Ok(token),
    }
}

/// Returns the fault of an id that looks like something else. Digits alone are valid.
fn id_fault(token: &[u8]) -> Option<Fault> {
    if is_digits(token) {
        None
    } else if looks_separated(token) {
        Some(Fault::token(token, "is not a node id", "one id").hint("fields are separated by blanks"))
    } else if looks_like_number(token) {
        let fault = Fault::token(token, "is not a node id", "a whole number >= 0");
        Some(fault.hint(STRING_IDS))
    } else {
        None
    }
}
