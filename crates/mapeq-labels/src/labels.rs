//! Labels of nodes, and their cost in modules.

use std::sync::Arc;

use mapeq_core::{FlowNetwork, LeafCost, Partition, plogp};

use crate::label_index::LabelIndex;
use crate::module_labels::{Amount, CategoryTotals, ModuleLabels};
use crate::unit_labels::{LabelAmount, UnitLabels};

/// One label for every node, and the cost of labels in modules.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// Label of each node, by the number of the node in the input network.
    of_node: Arc<[u32]>,
    weight: Weight,
    cost: LabelCost,
}

/// Amount of its label that a node carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// Visit rate of the node, per step.
    #[default]
    Flow,
    /// The inverse of the number of nodes.
    Uniform,
}

/// Cost of a module that contains amounts Y_c of labels c, W in all.
#[derive(Clone, Copy, Debug, PartialEq)]
enum LabelCost {
    /// The cost −Σ h(Y_c): one codeword for each label.
    Codewords,
    /// The cost rate · [h(W) − Σ h(Y_c)]: the rate times W times the entropy of the labels.
    Entropy { rate: f64 },
}

impl Labels {
    /// Creates labels from the physical node of each state: in each module, the states of one
    /// physical node share a codeword.
    pub fn physical_nodes(of_states: &[u32]) -> Self {
        Self { of_node: of_states.into(), weight: Weight::Flow, cost: LabelCost::Codewords }
    }

    /// Creates labels from categories of nodes. Nodes without one share an additional category.
    ///
    /// The cost of a module is `rate` times its weight times the entropy of its categories, in bits
    /// per step.
    ///
    /// # Panics
    /// If the rate is negative or not finite.
    pub fn categories(of_nodes: &[Option<u32>], rate: f64, weight: Weight) -> Self {
        assert!(rate >= 0.0 && rate.is_finite(), "{rate} is a rate");
        let mut known: Vec<u32> = of_nodes.iter().flatten().copied().collect();
        known.sort_unstable();
        known.dedup();
        let number = |category| known.binary_search(&category).expect("a known category") as u32;
        let of_node = of_nodes.iter().map(|category| category.map_or(known.len() as u32, number)).collect();
        Self { of_node, weight, cost: LabelCost::Entropy { rate } }
    }

    /// Returns whether codewords of labels replace codewords of nodes.
    pub(crate) fn replace_nodes(&self) -> bool {
        matches!(self.cost, LabelCost::Codewords)
    }

    /// Returns the labels that the nodes of `network` carry.
    ///
    /// # Panics
    /// If there is not one label per node.
    pub(crate) fn carried(&self, network: &FlowNetwork) -> UnitLabels {
        assert_eq!(self.of_node.len(), network.len(), "one label per node");
        let amount = |node: usize| {
            let node = network.nodes.at(node);
            let amount = match self.weight {
                Weight::Flow => node.flow,
                Weight::Uniform => 1.0 / network.len() as f64,
            };
            LabelAmount::single(self.of_node[node.number as usize], amount)
        };
        UnitLabels::one_each((0..network.len()).map(amount).collect())
    }

    /// Returns the labels for a search. Codewords of labels that only one node carries are left
    /// out, because partitions do not change their cost.
    pub(crate) fn searched(&self, network: &FlowNetwork) -> UnitLabels {
        let carried = self.carried(network);
        if self.replace_nodes() { carried.shared() } else { carried }
    }

    /// Returns the terms of nodes that codewords of labels replace.
    pub(crate) fn constant(&self, network: &FlowNetwork) -> f64 {
        let terms = || network.nodes.flow.iter().map(|&flow| plogp(flow)).sum();
        if self.replace_nodes() { terms() } else { 0.0 }
    }

    /// Returns the cost of one module that contains the amounts `by_label`.
    fn price(&self, by_label: impl Iterator<Item = f64>) -> f64 {
        let (whole, labels) =
            by_label.fold((0.0, 0.0), |(whole, labels), amount| (whole + amount, labels + plogp(amount)));
        match self.cost {
            LabelCost::Codewords => -labels,
            LabelCost::Entropy { rate } => rate * (plogp(whole) - labels),
        }
    }

