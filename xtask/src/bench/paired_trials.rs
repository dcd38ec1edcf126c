//! Single trials of mapeq and Infomap with the same options on one file, and Infomap's trees scored by mapeq.

use std::ffi::OsStr;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::measure::{Usage, mean};
use super::scoring::SAME;
use super::{Bench, number};

/// What both found, trial by trial.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PairedTrials {
    /// Codelength of each trial.
    pub mapeq: Vec<f64>,
    pub infomap: Vec<f64>,
    /// Largest difference between Infomap's codelengths and the scores of its trees.
    pub difference: f64,
    /// Costs of each trial.
    pub mapeq_costs: Vec<Usage>,
    pub infomap_costs: Vec<Usage>,
}

impl PairedTrials {
    /// Runs trials with the seeds from 1 on. `more` is what mapeq is told besides; `level` is the end of the names of Infomap's
    /// files that are scored, `_states` for those of states.
    pub fn measure<S: AsRef<OsStr>>(
        bench: &Bench,
        path: &Path,
        options: &[S],
        mapeq_only: &[&str],
        level: &str,
        trials: u64,
    ) -> Result<Self, String> {
        let folder = bench.folder("results")?;
        let mut found = Self::default();
        for seed in 1..=trials {
            let seed = seed.to_string();
            let mut mapeq = bench.mapeq_cluster();
            mapeq
                .arg(path)
                .args(["--no-file-output", "--threads", "1", "--seed", &seed])
                .args(options)
                .args(mapeq_only);
            let (usage, summary) = bench.summary(&mut mapeq)?;
            found.mapeq.push(number(&summary, "/codelength")?);
            found.mapeq_costs.push(usage);

            let mut infomap = bench.peers()?.infomap();
            infomap.arg(path).arg(&folder).args(["--out-name", "result", "-o", "tree,json", "--silent"]);
            infomap.args(["--num-threads", "1", "--seed", &seed]).args(options);
            let (usage, _) = bench.measure(&mut infomap)?;
            found.infomap_costs.push(usage);
            let told = infomap_codelength(&folder.join(format!("result{level}.json")))?;
            found.infomap.push(told);

            let mut score = bench.mapeq();
            score.arg("score").arg(path).arg(folder.join(format!("result{level}.tree"))).args(options).args(mapeq_only);
            let (_, summary) = bench.summary(&mut score)?;
            found.difference = f64::max(found.difference, (number(&summary, "/codelength")? - told).abs());
        }
        Ok(found)
    }
}

/// Whether the mean of mapeq's codelengths is longer than that of Infomap's. The last bits of sums in another order do not count.
pub(crate) fn is_longer(mapeq: &[f64], infomap: &[f64]) -> bool {
    mean(mapeq) > mean(infomap) + SAME
}

/// What Infomap tells in its JSON: it has more digits than the header of the tree.
fn infomap_codelength(path: &Path) -> Result<f64, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let tree: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    number(&tree, "/codelength")
}
