use mapeq_core::FlowNetwork;

use crate::error::FlowError;
use crate::iteration::Outcome;
use crate::link_flow::LinkFlow;

/// The flow of a network and how it was found.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The flow.
    pub network: FlowNetwork,
    /// What single links carry.
    pub links: LinkFlow,
    /// How it was found.
    pub report: FlowReport,
}

/// How a flow was found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FlowReport {
    /// Sweeps over the links; 0 where the flow has a closed form.
    pub iterations: usize,
    /// Bound on the error of the flow, summed over the nodes, in visits per step. Without teleportation there
    /// is no bound, and this is the change of the flow in the last sweep.
    pub residual: f64,
    /// Whether the residual is below the tolerance or at the limit of rounding.
    pub converged: bool,
    /// What the caller may want to tell a person.
    pub notes: Vec<String>,
}

impl FlowReport {
    /// A flow known in closed form.
    pub(crate) fn exact() -> Self {
        Self { iterations: 0, residual: 0.0, converged: true, notes: Vec::new() }
    }

    /// A flow found by iteration.
    pub(crate) fn iterated(outcome: Outcome, tolerance: f64) -> Result<Self, FlowError> {
        let Outcome { iterations, residual, converged } = outcome;
        if residual.is_nan() {
            return Err(FlowError::Degenerate(residual));
        }
        let mut notes = Vec::new();
        if !converged {
            notes.push(format!(
                "the flow has not converged: after {iterations} sweeps the residual is {residual:.1e}, above \
                 {tolerance:.1e}"
            ));
        }
        Ok(Self { iterations, residual, converged, notes })
    }

    /// Tells of the nodes without out-links, if there are any.
    pub(crate) fn note_dangling(&mut self, strength: &[f64]) {
        match strength.iter().filter(|&&strength| strength == 0.0).count() {
            0 => {}
            1 => self.notes.push("1 node has no out-links; the walk teleports from it".to_string()),
            dangling => self.notes.push(format!("{dangling} nodes have no out-links; the walk teleports from them")),
        }
    }
}
