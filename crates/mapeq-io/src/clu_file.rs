//! `.clu` files: a module per node.

use std::io::{self, Write};

use mapeq_core::{NodeTable, Partition, Tree};
use rustc_hash::FxHashMap;

use crate::canonical::{Canonical, Rows};
use crate::columns::{self, StateIds};
use crate::error::{Fault, ReadError, count};
use crate::header::Header;
use crate::intake::row_too_short;
use crate::lines::Lines;
use crate::number::format_g6;
use crate::partition_file::{Assigned, Assignment, PartitionFile};
use crate::state_places::{Place, several_rows};
use crate::token::{fields, is_blank, skip_blanks, split_data, whole};

/// Which modules of a tree a flat file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClusterLevel {
    /// Modules at this depth, 1 being the top; branches that end earlier count with their deepest module.
    Depth(usize),
    /// The modules that directly contain nodes.
    Deepest,
}

/// Writes the modules at `level`, with `flow` a rate per node (per step of the walk), as rows `id module flow`.
///
/// Rows are in the order of [`write_tree`](crate::write_tree); modules are numbered from 1 in that order. `rows` leaves
/// out some of them.
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If `nodes`, `flow` and `tree` are not of the same nodes.
pub fn write_clu(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    flow: &[f64],
    tree: &Tree,
    level: ClusterLevel,
    rows: Rows,
) -> io::Result<()> {
    let Canonical { tree, nodes: order } = Canonical::new(tree, flow);
    let (partition, level) = match level {
        ClusterLevel::Depth(depth) => (tree.partition_at(depth), depth.to_string()),
        ClusterLevel::Deepest => (tree.leaf_partition(), "-1".to_owned()),
    };
    header.write(out)?;
    writeln!(out, "# module level {level}")?;
    let (id, more_ids) = columns::names(nodes);
    writeln!(out, "# {id} module flow{more_ids}")?;
    let mut number = vec![0u32; partition.modules()];
    let mut modules = 0;
    for &node in &order {
        let node = node as usize;
        let number = &mut number[partition.module(node)];
        if *number == 0 {
            modules += 1;
            *number = modules;
        }
        if rows.show(nodes, node) {
            let (id, flow) = (nodes.ids.text(node), format_g6(flow[node]));
            writeln!(out, "{id} {number} {flow}{}", StateIds(nodes, node))?;
        }
    }
    Ok(())
}

/// Writes the modules at `level` as Pajek wants them: `*Vertices n` and one module per row, in the order of the nodes.
/// Modules have the numbers that [`write_clu`] gives them. O(n log n).
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If `flow` and `tree` are not of the same nodes.
pub fn write_pajek_clu(out: &mut impl Write, flow: &[f64], tree: &Tree, level: ClusterLevel) -> io::Result<()> {
    let Canonical { tree, nodes: order } = Canonical::new(tree, flow);
    let partition = level.partition(&tree);
    let mut number = vec![0u32; partition.modules()];
    let mut modules = 0;
    for &node in &order {
        let number = &mut number[partition.module(node as usize)];
        if *number == 0 {
            modules += 1;
            *number = modules;
        }
    }
    writeln!(out, "*Vertices {}", tree.nodes())?;
    (0..tree.nodes()).try_for_each(|node| writeln!(out, "{}", number[partition.module(node)]))
}

impl ClusterLevel {
    /// The modules of `tree` that are shown.
    pub(crate) fn partition(self, tree: &Tree) -> Partition {
        match self {
            Self::Depth(depth) => tree.partition_at(depth),
            Self::Deepest => tree.leaf_partition(),
        }
    }
}

/// Reads either dialect: rows `id module`, or `*Vertices n` and one module per row in node order.
pub(crate) fn read(mut lines: Lines<'_>, nodes: &NodeTable) -> Result<PartitionFile, ReadError> {
    let mut clu = Clu {
        assignment: Assignment::new(nodes),
        numbers: FxHashMap::default(),
        repeated: 0,
        line: 0,
        vertices_heading: false,
        physical_rows: false,
        rows_in_order: None,
    };
    while let Some(line) = lines.next()? {
        clu.line += 1;
        clu.row(line).map_err(|fault| lines.error(fault))?;
    }
    clu.finish().map_err(|fault| fault.in_file(lines.path()))
}

