//! The score of a result by mapeq, and by Infomap as a check.

use std::path::Path;

use serde::Deserialize;

use super::Bench;
use super::network::Network;
use crate::repository::output;

/// The part of the summary of `mapeq score` that is needed; the rest can be large.
#[derive(Deserialize)]
struct Summary {
    codelength: f64,
}

/// Difference up to which two codelengths are considered equal, in bits.
pub(crate) const TOLERANCE: f64 = 1e-9;

/// Returns mapeq's codelength of the modules in a file, in bits per step.
pub(crate) fn score(bench: &Bench, network: &Network, modules: &Path) -> Result<f64, String> {
    let mut command = bench.mapeq("score");
    command.arg(&network.path).arg(modules).args(network.options()).args(["--json", "--quiet"]);
    let summary: Summary = serde_json::from_str(&output(&mut command)?).map_err(|error| error.to_string())?;
    Ok(summary.codelength)
}

/// Returns Infomap's codelength of the modules in a file, in bits per step.
pub(crate) fn infomap_score(bench: &Bench, network: &Network, modules: &Path) -> Result<f64, String> {
    let mut command = bench.peers()?.script("infomap_score.py");
    let printed = output(command.arg(&network.path).arg(modules).args(network.options()))?;
    printed.trim().parse().map_err(|_| format!("Infomap prints no codelength: {printed}"))
}
