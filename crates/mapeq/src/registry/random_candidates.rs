//! Random candidate modules, for objectives under which modules can gain by merging without a link
//! between them.

use mapeq_multilevel::MultilevelOptions;

/// Number of random units whose modules a unit tries in addition to neighbouring modules.
const RANDOM_CANDIDATES: u32 = 5;

/// Enables random candidates for units with at most `max_degree` neighbours (0: units
/// without links), unless `options` already sets a number of candidates.
pub(crate) fn with_random_candidates(mut options: MultilevelOptions, max_degree: u32) -> MultilevelOptions {
    for search in [&mut options.two_level, &mut options.inside] {
        if search.moves.random_candidates == 0 {
            search.moves.random_candidates = RANDOM_CANDIDATES;
            search.moves.max_degree_for_random = max_degree;
        }
    }
    options
}
