//! Laws of the map equation with penalties.

use mapeq::core::{Additive, AdditiveObjective, FlowNetwork, Objective, PreferredLevels, Tree, tree_value};
use mapeq::twolevel::{MapEquation, ModuleFlow, Penalized, Penalties, codelength, entropy_bias, one_level_codelength};
use mapeq::{MapEquationOptions, Partition, RegisteredMapEquation, RegisteredObjective};
use proptest::prelude::*;

use super::cases::{Case, Law, Walk, cases, check_everywhere, config, for_kind_of_flow, is_close};

/// Generates penalties of the order of codelengths, or none of one kind.
fn penalties() -> impl Strategy<Value = Penalties> {
    let per_codeword = prop_oneof![Just(0.0), 0.001..0.2];
    let per_top_module = prop_oneof![Just(0.0), -0.2..0.2];
    let preferred_modules = prop_oneof![Just(None), (1u32..6).prop_map(Some)];
    (per_codeword, per_top_module, preferred_modules, preferred_levels()).prop_map(
        |(per_codeword, per_top_module, preferred_modules, preferred_levels)| Penalties {
            per_codeword,
            per_top_module,
            preferred_modules,
            preferred_levels,
        },
    )
}

fn preferred_levels() -> impl Strategy<Value = Option<PreferredLevels>> {
    let preferred = (1u32..6, 0.0..2.0).prop_map(|(levels, strength)| Some(PreferredLevels { levels, strength }));
    prop_oneof![Just(None), preferred]
}

/// Returns the penalty of all visits for the levels of the nodes, relative to that of a flat
/// partition.
fn levels_by_definition(preferred: Option<PreferredLevels>, tree: &Tree, visits: &[f64]) -> f64 {
    let Some(PreferredLevels { levels, strength }) = preferred else { return 0.0 };
    let penalty = |level: usize| strength * (level as f64 - f64::from(levels)).powi(2) / 2.0 * std::f64::consts::LOG2_E;
    let level = |node: usize| {
        let module = tree.leaf_modules()[node];
        let above = std::iter::successors(Some(module), |&own| (own != 0).then(|| tree.modules()[own as usize].parent));
        above.count()
    };
    (0..tree.nodes()).map(|node| visits[node] * (penalty(level(node)) - penalty(2))).sum()
}

/// Returns the penalty of a tree by definition: for all but one codeword of every codebook, and for
/// the top modules.
fn penalty_by_definition(penalties: &Penalties, tree: &Tree) -> f64 {
    let children = |module: usize| {
        let nodes = tree.leaf_modules().iter().filter(|&&own| own as usize == module).count();
        tree.children(module).count() + nodes
    };
    let has_sibling = |module: usize| tree.children(tree.modules()[module].parent as usize).count() > 1;
    let can_be_left = |module: usize| {
        let above = std::iter::successors(Some(module), |&own| Some(tree.modules()[own].parent as usize));
        above.take_while(|&own| own != 0).any(has_sibling)
    };
    let codewords = |module: usize| children(module) + usize::from(can_be_left(module));
    let above_one: usize = (0..tree.modules().len()).map(|module| codewords(module).saturating_sub(1)).sum();
    let distance = penalties.preferred_modules.map_or(0, |preferred| tree.top_modules().abs_diff(preferred as usize));
    penalties.per_codeword * above_one as f64 + penalties.per_top_module * tree.top_modules() as f64 + distance as f64
}

/// Returns whether the only top module has a single submodule, see [`Penalized`].
fn is_wrapped(tree: &Tree) -> bool {
    let mut top = tree.children(0);
    match (top.next(), top.next()) {
        (Some(only), None) => tree.children(only).count() == 1,
        _ => false,
    }
}

#[test]
fn the_trees_have_one_or_several_top_modules() {
    let trees = (0..200).map(|seed| {
        let case = Case { walk: Walk::Undirected, nodes: 12, links: Vec::new(), seed };
        case.random_tree(&mut case.random())
    });
    let (mut single, mut wrapped, mut more) = (0, 0, 0);
    for tree in trees {
        let kind = match tree.top_modules() {
            1 if is_wrapped(&tree) => &mut wrapped,
            1 => &mut single,
            _ => &mut more,
        };
        *kind += 1;
    }
    assert!(single >= 10 && wrapped >= 10 && more >= 10, "{single} {wrapped} {more}");
}

/// The penalty of a tree in the objective of the search is as defined.
struct OfTree<'a>(&'a Penalties, &'a Tree);

