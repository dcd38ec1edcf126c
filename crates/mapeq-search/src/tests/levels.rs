//! Laws of levels: couplings between modules, inside parts and in another order.

use mapeq_core::{Couplings, Partition};

use crate::levels::consolidation::{consolidate_couplings, internal_couplings};
use crate::levels::reorder::reordered;
use crate::levels::units::restrict_couplings;
use crate::random::{below, random, random_order};

use super::fixtures::{TOLERANCE, at_any_number_of_threads, layers, network};

#[test]
fn consolidation_in_portions_adds_up_all_couplings() {
    let network = network(50_000, &mut random(6, &[]));
    let couplings = &network.couplings;
    let partition = Partition::from_labels((0..50_000).map(|unit| unit / 7 % 6000).collect());
    let (coarse, internal) = at_any_number_of_threads(|| consolidate_couplings(couplings, &partition));
    let mut sums = std::collections::BTreeMap::new();
    for (unit, other, coupling) in couplings.iter() {
        *sums.entry((partition.module(unit), partition.module(other))).or_insert(0.0) += coupling;
    }
    let mut entries = 0;
    for (module, other, coupling) in coarse.iter() {
        assert!((sums[&(module, other)] - coupling).abs() < TOLERANCE, "{module} {other}");
        entries += 1;
    }
    for (module, internal) in internal.iter().enumerate() {
        let both_ends = sums.get(&(module, module)).copied().unwrap_or(0.0);
        assert!((both_ends / 2.0 - internal).abs() < TOLERANCE, "inside {module}");
    }
    assert_eq!(entries, sums.keys().filter(|(module, other)| module != other).count());
}

fn assert_near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-15), "the same couplings");
}

/// Factored couplings are consolidated, restricted and reordered as listed ones are.
#[test]
fn factored_couplings_are_equal_to_listed_ones() {
    for seed in 0..3 {
        println!("seed {seed}");
        let mut random = random(seed, &[9]);
        let networks = layers(100, &mut random);
        let [factored, listed] = &networks;
        let states = factored.len();
        let partition = Partition::from_labels((0..states).map(|_| below(&mut random, 60) as u32).collect());
        let sums = |couplings: &Couplings| {
            let mut sums = vec![0.0; couplings.rows() * couplings.rows()];
            couplings.iter().for_each(|(a, b, coupling)| sums[a * couplings.rows() + b] += coupling);
            sums
        };
        assert_near(&sums(&factored.couplings), &sums(&listed.couplings));
        let [from_factored, from_listed] = [factored, listed].map(|network| {
            at_any_number_of_threads(|| {
                let (between, inside) = consolidate_couplings(&network.couplings, &partition);
                (sums(&between.into()), inside, internal_couplings(&network.couplings, &partition))
            })
        });
        assert_near(&from_factored.0, &from_listed.0);
        assert_near(&from_factored.1, &from_listed.1);
        assert_near(&from_factored.2, &from_listed.2);
        let part: Vec<u32> = random_order(states, &mut random)[..states / 3].to_vec();
        let [from_factored, from_listed] = [factored, listed].map(|network| {
            let mut position = vec![u32::MAX; states];
            let restricted = restrict_couplings(&network.couplings, &part, &mut position);
            assert!(position.iter().all(|&position| position == u32::MAX));
            restricted
        });
        assert_near(&sums(&from_factored), &sums(&from_listed));
        let order = random_order(states, &mut random);
        let [from_factored, from_listed] = networks.map(|network| reordered(network, &order));
        assert_near(&sums(&from_factored.couplings), &sums(&from_listed.couplings));
        assert_eq!(from_factored.nodes, from_listed.nodes);
    }
}
