//! The golden cases in `tests/golden`.

use crate::Outcome;
use crate::repository::{command, run};

/// Runs the golden tests; with `bless`, writes the results of searches in place of checking them.
pub(crate) fn run_cases(bless: bool) -> Outcome {
    let mut test = command(&["cargo", "test", "--package", "mapeq-tests", "--test", "golden"]);
    if bless {
        test.env("MAPEQ_BLESS", "1").args(["--", "searches"]);
    }
    run(&mut test)
}
