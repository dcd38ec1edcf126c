//! Searches in which nodes also meet by chance, where modules gain by joining without a link between them.

use mapeq_multilevel::MultilevelOptions;

/// Units also try the modules of so many others drawn at random.
const RANDOM_CANDIDATES: u32 = 5;

/// The same search with modules drawn at random for units of no more neighbours than this, unless it says itself what to draw.
pub(crate) fn with_random_candidates(mut options: MultilevelOptions, max_degree: u32) -> MultilevelOptions {
    for search in [&mut options.two_level, &mut options.inside] {
        if search.moves.random_candidates == 0 {
            search.moves.random_candidates = RANDOM_CANDIDATES;
            search.moves.most_neighbours_for_random = max_degree;
        }
    }
    options
}
