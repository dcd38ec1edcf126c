//! The best move of a single unit.

use mapeq_core::{FactoredCouplings, Objective, PerLink, Target, Values, prefetch};

use crate::levels::units::Units;
use crate::moving::assignment::Assignment;
use crate::options::MIN_GAIN;
use crate::random::mix;

/// Number of units above which modules of neighbours are prefetched: fewer stay in the caches.
const UNITS_IN_CACHE: usize = 1 << 17;

/// Number of visits by which the modules of neighbours are prefetched.
const MODULES_AHEAD: usize = 2;

/// The move of a unit that lowers the objective most.
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

/// The visited unit, and the terms that all its candidate modules share.
struct Evaluation<'a, O: Objective> {
    objective: &'a O,
    units: Units<'a, O>,
    assignment: &'a Assignment<O>,
    unit: usize,
    /// Module of the unit.
    old: usize,
    /// Number of nodes in the unit.
    nodes: u32,
    leave: &'a O::Leave,
    /// Coupling of the unit to each module.
    coupling: &'a [f64],
    /// Change of the objective by labels that the unit shares with each module.
    affinity: &'a [f64],
}

impl<O: Objective> Evaluation<'_, O> {
    /// Returns whether the module has no room for the unit.
    #[inline(always)]
    fn is_full(&self, module: usize) -> bool {
        let nodes = || self.assignment.nodes(module);
        self.units.constraints.is_some_and(|constraints| !constraints.may_join(self.nodes, nodes()))
    }

    #[inline(always)]
    fn affinity(&self, module: usize) -> f64 {
        if O::HAS_AFFINITIES { self.affinity[module] } else { 0.0 }
    }

    /// Returns a lower bound on the change of the objective, which is cheap to compute.
    #[inline(always)]
    fn lower_bound(&self, module: usize, coupling: f64) -> f64 {
        let target = Target { unit: self.unit, module, coupling };
        let state = self.assignment.state();
        self.objective.delta_lower_bound(self.units.level, state, self.leave, target) + self.affinity(module)
    }

    /// Returns the change of the objective. Most modules are ruled out by their lower bound before.
    #[inline(always)]
    fn delta(&self, module: usize, coupling: f64) -> f64 {
        let target = Target { unit: self.unit, module, coupling };
        let state = self.assignment.state();
        self.objective.delta_without_affinity(self.units.level, state, self.leave, target) + self.affinity(module)
    }
}

/// Finds best moves. Its buffers are used again by each visit.
#[derive(Debug, Default)]
pub(crate) struct MoveFinder {
    /// Coupling of the visited unit to each module; 0 between visits.
    coupling: Vec<f64>,
    /// Modules that the visited unit is coupled to, and one spare place behind them.
    neighbour_modules: Vec<u32>,
    /// Lower bound on the change of the objective for each neighbouring module.
    bounds: Vec<f64>,
    /// Change of the objective by labels that the visited unit shares with each module; 0 between
    /// visits.
    affinity: Vec<f64>,
    /// Modules that share labels with the visited unit.
    affine_modules: Vec<u32>,
    /// Modules without a coupling to the visited unit that are candidates, too.
    proposed: Vec<u32>,
    random_candidates: RandomCandidates,
    /// Neighbours of the visited unit, if some of its couplings are factored.
    neighbours: Vec<u32>,
    /// Couplings to these neighbours.
    neighbour_couplings: Vec<f64>,
}

/// Candidate modules of units that are drawn at random.
#[derive(Clone, Copy, Debug, Default)]
struct RandomCandidates {
    count: u32,
    max_degree: usize,
    seed: u64,
}

impl MoveFinder {
    /// Resizes the buffers for `modules` modules and units of at most `max_degree` listed
    /// neighbours. Memory for far more modules is freed.
    pub fn fit(&mut self, modules: usize, max_degree: usize) {
        if self.coupling.len() / 4 > modules {
            self.coupling = Vec::new();
        }
        self.coupling.resize(modules.max(self.coupling.len()), 0.0);
        self.make_room_for_neighbours(max_degree);
    }

