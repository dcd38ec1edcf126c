//! Laws of the map equation: agreement with the definition, invariances, and search depth.

use mapeq::core::{Additive, FlowNetwork, HierarchicalObjective, Objective, plogp, tree_value};
use mapeq::multilevel::multilevel;
use mapeq::search::{SearchOptions, Silent, two_level};
use mapeq::twolevel::{MapEquation, ModuleFlow, codelength, one_level_codelength};
use mapeq::{MultilevelOptions, Tree};
use proptest::prelude::*;

use super::cases::{Case, Law, TOLERANCE, cases, check_everywhere, config, for_kind_of_flow, is_close};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_map_equation_obeys_the_laws_of_objectives(case in cases()) {
        struct Objectives(u64);
        impl Law for Objectives {
            fn hold<F: ModuleFlow>(self, flow: &FlowNetwork) {
                check_everywhere(&MapEquation::<F>::new(), flow, self.0);
            }
        }
        for_kind_of_flow(&case, Objectives(case.seed));
    }

    #[test]
    fn visit_rates_and_one_level_codelength_are_as_defined(case in cases()) {
        let (flow, walk) = (case.flow(), case.by_definition());
        for (node, &visits) in walk.visits().iter().enumerate() {
            prop_assert!(is_close(flow.nodes.flow[node], visits), "{} is not {visits}", flow.nodes.flow[node]);
            let (enter, exit) = walk.enter_and_exit(|other| other == node);
            let own = flow.nodes.at(node);
            prop_assert!(is_close(own.enter, enter) && is_close(own.exit, exit), "{own:?}: enter {enter}, exit {exit}");
        }
        prop_assert!(is_close(one_level_codelength(&flow), walk.one_level()));
    }

    #[test]
    fn the_two_level_codelength_is_as_defined(case in cases()) {
        let partition = case.random_partition(&mut case.random());
        let ours = codelength(&case.flow(), &Tree::from_partition(&partition)).codelength;
        let defined = case.by_definition().two_level(partition.labels());
        prop_assert!(is_close(ours.index, defined.index), "index {} is not {}", ours.index, defined.index);
        prop_assert!(is_close(ours.module, defined.module), "module {} is not {}", ours.module, defined.module);
    }

    #[test]
    fn the_multilevel_codelength_is_as_defined(case in cases()) {
        let tree = case.random_tree(&mut case.random());
        let ours = codelength(&case.flow(), &tree);
        let defined = case.by_definition().multilevel(&tree);
        prop_assert!(is_close(ours.codelength.index, defined.index), "{ours:?} is not {defined:?}");
        prop_assert!(is_close(ours.codelength.module, defined.module), "{ours:?} is not {defined:?}");
        let of_codebooks: f64 = ours.codebooks.iter().map(|codebook| codebook.codelength).sum();
        prop_assert!(is_close(ours.codelength.total(), of_codebooks));
    }

    #[test]
    fn the_objective_of_a_tree_is_its_codelength_without_node_terms(case in cases()) {
        struct Trees(Tree);
        impl Law for Trees {
            fn hold<F: ModuleFlow>(self, flow: &FlowNetwork) {
                let equation = MapEquation::<F>::new();
                let value = tree_value(&equation, &Additive(equation).level(flow), &flow.couplings, &self.0);
                let nodes: f64 = flow.nodes.flow.iter().map(|&visits| plogp(visits)).sum();
                let total = codelength(flow, &self.0).codelength.total();
                assert!(is_close(value - nodes, total), "{value} − {nodes} is not {total}");
            }
        }
        for_kind_of_flow(&case, Trees(case.random_tree(&mut case.random())));
    }

    #[test]
    fn searches_with_more_levels_are_never_worse(case in cases()) {
        struct Searches(u64);
        impl Law for Searches {
            fn hold<F: ModuleFlow>(self, flow: &FlowNetwork) {
                let equation = MapEquation::<F>::new();
                let (flat, nested) = (search_flat(&equation, flow, self.0), search_nested(&equation, flow, self.0));
                let total = |tree| codelength(flow, tree).codelength.total();
                let (flat, nested, one) = (total(&flat), total(&nested), one_level_codelength(flow));
                assert!(flat <= one + TOLERANCE, "two levels {flat} exceed one level {one}");
                assert!(nested <= flat + TOLERANCE, "multilevel {nested} exceeds two levels {flat}");
            }
        }
        for_kind_of_flow(&case, Searches(case.seed));
    }

    #[test]
    fn relabelling_the_nodes_changes_nothing(case in cases()) {
        let mut random = case.random();
        let tree = case.random_tree(&mut random);
        let (relabelled, number) = case.relabelled(&mut random);
        let mut leaf_module = vec![0; case.nodes];
        for (node, &number) in number.iter().enumerate() {
            leaf_module[number] = tree.leaf_modules()[node];
        }
        let before = codelength(&case.flow(), &tree).codelength.total();
        let after = codelength(&relabelled.flow(), &tree.with_leaves(&leaf_module)).codelength.total();
        prop_assert!(is_close(before, after), "{before} is not {after}");
    }

    #[test]
    fn scaling_the_weights_changes_nothing(case in cases(), factor in 1e-6..1e6) {
        let tree = case.random_tree(&mut case.random());
        let links = case.links.iter().map(|&(a, b, weight)| (a, b, weight * factor)).collect();
        let scaled = Case { links, ..case.clone() };
        let before = codelength(&case.flow(), &tree).codelength.total();
        let after = codelength(&scaled.flow(), &tree).codelength.total();
        prop_assert!(is_close(before, after), "{before} is not {after}");
    }
}

fn search_flat<F: ModuleFlow>(equation: &MapEquation<F>, flow: &FlowNetwork, seed: u64) -> Tree {
    let options = SearchOptions::default();
    Tree::from_partition(&two_level(flow, &Additive(*equation), &options, seed, &Silent))
}

fn search_nested<H: HierarchicalObjective>(objective: &H, flow: &FlowNetwork, seed: u64) -> Tree {
    multilevel(flow, &Additive(objective.clone()), &MultilevelOptions::default(), seed, &Silent)
}
