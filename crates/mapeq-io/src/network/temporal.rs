//! Temporal links, read as a network of layers.
//!
//! ```text
//! time source target [weight]
//! ```
//!
//! Time is divided into windows. Window k, from 0, contains the times t with
//! t₀ + k · step ≤ t < t₀ + k · step + length, where t₀ is the earliest time. The last window
//! contains the latest time. Every window with links becomes a layer. Layers are numbered from 1 in
//! order of time, and their names state the start and the end. Links with the same ends in a window
//! are one link, and their weights are summed.
//!
//! Ids that are text become names. Nodes are numbered from 1 in the order of their names, so the
//! order of rows does not matter.

use mapeq_core::{NodeIds, NodeTable, StringTable};

use crate::error::{Fault, ReadError, count, row_too_short};
use crate::network::file::NetworkFile;
use crate::network::id_tokens::STRING_IDS;
use crate::network::ids::NodeIdMap;
use crate::network::options::ReadOptions;
use crate::network::options::Windows;
use crate::network::pajek::layers::LayerRows;
use crate::network::weight::weight_and_more;
use crate::scan::lines::Lines;
use crate::scan::source::Source;
use crate::scan::token::{looks_like_number, looks_separated, real, skip_blanks, split_data, whole};

const ROW: &str = "time source target [weight]";

impl Windows {
    /// Returns the half-open range of windows that contain a time. `start` and `end` are the
    /// earliest and the latest time.
    fn of(self, time: f64, (start, end): (f64, f64)) -> (f64, f64) {
        let Self { length, step } = self;
        // A time within rounding error of a border counts as on it: 0.3 is three steps of 0.1 after
        // 0.
        let slack = 2.0 * f64::EPSILON * (start.abs().max(end.abs()) + length) / step;
        let whole_steps = |span: f64| {
            let steps = span / step;
            if (steps - steps.round()).abs() <= slack { steps.round() } else { steps.floor() }
        };
        let first_of = |time: f64| (whole_steps(time - start - length) + 1.0).max(0.0);
        (first_of(time), (whole_steps(time - start)).min(first_of(end)) + 1.0)
    }
}

pub(crate) fn read(source: Source<'_>, windows: Windows, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    let mut lines = Lines::new(source)?;
    let mut contacts = Contacts { ids: options.string_ids.then(NodeIdMap::strings), rows: Vec::new(), extra_rows: 0 };
    lines.for_each(|line, _| contacts.row(line))?;
    contacts.finish(windows, options).map_err(|fault| fault.in_file(lines.path()))
}

/// Temporal links in input order.
struct Contacts {
    /// `None` until the first row decides between numbers and text.
    ids: Option<NodeIdMap>,
    rows: Vec<Contact>,
    extra_rows: u64,
}

#[derive(Clone, Copy)]
struct Contact {
    time: f64,
    source: u32,
    target: u32,
    weight: f64,
}

impl Contacts {
    fn row(&mut self, line: &[u8]) -> Result<(), Fault> {
        if let None | Some(b'#' | b'%') = skip_blanks(line).first() {
            return Ok(());
        }
        let Some((token, rest)) = split_data(line) else { return Ok(()) };
        let Some(time) = real(token).filter(|time| time.is_finite()) else {
            let fault = Fault::token(token, "is not a time", "a finite number");
            let separated = token.iter().any(|byte| matches!(byte, b',' | b';'));
            return Err(if separated {
                fault.hint("fields are separated by blanks")
            } else {
                fault.hint(format_args!("a row is `{ROW}`"))
            });
        };
        let (source, rest) = split_data(rest).ok_or_else(|| row_too_short(token, "a source", ROW))?;
        let (target, rest) = split_data(rest).ok_or_else(|| row_too_short(source, "a target", ROW))?;
        let [source, target] = self.nodes([source, target])?;
        let (weight, extra) = weight_and_more(rest, "link", ROW)?;
        self.extra_rows += u64::from(extra);
        self.rows.push(Contact { time, source, target, weight: weight.unwrap_or(1.0) });
        Ok(())
    }

