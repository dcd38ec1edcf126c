//! The best move of a single unit.

use mapeq_core::{FactoredCouplings, Objective, PerLink, Target, Values, prefetch};

use crate::levels::units::Units;
use crate::moving::assignment::Assignment;
use crate::options::MIN_GAIN;
use crate::random::mix;

/// Number of units above which their modules do not stay in the caches, so that visits prefetch
/// them.
const UNITS_IN_CACHE: usize = 1 << 17;

/// Number of visits between the prefetch of the neighbours' modules and their use.
const MODULES_AHEAD: usize = 2;

/// The best move of a unit.
pub(crate) struct BestMove<O: Objective> {
    /// The module to join.
    pub target: Target,
    /// Coupling of the unit to the rest of its own module.
    pub own_coupling: f64,
    pub leave: O::Leave,
    /// Change of the objective.
    pub delta: f64,
}

/// The best module so far, and the change of the objective if the visited unit joins it.
struct Incumbent {
    module: usize,
    delta: f64,
}

impl Incumbent {
    #[inline(always)]
    fn consider(&mut self, module: usize, delta: f64) {
        if delta < self.delta {
            *self = Self { module, delta };
        }
    }
}

/// Buffers for visits of units.
#[derive(Debug, Default)]
pub(crate) struct MoveFinder {
    /// Coupling of the visited unit to each module; 0 between visits.
    coupling: Vec<f64>,
    /// Modules that the visited unit is coupled to, then one entry that is always free.
    neighbour_modules: Vec<u32>,
    /// Lower bound on the change of the objective, for each of these modules.
    bounds: Vec<f64>,
    /// Change of the objective due to the unit's affinity with each module; 0 between visits.
    in_common: Vec<f64>,
    /// Modules with which the visited unit has an affinity.
    affine_modules: Vec<u32>,
    /// Additional modules, proposed by the objective or drawn at random.
    proposed: Vec<u32>,
    random_candidates: RandomCandidates,
    /// Units that the visited unit is coupled to, if some couplings are factored. The couplings are
    /// in `couplings`.
    others: Vec<u32>,
    couplings: Vec<f64>,
}

/// Number and seed of units drawn at random, whose modules are tried.
#[derive(Clone, Copy, Debug, Default)]
struct RandomCandidates {
    count: u32,
    max_degree: usize,
    seed: u64,
}

impl MoveFinder {
    /// Resizes the buffers for `modules` modules and for units with up to `max_degree` listed
    /// neighbours. Frees a buffer that is much too large.
    pub fn fit(&mut self, modules: usize, max_degree: usize) {
        if self.coupling.len() / 4 > modules {
            self.coupling = Vec::new();
        }
        self.coupling.resize(modules.max(self.coupling.len()), 0.0);
        self.neighbour_modules.resize(self.neighbour_modules.len().max(max_degree + 1), 0);
        self.bounds.resize(self.neighbour_modules.len(), 0.0);
    }

    /// Makes units of at most `max_degree` neighbours also try the modules of `count` units drawn
    /// at random.
    pub fn draw(&mut self, count: u32, max_degree: u32, seed: u64) {
        self.random_candidates = RandomCandidates { count, max_degree: max_degree as usize, seed };
    }

    /// Returns new buffers for the same kind of visits.
    pub fn another(&self) -> Self {
        Self { random_candidates: self.random_candidates, ..Self::default() }
    }

