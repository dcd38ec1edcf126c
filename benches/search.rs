//! From flow to modules: the parts of the search, and the whole of it.

use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mapeq::core::{Additive, Objective};
use mapeq::flow::{FlowOptions, compute_flow};
use mapeq::multilevel::multilevel;
use mapeq::search::{Assignment, Grouping, Mover, SearchOptions, Silent, Units, two_level};
use mapeq::twolevel::{BalancedFlow, MapEquation};
use mapeq::{Direction, FlowNetwork, MultilevelOptions, Partition};
use mapeq_tests::planted;

fn equation() -> MapEquation<BalancedFlow> {
    MapEquation::new()
}

/// 10 000 nodes, 100 000 links, and the planted modules of the smallest size.
fn network() -> (FlowNetwork, Partition) {
    let mut planted = planted(&[20, 10, 50], &[1, 2, 7], 1);
    let network = planted.network(Direction::Undirected);
    let modules = planted.levels.pop().expect("a level");
    (compute_flow(&network, &FlowOptions::default()).expect("flow").network, modules)
}

fn links(network: &FlowNetwork) -> Throughput {
    // Couplings are stored at both ends.
    Throughput::Elements(network.couplings.links() as u64 / 2)
}

fn parts(criterion: &mut Criterion) {
    let (network, modules) = network();
    let objective = Additive(equation());
    let level = objective.level(&network);
    let units = Units { couplings: &network.couplings, level: &level };
    let singletons = Grouping::singletons(units.len());
    let mut mover = Mover::default();
    let mut group = criterion.benchmark_group("part");
    group.throughput(links(&network));
    group.bench_function("local moving", |bencher| {
        bencher.iter_batched(
            || Assignment::new(&objective, units, &singletons),
            |mut assignment| {
                mover.run(&objective, units, &mut assignment, 0..units.len() as u32, &Silent);
                assignment
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("consolidation", |bencher| bencher.iter(|| units.consolidate(&objective, &modules)));
}

fn whole(criterion: &mut Criterion) {
    let (network, _) = network();
    let mut group = criterion.benchmark_group("search");
    group.throughput(links(&network));
    group.bench_function("two levels", |bencher| {
        bencher.iter(|| two_level(&network, &Additive(equation()), &SearchOptions::default(), 1, &Silent));
    });
    group.bench_function("any number of levels", |bencher| {
        bencher.iter(|| multilevel(&network, &equation(), &MultilevelOptions::default(), 1, &Silent));
    });
}

criterion_group! {
    name = benches;
    config = short();
    targets = parts, whole
}
criterion_main!(benches);

/// Few samples: differences worth acting on are larger than the noise that is left.
fn short() -> Criterion {
    Criterion::default().sample_size(10).measurement_time(Duration::from_secs(3))
}
