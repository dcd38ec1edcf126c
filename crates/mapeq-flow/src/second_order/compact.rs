//! The network of lumped states.

use mapeq_core::{Csr, Direction, IdTable, LinkValues, Network, NodeIds, NodeTable, States};

use super::lumping::LumpedStates;
use super::stationary::StateFlow;
use super::steps::Steps;

/// Returns the network whose states are the lumps, with their flow as node weights and the flow
/// between them as links. `table` holds the physical nodes.
///
/// Flow of memoryless steps along a link leaves the states of its source in proportion to their
/// flow.
pub(super) fn network(
    steps: &Steps<'_>,
    flow_of_states: &StateFlow,
    lumps: &LumpedStates,
    table: &NodeTable,
) -> Network {
    let links = steps.links;
    let StateFlow { flow, per_total, follow, memoryless, .. } = flow_of_states;
    let states = lumps.physical.len();
    let mut weights = vec![0.0; states];
    let mut offsets = Vec::with_capacity(states + 1);
    offsets.push(0);
    let (mut targets, mut values): (Vec<u32>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut scratch = steps.scratch();
    let (mut base, mut corrections) = (Vec::new(), Vec::new());
    for (node, &memoryless) in memoryless.iter().enumerate() {
        let (own, degree, first) = (lumps.of_node(node), links.degree(node), links.range(node).start);
        let local_lump = |state: u32| (lumps.of_state[state as usize] as usize) - own.start;
        base.clear();
        base.resize(own.len(), 0.0);
        corrections.clear();
        corrections.resize(own.len() * degree, 0.0);
        for &state in steps.states(node) {
            weights[own.start + local_lump(state)] += flow[state as usize];
            base[local_lump(state)] += steps.base_alpha(state) * flow[state as usize] * per_total[state as usize];
        }
        for &correction in steps.corrections_at(node, &mut scratch) {
            let state = steps.states(node)[correction.from as usize];
            let rate = flow[state as usize] * per_total[state as usize];
            corrections[local_lump(state) * degree + correction.along() as usize] +=
                steps.alpha_correction(state, correction) * rate;
        }
        let all: f64 = weights[own.clone()].iter().sum();
        for (lump, base) in base.iter().enumerate() {
            let share = match lump {
                _ if all > 0.0 => weights[own.start + lump] / all,
                0 => 1.0,
                _ => 0.0,
            };
            for along in 0..degree {
                let link = first + along;
                let per_weight = follow * (base + corrections[lump * degree + along]) + share * memoryless;
                let carried = links.value(node, link) * per_weight;
                // Rounding may yield negative flow if α should be 0.
                if carried > 0.0 {
                    targets.push(lumps.of_state[link]);
                    values.push(carried);
                }
            }
            offsets.push(targets.len());
        }
    }
    let rows = Csr::new(offsets.into(), targets.into(), LinkValues::Each(values.into()));
    let nodes =
        NodeTable { weights: Some(weights.into()), ..NodeTable::new(NodeIds::Consecutive { first: 1, len: states }) };
    let physical_nodes = IdTable { ids: table.ids.clone(), names: table.names.clone() };
    let states_of_nodes =
        States { physical_nodes, physical: lumps.physical.as_slice().into(), layers: None, names: None };
    let network = Network::from_rows(nodes, rows, Direction::Directed);
    network.expect("targets of links are in the order of states").with_states(states_of_nodes)
}
