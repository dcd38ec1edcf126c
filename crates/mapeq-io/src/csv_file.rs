//! Results as comma-separated values: nodes with their paths, and modules.

use std::io::{self, Write};

use crate::number::format_g6;
use crate::quoting::{CsvField, InQuotes};
use crate::result::{Path, ResultTree};

/// Writes a row `path,flow,name,node_id` per node, below a row with these words. O(n log n).
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If the parts of the result are not of the same nodes and modules.
pub fn write_csv(out: &mut impl Write, result: ResultTree<'_>) -> io::Result<()> {
    writeln!(out, "path,flow,name,node_id")?;
    result.ordered().each_row(|leaf| {
        let (flow, name) = (format_g6(result.flow[leaf.node]), result.nodes.name(leaf.node));
        let id = result.nodes.ids.text(leaf.node);
        writeln!(out, "{},{flow},{},{}", Path(leaf.path), InQuotes(&name), CsvField(&id))
    })
}

/// Writes a row per module, below a row with the names of the columns:
/// `level,module,parent,flow,enter_flow,exit_flow,codelength,size,nodes`. Level 1 is the top; modules and their parents
/// are told by their paths, the parent of top modules is `root`; `size` counts the nodes that have rows, and `nodes`
/// lists the ids of those that are directly in the module, separated by blanks. O(n log n).
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If the parts of the result are not of the same nodes and modules.
pub fn write_modules(out: &mut impl Write, result: ResultTree<'_>) -> io::Result<()> {
    let ordered = result.ordered();
    let modules = ordered.tree.modules();
    let mut sizes = vec![0u64; modules.len()];
    let mut members = vec![String::new(); modules.len()];
    ordered.each_row(|leaf| {
        sizes[leaf.module] += 1;
        let members = &mut members[leaf.module];
        if !members.is_empty() {
            members.push(' ');
        }
        members.push_str(&result.nodes.ids.text(leaf.node));
        Ok(())
    })?;
    for module in (1..modules.len()).rev() {
        sizes[modules[module].parent as usize] += sizes[module];
    }
    writeln!(out, "level,module,parent,flow,enter_flow,exit_flow,codelength,size,nodes")?;
    for (module, own) in modules.iter().enumerate().skip(1) {
        let path = ordered.path(module);
        let parent = if own.parent == 0 { "root".to_owned() } else { Path(&path[..path.len() - 1]).to_string() };
        let flows = ordered.modules[module];
        let [flow, enter, exit, codelength] = [flows.flow, flows.enter, flows.exit, flows.codelength].map(format_g6);
        let (path, size, members) = (Path(&path), sizes[module], CsvField(&members[module]));
        writeln!(out, "{},{path},{parent},{flow},{enter},{exit},{codelength},{size},{members}", own.depth)?;
    }
    Ok(())
}
