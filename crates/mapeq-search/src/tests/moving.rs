//! Laws of local moving: results do not depend on the number of threads, and the reported gain is
//! the actual gain.

use mapeq_core::{Additive, LinkValues, Objective, Partition, PerLink, Uniform};

use crate::levels::consolidation::internal_couplings;
use crate::levels::grouping::Grouping;
use crate::levels::unit_constraints::{SizeBounds, UnitConstraints};
use crate::levels::units::Units;
use crate::monitor::Silent;
use crate::moving::assignment::Assignment;
use crate::moving::batches::drain_in_batches;
use crate::moving::best_move::MoveFinder;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::{MovePass, MoveStats};
use crate::moving::queue::Queue;
use crate::moving::regions::move_in_regions;
use crate::moving::revisit_filter::RevisitFilter;
use crate::options::{SearchOptions, Thoroughness};
use crate::random::{random, random_order};
use crate::search::Search;
use crate::two_level::two_level;

use super::fixtures::{Modularity, TOLERANCE, at_any_number_of_threads, layers, network};

/// Returns a pass over units of [`network`].
fn pass<'a>(
    objective: &'a Additive<Modularity>,
    units: Units<'a, Additive<Modularity>>,
    assignment: &'a mut Assignment<Additive<Modularity>>,
) -> MovePass<'a, Additive<Modularity>, Uniform> {
    let LinkValues::Same(value) = *units.couplings.listed().values() else { unreachable!("unweighted") };
    let (values, stats, visits_left) = (Uniform(value), MoveStats::default(), u64::MAX);
    MovePass { objective, units, assignment, values, stats, visits_left, revisit_filter: None }
}

#[test]
fn batches_report_their_gain_and_leave_little_to_gain() {
    let objective = Additive(Modularity);
    for seed in 0..4 {
        println!("seed {seed}");
        let network = network(4000, &mut random(seed, &[]));
        let level = objective.level(&network);
        let units = Units::new(&network.couplings, &level);
        let (labels, gain, in_batches) = at_any_number_of_threads(|| {
            let singletons = Grouping::singletons(units.len());
            let mut assignment = Assignment::new(&objective, units, &singletons);
            let (mut queue, mut finder) = (Queue::default(), MoveFinder::default());
            let max_degree = (0..units.len()).map(|unit| network.couplings.degree(unit)).max().expect("a unit");
            finder.fit(units.len(), max_degree);
            queue.fill(units.len(), &[], random_order(units.len(), &mut random(seed, &[1])));
            let mut pass = pass(&objective, units, &mut assignment);
            drain_in_batches(&mut pass, &mut queue, &mut finder, &Silent);
            let in_batches = pass.stats.moves;
            // Units that batches leave are visited one by one.
            while let Some(unit) = queue.pop() {
                pass.visit(unit, &mut queue, &mut finder);
            }
            let gain = pass.stats.gain;
            (assignment.into_partition().labels().to_vec(), gain, in_batches)
        });
        let found = Grouping::new(units, Partition::from_labels(labels));
        let before = Grouping::singletons(units.len()).value(&objective, units);
        let after = found.value(&objective, units);
        assert!(gain > 0.1 && (before - gain - after).abs() < TOLERANCE, "{before} - {gain} is not {after}");
        assert!(in_batches > 500, "batches did something: {in_batches} moves");
        let mut assignment = Assignment::new(&objective, units, &found);
        let all = 0..units.len() as u32;
        let moved = LocalMover::default().run(&objective, units, &mut assignment, all, Thoroughness::Full, &Silent);
        // Not 0: a unit is not visited again when other units join the modules of its neighbours.
        assert!(moved.gain < 0.01 * gain, "hardly any unit gains by a move: {moved:?}");
        let mut assignment = Assignment::new(&objective, units, &Grouping::singletons(units.len()));
        let order = random_order(units.len(), &mut random(seed, &[1]));
        let one_by_one =
            LocalMover::default().run(&objective, units, &mut assignment, order, Thoroughness::Full, &Silent).gain;
        assert!(gain > 0.98 * one_by_one, "no worse than one by one: {gain}, {one_by_one}");
    }
}

#[test]
fn louvain_improves_modules_of_regions() {
    let objective = Additive(Modularity);
    let network = network(4000, &mut random(5, &[]));
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let search = Search { objective: &objective, options: &SearchOptions::default(), monitor: &Silent };
    let start = at_any_number_of_threads(|| move_in_regions(search, units, 300, &mut random(5, &[1])).partition);
    let start = Grouping::new(units, start);
    let singletons = Grouping::singletons(units.len()).value(&objective, units);
    assert!(start.value(&objective, units) < singletons - 0.01, "units have moved");
    assert!((0..units.len()).all(|unit| {
        let module = start.partition.module(unit);
        (0..units.len()).filter(|&other| start.partition.module(other) == module).all(|other| other / 300 == unit / 300)
    }));
    let (found_by_louvain, moved) =
        search.louvain(units, start.clone(), &mut LocalMover::default(), &mut random(5, &[2]));
    assert!(moved.gain > 0.1, "modules have merged across borders: {moved:?}");
    let internal = internal_couplings(&network.couplings, &found_by_louvain.partition);
    assert!(
        internal.iter().zip(&found_by_louvain.internal).all(|(a, b)| (a - b).abs() < TOLERANCE),
        "couplings inside modules"
    );
}

