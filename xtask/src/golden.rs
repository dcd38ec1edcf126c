//! The golden cases in `tests/golden`.

use crate::Outcome;
use crate::repository::{command, run};

/// Runs the golden tests; with `bless`, writes the results of searches in place of checking them.
pub(crate) fn run_cases(bless: bool) -> Outcome {
    let cases = if bless { "golden::searches" } else { "golden::" };
    let mut test = command(&["cargo", "test", "--package", "mapeq-tests", "--test", "it", cases]);
    if bless {
        test.env("MAPEQ_BLESS", "1");
    }
    run(&mut test)
}
