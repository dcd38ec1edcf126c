//! Parsing and checking of weights.

use crate::error::Fault;
use crate::scan::token::{looks_separated, real, split_data};

/// Parses the weight of a link.
pub(crate) fn link_weight(token: &[u8]) -> Result<f64, Fault> {
    let problem = match real(token) {
        Some(weight) => match weight_problem(weight) {
            None => return Ok(weight),
            Some(problem) => problem,
        },
        None => "is not a link weight",
    };
    Err(Fault::token(token, problem, "a number >= 0"))
}

/// Checks the weight of a link in a format with typed numbers.
pub(crate) fn checked_weight(weight: f64) -> Result<f64, Fault> {
    match weight_problem(weight) {
        None => Ok(weight),
        Some(problem) => Err(Fault::token(weight.to_string().as_bytes(), problem, "a number >= 0")),
    }
}

fn weight_problem(weight: f64) -> Option<&'static str> {
    match weight {
        weight if weight >= 0.0 && weight.is_finite() => None,
        weight if weight < 0.0 => Some("is a negative link weight"),
        _ => Some("is not a finite link weight"),
    }
}

/// Parses the weight after the ids of a row, and returns whether more columns follow. `of` names
/// the weighted thing, and `row` describes a row.
pub(crate) fn weight_and_more(rest: &[u8], of: &str, row: &str) -> Result<(Option<f64>, bool), Fault> {
    let Some((token, rest)) = split_data(rest) else { return Ok((None, false)) };
    let problem = match real(token) {
        Some(weight) if weight >= 0.0 && weight.is_finite() => return Ok((Some(weight), split_data(rest).is_some())),
        Some(weight) if weight < 0.0 => format!("is a negative {of} weight"),
        Some(_) => format!("is not a finite {of} weight"),
        None => format!("is not a {of} weight"),
    };
    let fault = Fault::token(token, &problem, "a number >= 0");
    Err(if looks_separated(token) {
        fault.hint("fields are separated by blanks, and the decimal separator is a point")
    } else {
        fault.hint(format_args!("a row is `{row}`"))
    })
}

/// The fault of weights with an infinite sum.
pub(crate) fn infinite_sum() -> Fault {
    let fault = Fault::new("the weights of links with the same ends sum to infinity: expected a finite sum");
    fault.hint("scaling all weights down does not change the result")
}
