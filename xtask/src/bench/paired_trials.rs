//! Trials of mapeq and Infomap with the same options on one file, and mapeq's scores of Infomap's
//! trees.

use std::ffi::OsStr;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::measure::{Usage, mean};
use super::scoring::TOLERANCE;
use super::{Bench, number};
use crate::repository::read_json;

/// Results of both programs, trial by trial.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PairedTrials {
    /// Codelengths of mapeq's trials.
    pub mapeq: Vec<f64>,
    /// Codelengths of Infomap's trials.
    pub infomap: Vec<f64>,
    /// Largest difference between Infomap's codelengths and mapeq's scores of its trees.
    pub difference: f64,
    /// Costs of mapeq's trials.
    pub mapeq_costs: Vec<Usage>,
    /// Costs of Infomap's trials.
    pub infomap_costs: Vec<Usage>,
}

impl PairedTrials {
    /// Runs trials with the seeds 1, 2, …, `trials` on one thread.
    ///
    /// `options` go to both programs, `mapeq_only` to mapeq alone. `suffix` ends the names of the
    /// Infomap files to score: `_states` for those with state nodes.
    pub fn measure<S: AsRef<OsStr>>(
        bench: &Bench,
        path: &Path,
        options: &[S],
        mapeq_only: &[&str],
        suffix: &str,
        trials: u64,
    ) -> Result<Self, String> {
        let folder = bench.folder("results")?;
        let mut found = Self::default();
        for seed in 1..=trials {
            let seed = seed.to_string();
            let mut mapeq = bench.mapeq("cluster");
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
            // The JSON file has more digits than the header of the tree file.
            let tree: Value = read_json(folder.join(format!("result{suffix}.json")))?;
            let codelength = number(&tree, "/codelength")?;
            found.infomap.push(codelength);

            let mut score = bench.mapeq("score");
            score.arg(path).arg(folder.join(format!("result{suffix}.tree"))).args(options).args(mapeq_only);
            let (_, summary) = bench.summary(&mut score)?;
            found.difference = f64::max(found.difference, (number(&summary, "/codelength")? - codelength).abs());
        }
        Ok(found)
    }
}

/// Returns whether the mean of mapeq's codelengths exceeds Infomap's by more than rounding errors.
pub(crate) fn is_longer(mapeq: &[f64], infomap: &[f64]) -> bool {
    mean(mapeq) > mean(infomap) + TOLERANCE
}