impl Law for OfTree<'_> {
    fn hold<F: ModuleFlow>(self, flow: &FlowNetwork) {
        let plain = MapEquation::<F>::new();
        let penalized = Penalized::new(plain, *self.0);
        let without = tree_value(&plain, &Additive(plain).level(flow), &flow.couplings, self.1);
        let with = tree_value(&penalized, &Additive(penalized).level(flow), &flow.couplings, self.1);
        let for_levels = levels_by_definition(self.0.preferred_levels, self.1, &flow.nodes.flow);
        let defined = penalty_by_definition(self.0, self.1) + for_levels;
        assert!(is_close(with - without, defined), "{with} − {without} is not {defined}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn penalized_equations_obey_the_laws_of_objectives(case in cases(), penalties in penalties()) {
        struct Objectives(Penalties, u64);
        impl Law for Objectives {
            fn hold<F: ModuleFlow>(self, flow: &FlowNetwork) {
                check_everywhere(&Penalized::new(MapEquation::<F>::new(), self.0), flow, self.1);
            }
        }
        for_kind_of_flow(&case, Objectives(penalties, case.seed));
    }

    #[test]
    fn penalties_of_trees_are_as_defined(case in cases(), penalties in penalties()) {
        let tree = case.random_tree(&mut case.random());
        let penalized: f64 = penalties.per_module(&tree).iter().sum();
        let defined = penalty_by_definition(&penalties, &tree);
        prop_assert!(is_close(penalized, defined), "{penalized} is not {defined}");
        // If modules can be left, their number matters alone, not their nesting.
        if tree.top_modules() > 1 {
            let numbers = (case.nodes + tree.modules().len() - 2) as f64 * penalties.per_codeword;
            let flat = Penalties { per_codeword: penalties.per_codeword, ..Penalties::default() };
            prop_assert!(is_close(flat.per_module(&tree).iter().sum(), numbers));
        }
        let one = Tree::from_partition(&Partition::one_module(case.nodes));
        prop_assert!(is_close(penalties.one_level(case.nodes), penalty_by_definition(&penalties, &one)));
    }

    #[test]
    fn penalties_in_searches_are_as_defined(case in cases(), penalties in penalties()) {
        let tree = case.random_tree(&mut case.random());
        if !is_wrapped(&tree) {
            for_kind_of_flow(&case, OfTree(&penalties, &tree));
        }
        let partition = case.random_partition(&mut case.random());
        for_kind_of_flow(&case, OfTree(&penalties, &Tree::from_partition(&partition)));
    }

    #[test]
    fn scores_are_those_of_the_plain_equation_plus_penalties(
        case in cases(), strength in 0.0..2.0, preferred in prop_oneof![Just(None), (1u32..6).prop_map(Some)],
        preferred_levels in preferred_levels()
    ) {
        let (flow, tree) = (case.flow(), case.random_tree(&mut case.random()));
        let options = MapEquationOptions { entropy_correction: Some(strength), preferred_modules: preferred, preferred_levels, ..Default::default() };
        let objective = RegisteredMapEquation(options);
        let score = objective.score(&flow, &tree);
        let preference = levels_by_definition(preferred_levels, &tree, &flow.nodes.flow);
        prop_assert!(is_close(objective.selection_penalty(&flow, &tree), preference), "the level penalty is not part of the score");
        let degree = |weight: fn(f64) -> f64| -> f64 {
            case.merged_links().iter().map(|link| if link.0 == link.1 { weight(link.2) } else { 2.0 * weight(link.2) }).sum()
        };
        let observed = f64::max(degree(|weight| weight), degree(|_| 1.0));
        let per_codeword = strength / (2.0 * observed * std::f64::consts::LN_2);
        prop_assert!(is_close(entropy_bias(&flow.degrees, strength), per_codeword));
        let penalties = Penalties { per_codeword, preferred_modules: preferred, ..Penalties::default() };
        let defined = codelength(&flow, &tree).codelength.total() + penalty_by_definition(&penalties, &tree);
        prop_assert!(is_close(score.codelength.total(), defined), "{} is not {defined}", score.codelength.total());
        let of_modules: f64 = score.modules.iter().map(|module| module.codelength).sum();
        prop_assert!(is_close(of_modules, defined), "{of_modules} is not {defined}");
        let one = one_level_codelength(&flow) + penalties.one_level(case.nodes);
        prop_assert!(is_close(score.one_level, one), "{} is not {one}", score.one_level);
    }
}

#[test]
fn the_term_of_an_empty_module_is_zero() {
    let penalties =
        Penalties { per_codeword: 0.1, per_top_module: 0.2, preferred_modules: Some(2), preferred_levels: None };
    let penalized = Penalized::new(MapEquation::<mapeq::twolevel::BalancedFlow>::new(), penalties);
    assert_eq!(penalized.term(&Default::default()), 0.0);
    assert_eq!(penalized.shared(&Default::default()), Default::default());
}
