//! Labels of nodes, and what modules pay for containing them.

use std::sync::Arc;

use mapeq_core::{FlowNetwork, LeafCost, Partition, plogp};

use crate::carried::{Carried, Portion};
use crate::held::{Amount, Held, Mixtures};
use crate::holders::Holders;

/// One label for every node, and what modules pay for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// By the number of the node in the network as it was given.
    of_node: Arc<[u32]>,
    weight: Weight,
    payment: Payment,
}

/// How much a node carries of its label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// Its visit rate, per step.
    #[default]
    Flow,
    /// One over the number of nodes.
    Uniform,
}

/// What a module pays that contains amounts Y_c of labels, W in all.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Payment {
    /// −Σ h(Y_c): a codeword for each label.
    Codewords,
    /// rate · [h(W) − Σ h(Y_c)]: the entropy of the labels, with every unit of the whole amount.
    Entropy { rate: f64 },
}

impl Labels {
    /// The physical nodes of states, as labels: in each module, the states of one physical node share a codeword. Given are the
    /// ids of the physical nodes, by state.
    pub fn physical_nodes(of_states: &[u32]) -> Self {
        Self { of_node: of_states.into(), weight: Weight::Flow, payment: Payment::Codewords }
    }

    /// Categories of nodes, as labels; nodes without one share one more. Every module pays `rate` times its weight times the
    /// entropy of its categories, in bits per step.
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
        Self { of_node, weight, payment: Payment::Entropy { rate } }
    }

    /// Whether modules pay for codewords of labels in place of codewords of nodes.
    pub(crate) fn replace_nodes(&self) -> bool {
        matches!(self.payment, Payment::Codewords)
    }

    /// What the nodes of `network` carry.
    ///
    /// # Panics
    /// If there is not one label per node.
    pub(crate) fn carried(&self, network: &FlowNetwork) -> Carried {
        assert_eq!(self.of_node.len(), network.len(), "one label per node");
        let portion = |node: usize| {
            let node = network.nodes.at(node);
            let amount = match self.weight {
                Weight::Flow => node.flow,
                Weight::Uniform => 1.0 / network.len() as f64,
            };
            Portion::of_one(self.of_node[node.number as usize], amount)
        };
        Carried::one_each((0..network.len()).map(portion).collect())
    }

    /// The same for a search, which needs to know of labels only where they make a difference.
    pub(crate) fn searched(&self, network: &FlowNetwork) -> Carried {
        let carried = self.carried(network);
        if self.replace_nodes() { carried.shared() } else { carried }
    }

    /// What is paid for the amounts of labels `by_label` in one module.
    fn price(&self, by_label: impl Iterator<Item = f64>) -> f64 {
        let (whole, labels) =
            by_label.fold((0.0, 0.0), |(whole, labels), amount| (whole + amount, labels + plogp(amount)));
        match self.payment {
            Payment::Codewords => -labels,
            Payment::Entropy { rate } => rate * (plogp(whole) - labels),
        }
    }

    /// Change of what `module` pays at a rate for the entropy of labels when `bundle` moves: `moved` tells what becomes of an amount.
    #[inline(always)]
    fn mixed(
        rate: f64,
        mixtures: &Mixtures,
        bundle: &[Portion],
        module: usize,
        moved: impl Fn(Amount, &Portion) -> Amount,
    ) -> f64 {
        let of_label = |portion: &Portion| {
            let before = mixtures.amount(module, portion.label);
            plogp(moved(before, portion).sum) - plogp(before.sum)
        };
        let labels: f64 = bundle.iter().map(of_label).sum();
        let before = mixtures.whole(module);
        let after = bundle.iter().fold(before, moved);
        rate * (plogp(after.sum) - plogp(before.sum) - labels)
    }

    #[inline(always)]
    pub(crate) fn departure_of(&self, held: &Held, bundle: &[Portion], module: usize) -> f64 {
        match self.payment {
            Payment::Codewords => -bundle.iter().map(|portion| held.holders.departure(portion, module)).sum::<f64>(),
            Payment::Entropy { rate } => Self::mixed(rate, &held.mixtures, bundle, module, Amount::left_by),
        }
    }

    #[inline(always)]
    pub(crate) fn arrival_of(&self, held: &Held, bundle: &[Portion], module: usize) -> f64 {
        match self.payment {
            Payment::Codewords => -bundle.iter().map(|portion| held.holders.arrival(portion, module)).sum::<f64>(),
            Payment::Entropy { rate } => Self::mixed(rate, &held.mixtures, bundle, module, Amount::joined_by),
        }
    }

    /// The arrival of `bundle` in a module that shares no codeword with it: `alone`, what it pays alone, where labels are codewords.
    /// Of categories nothing is left out.
    #[inline(always)]
    pub(crate) fn arrival_apart(&self, held: &Held, bundle: &[Portion], alone: f64, module: usize) -> f64 {
        match self.payment {
            Payment::Codewords => alone,
            Payment::Entropy { .. } => self.arrival_of(held, bundle, module),
        }
    }

    /// Calls `found` with the modules that share codewords with `bundle`, the one it is in among them, and what each one of these saves.
    #[inline(always)]
    pub(crate) fn common_codewords(&self, held: &Held, bundle: &[Portion], mut found: impl FnMut(usize, f64)) {
        if !self.replace_nodes() {
            return;
        }
        for portion in bundle {
            let holders = held.holders.of(portion.label);
            // One of them is the module that it is in.
            if holders.len() > 1 {
                holders.iter().for_each(|holder| found(holder.module as usize, holder.saving(portion)));
            }
        }
    }

    /// A shared codeword saves most where all the others are that share it. Entropy, on the other hand, only grows by mixing:
    /// modules pay no less than each part by itself.
    #[inline(always)]
    pub(crate) fn least_arrival_of(&self, carried: &Carried, bundle: &[Portion]) -> f64 {
        match self.payment {
            Payment::Codewords => {
                let most = |portion: &Portion| {
                    let all = carried.totals()[portion.label as usize];
                    plogp(all) - plogp(all - portion.amount)
                };
                -bundle.iter().map(most).sum::<f64>()
            }
            Payment::Entropy { .. } => self.alone_of(bundle),
        }
    }

    pub(crate) fn alone_of(&self, bundle: &[Portion]) -> f64 {
        match self.payment {
            Payment::Codewords => -bundle.iter().map(|portion| portion.term).sum::<f64>(),
            Payment::Entropy { .. } => self.price(bundle.iter().map(|portion| portion.amount)),
        }
    }

    /// Calls `found` with the modules that share the codeword of what `bundle` has most of, codewords that it alone has left out.
    ///
    /// Units with several labels share some with very many modules, and are linked to most of those that matter: with all of
    /// these, the search takes twice as long on second-order flights (air2015, 5159 states), and finds 10⁻⁴ bits less.
    pub(crate) fn attracted_by(&self, held: &Held, bundle: &[Portion], found: impl FnMut(usize)) {
        let most = bundle.iter().max_by(|a, b| a.amount.total_cmp(&b.amount));
        if let Some(most) = most.filter(|_| self.replace_nodes()) {
            held.holders.of(most.label).iter().map(|holder| holder.module as usize).for_each(found);
        }
    }

    pub(crate) fn relocate_bundle(&self, held: &mut Held, bundle: &[Portion], from: usize, to: usize) {
        match self.payment {
            Payment::Codewords => {
                let moved = |portion: &Portion| held.holders.take(portion, from) + held.holders.put(portion, to);
                held.value -= bundle.iter().map(moved).sum::<f64>();
            }
            Payment::Entropy { .. } => {
                held.value += self.departure_of(held, bundle, from) + self.arrival_of(held, bundle, to);
                held.mixtures.take(from, bundle);
                held.mixtures.put(to, bundle);
            }
        }
    }
}

