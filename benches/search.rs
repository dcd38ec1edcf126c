//! Throughput of the search and of its parts.

use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mapeq::core::{Additive, Objective};
use mapeq::multilevel::multilevel;
use mapeq::search::{
    Assignment, Grouping, LocalMover, Search, SearchOptions, Silent, Thoroughness, Units, random, shuffle, two_level,
};
use mapeq::twolevel::{BalancedFlow, MapEquation};
use mapeq::{FlowNetwork, MultilevelOptions};
use mapeq_benches::power_law_flow;

fn equation() -> MapEquation<BalancedFlow> {
    MapEquation::new()
}

fn links(network: &FlowNetwork) -> Throughput {
    // Couplings are stored at both ends of a link.
    Throughput::Elements(network.couplings.links() as u64 / 2)
}

fn parts(criterion: &mut Criterion) {
    let (network, modules) = power_law_flow();
    let objective = Additive(equation());
    let level = objective.level(&network);
    let units = Units::new(&network.couplings, &level);
    let singletons = Grouping::singletons(units.len());
    let planted = Grouping::new(units, modules.clone());
    let mut order: Vec<u32> = (0..units.len() as u32).collect();
    shuffle(&mut order, &mut random(1, &[]));
    let mut mover = LocalMover::default();
    let mut group = criterion.benchmark_group("part");
    group.throughput(links(&network));
    group.bench_function("state", |bencher| bencher.iter(|| Assignment::new(&objective, units, &planted)));
    group.bench_function("consolidation", |bencher| bencher.iter(|| units.consolidate(&objective, &modules)));
    // Units in their best modules: every link is visited once, and no unit moves.
    let settled = move_units(&objective, units, &mut mover, &planted, &order);
    group.bench_function("one sweep", |bencher| {
        bencher.iter_batched(
            || Assignment::new(&objective, units, &settled),
            |mut assignment| {
                let moved =
                    mover.run(&objective, units, &mut assignment, order.iter().copied(), Thoroughness::Full, &Silent);
                assert_eq!(moved.moves, 0, "the units are settled");
                assignment
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("local moving", |bencher| {
        bencher.iter_batched(
            || Assignment::new(&objective, units, &singletons),
            |mut assignment| {
                mover.run(&objective, units, &mut assignment, order.iter().copied(), Thoroughness::Full, &Silent);
                assignment
            },
            BatchSize::LargeInput,
        );
    });
    let search = Search { objective: &objective, options: &SearchOptions::default(), monitor: &Silent };
    let found = search.louvain(units, singletons.clone(), &mut mover, &mut random(1, &[])).0;
    group.bench_function("louvain", |bencher| {
        bencher.iter(|| search.louvain(units, singletons.clone(), &mut mover, &mut random(1, &[])));
    });
    group.bench_function("tuning, one round", |bencher| {
        bencher.iter_batched(
            || found.clone(),
            |partition| search.tune(units, partition, 1, &mut mover, &mut random(1, &[])),
            BatchSize::LargeInput,
        );
    });
}

/// Returns the grouping after local moving.
fn move_units<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    mover: &mut LocalMover,
    start: &Grouping,
    order: &[u32],
) -> Grouping {
    let mut assignment = Assignment::new(objective, units, start);
    mover.run(objective, units, &mut assignment, order.iter().copied(), Thoroughness::Full, &Silent);
    Grouping::new(units, assignment.into_partition())
}

fn whole(criterion: &mut Criterion) {
    let (network, _) = power_law_flow();
    let mut group = criterion.benchmark_group("search");
    group.throughput(links(&network));
    group.bench_function("two levels", |bencher| {
        bencher.iter(|| two_level(&network, &Additive(equation()), &SearchOptions::default(), 1, &Silent));
    });
    group.bench_function("any number of levels", |bencher| {
        bencher.iter(|| multilevel(&network, &Additive(equation()), &MultilevelOptions::default(), 1, &Silent));
    });
}

criterion_group! {
    name = benches;
    // Few samples: differences that matter exceed the remaining noise.
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(3));
    targets = parts, whole
}
criterion_main!(benches);
