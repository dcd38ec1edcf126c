//! The registry entry of the map equation and its variants, for all kinds of flow.

use mapeq_core::{Additive, FlowNetwork, NestedObjective, Tree};
use mapeq_labels::{Labels, WithLabels};
use mapeq_search::Monitor;
use mapeq_twolevel::{
    BalancedFlow, DirectedFlow, MapEquation, ModuleFlow, Penalized, Penalties, RecordedFlow, UnbalancedFlow,
    codelength, entropy_bias, one_level_codelength,
};

use super::objective::{RegisteredObjective, TrialRequest};
use super::options::{MapEquationOptions, ObjectiveOption, ObjectiveOptions};
use super::preferred_modules::search_by_price;
use super::random_candidates::with_random_candidates;
use super::score::Score;
use super::trial::Trial;

impl MapEquationOptions {
    /// Returns the penalties on codewords, modules and levels, or `None` if there are none.
    fn penalties(&self, network: &FlowNetwork) -> Option<Penalties> {
        let Self { entropy_correction, preferred_modules, preferred_levels, .. } = *self;
        let per_codeword = entropy_correction.map_or(0.0, |strength| entropy_bias(&network.degrees, strength));
        let any = entropy_correction.is_some() || preferred_modules.is_some() || preferred_levels.is_some();
        any.then_some(Penalties { per_codeword, preferred_modules, preferred_levels, ..Penalties::default() })
    }
}

/// Entry for the map equation, two-level (Rosvall & Bergstrom, PNAS 2008,
/// doi:10.1073/pnas.0706851105) and multilevel (PLoS ONE 2011, doi:10.1371/journal.pone.0018209).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisteredMapEquation(pub MapEquationOptions);

impl RegisteredMapEquation {
    /// Runs a trial with the types of objective that the network and the options need.
    ///
    /// The search is compiled for each type. [`UnbalancedFlow`] includes all other flows, with equal
    /// results, so that penalties need few types.
    fn run(&self, trial: Trial<'_>) -> Tree {
        let nodes = &trial.network.nodes;
        let kind = (&nodes.teleportation, &nodes.enter);
        match (self.0.penalties(trial.network), self.labels(trial.network)) {
            (None, labels) => match kind {
                (Some(_), Some(_)) => run_without_penalties::<UnbalancedFlow>(trial, labels),
                (Some(_), None) => run_without_penalties::<RecordedFlow>(trial, labels),
                (None, Some(_)) => run_without_penalties::<DirectedFlow>(trial, labels),
                (None, None) => run_without_penalties::<BalancedFlow>(trial, labels),
            },
            (Some(penalties), Some(labels)) => self.penalized(trial, penalties, |penalties| {
                WithLabels::new(Penalized::new(MapEquation::<UnbalancedFlow>::new(), penalties), labels.clone())
            }),
            (Some(penalties), None) => match kind {
                (None, None) => self.penalized(trial, penalties, without_labels::<BalancedFlow>),
                _ => self.penalized(trial, penalties, without_labels::<UnbalancedFlow>),
            },
        }
    }

    /// Returns the labels of the nodes: the categories, if there are any, or else the physical
    /// nodes, whose state nodes share a codeword in each module.
    fn labels(&self, network: &FlowNetwork) -> Option<Labels> {
        self.0.metadata.clone().or_else(|| network.physical.as_deref().map(Labels::physical_nodes))
    }

    /// Runs a trial with penalties.
    ///
    /// If modules have a price, modules without links between them, such as components, gain by
    /// merging, so the search draws random candidates for them. Drawing candidates for other units
    /// gains nothing more. For a preferred number of modules, a two-level trial starts from modules
    /// found at other penalties.
    fn penalized<O: NestedObjective>(
        &self,
        trial: Trial<'_>,
        penalties: Penalties,
        objective_with: impl Fn(Penalties) -> O,
    ) -> Tree {
        let options = match penalties {
            Penalties { per_codeword: 0.0, preferred_modules: None, .. } => trial.request.options,
            _ => with_random_candidates(trial.request.options, 0),
        };
        let trial = Trial { request: &TrialRequest { options, ..*trial.request }, ..trial };
        match (penalties.preferred_modules, trial.request.parents) {
            (Some(preferred), None) if trial.request.two_level => {
                let trees = search_by_price(trial, &objective_with, penalties, preferred);
                let value = |tree: &Tree| {
                    self.score(trial.network, tree).codelength.total() + self.selection_penalty(trial.network, tree)
                };
                trial.nested_from_best(&objective_with(penalties), &trees, value)
            }
            _ => trial.nested(&objective_with(penalties)),
        }
    }
}

/// Runs a trial of the map equation, with labels if there are any.
fn run_without_penalties<F: ModuleFlow>(trial: Trial<'_>, labels: Option<Labels>) -> Tree {
    let equation = MapEquation::<F>::new();
    match labels {
        None => trial.nested(&Additive(equation)),
        Some(labels) => trial.nested(&WithLabels::new(equation, labels)),
    }
}

/// Returns the map equation with penalties, without labels.
fn without_labels<F: ModuleFlow>(penalties: Penalties) -> Additive<Penalized<MapEquation<F>>> {
    Additive(Penalized::new(MapEquation::new(), penalties))
}

impl RegisteredObjective for RegisteredMapEquation {
    fn name(&self) -> &str {
        "map-equation"
    }

    fn summary(&self) -> &str {
        "Bits per step to describe a random walk with one codebook per module"
    }

    fn unit(&self) -> &str {
        "bits"
    }

    fn is_hierarchical(&self) -> bool {
        true
    }

    fn options(&self) -> &[ObjectiveOption] {
        &[
            ObjectiveOption::EntropyCorrection,
            ObjectiveOption::PreferredModules,
            ObjectiveOption::PreferredLevels,
            ObjectiveOption::Metadata,
        ]
    }

    fn with_options(&self, options: &ObjectiveOptions) -> Option<Box<dyn RegisteredObjective>> {
        Some(Box::new(Self(options.map_equation.clone())))
    }

    fn search(&self, network: &FlowNetwork, request: &TrialRequest<'_>, monitor: &dyn Monitor) -> Tree {
        self.run(Trial { network, request, monitor })
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        let of_tree = codelength(network, tree);
        let one_level = one_level_codelength(network);
        let mut score = Score { codelength: of_tree.codelength, one_level, modules: of_tree.codebooks };
        if let Some(labels) = self.labels(network) {
            let changes = labels.codebook_changes(network, tree);
            score.codelength = labels.codelength(network, tree, score.codelength);
            score.one_level = labels.one_level_codelength(network, score.one_level);
            score.modules.iter_mut().zip(changes).for_each(|(codebook, change)| codebook.codelength += change);
        }
        if let Some(penalties) = self.0.penalties(network) {
            let per_module = penalties.per_module(tree);
            score.codelength.index += per_module[0];
            score.codelength.module += per_module[1..].iter().sum::<f64>();
            score.one_level += penalties.one_level(network.len());
            score.modules.iter_mut().zip(per_module).for_each(|(codebook, penalty)| codebook.codelength += penalty);
        }
        score
    }

    fn selection_penalty(&self, network: &FlowNetwork, tree: &Tree) -> f64 {
        self.0.preferred_levels.map_or(0.0, |preferred| preferred.of_tree(tree, |node| network.nodes.flow[node]))
    }
}
