//! The map equation and its variants, for whatever kind of flow the network has.

use mapeq_content::{Labels, WithLabels};
use mapeq_core::{Additive, FlowNetwork, HierarchicalObjective, NestedObjective, Tree};
use mapeq_search::Monitor;
use mapeq_twolevel::{
    BalancedFlow, Charged, Charges, DirectedFlow, MapEquation, ModuleFlow, RecordedFlow, UnbalancedFlow, codelength,
    entropy_bias, one_level_codelength,
};

use super::preference::at_the_right_price;
use super::work::Work;
use super::{ObjectiveOption, ObjectiveOptions, RegisteredObjective, Score, TrialRequest};

/// Variants of the map equation, which can be combined.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MapEquationOptions {
    /// Strength of the correction for the bias of entropies estimated from few links; 1 corrects for all of it.
    pub entropy_correction: Option<f64>,
    /// The number of top modules that costs nothing; one bit for each more or less.
    pub preferred_modules: Option<u32>,
}

impl MapEquationOptions {
    /// What numbers of codewords and modules cost; `None` if nothing.
    fn charges(&self, network: &FlowNetwork) -> Option<Charges> {
        let Self { entropy_correction, preferred_modules } = *self;
        let per_codeword = entropy_correction.map_or(0.0, |strength| entropy_bias(&network.degrees, strength));
        (*self != Self::default()).then_some(Charges { per_codeword, preferred_modules, ..Charges::default() })
    }
}

/// The map equation, two-level (Rosvall & Bergstrom, PNAS 2008, doi:10.1073/pnas.0706851105) and multilevel (PLoS ONE
/// 2011, doi:10.1371/journal.pone.0018209).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RegisteredMapEquation(pub MapEquationOptions);

impl RegisteredMapEquation {
    /// The one place where the types of flow and of variants are chosen.
    fn run(&self, work: Work<'_>) -> Tree {
        let nodes = &work.network.nodes;
        match (&nodes.teleportation, &nodes.enter) {
            (Some(_), Some(_)) => self.run_with::<UnbalancedFlow>(work),
            (Some(_), None) => self.run_with::<RecordedFlow>(work),
            (None, Some(_)) => self.run_with::<DirectedFlow>(work),
            (None, None) => self.run_with::<BalancedFlow>(work),
        }
    }

    fn run_with<F: ModuleFlow>(&self, work: Work<'_>) -> Tree {
        let equation = MapEquation::<F>::new();
        match (self.0.charges(work.network), physical_nodes(work.network)) {
            (None, None) => work.nested(&Additive(equation)),
            (None, Some(labels)) => work.nested(&WithLabels::new(equation, labels)),
            (Some(charges), None) => {
                self.run_charged(work, &equation, charges, &Additive(Charged::new(equation, charges)))
            }
            (Some(charges), Some(labels)) => {
                self.run_charged(work, &equation, charges, &WithLabels::new(Charged::new(equation, charges), labels))
            }
        }
    }

    fn run_charged<H: HierarchicalObjective>(
        &self,
        work: Work<'_>,
        equation: &H,
        charges: Charges,
        objective: &impl NestedObjective,
    ) -> Tree {
        match (charges.preferred_modules, work.parents) {
            (Some(preferred), None) => {
                let eased = || at_the_right_price(work, equation, charges, preferred);
                work.nested_beside(objective, eased, |tree| self.score(work.network, tree).codelength.total())
            }
            _ => work.nested(objective),
        }
    }
}

/// States of a physical node share a codeword in each module.
fn physical_nodes(network: &FlowNetwork) -> Option<Labels> {
    network.physical.as_deref().map(Labels::physical_nodes)
}

impl RegisteredObjective for RegisteredMapEquation {
    fn name(&self) -> &str {
        "map-equation"
    }

    fn summary(&self) -> &str {
        "Bits per step that describe a random walk with a codebook per module"
    }

    fn unit(&self) -> &str {
        "bits"
    }

    fn is_hierarchical(&self) -> bool {
        true
    }

    fn options(&self) -> &[ObjectiveOption] {
        &[ObjectiveOption::EntropyCorrection, ObjectiveOption::PreferredModules]
    }

    fn with_options(&self, options: &ObjectiveOptions) -> Option<Box<dyn RegisteredObjective>> {
        let ObjectiveOptions { entropy_correction, preferred_modules, .. } = *options;
        Some(Box::new(Self(MapEquationOptions { entropy_correction, preferred_modules })))
    }

    fn trial(&self, network: &FlowNetwork, request: &TrialRequest, monitor: &dyn Monitor) -> Tree {
        self.run(Work { network, request, parents: None, monitor })
    }

    fn combination(
        &self,
        network: &FlowNetwork,
        request: &TrialRequest,
        trees: (&Tree, &Tree),
        monitor: &dyn Monitor,
    ) -> Option<Tree> {
        Some(self.run(Work { network, request, parents: Some(trees), monitor }))
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        let of_tree = codelength(network, tree);
        let one_level = one_level_codelength(network);
        let mut score = Score { codelength: of_tree.codelength, one_level, modules: of_tree.codebooks };
        if let Some(labels) = physical_nodes(network) {
            let changes = labels.codebook_changes(network, tree);
            score.codelength = labels.codelength(network, tree, score.codelength);
            score.one_level = labels.one_level_codelength(network, score.one_level);
            score.modules.iter_mut().zip(changes).for_each(|(codebook, change)| codebook.codelength += change);
        }
        if let Some(charges) = self.0.charges(network) {
            let of_modules = charges.of_modules(tree);
            score.codelength.index += of_modules[0];
            score.codelength.module += of_modules[1..].iter().sum::<f64>();
            score.one_level += charges.of_one_level(network.len());
            score.modules.iter_mut().zip(of_modules).for_each(|(codebook, charge)| codebook.codelength += charge);
        }
        score
    }
}
