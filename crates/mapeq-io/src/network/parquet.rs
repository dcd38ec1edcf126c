//! Links from columnar tables.
//!
//! Columns are found like those of [CSV](super::csv). Ids are whole numbers or text, and weights
//! are numbers.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use arrow_cast::display::array_value_to_string;
use arrow_schema::DataType;

use crate::columnar::{Table, converted, damaged};
use crate::error::{Fault, printable};
use crate::network::builder::NetworkBuilder;
use crate::network::file::NetworkFile;
use crate::network::id_tokens::STRING_IDS;
use crate::network::options::ReadOptions;
use crate::network::weight::checked_weight;
use crate::scan::columns::LinkColumns;

pub(crate) fn parse(bytes: Vec<u8>, options: &ReadOptions) -> Result<NetworkFile, Fault> {
    let table = Table::open(bytes)?;
    let columns = table.schema().fields().len();
    let places = match &options.columns {
        Some(columns) => LinkColumns::selected(columns, table.names())?,
        None if columns < 2 => {
            return Err(Fault::new("the table has fewer than two columns: expected source and target"));
        }
        None => LinkColumns::by_name(table.names()).unwrap_or(LinkColumns::first(columns)),
    };
    let kind = |place: usize| value_type(table.schema().field(place).data_type());
    let refused = |place: usize, expected: &str| {
        let (name, found) = (table.schema().field(place).name(), kind(place));
        Err(Fault::token(name.as_bytes(), &format!("is a column of type {}", printable(&found.to_string())), expected))
    };
    let ids = [places.source, places.target];
    if let Some(&place) = ids.iter().find(|&&place| !kind(place).is_integer() && !is_text(kind(place))) {
        return refused(place, "whole numbers or text");
    }
    if let Some(place) = places.weight.filter(|&place| !kind(place).is_numeric()) {
        return refused(place, "a column of numbers for weights");
    }
    let numeric = !options.string_ids && ids.iter().all(|&place| kind(place).is_integer());
    let mut builder = if numeric { NetworkBuilder::numeric(options) } else { NetworkBuilder::with_any_ids(options) };
    let places: Vec<usize> = ids.into_iter().chain(places.weight).collect();
    table.each_batch(&places, |columns, first| {
        let weights = columns.get(2).map(|weights| converted(weights, &DataType::Float64)).transpose()?;
        let [sources, targets] = [&columns[0], &columns[1]].map(|column| IdColumn::of(column, numeric));
        let (sources, targets) = (sources?, targets?);
        for row in 0..sources.given.len() {
            let mut link = || {
                let weight = weight(weights.as_ref(), row)?;
                let (source, target) = (sources.checked(row, "source")?, targets.checked(row, "target")?);
                if numeric {
                    builder.link(source.number(row), target.number(row), weight);
                    return Ok(());
                }
                builder.link_of_text(source.text(row), target.text(row), weight)
            };
            link().map_err(|fault: Fault| fault.within(&format!("row {}", first + row as u64)))?;
        }
        Ok(())
    })?;
    let (network, notes) = builder.finish()?;
    Ok(NetworkFile { network, notes, directed_hint: None })
}

/// Returns the type of the values, also in dictionary-encoded columns.
fn value_type(column: &DataType) -> &DataType {
    match column {
        DataType::Dictionary(_, values) => values,
        other => other,
    }
}

fn is_text(column: &DataType) -> bool {
    matches!(column, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// Returns the weight in a row, or 1 if it is missing.
fn weight(weights: Option<&ArrayRef>, row: usize) -> Result<f64, Fault> {
    match weights.filter(|weights| weights.is_valid(row)) {
        Some(weights) => checked_weight(weights.as_primitive::<Float64Type>().value(row)),
        None => Ok(1.0),
    }
}

/// A column of ids.
struct IdColumn<'a> {
    given: &'a ArrayRef,
    /// The ids as 64-bit numbers or as text.
    ids: ArrayRef,
}

impl<'a> IdColumn<'a> {
    fn of(given: &'a ArrayRef, numeric: bool) -> Result<Self, Fault> {
        // The conversion turns invalid numbers into missing values.
        let ids = converted(given, if numeric { &DataType::UInt64 } else { &DataType::Utf8 })?;
        Ok(Self { given, ids })
    }

    /// Checks that a row has an id.
    fn checked(&self, row: usize, what: &str) -> Result<&Self, Fault> {
        if self.ids.is_valid(row) && !(self.ids.data_type() == &DataType::Utf8 && self.text(row).is_empty()) {
            return Ok(self);
        }
        if self.given.is_null(row) || self.ids.is_valid(row) {
            return Err(Fault::new(format!("the {what} is empty: expected a node id")));
        }
        let token = array_value_to_string(self.given, row).map_err(damaged)?;
        let fault = Fault::token(token.as_bytes(), "is not a node id", "a whole number >= 0");
        Err(fault.hint(STRING_IDS))
    }

    fn number(&self, row: usize) -> u64 {
        self.ids.as_primitive::<UInt64Type>().value(row)
    }

    fn text(&self, row: usize) -> &[u8] {
        self.ids.as_string::<i32>().value(row).as_bytes()
    }
}