struct Clu<'a> {
    assignment: Assignment<'a>,
    /// Modules in order of appearance by the numbers of the file, which are labels only.
    numbers: FxHashMap<u64, u32>,
    repeated: u64,
    /// Number of the current line, from 1.
    line: u64,
    vertices_heading: bool,
    /// Whether rows are about physical nodes, if there are states.
    physical_rows: bool,
    /// In the dialect without ids, the rows so far; `None` in the other one and before the first row.
    rows_in_order: Option<usize>,
}

impl Clu<'_> {
    fn row(&mut self, line: &[u8]) -> Result<(), Fault> {
        self.physical_rows |= line.starts_with(b"# node_id ");
        if skip_blanks(line).starts_with(b"*") {
            let heading = fields(line).next().unwrap_or_default();
            self.vertices_heading |= heading.eq_ignore_ascii_case(b"*vertices");
            return Ok(());
        }
        let Some((first, rest)) = self.split_id(line) else { return Ok(()) };
        let mut fields = fields(rest);
        match (fields.next(), self.rows_in_order) {
            (None, None) if self.vertices_heading && self.numbers.is_empty() => self.row_in_order(0, first),
            (None, None) => Err(row_too_short(first, "a module number", "id module")),
            (None, Some(rows)) => self.row_in_order(rows, first),
            (Some(second), Some(_)) => {
                Err(Fault::token(second, "follows the module", "one module per row, as in the first row"))
            }
            (Some(module), None) => {
                let module = self.module(module)?;
                let (node, layer) = (fields.nth(1), fields.next());
                if let Some(place) =
                    self.assignment.find_row([Some(first), node, layer], self.physical_rows, self.line)?
                    && !self.assignment.assign_place(place, module)
                {
                    if let Place::StatesOf(_) = place {
                        return Err(several_rows(first));
                    }
                    self.repeated += 1;
                }
                Ok(())
            }
        }
    }

    /// The id that a row begins with, and what follows. One with blanks is more than one field: then the network tells.
    fn split_id<'l>(&self, line: &'l [u8]) -> Option<(&'l [u8], &'l [u8])> {
        let (first, rest) = split_data(line)?;
        let module_follows = split_data(rest).is_none_or(|(module, _)| whole(module).is_some());
        if self.assignment.has_string_ids() && !(module_follows && self.assignment.knows(first)) {
            let line = line.trim_ascii();
            let before_last = |line: &'l [u8]| line.iter().rposition(|&byte| is_blank(byte)).map(|end| &line[..end]);
            let without_module = before_last(line).map(<[u8]>::trim_ascii_end);
            let without_flow = without_module.and_then(before_last).map(<[u8]>::trim_ascii_end);
            if let Some(id) = [without_flow, without_module].into_iter().flatten().find(|id| self.assignment.knows(id))
            {
                return Some((id, &line[id.len()..]));
            }
        }
        Some((first, rest))
    }

    fn row_in_order(&mut self, node: usize, module: &[u8]) -> Result<(), Fault> {
        let module = self.module(module)?;
        if node == self.assignment.nodes() {
            let nodes = count(node as u64, "row");
            return Err(Fault::new(format!("one row too many: expected {nodes}, one for each node of the network")));
        }
        self.assignment.assign(node, module);
        self.rows_in_order = Some(node + 1);
        Ok(())
    }

    fn module(&mut self, token: &[u8]) -> Result<u32, Fault> {
        let Some(number) = whole(token) else {
            return Err(Fault::token(token, "is not a module number", "a whole number >= 0"));
        };
        let next = self.numbers.len() as u32;
        Ok(*self.numbers.entry(number).or_insert(next))
    }

    fn finish(self) -> Result<PartitionFile, Fault> {
        let nodes = self.assignment.nodes();
        if let Some(rows) = self.rows_in_order
            && rows < nodes
        {
            let rows = count(rows as u64, "row");
            return Err(Fault::new(format!("only {rows}: expected {nodes}, one for each node of the network")));
        }
        let Assigned { modules, missing, mut notes } = self.assignment.finish(self.numbers.len() as u32)?;
        if self.repeated > 0 {
            let rows = count(self.repeated, "row");
            notes.push(format!("{rows} of a node that has a row before: the last one counts"));
        }
        Ok(PartitionFile { tree: Tree::from_partition(&Partition::from_labels(modules)), missing, notes })
    }
}