    /// Returns the best move of `unit`, if one lowers the objective. `ahead` returns the unit to be
    /// visited a given number of visits later.
    #[inline(always)]
    pub fn best_move<O: Objective, V: Values>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        assignment: &Assignment<O>,
        values: V,
        unit: usize,
        ahead: impl Fn(usize) -> Option<u32>,
    ) -> Option<BestMove<O>> {
        let old = assignment.module(unit);
        let own_nodes = units.constraints.map_or(1, |constraints| constraints.nodes(unit));
        if units.constraints.is_some_and(|constraints| !constraints.may_leave(own_nodes, assignment.nodes(old))) {
            return None;
        }
        let is_full = |module: usize| {
            units.constraints.is_some_and(|constraints| !constraints.may_join(own_nodes, assignment.nodes(module)))
        };
        let coupling = &mut self.coupling[..];
        units.couplings.prefetch(&ahead);
        if units.len() > UNITS_IN_CACHE {
            fetch_ahead(objective, units, assignment, coupling, ahead);
        }
        let listed = units.couplings.listed();
        let links = listed.range(unit);
        let row = (unit, links.start, &listed.targets()[links]);
        let met = match units.couplings.factored() {
            None => accumulate_couplings(row, values, assignment.modules(), coupling, &mut self.neighbour_modules),
            Some(factored) => {
                list_couplings(row, values, factored, &mut self.others, &mut self.couplings);
                let most = self.neighbour_modules.len().max(self.others.len() + 1);
                self.neighbour_modules.resize(most, 0);
                self.bounds.resize(most, 0.0);
                let row = (unit, 0, &self.others[..]);
                accumulate_couplings(
                    row,
                    PerLink(&self.couplings),
                    assignment.modules(),
                    coupling,
                    &mut self.neighbour_modules,
                )
            }
        };
        let neighbour_modules = &self.neighbour_modules[..met];

        let alone = assignment.size(old) == 1;
        let state = assignment.state();
        let target = |module| Target { unit, module, coupling: coupling[module] };
        let leave = objective.leave(units.level, state, target(old), alone);
        if O::HAS_AFFINITIES {
            self.in_common.resize(coupling.len().max(self.in_common.len()), 0.0);
            objective.affinities(units.level, state, unit, |module, change| {
                self.affine_modules.push(module as u32);
                self.in_common[module] += change;
            });
        }
        let in_common = |module: usize| if O::HAS_AFFINITIES { self.in_common[module] } else { 0.0 };
        let mut best = Incumbent { module: old, delta: -MIN_GAIN };
        let at_least = |module, coupling| {
            objective.delta_lower_bound(units.level, state, &leave, Target { unit, module, coupling })
                + in_common(module)
        };
        // Computed only if the bound allows an improvement, which it does for few modules.
        let delta = |module, coupling| {
            objective.delta_without_affinity(units.level, state, &leave, Target { unit, module, coupling })
                + in_common(module)
        };
        // The module with the lowest bound comes first. It is usually the best one, and then the
        // bounds exclude all others.
        let (mut first, mut least) = (0, f64::INFINITY);
        for (place, (&module, bound)) in neighbour_modules.iter().zip(&mut self.bounds).enumerate() {
            let module = module as usize;
            *bound = if module == old || is_full(module) {
                f64::INFINITY
            } else {
                // A copy of `at_least`, which is not inlined. Most of the time is spent here.
                objective.delta_lower_bound(units.level, state, &leave, target(module)) + in_common(module)
            };
            (first, least) = if *bound < least { (place, *bound) } else { (first, least) };
        }
        if least < best.delta {
            let module = neighbour_modules[first] as usize;
            best.consider(module, delta(module, coupling[module]));
            self.bounds[first] = f64::INFINITY;
            for (&module, &bound) in neighbour_modules.iter().zip(&self.bounds) {
                if bound < best.delta {
                    let module = module as usize;
                    best.consider(module, delta(module, coupling[module]));
                }
            }
        }
        objective.candidates(units.level, state, unit, |module| self.proposed.push(module as u32));
        if self.random_candidates.count > 0 && units.couplings.degree(unit) <= self.random_candidates.max_degree {
            for draw in 0..self.random_candidates.count {
                // Not a stream, because the draws of a unit must not depend on earlier visits.
                let number = mix(self.random_candidates.seed
                    ^ mix(unit as u64 ^ u64::from(draw) << 32)
                    ^ neighbour_modules.len() as u64);
                let other = ((u128::from(number) * units.len() as u128) >> 64) as usize;
                self.proposed.push(assignment.module(other) as u32);
            }
        }
        let empty = assignment.empty_module().filter(|&empty| !alone && !is_full(empty));
        // Modules that the unit is coupled to have already been compared.
        let proposed = self.proposed.drain(..).map(|module| module as usize);
        let proposed = proposed.filter(|&module| module != old && coupling[module] == 0.0 && !is_full(module));
        for module in proposed.chain(empty) {
            if at_least(module, 0.0) < best.delta {
                best.consider(module, delta(module, 0.0));
            }
        }
        let Incumbent { module: best, delta } = best;
        let (target, own_coupling) = (target(best), coupling[old]);
        for &module in neighbour_modules {
            coupling[module as usize] = 0.0;
        }
        if O::HAS_AFFINITIES {
            for module in self.affine_modules.drain(..) {
                self.in_common[module as usize] = 0.0;
            }
        }
        (best != old).then_some(BestMove { target, own_coupling, leave, delta })
    }
}

/// Prefetches the modules of neighbours for a later visit, and the data of such modules for the next
/// visit.
#[inline(always)]
fn fetch_ahead<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    assignment: &Assignment<O>,
    coupling: &[f64],
    ahead: impl Fn(usize) -> Option<u32>,
) {
    let listed = units.couplings.listed();
    let neighbours = |row: u32| &listed.targets()[listed.range(row as usize)];
    if let Some(row) = ahead(MODULES_AHEAD) {
        for &other in neighbours(row) {
            prefetch(assignment.modules(), other as usize);
        }
    }
    if let Some(row) = ahead(0) {
        for &other in neighbours(row) {
            let module = assignment.module(other as usize);
            prefetch(coupling, module);
            objective.prefetch(assignment.state(), module);
        }
    }
}

/// Lists all couplings of a unit, factored couplings last.
#[inline(never)]
fn list_couplings<V: Values>(
    (unit, first, targets): (usize, usize, &[u32]),
    values: V,
    factored: &FactoredCouplings,
    others: &mut Vec<u32>,
    couplings: &mut Vec<f64>,
) {
    others.clear();
    couplings.clear();
    let listed = (first..).zip(targets).map(|(link, &other)| (other as usize, values.at(unit, other as usize, link)));
    listed.chain(factored.row(unit)).filter(|&(_, coupling)| coupling > 0.0).for_each(|(other, coupling)| {
        others.push(other as u32);
        couplings.push(coupling);
    });
}

/// Adds up the couplings of a unit to the modules of its neighbours, and returns the number of
/// these modules.
///
/// The modules are stored at the beginning of `neighbour_modules`. There is no branch on whether a
/// module is new: it would be mispredicted half of the time.
///
/// Not inlined, because its variables would not stay in registers within the caller's loop.
#[inline(never)]
fn accumulate_couplings<V: Values>(
    (unit, first, targets): (usize, usize, &[u32]),
    values: V,
    modules: &[u32],
    coupling: &mut [f64],
    neighbour_modules: &mut [u32],
) -> usize {
    let mut met = 0;
    for (place, &other) in targets.iter().enumerate() {
        let other = other as usize;
        let module = modules[other];
        let sum = &mut coupling[module as usize];
        neighbour_modules[met] = module;
        met += usize::from(sum.to_bits() == 0);
        *sum += values.at(unit, other, first + place);
    }
    met
}