    /// Adds the modules of `count` random units to the candidates of each unit that has at most
    /// `max_degree` neighbours.
    pub fn draw(&mut self, count: u32, max_degree: u32, seed: u64) {
        self.random_candidates = RandomCandidates { count, max_degree: max_degree as usize, seed };
    }

    /// Returns a finder with the same random candidates and buffers of its own.
    pub fn another(&self) -> Self {
        Self { random_candidates: self.random_candidates, ..Self::default() }
    }

    /// Returns the move of `unit` that lowers the objective most, or `None` if no move lowers it by
    /// more than [`MIN_GAIN`]. `ahead(n)` returns the unit that is visited `n` visits after the next.
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
        let nodes = units.constraints.map_or(1, |constraints| constraints.nodes(unit));
        if units.constraints.is_some_and(|constraints| !constraints.may_leave(nodes, assignment.nodes(old))) {
            return None;
        }
        units.couplings.prefetch(&ahead);
        if units.len() > UNITS_IN_CACHE {
            prefetch_modules(objective, units, assignment, &self.coupling, ahead);
        }
        let met = self.gather(objective, units, assignment, values, unit);
        let own_coupling = self.coupling[old];
        let target = Target { unit, module: old, coupling: own_coupling };
        let alone = assignment.size(old) == 1;
        let leave = objective.leave(units.level, assignment.state(), target, alone);
        let Self { coupling, affinity, neighbour_modules, bounds, proposed, .. } = self;
        let neighbour_modules = &neighbour_modules[..met];
        let evaluation =
            Evaluation { objective, units, assignment, unit, old, nodes, leave: &leave, coupling, affinity };
        let mut best = Incumbent { module: old, delta: -MIN_GAIN };
        best_of_neighbours(&evaluation, neighbour_modules, bounds, &mut best);
        objective.candidates(units.level, assignment.state(), unit, |module| proposed.push(module as u32));
        self.random_candidates.propose(&evaluation, met, proposed);
        best_of_others(&evaluation, alone, proposed, &mut best);
        let Incumbent { module, delta } = best;
        let target = Target { unit, module, coupling: coupling[module] };
        self.reset::<O>(met);
        (module != old).then_some(BestMove { target, own_coupling, leave, delta })
    }

    /// Adds up the couplings of `unit` to the modules of its neighbours, and its affinities.
    /// Returns the number of neighbouring modules.
    #[inline(always)]
    fn gather<O: Objective, V: Values>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        assignment: &Assignment<O>,
        values: V,
        unit: usize,
    ) -> usize {
        if O::HAS_AFFINITIES {
            self.affinity.resize(self.coupling.len().max(self.affinity.len()), 0.0);
            objective.affinities(units.level, assignment.state(), unit, |module, change| {
                self.affine_modules.push(module as u32);
                self.affinity[module] += change;
            });
        }
        let listed = units.couplings.listed();
        let links = listed.range(unit);
        let row = (unit, links.start, &listed.targets()[links]);
        let modules = assignment.modules();
        let Some(factored) = units.couplings.factored() else {
            return accumulate_couplings(row, values, modules, &mut self.coupling, &mut self.neighbour_modules);
        };
        list_couplings(row, values, factored, &mut self.neighbours, &mut self.neighbour_couplings);
        self.make_room_for_neighbours(self.neighbours.len());
        let (row, values) = ((unit, 0, &self.neighbours[..]), PerLink(&self.neighbour_couplings));
        accumulate_couplings(row, values, modules, &mut self.coupling, &mut self.neighbour_modules)
    }

    /// Resizes the buffers for at least `neighbours` neighbouring modules.
    fn make_room_for_neighbours(&mut self, neighbours: usize) {
        let len = self.neighbour_modules.len().max(neighbours + 1);
        self.neighbour_modules.resize(len, 0);
        self.bounds.resize(len, 0.0);
    }

    /// Sets the couplings and affinities of the visited unit to 0.
    #[inline(always)]
    fn reset<O: Objective>(&mut self, met: usize) {
        for &module in &self.neighbour_modules[..met] {
            self.coupling[module as usize] = 0.0;
        }
        if O::HAS_AFFINITIES {
            for module in self.affine_modules.drain(..) {
                self.affinity[module as usize] = 0.0;
            }
        }
    }
}

