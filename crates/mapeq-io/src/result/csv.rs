//! Results as comma-separated values: nodes with their paths, and modules.

use std::io::{self, Write};

use crate::id_columns::{self, CsvIds};
use crate::number::format_g6;
use crate::quoting::{CsvField, InQuotes};
use crate::result::order::Path;
use crate::result::ordered::ResultTree;

#[cfg(doc)]
use crate::result::physical::PhysicalLevel;

/// Writes a row `path,flow,name,node_id` per node, below a row with these words; states have `state_id` and, in layers, `layer_id`
/// before the id of their physical node. O(n log n).
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If the parts of the result are not of the same nodes and modules.
pub fn write_csv(out: &mut impl Write, result: ResultTree<'_>) -> io::Result<()> {
    let [id, physical, layer] = id_columns::headings(result.nodes);
    writeln!(out, "path,flow,name,{}", CsvIds([id, layer, physical]))?;
    result.ordered().for_each_row(|leaf| {
        let (flow, name) = (format_g6(result.flow[leaf.node]), result.nodes.name(leaf.node));
        let [id, physical, layer] = id_columns::ids(result.nodes, leaf.node);
        writeln!(out, "{},{flow},{},{}", Path(leaf.path), InQuotes(&name), CsvIds([id, layer, physical]))
    })
}

/// Writes a row `node_id,name,module,flow,share,participation` for every physical node and module that it is in, below a row
/// with these words: the modules that directly contain nodes, by their paths; the flow of the node's states there, its share
/// of all that the node has, and the node's [participation](PhysicalLevel::participation), the same in all its rows. Nodes are
/// in their order, modules of a node by descending share. O(n log n).
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If the result is not of a physical level.
pub fn write_memberships(out: &mut impl Write, result: ResultTree<'_>) -> io::Result<()> {
    let physical = result.physical.expect("a result of a physical level");
    let (shares, participation) = (physical.shares(), physical.participation());
    let mut rows = Vec::with_capacity(shares.len());
    result.ordered().for_each_row(|leaf| {
        rows.push((physical.physical[leaf.node], leaf.node, Path(&leaf.path[..leaf.path.len() - 1]).to_string()));
        Ok(())
    })?;
    // Stable: modules of equal shares are in the order of output.
    rows.sort_by(|a, b| a.0.cmp(&b.0).then(shares[b.1].total_cmp(&shares[a.1])));
    writeln!(out, "node_id,name,module,flow,share,participation")?;
    for (of, node, module) in &rows {
        let (id, name) = (result.nodes.ids.text(*node), result.nodes.name(*node));
        let numbers = [result.flow[*node], shares[*node], participation[*of as usize]].map(format_g6);
        let [flow, share, participation] = numbers;
        writeln!(out, "{},{},{module},{flow},{share},{participation}", CsvField(&id), InQuotes(&name))?;
    }
    Ok(())
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
    let modules = ordered.tree().modules();
    let mut sizes = vec![0u64; modules.len()];
    let mut members = vec![String::new(); modules.len()];
    ordered.for_each_row(|leaf| {
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
        let path = ordered.order.module_path(module);
        let parent = if own.parent == 0 { "root".to_owned() } else { Path(&path[..path.len() - 1]).to_string() };
        let flows = ordered.modules[module];
        let [flow, enter, exit, codelength] = [flows.flow, flows.enter, flows.exit, flows.codelength].map(format_g6);
        let (path, size, members) = (Path(&path), sizes[module], CsvField(&members[module]));
        writeln!(out, "{},{path},{parent},{flow},{enter},{exit},{codelength},{size},{members}", own.depth)?;
    }
    Ok(())
}