    /// Returns the change of the entropy cost of `module` if `bundle` moves. `moved` returns an
    /// amount after the move.
    #[inline(always)]
    fn mixed(
        rate: f64,
        totals: &CategoryTotals,
        bundle: &[LabelAmount],
        module: usize,
        moved: impl Fn(Amount, &LabelAmount) -> Amount,
    ) -> f64 {
        let of_label = |amount: &LabelAmount| {
            let before = totals.amount(module, amount.label);
            plogp(moved(before, amount).sum) - plogp(before.sum)
        };
        let labels: f64 = bundle.iter().map(of_label).sum();
        let before = totals.whole(module);
        let after = bundle.iter().fold(before, moved);
        rate * (plogp(after.sum) - plogp(before.sum) - labels)
    }

    #[inline(always)]
    pub(crate) fn removal(&self, modules: &ModuleLabels, bundle: &[LabelAmount], module: usize) -> f64 {
        match self.cost {
            LabelCost::Codewords => -bundle.iter().map(|amount| modules.index.removal(amount, module)).sum::<f64>(),
            LabelCost::Entropy { rate } => Self::mixed(rate, &modules.totals, bundle, module, Amount::left_by),
        }
    }

    #[inline(always)]
    pub(crate) fn insertion(&self, modules: &ModuleLabels, bundle: &[LabelAmount], module: usize) -> f64 {
        match self.cost {
            LabelCost::Codewords => -bundle.iter().map(|amount| modules.index.insertion(amount, module)).sum::<f64>(),
            LabelCost::Entropy { rate } => Self::mixed(rate, &modules.totals, bundle, module, Amount::joined_by),
        }
    }

    /// Returns the change of cost if `bundle` joins `module` and shares no codeword with it.
    ///
    /// `alone` is the cost of the bundle alone, which is the result if labels are codewords. For
    /// categories, the result is that of `insertion`.
    #[inline(always)]
    pub(crate) fn insertion_unshared(
        &self,
        modules: &ModuleLabels,
        bundle: &[LabelAmount],
        alone: f64,
        module: usize,
    ) -> f64 {
        match self.cost {
            LabelCost::Codewords => alone,
            LabelCost::Entropy { .. } => self.insertion(modules, bundle, module),
        }
    }

    /// Calls `found` with each module that shares a codeword with `bundle`, and with the change of
    /// cost due to that codeword.
    ///
    /// The bundle's own module may be among them, and a module may come several times.
    #[inline(always)]
    pub(crate) fn shared_codewords(
        &self,
        modules: &ModuleLabels,
        bundle: &[LabelAmount],
        mut found: impl FnMut(usize, f64),
    ) {
        if !self.replace_nodes() {
            return;
        }
        for amount in bundle {
            let postings = modules.index.of(amount.label);
            // One of them is the module of the bundle.
            if postings.len() > 1 {
                postings.iter().for_each(|posting| found(posting.module as usize, posting.saving(amount)));
            }
        }
    }

    /// Returns a lower bound of the change of cost if `bundle` joins a module.
    ///
    /// A shared codeword saves most if all other carriers of the label are in the module. Mixing
    /// categories never lowers their entropy, so a module costs at least as much as its parts.
    #[inline(always)]
    pub(crate) fn insertion_bound(&self, carried: &UnitLabels, bundle: &[LabelAmount]) -> f64 {
        match self.cost {
            LabelCost::Codewords => {
                let most = |amount: &LabelAmount| {
                    let all = carried.totals()[amount.label as usize];
                    plogp(all) - plogp(all - amount.sum)
                };
                -bundle.iter().map(most).sum::<f64>()
            }
            LabelCost::Entropy { .. } => self.cost_of(bundle),
        }
    }

    pub(crate) fn cost_of(&self, bundle: &[LabelAmount]) -> f64 {
        match self.cost {
            LabelCost::Codewords => -bundle.iter().map(|amount| amount.term).sum::<f64>(),
            LabelCost::Entropy { .. } => self.price(bundle.iter().map(|amount| amount.sum)),
        }
    }

