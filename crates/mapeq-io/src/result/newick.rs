//! `.nwk` files: a tree as nested parentheses.

use std::io::{self, Write};

use crate::number::format_g6;
use crate::result::ordered::ResultTree;

/// Writes the tree on one line, `(((3:0.2,1:0.1):0.3,(4:0.7):0.7):1);`, with ids of nodes, and flow
/// as branch lengths.
///
/// Ids with special characters are in single quotes, which are doubled inside. Features are
/// included.
///
/// # Complexity
/// O(n log n).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the parts of the result differ in nodes or modules.
pub fn write_newick(out: &mut impl Write, result: ResultTree<'_>) -> io::Result<()> {
    let ordered = result.ordered();
    let modules = ordered.tree().modules();
    write!(out, "((")?;
    let mut open: Vec<usize> = vec![0];
    let mut next = 0;
    let mut first = true;
    // The nodes of a leaf module are consecutive, and leaf modules are in the order of the modules.
    for &node in &ordered.order.nodes {
        let node = node as usize;
        let module = ordered.tree().leaf_modules()[node] as usize;
        while next < module {
            next += 1;
            while modules[next].parent != open[open.len() - 1] as u32 {
                close(out, ordered.modules[open.pop().expect("the root stays open")].flow)?;
                first = false;
            }
            write!(out, "{}(", if first { "" } else { "," })?;
            open.push(next);
            first = true;
        }
        let separator = if first { "" } else { "," };
        write!(out, "{separator}{}:{}", label(&result.nodes.ids.text(node)), format_g6(result.flow[node]))?;
        first = false;
    }
    while let Some(module) = open.pop() {
        close(out, ordered.modules[module].flow)?;
    }
    writeln!(out, ");")
}

fn close(out: &mut impl Write, flow: f64) -> io::Result<()> {
    write!(out, "):{}", format_g6(flow))
}

fn label(id: &str) -> std::borrow::Cow<'_, str> {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"()[]:,;'_".contains(c);
    if !id.is_empty() && id.chars().all(plain) { id.into() } else { format!("'{}'", id.replace('\'', "''")).into() }
}
