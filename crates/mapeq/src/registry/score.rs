//! The value of a tree and its parts.

use mapeq_core::{
    Additive, AdditiveObjective, Codelength, FlowNetwork, HierarchicalObjective, Objective, Partition, Tree,
    internal_couplings, tree_aggregates,
};
use mapeq_twolevel::{Codebook, codelength};

/// The value of a tree and its parts.
#[derive(Clone, Debug)]
pub struct Score {
    /// Value as the sum of the shared term (for the map equation, the index codebook) and the terms
    /// of the modules, which include the constant of the objective.
    pub codelength: Codelength,
    /// Value of the partition into one module.
    pub one_level: f64,
    /// Flow and term of every module, in the order of [`Tree::modules`], the root first.
    pub modules: Vec<Codebook>,
}

impl Score {
    /// Reorders the modules: module `m` gets the number `number[m]`.
    pub(crate) fn renumber(&mut self, number: &[u32]) {
        let mut modules = vec![Codebook::default(); self.modules.len()];
        for (module, &number) in self.modules.iter().zip(number) {
            modules[number as usize] = *module;
        }
        self.modules = modules;
    }

    /// Returns the savings relative to one module, as a fraction: see [`relative_savings`].
    pub fn relative_savings(&self) -> f64 {
        relative_savings(self.codelength.total(), self.one_level)
    }
}

/// Returns the savings of `value` relative to `one_level`, as a fraction. Returns 0 if they do not
/// exceed rounding errors.
pub fn relative_savings(value: f64, one_level: f64) -> f64 {
    const ROUNDING: f64 = 1e-12;
    let saved = one_level - value;
    let nothing = saved.abs() <= ROUNDING * one_level.abs() || one_level.abs() <= ROUNDING * value.abs().max(1e-4);
    if nothing { 0.0 } else { saved / one_level }
}

/// Computes the score of a two-level tree from the definition of the objective. The terms of single
/// modules are without its constant.
pub(super) fn of_flat<A: AdditiveObjective>(objective: A, network: &FlowNetwork, tree: &Tree) -> Score {
    let objective = Additive(objective);
    let partition = tree.partition_at(1);
    let level = objective.level(network);
    let state = objective.state(&level, &partition, &internal_couplings(network, &partition), 0);
    let mut terms = vec![0.0; tree.modules().len()];
    for (node, &label) in partition.labels().iter().enumerate() {
        terms[tree.leaf_modules()[node] as usize] = objective.0.term(state.module(label as usize));
    }
    let module: f64 = terms.iter().sum();
    let constant = objective.constant(network);
    let one_module = Partition::one_module(network.len());
    let internal = internal_couplings(network, &one_module);
    Score {
        codelength: Codelength { index: objective.value(&state) - module, module: module + constant },
        one_level: objective.value(&objective.state(&level, &one_module, &internal, 0)) + constant,
        modules: with_terms(network, tree, &terms),
    }
}

/// Computes the score of a tree from the definition of the objective. The terms of single modules
/// are without its constant.
pub(super) fn of_nested<H: HierarchicalObjective>(objective: &H, network: &FlowNetwork, tree: &Tree) -> Score {
    let units = Additive(objective.clone()).level(network);
    let terms_of = |tree: &Tree| -> Vec<f64> {
        let modules = tree_aggregates(objective, &units, &network.couplings, tree);
        let below = modules[1..].iter().map(|module| objective.term(module));
        std::iter::once(objective.undivided(&modules[0])).chain(below).collect()
    };
    let terms = terms_of(tree);
    let constant = objective.constant(network);
    let one_module = Tree::from_partition(&Partition::one_module(network.len()));
    Score {
        codelength: Codelength { index: terms[0], module: terms[1..].iter().sum::<f64>() + constant },
        one_level: terms_of(&one_module).iter().sum::<f64>() + constant,
        modules: with_terms(network, tree, &terms),
    }
}

/// Returns the flow of every module, with `terms` in place of the codelengths of the map equation.
fn with_terms(network: &FlowNetwork, tree: &Tree, terms: &[f64]) -> Vec<Codebook> {
    let codebooks = codelength(network, tree).codebooks;
    codebooks.into_iter().zip(terms).map(|(codebook, &term)| Codebook { codelength: term, ..codebook }).collect()
}
