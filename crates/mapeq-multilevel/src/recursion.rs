//! Recursion: modules are grouped into super modules, and every top module is divided on its own.

use mapeq_core::{Additive, HierarchicalObjective, Partition};
use mapeq_search::{Monitor, Random, SearchOptions, Units, divide, fork};
use rayon::prelude::*;

/// The least gain that a level must bring, in bits.
const LEAST_LEVEL_GAIN: f64 = 1e-10;

/// Units nested in modules.
pub(crate) enum Nested {
    /// A module left undivided, with its units.
    Units(Vec<u32>),
    /// A module divided into modules.
    Modules(Vec<Nested>),
}

/// Finds modules of `units`, modules of modules, and so on; `ids` are the numbers by which the result names the units.
pub(crate) fn divide_recursively<H: HierarchicalObjective>(
    objective: &H,
    units: Units<'_, Additive<H>>,
    ids: &[u32],
    options: &SearchOptions,
    mut random: Random,
    monitor: &dyn Monitor,
) -> Nested {
    if units.len() <= 2 || monitor.stop_requested() {
        return Nested::Units(ids.to_vec());
    }
    let additive = Additive(objective.clone());
    let partition = divide(&additive, units, options, &mut random, monitor);
    if !pays(objective, units, &partition) {
        return Nested::Units(ids.to_vec());
    }
    divide_modules(objective, units, ids, partition, options, random, monitor)
}

/// The same, starting from a partition of the units that is known to pay.
pub(crate) fn divide_modules<H: HierarchicalObjective>(
    objective: &H,
    units: Units<'_, Additive<H>>,
    ids: &[u32],
    partition: Partition,
    options: &SearchOptions,
    mut random: Random,
    monitor: &dyn Monitor,
) -> Nested {
    let additive = Additive(objective.clone());
    let top = top_modules(objective, units, partition, options, &mut random, monitor);
    let insides: Vec<H> = {
        let modules = units.consolidate(&additive, &top).level;
        modules.iter().map(|module| objective.inside(module)).collect()
    };
    let (offsets, members) = top.members();
    let mut tasks: Vec<(usize, Random)> = (0..top.modules()).map(|module| (module, fork(&mut random))).collect();
    // Largest first, so that no thread is left with a large one at the end.
    tasks.sort_by_key(|&(module, _)| std::cmp::Reverse(offsets[module + 1] - offsets[module]));
    let mut divided: Vec<(usize, Nested)> = tasks
        .into_par_iter()
        .map_init(
            || vec![u32::MAX; units.len()],
            |position, (module, random)| {
                let own = &members[offsets[module]..offsets[module + 1]];
                let own_ids: Vec<u32> = own.iter().map(|&unit| ids[unit as usize]).collect();
                let inside = units.restrict(&additive, own, position);
                let nested = divide_recursively(&insides[module], inside.units(), &own_ids, options, random, monitor);
                (module, nested)
            },
        )
        .collect();
    divided.sort_by_key(|&(module, _)| module);
    Nested::Modules(divided.into_iter().map(|(_, nested)| nested).collect())
}

/// Groups the modules of `partition` into super modules, these into larger ones, and so on while it pays; the partition
/// into the last ones.
fn top_modules<H: HierarchicalObjective>(
    objective: &H,
    units: Units<'_, Additive<H>>,
    mut partition: Partition,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Partition {
    let additive = Additive(objective.clone());
    let mut modules = units.consolidate(&additive, &partition);
    loop {
        modules.level = modules.level.iter().map(|module| objective.as_unit(module)).collect();
        let groups = divide(&additive, modules.units(), options, random, monitor);
        if !pays(objective, modules.units(), &groups) {
            return partition;
        }
        partition = partition.then(&groups);
        modules = modules.units().consolidate(&additive, &groups);
    }
}

/// Whether a partition is neither trivial nor longer than one codebook for all units.
pub(crate) fn pays<H: HierarchicalObjective>(
    objective: &H,
    units: Units<'_, Additive<H>>,
    partition: &Partition,
) -> bool {
    if partition.modules() <= 1 || partition.modules() == units.len() {
        return false;
    }
    let none = H::Module::default();
    let whole = units.level.iter().fold(none, |sum, unit| objective.insert(&sum, unit, 0.0));
    units.value(&Additive(objective.clone()), partition) < objective.undivided(&whole) - LEAST_LEVEL_GAIN
}
