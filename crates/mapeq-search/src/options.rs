//! How thoroughly to search.

/// The smallest decrease of the objective that a move is made for, in bits. A thousand times the rounding error
/// of a change (about 10⁻¹⁵), so that no two states can follow each other for ever.
pub const MIN_GAIN: f64 = 1e-12;

/// How thoroughly to search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchOptions {
    /// Tuning ends when a round gains less than this many bits.
    pub min_gain: f64,
    /// Tuning ends after so many rounds of fine and coarse tuning.
    pub max_tuning_rounds: usize,
    /// The search recombines its result with fresh climbs until that has looked at so many links.
    pub max_recombination_links: u64,
    /// … or has done so this many times,
    pub max_recombinations: usize,
    /// … or for so many times in a row has gained less than `min_gain`.
    pub patience: usize,
    /// How far local moving goes.
    pub moves: MoveOptions,
    /// Whether one module for all units, or what is left of it, is an alternative to what was found, where it is shorter.
    pub allow_one_module: bool,
}

impl Default for SearchOptions {
    /// Measured on real networks of 10² to 10⁶ links: the last tuning rounds gain a few 10⁻⁴ bits each, and a fresh Louvain run
    /// to recombine with gains more per link looked at. Networks below 10⁵ links can afford many of them.
    fn default() -> Self {
        Self {
            min_gain: 1e-4,
            max_tuning_rounds: 2,
            max_recombination_links: 3_000_000,
            max_recombinations: 60,
            patience: 16,
            moves: MoveOptions::default(),
            allow_one_module: true,
        }
    }
}

/// How far local moving goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MoveOptions {
    /// Local moving ends after so many visits per unit that waits at first; `None`: when no unit wants to move.
    pub max_visits: Option<u32>,
    /// A Louvain run ends after so many levels; `None`: when no level moves.
    pub max_levels: Option<u32>,
    /// A unit also tries the modules of so many units drawn at random,
    pub random_candidates: u32,
    /// … if it has no more neighbours than this.
    pub max_degree_for_random: u32,
}

/// Whether local moving has the last word on the modules it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thoroughness {
    /// Of more than 8·10⁶ couplings, 256 or more per unit, units that moves hardly concern are not visited again.
    Full,
    /// Others go on with the result: units are left alone from 1.3·10⁵ couplings on.
    Draft,
}
