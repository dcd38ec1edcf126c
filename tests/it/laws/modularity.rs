//! Laws of modularity.

use mapeq::core::{Additive, Objective, internal_couplings, testing::check_objective};
use mapeq::twolevel::Modularity;
use proptest::prelude::*;

use super::cases::{Walk, cases, config, is_close};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn modularity_obeys_the_laws_of_objectives(case in cases(), resolution in 0.2..3.0) {
        check_objective(&Additive(Modularity { resolution }), &case.flow(), case.seed);
    }

    #[test]
    fn modularity_is_as_defined(case in cases(), resolution in 0.2..3.0) {
        if case.walk == Walk::Recorded {
            return Ok(());
        }
        let (flow, partition) = (case.flow(), case.random_partition(&mut case.random()));
        let objective = Additive(Modularity { resolution });
        let internal = internal_couplings(&flow, &partition);
        let value = objective.value(&objective.state(&objective.level(&flow), &partition, &internal, 0));
        // Flow out of a module's nodes stays inside the module or leaves it.
        let walk = case.by_definition();
        let (mut quality, mut out_of_all) = (0.0, 0.0);
        for module in 0..partition.modules() {
            let members = |node: usize| partition.module(node) == module;
            let nodes = || (0..case.nodes).filter(|&node| members(node));
            let into: f64 = nodes().map(|node| walk.visits()[node]).sum();
            let (enter, exit) = walk.enter_and_exit(members);
            let out = into - enter + exit;
            quality += out - exit - resolution * out * into;
            out_of_all += out;
        }
        prop_assert!(is_close(out_of_all, 1.0));
        prop_assert!(is_close(-value, quality), "{} is not {quality}", -value);
    }
}