    /// Calls `found` with the modules that contain the label of the largest amount in `bundle`.
    /// Codewords that only this bundle carries are left out.
    ///
    /// Units with several labels share some label with very many modules, and have links to most of
    /// the relevant ones. Measured on second-order flights (air2015, 5159 states): with all labels,
    /// the search takes twice as long and finds 10⁻⁴ bits less.
    pub(crate) fn modules_sharing_largest(
        &self,
        modules: &ModuleLabels,
        bundle: &[LabelAmount],
        found: impl FnMut(usize),
    ) {
        let most = bundle.iter().max_by(|a, b| a.sum.total_cmp(&b.sum));
        if let Some(most) = most.filter(|_| self.replace_nodes()) {
            modules.index.of(most.label).iter().map(|posting| posting.module as usize).for_each(found);
        }
    }

    pub(crate) fn move_bundle(&self, modules: &mut ModuleLabels, bundle: &[LabelAmount], from: usize, to: usize) {
        match self.cost {
            LabelCost::Codewords => {
                let moved = |amount: &LabelAmount| modules.index.take(amount, from) + modules.index.put(amount, to);
                modules.value -= bundle.iter().map(moved).sum::<f64>();
            }
            LabelCost::Entropy { .. } => {
                modules.value += self.removal(modules, bundle, from) + self.insertion(modules, bundle, to);
                modules.totals.take(from, bundle);
                modules.totals.put(to, bundle);
            }
        }
    }
}

impl LeafCost for Labels {
    type Level = UnitLabels;
    type State = ModuleLabels;
    type Bundle = Vec<LabelAmount>;

    fn state(&self, level: &UnitLabels, modules: &[u32]) -> ModuleLabels {
        let mut state = ModuleLabels::default();
        if self.replace_nodes() {
            state.index = LabelIndex::empty(level.starts());
            for (unit, &module) in modules.iter().enumerate() {
                level.by(unit).iter().for_each(|amount| _ = state.index.put(amount, module as usize));
            }
            state.value = level.unshared_term() - state.index.sum();
            return state;
        }
        let partition = Partition::from_labels(modules.to_vec());
        let (starts, units) = partition.members();
        let mut bundle = Vec::new();
        for ends in starts.windows(2) {
            let members = &units[ends[0]..ends[1]];
            level.together(members, &mut bundle);
            state.totals.put(modules[members[0] as usize] as usize, &bundle);
            state.value += self.cost_of(&bundle);
        }
        state
    }

    fn value(&self, state: &ModuleLabels) -> f64 {
        state.value
    }

    fn cost_of_one_module(&self, level: &UnitLabels) -> f64 {
        level.unshared_term() + self.price(level.totals().iter().copied())
    }

    fn bundle(&self, level: &UnitLabels, units: &[u32], bundle: &mut Vec<LabelAmount>) {
        level.together(units, bundle);
    }

    fn cost_alone(&self, bundle: &Vec<LabelAmount>) -> f64 {
        self.cost_of(bundle)
    }

    fn removal_delta(&self, state: &ModuleLabels, bundle: &Vec<LabelAmount>, module: usize) -> f64 {
        self.removal(state, bundle, module)
    }

    fn insertion_delta(&self, state: &ModuleLabels, bundle: &Vec<LabelAmount>, module: usize) -> f64 {
        self.insertion(state, bundle, module)
    }

    fn insertion_lower_bound(&self, level: &UnitLabels, bundle: &Vec<LabelAmount>) -> f64 {
        self.insertion_bound(level, bundle)
    }

    fn relocate(&self, state: &mut ModuleLabels, bundle: &Vec<LabelAmount>, from: usize, to: usize) {
        self.move_bundle(state, bundle, from, to);
    }

    fn candidates(&self, state: &ModuleLabels, bundle: &Vec<LabelAmount>, found: impl FnMut(usize)) {
        self.modules_sharing_largest(state, bundle, found);
    }
}
