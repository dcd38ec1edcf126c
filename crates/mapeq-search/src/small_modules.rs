//! Modules that are too small join others, or take units from them.

use mapeq_core::{Objective, Partition, Target};

use crate::levels::grouping::Grouping;
use crate::levels::unit_constraints::UnitConstraints;
use crate::levels::units::Units;
use crate::moving::assignment::Assignment;

/// Enlarges modules that are smaller than the constraints of the units allow, whatever that costs.
///
/// Such modules join the modules that cost least, the smallest first. A module that is frozen, or
/// too large together with any other, then takes units from its neighbours, those that cost least.
/// A module stays too small if no neighbour has units to spare: see [`UnitConstraints::allow`].
///
/// # Complexity
///
/// O(rounds · (units + links)). For every module that takes units, O(taken · (its links + those of
/// its neighbours)).
pub fn enlarge_small_modules<O: Objective>(objective: &O, units: Units<'_, O>, mut grouping: Grouping) -> Grouping {
    let Some(constraints) = units.constraints.filter(|constraints| constraints.sizes().min > 1) else {
        return grouping;
    };
    loop {
        let (modules, _) = units.consolidate(objective, &grouping.partition);
        let Some(joined) = join_once(objective, modules.units(), &constraints.consolidate(&grouping.partition)) else {
            return fill_up(objective, units, grouping, constraints);
        };
        grouping = Grouping::new(units, grouping.partition.then(&joined));
    }
}

/// Lets every module that is too small join another one. Returns [`None`] if no module moved.
fn join_once<O: Objective>(objective: &O, modules: Units<'_, O>, constraints: &UnitConstraints) -> Option<Partition> {
    let mut assignment = Assignment::new(objective, modules, &Grouping::singletons(modules.len()));
    let mut small: Vec<usize> = (0..modules.len())
        .filter(|&module| constraints.nodes(module) < constraints.sizes().min && !constraints.is_frozen(module))
        .collect();
    small.sort_by_key(|&module| (constraints.nodes(module), module));
    let mut coupling = vec![0.0; modules.len()];
    let mut moved = false;
    for unit in small {
        let old = assignment.module(unit);
        if assignment.size(old) > 1 {
            continue;
        }
        let fits = |module: usize| {
            module != old
                && assignment.size(module) > 0
                && constraints.may_join(constraints.nodes(unit), assignment.nodes(module))
        };
        for (other, own) in modules.couplings.row(unit) {
            coupling[assignment.module(other)] += own;
        }
        let mut neighbours = modules.couplings.row(unit).map(|(other, _)| assignment.module(other));
        let leave =
            objective.leave(modules.level, assignment.state(), Target { unit, module: old, coupling: 0.0 }, true);
        let target = |module| Target { unit, module, coupling: coupling[module] };
        let delta = |module| objective.delta(modules.level, assignment.state(), &leave, target(module));
        let cheapest = |candidates: &mut dyn Iterator<Item = usize>| {
            candidates
                .filter(|&module| fits(module))
                .map(|module| (delta(module), module))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        };
        // Without a neighbour that fits, any module will do.
        let target_module = cheapest(&mut neighbours).or_else(|| cheapest(&mut (0..modules.len())));
        if let Some((_, module)) = target_module {
            assignment.relocate(objective, modules, &leave, target(module));
            moved = true;
        }
        for (other, _) in modules.couplings.row(unit) {
            coupling[assignment.module(other)] = 0.0;
        }
        coupling[old] = 0.0;
    }
    moved.then(|| assignment.into_partition())
}

/// Lets every module that is still too small take units from modules that can spare them.
fn fill_up<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    grouping: Grouping,
    constraints: &UnitConstraints,
) -> Grouping {
    let mut assignment = Assignment::new(objective, units, &grouping);
    let (offsets, members) = grouping.partition.members();
    let mut taken_any = false;
    for module in 0..grouping.modules() {
        if assignment.nodes(module) >= constraints.sizes().min {
            continue;
        }
        let mut own: Vec<u32> = members[offsets[module]..offsets[module + 1]].to_vec();
        own.retain(|&unit| assignment.module(unit as usize) == module);
        while assignment.nodes(module) < constraints.sizes().min && !own.is_empty() {
            let taken = cheapest_to_take(objective, units, &assignment, constraints, module, &own);
            let Some(Taken { target, leave, .. }) = taken else { break };
            assignment.relocate(objective, units, &leave, target);
            own.push(target.unit as u32);
            taken_any = true;
        }
    }
    if taken_any { Grouping::new(units, assignment.into_partition()) } else { grouping }
}

/// A unit that a module may take.
struct Taken<L> {
    target: Target,
    leave: L,
    delta: f64,
}

/// Returns the unit around `module` that costs least to take.
fn cheapest_to_take<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    assignment: &Assignment<O>,
    constraints: &UnitConstraints,
    module: usize,
    members: &[u32],
) -> Option<Taken<O::Leave>> {
    let mut around: Vec<usize> =
        members.iter().flat_map(|&member| units.couplings.row(member as usize)).map(|(other, _)| other).collect();
    around.sort_unstable();
    around.dedup();
    let mut best: Option<Taken<O::Leave>> = None;
    for unit in around {
        let (old, nodes) = (assignment.module(unit), constraints.nodes(unit));
        let allowed = constraints.may_leave(nodes, assignment.nodes(old))
            && constraints.may_join(nodes, assignment.nodes(module));
        if old == module || constraints.is_frozen(unit) || !allowed {
            continue;
        }
        let coupling_to = |module: usize| -> f64 {
            units.couplings.row(unit).filter(|&(other, _)| assignment.module(other) == module).map(|(_, own)| own).sum()
        };
        let alone = assignment.size(old) == 1;
        let target = |module| Target { unit, module, coupling: coupling_to(module) };
        let leave = objective.leave(units.level, assignment.state(), target(old), alone);
        let target = target(module);
        let delta = objective.delta(units.level, assignment.state(), &leave, target);
        if best.as_ref().is_none_or(|best| delta < best.delta) {
            best = Some(Taken { target, leave, delta });
        }
    }
    best
}
