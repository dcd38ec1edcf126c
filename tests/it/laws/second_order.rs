//! Laws of second-order walks.

use mapeq::flow::{FlowModel, FlowOptions, WalkBias, compute_flow, second_order_walk};
use mapeq::{FlowNetwork, RegisteredMapEquation, RegisteredObjective};
use proptest::prelude::*;

use super::cases::{Case, Walk, cases, config, is_close};

/// Computes the flow of a walk with this bias.
fn flow(case: &Case, bias: WalkBias) -> FlowNetwork {
    let model = if case.walk == Walk::Undirected { FlowModel::Undirected } else { FlowModel::Directed };
    let walk = second_order_walk(&case.network(), &bias, &FlowOptions { model, ..FlowOptions::default() });
    let precomputed = FlowOptions { model: FlowModel::Precomputed, ..FlowOptions::default() };
    compute_flow(&walk.expect("a network with links").network, &precomputed).expect("a walk with flow").network
}

proptest! {
    #![proptest_config(config())]

    /// If all states of a node are in one module, the codelength does not depend on their number.
    #[test]
    fn lumping_states_changes_no_codelength(
        case in cases(), p in 0.2..5.0, q in 0.2..5.0, min_information in 0.01..0.3
    ) {
        if case.walk == Walk::Recorded {
            return Ok(());
        }
        let tree = case.random_tree(&mut case.random());
        let codelength = |min_information: f64| {
            let flow = flow(&case, WalkBias { return_parameter: p, in_out_parameter: q, min_information });
            let node = |state: usize| flow.physical.as_ref().map_or(state, |physical| physical[state] as usize);
            let leaf_module: Vec<u32> = (0..flow.len()).map(|state| tree.leaf_modules()[node(state)]).collect();
            let score = RegisteredMapEquation::default().score(&flow, &tree.with_leaves(&leaf_module));
            (flow.len(), score.codelength.total(), score.one_level)
        };
        let (all, some, one) = (codelength(0.0), codelength(min_information), codelength(9.0));
        prop_assert_eq!(one.0, case.nodes);
        prop_assert!(all.0 >= some.0 && some.0 >= one.0);
        for fewer in [some, one] {
            prop_assert!(is_close(all.1, fewer.1), "{} is not {}", all.1, fewer.1);
            prop_assert!(is_close(all.2, fewer.2), "{} is not {}", all.2, fewer.2);
        }
    }
}
