//! Weights of links and nodes, and what is wrong with those that are none.

use crate::error::Fault;
use crate::scan::token::{looks_separated, real, split_data};

/// The weight of a link that `token` spells.
pub(crate) fn link_weight(token: &[u8]) -> Result<f64, Fault> {
    let problem = match real(token) {
        Some(weight) => match why_no_weight(weight) {
            None => return Ok(weight),
            Some(problem) => problem,
        },
        None => "is not a link weight",
    };
    Err(Fault::token(token, problem, "a number >= 0"))
}

/// The weight of a link, of a format that has numbers.
pub(crate) fn checked_weight(weight: f64) -> Result<f64, Fault> {
    match why_no_weight(weight) {
        None => Ok(weight),
        Some(problem) => Err(Fault::token(weight.to_string().as_bytes(), problem, "a number >= 0")),
    }
}

fn why_no_weight(weight: f64) -> Option<&'static str> {
    match weight {
        weight if weight >= 0.0 && weight.is_finite() => None,
        weight if weight < 0.0 => Some("is a negative link weight"),
        _ => Some("is not a finite link weight"),
    }
}

/// The weight `of` something in what follows the ids of a row, and whether there are columns behind it. `row` tells what a row is.
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
        fault.hint("fields are separated by blanks and decimals begin with a point")
    } else {
        fault.hint(format_args!("a row is `{row}`"))
    })
}

/// The fault of weights whose sum is not finite.
pub(crate) fn infinite_sum() -> Fault {
    let fault = Fault::new("the weights of links with the same ends sum to infinity: expected a finite sum");
    fault.hint("smaller weights in the same proportions mean the same")
}
