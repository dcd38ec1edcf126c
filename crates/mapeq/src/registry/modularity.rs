//! The registry entry of modularity.

use mapeq_core::{Additive, FlowNetwork, Tree};
use mapeq_search::Monitor;
use mapeq_twolevel::Modularity;

use super::objective::{RegisteredObjective, TrialRequest};
use super::options::{ObjectiveOption, ObjectiveOptions};
use super::score::{self, Score};
use super::trial::Trial;

/// Entry for negative modularity with a resolution: see [`Modularity`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RegisteredModularity(pub Modularity);

impl RegisteredObjective for RegisteredModularity {
    fn name(&self) -> &str {
        "modularity"
    }

    fn summary(&self) -> &str {
        "Negative modularity: expected minus actual flow inside modules"
    }

    fn is_hierarchical(&self) -> bool {
        false
    }

    fn options(&self) -> &[ObjectiveOption] {
        &[ObjectiveOption::Resolution]
    }

    fn with_options(&self, options: &ObjectiveOptions) -> Option<Box<dyn RegisteredObjective>> {
        Some(Box::new(Self(Modularity { resolution: options.resolution.unwrap_or(self.0.resolution) })))
    }

    fn check(&self, network: &FlowNetwork) -> Result<(), String> {
        if network.nodes.teleportation.is_some() {
            return Err("modularity is defined for flow along links: remove --recorded-teleportation".to_owned());
        }
        Ok(())
    }

    fn search(&self, network: &FlowNetwork, request: &TrialRequest<'_>, monitor: &dyn Monitor) -> Tree {
        Trial { network, request, monitor }.flat(&Additive(self.0))
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        score::of_flat(self.0, network, tree)
    }
}
