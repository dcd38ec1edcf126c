//! How thoroughly to search.

/// Lower bound on the gain of a move, in bits.
///
/// A thousand times the rounding error of a change (about 10⁻¹⁵), so that moves cannot repeat in a
/// cycle.
pub const MIN_GAIN: f64 = 1e-12;

/// How thoroughly to search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchOptions {
    /// Tuning stops when a round gains less than this, in bits.
    pub min_gain: f64,
    /// Upper bound on the rounds of fine and coarse tuning.
    pub max_tuning_rounds: usize,
    /// Upper bound on the links visited by recombination with fresh Louvain runs.
    pub max_recombination_links: u64,
    /// Upper bound on the number of recombinations.
    pub max_recombinations: usize,
    /// Recombination stops after this number of consecutive rounds that each gain less than
    /// `min_gain`.
    pub patience: usize,
    /// Options of local moving.
    pub moves: MoveOptions,
    /// Whether the result may be one module for all units, or one module without some of them, if
    /// that is shorter.
    pub allow_one_module: bool,
}

impl Default for SearchOptions {
    /// Measured on real networks of 10² to 10⁶ links. The last tuning rounds gain a few 10⁻⁴ bits
    /// each, and recombination with a fresh Louvain run gains more per link visited. Networks below
    /// 10⁵ links can afford many recombinations.
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

/// Options of local moving.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MoveOptions {
    /// Upper bound on the visits per initially queued unit. With [`None`], units move until no move
    /// lowers the objective.
    pub max_visits: Option<u32>,
    /// Upper bound on the levels of a Louvain run. With [`None`], it ends when no unit of a level
    /// moves.
    pub max_levels: Option<u32>,
    /// Number of random units whose modules a unit also tries.
    pub random_candidates: u32,
    /// Upper bound on the neighbours of a unit that tries modules of random units.
    pub max_degree_for_random: u32,
}

/// Whether a pass of local moving is final or a draft for later passes.
///
/// If there are many couplings, units that moves hardly affect are not visited again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thoroughness {
    /// A final pass. Visits are saved from 8·10⁶ couplings on, if these are 256 per unit or more,
    /// or factored.
    Full,
    /// A draft. Visits are saved from 1.3·10⁵ couplings on.
    Draft,
}