impl LeafCost for Labels {
    type Level = Carried;
    type State = Held;
    type Bundle = Vec<Portion>;

    fn state(&self, level: &Carried, modules: &[u32]) -> Held {
        let mut held = Held::default();
        if self.replace_nodes() {
            held.holders = Holders::none(level.starts());
            for (unit, &module) in modules.iter().enumerate() {
                level.by(unit).iter().for_each(|portion| _ = held.holders.put(portion, module as usize));
            }
            held.value = level.settled() - held.holders.sum();
            return held;
        }
        let partition = Partition::from_labels(modules.to_vec());
        let (starts, units) = partition.members();
        let mut bundle = Vec::new();
        for ends in starts.windows(2) {
            let members = &units[ends[0]..ends[1]];
            level.together(members, &mut bundle);
            held.mixtures.put(modules[members[0] as usize] as usize, &bundle);
            held.value += self.alone_of(&bundle);
        }
        held
    }

    fn value(&self, state: &Held) -> f64 {
        state.value
    }

    fn cost_of_one_module(&self, level: &Carried) -> f64 {
        level.settled() + self.price(level.totals().iter().copied())
    }

    fn bundle(&self, level: &Carried, units: &[u32], bundle: &mut Vec<Portion>) {
        level.together(units, bundle);
    }

    fn cost_alone(&self, bundle: &Vec<Portion>) -> f64 {
        self.alone_of(bundle)
    }

    fn removal_delta(&self, state: &Held, bundle: &Vec<Portion>, module: usize) -> f64 {
        self.departure_of(state, bundle, module)
    }

    fn insertion_delta(&self, state: &Held, bundle: &Vec<Portion>, module: usize) -> f64 {
        self.arrival_of(state, bundle, module)
    }

    fn insertion_lower_bound(&self, level: &Carried, bundle: &Vec<Portion>) -> f64 {
        self.least_arrival_of(level, bundle)
    }

    fn relocate(&self, state: &mut Held, bundle: &Vec<Portion>, from: usize, to: usize) {
        self.relocate_bundle(state, bundle, from, to);
    }

    fn candidates(&self, state: &Held, bundle: &Vec<Portion>, found: impl FnMut(usize)) {
        self.attracted_by(state, bundle, found);
    }
}
