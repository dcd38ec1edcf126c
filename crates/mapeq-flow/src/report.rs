use mapeq_core::FlowNetwork;

use crate::error::FlowError;
use crate::iteration::Outcome;
use crate::link_flow::LinkFlow;

/// The flow of a network, and a report of its computation.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Flow of the nodes, and their couplings.
    pub network: FlowNetwork,
    /// Flow of single links.
    pub links: LinkFlow,
    /// Report of the computation.
    pub report: FlowReport,
}

/// Report of the computation of a flow.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FlowReport {
    /// Number of sweeps over the links; 0 if the flow has a closed form.
    pub iterations: usize,
    /// Upper bound on the error of the flow, summed over the nodes, in visits per step. Without
    /// teleportation there is no bound, and this is the change of the flow in the last sweep.
    pub residual: f64,
    /// Whether the residual is within the tolerance or at the limit of rounding.
    pub converged: bool,
    /// Notes for the user.
    pub notes: Vec<String>,
}

impl FlowReport {
    /// Report of a flow in closed form.
    pub(crate) fn exact() -> Self {
        Self { iterations: 0, residual: 0.0, converged: true, notes: Vec::new() }
    }

    /// Report of a flow found by iteration.
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

    /// Adds a note on nodes without out-links, if there are any.
    pub(crate) fn note_dangling(&mut self, strength: &[f64]) {
        match strength.iter().filter(|&&strength| strength == 0.0).count() {
            0 => {}
            1 => self.notes.push("1 node has no out-links; the walk teleports from it".to_string()),
            dangling => self.notes.push(format!("{dangling} nodes have no out-links; the walk teleports from them")),
        }
    }
}
