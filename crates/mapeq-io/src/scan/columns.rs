//! Selection of table columns by name, by number or by position.

use std::str::FromStr;

use crate::error::{Fault, Quoted, count};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The column with this name in the first row.
    Name(String),
    /// The column at this position, from 1.
    Number(usize),
}

/// The table columns that links are read from. Parsed from `source,target` or
/// `source,target,weight`, where each part is a name or a number from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Source of a link.
    pub source: Column,
    /// Target of a link.
    pub target: Column,
    /// Weight of a link. Without this column, all weights are 1.
    pub weight: Option<Column>,
}

impl FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected two or three names or numbers of columns, such as source,target,weight".to_owned();
        let column = |text: &str| match text.parse() {
            _ if text.is_empty() => Err(expected()),
            Ok(0) => Err("columns are numbered from 1".to_owned()),
            Ok(number) => Ok(Column::Number(number)),
            Err(_) => Ok(Column::Name(text.to_owned())),
        };
        let columns: Vec<Column> = text.split(',').map(|text| column(text.trim())).collect::<Result<_, _>>()?;
        match <[Column; 3]>::try_from(columns) {
            Ok([source, target, weight]) => Ok(Self { source, target, weight: Some(weight) }),
            Err(columns) => match <[Column; 2]>::try_from(columns) {
                Ok([source, target]) => Ok(Self { source, target, weight: None }),
                Err(_) => Err(expected()),
            },
        }
    }
}

impl Columns {
    /// Returns whether any column is given by name, which means that the first row holds names.
    pub(crate) fn any_named(&self) -> bool {
        let columns = [Some(&self.source), Some(&self.target), self.weight.as_ref()];
        columns.into_iter().flatten().any(|column| matches!(column, Column::Name(_)))
    }
}

const SOURCES: &[&str] = &["source", "from", "src", "sender", "source_id", "from_id", ":start_id"];
const TARGETS: &[&str] = &["target", "to", "dst", "receiver", "target_id", "to_id", ":end_id"];
const WEIGHTS: &[&str] = &["weight", "value", "w", "count"];

/// Returns the position of the first column with one of the `wanted` names, ignoring case.
pub(crate) fn find<'n>(mut names: impl Iterator<Item = &'n [u8]>, wanted: &[&str]) -> Option<usize> {
    names.position(|name| wanted.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name.trim_ascii())))
}

/// Lists the first eight column names for a message.
pub(crate) fn listed<'n>(names: impl Iterator<Item = &'n [u8]>) -> String {
    names.take(8).map(|name| Quoted(name.trim_ascii()).to_string()).collect::<Vec<_>>().join(", ")
}

/// Positions of the columns that links are read from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinkColumns {
    pub(crate) source: usize,
    pub(crate) target: usize,
    pub(crate) weight: Option<usize>,
}

impl LinkColumns {
    /// Finds the selected columns among `names`.
    pub(crate) fn selected<'n>(
        columns: &Columns,
        names: impl Iterator<Item = &'n [u8]> + Clone,
    ) -> Result<Self, Fault> {
        let place = |column| place_of(column, names.clone());
        let weight = columns.weight.as_ref().map(place).transpose()?;
        Ok(Self { source: place(&columns.source)?, target: place(&columns.target)?, weight })
    }

    /// Finds source and target columns by common names.
    pub(crate) fn by_name<'n>(names: impl Iterator<Item = &'n [u8]> + Clone) -> Option<Self> {
        let place = |wanted| find(names.clone(), wanted);
        Some(Self { source: place(SOURCES)?, target: place(TARGETS)?, weight: place(WEIGHTS) })
    }

    /// Takes the first two or three of `columns` columns.
    pub(crate) fn first(columns: usize) -> Self {
        Self { source: 0, target: 1, weight: (columns > 2).then_some(2) }
    }
}

fn place_of<'n>(column: &Column, mut names: impl Iterator<Item = &'n [u8]> + Clone) -> Result<usize, Fault> {
    match column {
        Column::Number(number) => {
            let columns = names.count();
            if *number <= columns {
                return Ok(number - 1);
            }
            let columns = count(columns as u64, "column");
            Err(Fault::new(format!("there is no column {number}: expected at most {columns}")))
        }
        Column::Name(name) => {
            let exact = names.clone().position(|field| field.trim_ascii() == name.as_bytes());
            exact.or_else(|| find(names.clone(), &[name])).ok_or_else(|| {
                Fault::token(name.as_bytes(), "is not a column", format!("one of {}", listed(names.by_ref())))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_names_or_numbers() {
        let name = |name: &str| Column::Name(name.to_owned());
        let columns: Columns = "from, 3,w".parse().unwrap();
        assert_eq!(columns, Columns { source: name("from"), target: Column::Number(3), weight: Some(name("w")) });
        assert_eq!("1,2".parse::<Columns>().unwrap().weight, None);
        for wrong in ["", "1", "a,,b", "1,2,3,4", "0,1"] {
            assert!(wrong.parse::<Columns>().is_err(), "{wrong}");
        }
    }
}
