//! State networks and multilayer networks as text.

use std::io::{self, Write};

use mapeq_core::{IdTable, Layers, Network, States};

use crate::number::Shortest;

/// Writes `*Vertices` with the names of physical nodes, then `*States` and `*Links`. Multilayer
/// networks have `*Layers` and `*Multilayer`, or `*Intra` and `*Inter` if links stay in their
/// layers.
pub(crate) fn write(out: &mut impl Write, network: &Network, states: &States) -> io::Result<()> {
    write_vertices(out, network, states)?;
    match &states.layers {
        None => write_states(out, network, states),
        Some(layers) => write_layers(out, network, states, layers),
    }
}

/// Writes the names of physical nodes. Multilayer networks also have their weights, which hold in
/// all layers.
fn write_vertices(out: &mut impl Write, network: &Network, states: &States) -> io::Result<()> {
    let (physical_nodes, nodes) = (&states.physical_nodes, network.nodes());
    if nodes.weights.is_none() || states.layers.is_none() {
        return write_names(out, "*Vertices", physical_nodes);
    }
    let mut weights = vec![1.0; physical_nodes.len()];
    (0..nodes.len()).for_each(|state| weights[states.physical[state] as usize] = nodes.weight(state));
    writeln!(out, "*Vertices {}", physical_nodes.len())?;
    weights.iter().enumerate().try_for_each(|(node, &weight)| {
        writeln!(out, "{} \"{}\" {}", physical_nodes.ids.text(node), physical_nodes.name(node), Shortest(weight))
    })
}

fn write_names(out: &mut impl Write, heading: &str, nodes: &IdTable) -> io::Result<()> {
    if nodes.names.is_none() {
        return Ok(());
    }
    writeln!(out, "{heading} {}", nodes.len())?;
    (0..nodes.len()).try_for_each(|node| writeln!(out, "{} \"{}\"", nodes.ids.text(node), nodes.name(node)))
}

fn write_states(out: &mut impl Write, network: &Network, states: &States) -> io::Result<()> {
    let nodes = network.nodes();
    writeln!(out, "*States {}", nodes.len())?;
    for state in 0..nodes.len() {
        write!(out, "{} {}", nodes.ids.text(state), states.physical_nodes.ids.text(states.physical[state] as usize))?;
        if let Some(names) = states.names.as_ref().filter(|names| !names.at(state).is_empty()) {
            write!(out, " \"{}\"", names.at(state))?;
        }
        if nodes.weights.is_some() {
            write!(out, " {}", Shortest(nodes.weight(state)))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "*Links {}", network.links().links())?;
    for (source, target, weight) in network.links().iter() {
        writeln!(out, "{} {} {}", nodes.ids.text(source), nodes.ids.text(target), Shortest(weight))?;
    }
    Ok(())
}

fn write_layers(out: &mut impl Write, network: &Network, states: &States, layers: &Layers) -> io::Result<()> {
    write_names(out, "*Layers", &layers.table)?;
    let node = |state: usize| states.physical_nodes.ids.text(states.physical[state] as usize);
    let layer = |state: usize| layers.table.ids.text(layers.of_state[state] as usize);
    writeln!(out, "{}", if layers.inter.is_some() { "*Intra" } else { "*Multilayer" })?;
    for (source, target, weight) in network.links().iter() {
        write!(out, "{} {} ", layer(source), node(source))?;
        if layers.inter.is_none() {
            write!(out, "{} ", layer(target))?;
        }
        writeln!(out, "{} {}", node(target), Shortest(weight))?;
    }
    let inter = layers.inter.as_deref().unwrap_or_default();
    if !inter.is_empty() {
        writeln!(out, "*Inter")?;
    }
    for link in inter {
        let (source, target) = (link.source as usize, link.target as usize);
        writeln!(out, "{} {} {} {}", layer(source), node(source), layer(target), Shortest(link.weight))?;
    }
    Ok(())
}
