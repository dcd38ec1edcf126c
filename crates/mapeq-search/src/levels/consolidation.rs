//! Consolidation: the couplings between the modules of a partition, and inside them.
//!
//! Modules are independent of each other, so portions of modules are consolidated in parallel and
//! joined in order.

use std::ops::Range;

use mapeq_core::{Couplings, Csr, LinkValues, Partition, Values, resolve_values};
use rayon::prelude::*;

/// Number of units in a portion of modules.
const PORTION: usize = 1 << 14;

/// The units sorted by module, and the modules in portions.
struct Members {
    offsets: Vec<usize>,
    units: Vec<u32>,
    portions: Vec<Range<usize>>,
}

impl Members {
    fn of(partition: &Partition) -> Self {
        let (offsets, units) = partition.members();
        let mut portions = Vec::new();
        let mut start = 0;
        for module in 0..partition.modules() {
            if module + 1 == partition.modules() || offsets[module + 1] - offsets[start] >= PORTION {
                portions.push(start..module + 1);
                start = module + 1;
            }
        }
        Self { offsets, units, portions }
    }
}

/// The rows of some consecutive modules.
struct Rows {
    lengths: Vec<usize>,
    targets: Vec<u32>,
    values: Vec<f64>,
    internal: Vec<f64>,
}

/// Returns the couplings between the modules of `partition`, and the sum of the couplings of all
/// pairs inside each module. O(units + links).
pub fn consolidate_couplings(couplings: &Couplings, partition: &Partition) -> (Csr, Vec<f64>) {
    resolve_values!(couplings.listed().values(), values => consolidate_values(couplings, values, partition))
}

fn consolidate_values<V: Values>(couplings: &Couplings, link_values: V, partition: &Partition) -> (Csr, Vec<f64>) {
    let modules = partition.modules();
    let members = Members::of(partition);
    let portions: Vec<Rows> = members
        .portions
        .par_iter()
        .map_init(
            || (vec![0.0; modules], vec![0; modules + 1]),
            |(sum, met), portion| {
                consolidate_portion(couplings, link_values, partition.labels(), &members, portion.clone(), sum, met)
            },
        )
        .collect();
    drop(members);
    let links = portions.iter().map(|rows| rows.targets.len()).sum();
    let mut internal = Vec::with_capacity(modules);
    let mut row_ends = Vec::with_capacity(modules + 1);
    row_ends.push(0);
    let mut targets: Vec<u32> = Vec::with_capacity(links);
    let mut values: Vec<f64> = Vec::with_capacity(links);
    let mut end = 0;
    for rows in portions {
        row_ends.extend(rows.lengths.iter().map(|length| {
            end += length;
            end
        }));
        targets.extend(rows.targets);
        values.extend(rows.values);
        internal.extend(rows.internal);
    }
    (Csr::new(row_ends.into(), targets.into(), LinkValues::Each(values.into())), internal)
}

/// Returns the rows of the modules of one portion.
///
/// `sum` is a buffer of one entry per module, all of them zero before and after the call. `met` has
/// one entry more.
fn consolidate_portion<V: Values>(
    couplings: &Couplings,
    link_values: V,
    labels: &[u32],
    Members { offsets, units, .. }: &Members,
    portion: Range<usize>,
    sum: &mut [f64],
    met: &mut [u32],
) -> Rows {
    let mut rows = Rows {
        lengths: Vec::with_capacity(portion.len()),
        targets: Vec::new(),
        values: Vec::new(),
        internal: vec![0.0; portion.len()],
    };
    let listed = couplings.listed();
    for (module, internal) in portion.zip(&mut rows.internal) {
        let mut count = 0;
        let mut add = |target: u32, value: f64| {
            let sum = &mut sum[target as usize];
            met[count] = target;
            // A link without flow couples nothing.
            count += usize::from(*sum == 0.0 && value > 0.0);
            *sum += value;
        };
        for place in offsets[module]..offsets[module + 1] {
            listed.prefetch(|ahead| units.get(place + ahead).copied());
            let unit = units[place] as usize;
            for link in listed.range(unit) {
                let other = listed.targets()[link] as usize;
                add(labels[other], link_values.at(unit, other, link));
            }
            if let Some(factored) = couplings.factored() {
                factored.row(unit).for_each(|(other, value)| add(labels[other], value));
            }
        }
        let before = rows.targets.len();
        for &target in &met[..count] {
            let value = std::mem::take(&mut sum[target as usize]);
            if target as usize == module {
                // Every pair inside has been counted from both ends.
                *internal = value / 2.0;
            } else {
                rows.targets.push(target);
                rows.values.push(value);
            }
        }
        rows.lengths.push(rows.targets.len() - before);
    }
    rows
}

/// Returns the sum of the couplings of all pairs inside each module. O(units + links).
pub(crate) fn internal_couplings(couplings: &Couplings, partition: &Partition) -> Vec<f64> {
    if partition.modules() == partition.len() {
        return vec![0.0; partition.modules()];
    }
    let members = Members::of(partition);
    let sum_over = |places: Range<usize>, module: usize| {
        let mut sum = 0.0;
        for place in places {
            couplings.prefetch(|ahead| members.units.get(place + ahead).copied());
            let unit = members.units[place] as usize;
            couplings.row(unit).for_each(|(other, coupling)| {
                if other > unit && partition.module(other) == module {
                    sum += coupling;
                }
            });
        }
        sum
    };
    let inside = |module: usize| {
        let places = members.offsets[module]..members.offsets[module + 1];
        if places.len() <= PORTION {
            return sum_over(places, module);
        }
        let starts: Vec<usize> = places.clone().step_by(PORTION).collect();
        let sum_of_portion = |&start: &usize| sum_over(start..places.end.min(start + PORTION), module);
        let sums: Vec<f64> = starts.par_iter().map(sum_of_portion).collect();
        sums.into_iter().sum()
    };
    members.portions.par_iter().flat_map_iter(|portion| portion.clone().map(inside)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Modules with more units than a portion.
    #[test]
    fn all_couplings_inside_large_modules_are_counted() {
        let units = 5 * PORTION / 2;
        let ring = |unit: usize| [(unit + units - 1) % units, (unit + 1) % units].map(|other| other as u32);
        let targets = (0..units).flat_map(ring).collect();
        let rows = Csr::new((0..=units).map(|unit| 2 * unit).collect(), targets, LinkValues::Same(0.5));
        let couplings = Couplings::from(rows);
        assert_eq!(internal_couplings(&couplings, &Partition::one_module(units)), [0.5 * units as f64]);
        let small = 10;
        let two = Partition::from_labels((0..units).map(|unit| u32::from(unit >= small)).collect());
        let inside = [small, units - small].map(|units| 0.5 * (units - 1) as f64);
        assert_eq!(internal_couplings(&couplings, &two), inside);
        assert_eq!(consolidate_couplings(&couplings, &two).1, inside);
    }
}
