//! Results as comma-separated values: nodes with their paths, memberships, and modules.

use std::io::{self, Write};

use crate::id_columns::{self, CsvIds};
use crate::number::format_g6;
use crate::quoting::{CsvField, InQuotes};
use crate::result::order::Path;
use crate::result::ordered::ResultTree;

#[cfg(doc)]
use crate::result::physical::PhysicalLevel;

/// Writes rows `path,flow,name,node_id` below a header. Rows of states have `state_id`, and
/// `layer_id` in multilayer networks, before the id of the physical node.
///
/// # Complexity
/// O(n log n).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the parts of the result differ in nodes or modules.
pub fn write_csv(out: &mut impl Write, result: ResultTree<'_>) -> io::Result<()> {
    let [id, physical, layer] = id_columns::headings(result.nodes);
    writeln!(out, "path,flow,name,{}", CsvIds([id, layer, physical]))?;
    result.ordered().for_each_row(|leaf| {
        let (flow, name) = (format_g6(result.flow[leaf.node]), result.nodes.name(leaf.node));
        let [id, physical, layer] = id_columns::ids(result.nodes, leaf.node);
        writeln!(out, "{},{flow},{},{}", Path(leaf.path), InQuotes(&name), CsvIds([id, layer, physical]))
    })
}

/// Writes rows `node_id,name,module,flow,share,participation` below a header: one for every
/// physical node and each of its modules.
///
/// Modules are those that directly contain nodes, given by their paths. `flow` is the flow of the
/// node's states in the module, `share` its share in the flow of the node, and `participation` the
/// node's [participation](PhysicalLevel::participation), which is equal in all its rows. Rows are
/// in node order, then by descending share.
///
/// # Complexity
/// O(n log n).
///
/// # Errors
/// Those of `out`.
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
    // The sort is stable: modules with equal shares stay in the order of output.
    rows.sort_by(|a, b| a.0.cmp(&b.0).then(shares[b.1].total_cmp(&shares[a.1])));
    writeln!(out, "node_id,name,module,flow,share,participation")?;
    for (physical_node, node, module) in &rows {
        let (id, name) = (result.nodes.ids.text(*node), result.nodes.name(*node));
        let numbers = [result.flow[*node], shares[*node], participation[*physical_node as usize]].map(format_g6);
        let [flow, share, participation] = numbers;
        writeln!(out, "{},{},{module},{flow},{share},{participation}", CsvField(&id), InQuotes(&name))?;
    }
    Ok(())
}

/// Writes a row per module below the header
/// `level,module,parent,flow,enter_flow,exit_flow,codelength,size,nodes`.
///
/// Level 1 is the top. Modules and their parents are given by their paths, and the parent of top
/// modules is `root`. `size` counts the nodes with rows. `nodes` lists the ids of the nodes
/// directly in the module, separated by blanks.
///
/// # Complexity
/// O(n log n).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the parts of the result differ in nodes or modules.
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