/// Considers the neighbouring modules. The one with the lowest bound comes first: it is mostly the
/// best, and then the bounds rule out all others.
#[inline(always)]
fn best_of_neighbours<O: Objective>(
    evaluation: &Evaluation<'_, O>,
    neighbour_modules: &[u32],
    bounds: &mut [f64],
    best: &mut Incumbent,
) {
    let &Evaluation { old, coupling, .. } = evaluation;
    let (mut first, mut lowest) = (0, f64::INFINITY);
    for (place, (&module, bound)) in neighbour_modules.iter().zip(&mut *bounds).enumerate() {
        let module = module as usize;
        let excluded = module == old || evaluation.is_full(module);
        *bound = if excluded { f64::INFINITY } else { evaluation.lower_bound(module, coupling[module]) };
        (first, lowest) = if *bound < lowest { (place, *bound) } else { (first, lowest) };
    }
    if lowest >= best.delta {
        return;
    }
    let module = neighbour_modules[first] as usize;
    best.consider(module, evaluation.delta(module, coupling[module]));
    bounds[first] = f64::INFINITY;
    for (&module, &bound) in neighbour_modules.iter().zip(&*bounds) {
        if bound < best.delta {
            let module = module as usize;
            best.consider(module, evaluation.delta(module, coupling[module]));
        }
    }
}

impl RandomCandidates {
    /// Adds the modules of random units to `proposed`. `met` is the number of neighbouring modules.
    #[inline(always)]
    fn propose<O: Objective>(self, evaluation: &Evaluation<'_, O>, met: usize, proposed: &mut Vec<u32>) {
        let &Evaluation { units, assignment, unit, .. } = evaluation;
        if self.count == 0 || units.couplings.degree(unit) > self.max_degree {
            return;
        }
        for draw in 0..self.count {
            // A hash and not a stream: the draws of a unit must not depend on earlier visits.
            let number = mix(self.seed ^ mix(unit as u64 ^ u64::from(draw) << 32) ^ met as u64);
            let other = ((u128::from(number) * units.len() as u128) >> 64) as usize;
            proposed.push(assignment.module(other) as u32);
        }
    }
}

/// Considers the proposed modules and an empty one. Neighbouring modules have been considered
/// before.
#[inline(always)]
fn best_of_others<O: Objective>(
    evaluation: &Evaluation<'_, O>,
    alone: bool,
    proposed: &mut Vec<u32>,
    best: &mut Incumbent,
) {
    let &Evaluation { old, coupling, .. } = evaluation;
    let empty = evaluation.assignment.empty_module().filter(|&empty| !alone && !evaluation.is_full(empty));
    let proposed = proposed.drain(..).map(|module| module as usize);
    let proposed = proposed.filter(|&module| module != old && coupling[module] == 0.0 && !evaluation.is_full(module));
    for module in proposed.chain(empty) {
        if evaluation.lower_bound(module, 0.0) < best.delta {
            best.consider(module, evaluation.delta(module, 0.0));
        }
    }
}

/// Prefetches the data of later visits: first the modules of neighbours, then the state of these
/// modules.
#[inline(always)]
fn prefetch_modules<O: Objective>(
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

/// Lists all couplings of a unit: the stored ones, then the factored ones.
#[inline(never)]
fn list_couplings<V: Values>(
    (unit, first, targets): (usize, usize, &[u32]),
    values: V,
    factored: &FactoredCouplings,
    neighbours: &mut Vec<u32>,
    couplings: &mut Vec<f64>,
) {
    neighbours.clear();
    couplings.clear();
    let listed = (first..).zip(targets).map(|(link, &other)| (other as usize, values.at(unit, other as usize, link)));
    listed.chain(factored.row(unit)).filter(|&(_, coupling)| coupling > 0.0).for_each(|(other, coupling)| {
        neighbours.push(other as u32);
        couplings.push(coupling);
    });
}

/// Adds up the couplings of a unit to the modules of its neighbours. Returns the number of
/// neighbouring modules, and stores them at the beginning of `neighbour_modules`.
///
/// The loop has no branch on whether a module was met before, because half of the predictions
/// would fail. It is not inlined: its variables would not stay in registers beside the caller's.
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
