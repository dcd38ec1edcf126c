//! `cargo xtask golden`: the golden cases in `tests/golden`.

use crate::Outcome;
use crate::repository::{command, run};

/// Runs the golden tests. With `bless`, overwrites the recorded search results instead.
pub(crate) fn run_cases(bless: bool) -> Outcome {
    let cases = if bless { "golden::searches" } else { "golden::" };
    let mut test = command(&["cargo", "test", "--package", "mapeq-tests", "--test", "it", cases]);
    if bless {
        test.env("MAPEQ_BLESS", "1");
    }
    run(&mut test)
}
