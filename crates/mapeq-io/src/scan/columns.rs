//! The columns of tables: by name, by number, or the first ones.

use std::str::FromStr;

use crate::error::{Fault, Quoted, count};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The one with this name in the first row.
    Name(String),
    /// The one at this position, from 1.
    Number(usize),
}

/// The columns of a table that links are read from; parsed from `source,target` or `source,target,weight`, each a name or a
/// number from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Where a link begins.
    pub source: Column,
    /// Where it ends.
    pub target: Column,
    /// Its weight; without one, all weights are 1.
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
    /// Whether a name is among them, so that the first row of a table has names.
    pub(crate) fn any_named(&self) -> bool {
        let columns = [Some(&self.source), Some(&self.target), self.weight.as_ref()];
        columns.into_iter().flatten().any(|column| matches!(column, Column::Name(_)))
    }
}

const SOURCES: &[&str] = &["source", "from", "src", "sender", "source_id", "from_id", ":start_id"];
const TARGETS: &[&str] = &["target", "to", "dst", "receiver", "target_id", "to_id", ":end_id"];
const WEIGHTS: &[&str] = &["weight", "value", "w", "count"];

/// The position of the first column with one of these names, in any case.
pub(crate) fn find<'n>(mut names: impl Iterator<Item = &'n [u8]>, wanted: &[&str]) -> Option<usize> {
    names.position(|name| wanted.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name.trim_ascii())))
}

/// The names of columns, for messages.
pub(crate) fn listed<'n>(names: impl Iterator<Item = &'n [u8]>) -> String {
    names.take(8).map(|name| Quoted(name.trim_ascii()).to_string()).collect::<Vec<_>>().join(", ")
}

/// Positions of the columns of links.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinkColumns {
    pub(crate) source: usize,
    pub(crate) target: usize,
    pub(crate) weight: Option<usize>,
}

impl LinkColumns {
    /// The columns that are selected, among those with these names.
    pub(crate) fn selected<'n>(
        columns: &Columns,
        names: impl Iterator<Item = &'n [u8]> + Clone,
    ) -> Result<Self, Fault> {
        let place = |column| place_of(column, names.clone());
        let weight = columns.weight.as_ref().map(place).transpose()?;
        Ok(Self { source: place(&columns.source)?, target: place(&columns.target)?, weight })
    }

    /// The columns that are known by their names, if there are.
    pub(crate) fn by_name<'n>(names: impl Iterator<Item = &'n [u8]> + Clone) -> Option<Self> {
        let place = |wanted| find(names.clone(), wanted);
        Some(Self { source: place(SOURCES)?, target: place(TARGETS)?, weight: place(WEIGHTS) })
    }

    /// The first ones of so many.
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
                Fault::token(name.as_bytes(), "is no column", format!("one of {}", listed(names.by_ref())))
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
