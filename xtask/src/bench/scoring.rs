//! One scorer for the results of all programs, and another one to check it.

use std::path::Path;

use serde::Deserialize;

use super::Bench;
use super::network::Network;
use crate::repository::output;

/// What is read of the summary of `mapeq score`: no more, because the rest can be large, and this program must stay small for
/// the processes that it measures.
#[derive(Deserialize)]
struct Summary {
    codelength: f64,
}

/// Two codelengths are the same if they differ by less than this, in bits.
pub(crate) const SAME: f64 = 1e-9;

/// Bits per step of modules in a file, as mapeq computes them.
pub(crate) fn score(bench: &Bench, network: &Network, modules: &Path) -> Result<f64, String> {
    let mut command = bench.mapeq();
    command.arg("score").arg(&network.path).arg(modules).args(network.options()).args(["--json", "--quiet"]);
    let summary: Summary = serde_json::from_str(&output(&mut command)?).map_err(|error| error.to_string())?;
    Ok(summary.codelength)
}

/// The same as Infomap computes it.
pub(crate) fn infomap_score(bench: &Bench, network: &Network, modules: &Path) -> Result<f64, String> {
    let mut command = bench.peers()?.script("infomap_score.py");
    let printed = output(command.arg(&network.path).arg(modules).args(network.options()))?;
    printed.trim().parse().map_err(|_| format!("Infomap tells no codelength: {printed}"))
}