    fn nodes(&mut self, [source, target]: [&[u8]; 2]) -> Result<[u32; 2], Fault> {
        let text = |token: &[u8]| !looks_like_number(token) && !looks_separated(token);
        let ids = self
            .ids
            .get_or_insert_with(|| if text(source) || text(target) { NodeIdMap::strings() } else { NodeIdMap::Plain });
        let mut node = |token: &[u8]| match ids {
            NodeIdMap::Strings { .. } => ids.string(token),
            _ => numeric(token),
        };
        Ok([node(source)?, node(target)?])
    }

    fn finish(self, windows: Windows, options: &ReadOptions) -> Result<NetworkFile, Fault> {
        let Self { ids, mut rows, extra_rows } = self;
        let vertices = match ids {
            Some(NodeIdMap::Strings { ids, .. }) => named(&ids, &mut rows),
            _ => NodeTable::new(NodeIds::ascending(Vec::new())),
        };
        let times = rows
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(first, last), row| (first.min(row.time), last.max(row.time)));
        let (start, end) = times;
        if rows.is_empty() {
            return Err(Fault::new(format!("no temporal links: expected rows `{ROW}`")));
        }
        if windows.of(end, times).1 >= f64::from(u32::MAX) {
            return Err(Fault::new(format!(
                "times from {start} to {end} give too many windows: expected fewer than 2^32"
            ))
            .hint("choose longer windows or a longer step"));
        }
        let in_windows = |row: &Contact| {
            let (first, behind) = windows.of(row.time, times);
            first as u32..behind as u32
        };
        let mut layers: Vec<u32> = rows.iter().flat_map(in_windows).collect();
        layers.sort_unstable();
        layers.dedup();
        let mut builder = LayerRows::new(options);
        for (id, &window) in (1u32..).zip(&layers) {
            let begin = start + f64::from(window) * windows.step;
            let name = format!("[{}, {})", rounded(begin), rounded(begin + windows.length));
            builder.layer(id.to_string().as_bytes(), name.as_bytes(), None)?;
        }
        let mut between = 0;
        for row in &rows {
            between += u64::from(in_windows(row).is_empty());
            for window in in_windows(row) {
                let layer = layers.binary_search(&window).expect("a window of one of the rows") as u32 + 1;
                builder.link_inside(layer, row.source, row.target, row.weight);
            }
        }
        drop(rows);
        let (network, mut notes) = builder.finish(&vertices)?;
        if between > 0 {
            notes.push(format!("{} between the windows ignored", count(between, "link")));
        }
        if extra_rows > 0 {
            notes.push(format!("columns after the weight ignored in {}", count(extra_rows, "row")));
        }
        Ok(NetworkFile { network, notes, directed_hint: None })
    }
}

fn numeric(token: &[u8]) -> Result<u32, Fault> {
    let Some(id) = whole(token) else {
        let fault = Fault::token(token, "is not a numeric node id", "digits, as in the first row");
        return Err(fault.hint(STRING_IDS));
    };
    u32::try_from(id).map_err(|_| Fault::token(token, "is too large in a multilayer network", "an id below 2^32"))
}

/// Numbers nodes from 1 in the order of their names.
fn named(names: &StringTable, rows: &mut [Contact]) -> NodeTable {
    let mut order: Vec<u32> = (0..names.len() as u32).collect();
    order.sort_unstable_by_key(|&place| names.at(place as usize));
    let mut number = vec![0; order.len()];
    (1..).zip(&order).for_each(|(id, &place)| number[place as usize] = id);
    for row in rows {
        (row.source, row.target) = (number[row.source as usize], number[row.target as usize]);
    }
    let names = order.iter().map(|&place| names.at(place as usize)).collect();
    let ids = NodeIds::Consecutive { first: 1, len: order.len() };
    NodeTable { names: Some(names), ..NodeTable::new(ids) }
}

/// Rounds away the last bits of a time, which hold rounding errors.
fn rounded(time: f64) -> f64 {
    format!("{time:.14e}").parse().expect("a number in scientific notation")
}
