//! The network of states that have been put together.

use mapeq_core::{Csr, Direction, LinkValues, Network, NodeIds, NodeTable, States};

use super::lumping::Lumps;
use super::stationary::StateFlow;
use super::steps::Steps;

/// The lumps as states of the nodes in `table`, with the flow of each as its weight, and the flow between them as links.
///
/// What goes along a link from a node without being remembered comes from its states in proportion to their flow.
pub(super) fn network(steps: &Steps<'_>, flow_of_states: &StateFlow, lumps: &Lumps, table: &NodeTable) -> Network {
    let links = steps.links;
    let StateFlow { flow, per_total, follow, forgetful, .. } = flow_of_states;
    let states = lumps.physical.len();
    let mut weights = vec![0.0; states];
    let mut offsets = Vec::with_capacity(states + 1);
    offsets.push(0);
    let (mut targets, mut values): (Vec<u32>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut scratch = steps.scratch();
    let (mut alike, mut onward) = (Vec::new(), Vec::new());
    for (node, &forgetful) in forgetful.iter().enumerate() {
        let (own, degree, first) = (lumps.of_node(node), links.degree(node), links.range(node).start);
        let place = |state: u32| (lumps.of_state[state as usize] as usize) - own.start;
        alike.clear();
        alike.resize(own.len(), 0.0);
        onward.clear();
        onward.resize(own.len() * degree, 0.0);
        for &state in steps.states(node) {
            weights[own.start + place(state)] += flow[state as usize];
            alike[place(state)] += steps.base_alpha(state) * flow[state as usize] * per_total[state as usize];
        }
        for &correction in steps.corrections_at(node, &mut scratch) {
            let state = steps.states(node)[correction.from as usize];
            let rate = flow[state as usize] * per_total[state as usize];
            onward[place(state) * degree + correction.along() as usize] +=
                steps.alpha_correction(state, correction) * rate;
        }
        let all: f64 = weights[own.clone()].iter().sum();
        for (lump, alike) in alike.iter().enumerate() {
            let share = match lump {
                _ if all > 0.0 => weights[own.start + lump] / all,
                0 => 1.0,
                _ => 0.0,
            };
            for along in 0..degree {
                let link = first + along;
                let per_weight = follow * (alike + onward[lump * degree + along]) + share * forgetful;
                let carried = links.value(node, link) * per_weight;
                // Rounding may leave less than nothing where α is 0 but for that.
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
    let of =
        States { physical_nodes: table.clone(), physical: lumps.physical.as_slice().into(), layers: None, names: None };
    let network = Network::from_rows(nodes, rows, Direction::Directed);
    network.expect("links by the order of their targets, which is that of states").with_states(of)
}