#[test]
fn batches_respect_constraints() {
    let objective = Additive(Modularity);
    let network = network(4000, &mut random(10, &[]));
    let level = objective.level(&network);
    let frozen = (0..4000).map(|node| node % 100 == 0).collect();
    let constraints = UnitConstraints::new(SizeBounds { min: 1, max: 10 }).with_frozen(frozen);
    let units = Units::new(&network.couplings, &level).constrained(&constraints);
    let found = at_any_number_of_threads(|| {
        let mut assignment = Assignment::new(&objective, units, &Grouping::singletons(units.len()));
        let mut queue = Queue::default();
        queue.fill(units.len(), constraints.frozen(), random_order(units.len(), &mut random(10, &[1])));
        let mut pass = pass(&objective, units, &mut assignment);
        let mut finder = MoveFinder::default();
        finder.fit(units.len(), 200);
        drain_in_batches(&mut pass, &mut queue, &mut finder, &Silent);
        assert!(pass.stats.moves > 1000);
        assignment.into_partition()
    });
    assert_eq!(found.sizes().into_iter().max(), Some(10));
    let holders: std::collections::BTreeSet<_> = (0..4000).step_by(100).map(|node| found.module(node)).collect();
    assert_eq!(holders.len(), 40, "frozen units stay apart");
}

/// The reported gain is that of the recomputed value, one by one and in batches, at any number of
/// threads.
#[test]
fn searches_on_factored_couplings_report_their_gain() {
    let objective = Additive(Modularity);
    for seed in 0..3 {
        println!("seed {seed}");
        let [network, listed] = layers(300, &mut random(seed, &[9]));
        let level = objective.level(&network);
        let units = Units::new(&network.couplings, &level);
        let singletons = Grouping::singletons(units.len());
        let before = singletons.value(&objective, units);
        let order = || random_order(units.len(), &mut random(seed, &[3]));
        let found_by = |search: &(dyn Fn(&mut Assignment<_>) -> MoveStats + Sync)| {
            let (labels, gain) = at_any_number_of_threads(|| {
                let mut assignment = Assignment::new(&objective, units, &singletons);
                let moved = search(&mut assignment);
                (assignment.into_partition().labels().to_vec(), moved.gain)
            });
            let after = Grouping::new(units, Partition::from_labels(labels)).value(&objective, units);
            assert!(gain > 0.0 && (before - after - gain).abs() < TOLERANCE, "{before} − {after} is not {gain}");
            after
        };
        let after = found_by(&|assignment| {
            LocalMover::default().run(&objective, units, assignment, order(), Thoroughness::Full, &Silent)
        });
        found_by(&|assignment| {
            LocalMover::default().run(&objective, units, assignment, order(), Thoroughness::Draft, &Silent)
        });
        found_by(&|assignment| {
            let (mut queue, mut finder) = (Queue::default(), MoveFinder::default());
            finder.fit(units.len(), 0);
            queue.fill(units.len(), &[], order());
            let revisit_filter = RevisitFilter::new(units.couplings, units.len(), Thoroughness::Draft);
            assert!(revisit_filter.is_some(), "not every move is worth a visit");
            let LinkValues::Each(values) = units.couplings.listed().values() else { unreachable!("weighted") };
            let (objective, values, stats) = (&objective, PerLink(values), MoveStats::default());
            let mut pass =
                MovePass { objective, units, assignment, values, stats, visits_left: u64::MAX, revisit_filter };
            drain_in_batches(&mut pass, &mut queue, &mut finder, &Silent);
            assert!(pass.stats.moves > units.len() / 4, "batches move units");
            pass.stats
        });
        let search = Search { objective: &objective, options: &SearchOptions::default(), monitor: &Silent };
        let (found_by_louvain, moved) =
            search.louvain(units, singletons.clone(), &mut LocalMover::default(), &mut random(seed, &[4]));
        let after_louvain = found_by_louvain.value(&objective, units);
        assert!((before - after_louvain - moved.gain).abs() < TOLERANCE, "{before} − {after_louvain} is not {moved:?}");
        let found = two_level(&network, &objective, &SearchOptions::default(), seed, &Silent);
        let from_listed = two_level(&listed, &objective, &SearchOptions::default(), seed, &Silent);
        let [found, from_listed] = [found, from_listed].map(|partition| units.value(&objective, &partition));
        assert!(found < 0.98 * from_listed && from_listed < 0.0, "{found} if factored, {from_listed} if listed");
        assert!(found <= after + TOLERANCE, "a search is not worse than its first step");
    }
}
