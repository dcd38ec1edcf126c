//! One scorer for the results of all programs, and another one to check it.

use std::path::Path;

use serde_json::Value;

use super::Bench;
use super::network::Network;
use crate::repository::output;

/// Two codelengths are the same if they differ by less than this, in bits.
pub(crate) const SAME: f64 = 1e-9;

/// Bits per step of modules in a file, as mapeq computes them.
pub(crate) fn score(bench: &Bench, network: &Network, modules: &Path) -> Result<f64, String> {
    let mut command = bench.mapeq();
    command.arg("score").arg(&network.path).arg(modules).args(network.options()).args(["--json", "--quiet"]);
    let summary: Value = serde_json::from_str(&output(&mut command)?).map_err(|error| error.to_string())?;
    summary["codelength"].as_f64().ok_or_else(|| "mapeq score tells no codelength".to_owned())
}

/// The same as Infomap computes it.
pub(crate) fn infomap_score(bench: &Bench, network: &Network, modules: &Path) -> Result<f64, String> {
    let mut command = bench.peers()?.script("infomap_score.py");
    let printed = output(command.arg(&network.path).arg(modules).args(network.options()))?;
    printed.trim().parse().map_err(|_| format!("Infomap tells no codelength: {printed}"))
}
