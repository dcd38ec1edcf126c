//! JSON documents whose lists are read element by element.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::error::{Fault, printable};
use crate::scan::document::LocatedFault;

/// Parses an object. Errors name the line.
pub(crate) fn from_text<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, LocatedFault> {
    if text.trim_start().chars().next().is_some_and(|c| c != '{') {
        return Err(Fault::new("not a JSON object: expected {").into());
    }
    serde_json::from_str(text).map_err(|error| unexpected(&error))
}

fn unexpected(error: &serde_json::Error) -> LocatedFault {
    let mut problem = error.to_string();
    // The path and the line precede the message.
    problem.truncate(problem.rfind(" at line ").unwrap_or(problem.len()));
    let problem = problem.replace("expected f64", "expected a number").replace("a sequence", "a list");
    let fault = Fault::new(format!("unexpected JSON: {}", printable(&problem)));
    LocatedFault::at_line(fault, error.line() as u64)
}

/// Calls `work` with every element of the list `key`. Returns whether the list exists.
///
/// Only one element is in memory at a time. A fault of `work` is reported with the place of the
/// element, such as `nodes[3]`.
pub(crate) fn for_each<'t, T: Deserialize<'t>>(
    text: &'t str,
    key: &str,
    work: impl FnMut(T) -> Result<(), Fault>,
) -> Result<bool, LocatedFault> {
    let mut elements = ListReader { key, work, fault: None, found: false, element: PhantomData };
    let mut json = serde_json::Deserializer::from_str(text);
    let outcome = json.deserialize_map(ObjectVisitor(&mut elements)).and_then(|()| json.end());
    match (outcome, elements.fault) {
        (_, Some(fault)) => Err(fault.into()),
        (Err(error), None) => Err(unexpected(&error)),
        (Ok(()), None) => Ok(elements.found),
    }
}

/// The state of a search for a list and of the work on its elements.
struct ListReader<'k, T, F> {
    key: &'k str,
    work: F,
    /// A fault of `work`. It cannot pass through the parser, whose errors are text.
    fault: Option<Fault>,
    found: bool,
    element: PhantomData<T>,
}

/// Visits the object that contains the list.
struct ObjectVisitor<'e, 'k, T, F>(&'e mut ListReader<'k, T, F>);

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Result<(), Fault>> Visitor<'de> for ObjectVisitor<'_, '_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(key) = object.next_key::<String>()? {
            if key == self.0.key {
                object.next_value_seed(ListVisitor(self.0))?;
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Visits the list; `null` counts as an empty one.
struct ListVisitor<'e, 'k, T, F>(&'e mut ListReader<'k, T, F>);

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Result<(), Fault>> DeserializeSeed<'de> for ListVisitor<'_, '_, T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Result<(), Fault>> Visitor<'de> for ListVisitor<'_, '_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let ListReader { key, work, fault, found, .. } = self.0;
        *found = true;
        let mut place = 0u64;
        while let Some(element) = list.next_element()? {
            if let Err(found) = work(element) {
                *fault = Some(found.within(&format!("{key}[{place}]")));
                return Err(A::Error::custom("a fault"));
            }
            place += 1;
        }
        Ok(())
    }
}

/// An id, text or a number, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonId(pub(crate) String);

impl<'de> Deserialize<'de> for JsonId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Self(text)),
            serde_json::Value::Number(number) if !is_exact(&number) => {
                Err(D::Error::custom(format!("invalid id {number}, expected text or a number of at most 64 bits")))
            }
            serde_json::Value::Number(number) => Ok(Self(match number.as_f64() {
                Some(value) if !number.is_u64() && value >= 0.0 && value < 2f64.powi(53) && value.fract() == 0.0 => {
                    format!("{value}")
                }
                _ => number.to_string(),
            })),
            serde_json::Value::Bool(value) => Ok(Self(value.to_string())),
            serde_json::Value::Array(parts) => Ok(Self(serde_json::Value::Array(parts).to_string())),
            other => Err(D::Error::custom(format!("invalid id {other}, expected text or a number"))),
        }
    }
}

/// Returns whether a number kept its value. The library rounds whole numbers of more than 64 bits.
fn is_exact(number: &serde_json::Number) -> bool {
    number.is_u64() || number.is_i64() || number.as_f64().is_some_and(|value| value.abs() < 2f64.powi(53))
}
