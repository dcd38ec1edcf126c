//! `.tree` and `.ftree` files: a path through the modules per node.

use mapeq_core::NodeTable;

use crate::error::{Fault, ReadError};
use crate::partition::builder::{PartitionBuilder, PartitionFile};
use crate::partition::paths::{PathTree, assign_row, build_partition};
use crate::scan::lines::Lines;
use crate::scan::token::{fields, is_blank, real, skip_blanks, split_field};

/// Reads the rows up to the first heading.
pub(crate) fn read(mut lines: Lines<'_>, nodes: &NodeTable) -> Result<PartitionFile, ReadError> {
    let mut builder = PartitionBuilder::new(nodes);
    let mut modules = PathTree::new();
    let mut first_columns = None;
    lines.each_row(|line, number| {
        let row = Row::parse(line, builder.has_string_ids())?;
        let columns = *first_columns.get_or_insert(row.columns);
        if columns != row.columns {
            let expected = format!("{columns} after the name, as in the first row");
            return Err(Fault::token(row.id, &format!("begins {}", row.columns), expected));
        }
        let physical = builder.has_states() && row.columns == Row::NODE_ID;
        let ids = [Some(row.id), row.more[0], row.more[1]];
        assign_row(&mut builder, ids, physical, number, || modules.insert_text(row.path, number))
    })?;
    build_partition(builder, modules).map_err(|fault| fault.in_file(lines.path()))
}

/// A row `path flow "name" id`.
pub(crate) struct Row<'a> {
    pub(crate) path: &'a [u8],
    pub(crate) id: &'a [u8],
    /// Ids of the physical node and the layer, if `id` is a state id.
    more: [Option<&'a [u8]>; 2],
    /// Description of the columns after the name.
    columns: &'static str,
}

impl<'a> Row<'a> {
    const FORM: &'static str = "a row is `path flow \"name\" id`";
    const NODE_ID: &'static str = "one id";
    const STATE_ID: &'static str = "several ids";

    /// Parses a row. A numeric id is the first field after the last quote. A string id is the last
    /// field, or everything after the name if the id contains blanks.
    pub(crate) fn parse(line: &'a [u8], string_ids: bool) -> Result<Self, Fault> {
        let lacks = |expected: &str| Fault::token(line.trim_ascii(), "is not a tree row", expected).hint(Self::FORM);
        let (path, rest) = split_field(line).ok_or_else(|| lacks("a path"))?;
        let (flow, rest) = split_field(rest).ok_or_else(|| lacks("a flow"))?;
        if real(flow).is_none() {
            return Err(Fault::token(flow, "is not a flow", "a number").hint(Self::FORM));
        }
        let rest = skip_blanks(rest);
        let rest = rest.strip_prefix(b"\"").ok_or_else(|| lacks("a name in quotes"))?;
        if string_ids {
            let end = rest.iter().rposition(|&byte| !is_blank(byte)).map_or(0, |last| last + 1);
            let start = rest[..end].iter().rposition(|&byte| is_blank(byte)).map_or(0, |blank| blank + 1);
            let quote = memchr::memrchr(b'"', &rest[..start]);
            let quote = quote.ok_or_else(|| lacks("an id after the name in quotes"))?;
            // An id with blanks spans several fields and may contain quotes. Quotes in the name are
            // then doubled.
            let blanks = split_field(&rest[quote + 1..start]).is_some();
            let id = if blanks { after_doubled_quotes(rest).trim_ascii() } else { &rest[start..end] };
            return Ok(Self { path, id, more: [None; 2], columns: Self::NODE_ID });
        }
        let quote = memchr::memrchr(b'"', rest).ok_or_else(|| lacks("a closing quote after the name"))?;
        let mut behind = fields(&rest[quote + 1..]);
        let id = behind.next().ok_or_else(|| lacks("an id after the name in quotes"))?;
        let more = [behind.next(), behind.next()];
        let columns = if more[0].is_some() { Self::STATE_ID } else { Self::NODE_ID };
        Ok(Self { path, id, more, columns })
    }
}

/// Returns the rest after a quoted name in which quotes are doubled.
fn after_doubled_quotes(mut rest: &[u8]) -> &[u8] {
    while let Some(quote) = memchr::memchr(b'"', rest) {
        rest = &rest[quote + 1..];
        match rest.strip_prefix(b"\"") {
            Some(more) => rest = more,
            None => return rest,
        }
    }
    &[]
}
