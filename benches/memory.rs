//! Work that the search cannot avoid: logarithms, and random access to the modules of neighbours.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mapeq::core::log2;
use mapeq::search::{random, shuffle};
use mapeq_benches::{gather, gather_and_sum, power_law_flow};

fn logarithms(criterion: &mut Criterion) {
    let numbers: Vec<f64> = (1..=10_000).map(|number| 1.0 / f64::from(number)).collect();
    let mut group = criterion.benchmark_group("log2");
    group.throughput(Throughput::Elements(numbers.len() as u64));
    group.bench_function("mapeq", |bencher| bencher.iter(|| black_box(&numbers).iter().map(|&x| log2(x)).sum::<f64>()));
    group.bench_function("platform", |bencher| {
        bencher.iter(|| black_box(&numbers).iter().map(|x| x.log2()).sum::<f64>());
    });
}

fn memory(criterion: &mut Criterion) {
    let (network, modules) = power_law_flow();
    let couplings = network.couplings.listed();
    let in_order: Vec<u32> = (0..couplings.rows() as u32).collect();
    let mut order = in_order.clone();
    shuffle(&mut order, &mut random(1, &[]));
    let mut group = criterion.benchmark_group("memory");
    // Every link is visited from both ends.
    group.throughput(Throughput::Elements(couplings.links() as u64));
    group.bench_function("gather, in order", |bencher| {
        bencher.iter(|| gather(couplings, modules.labels(), black_box(&in_order)));
    });
    group.bench_function("gather", |bencher| bencher.iter(|| gather(couplings, modules.labels(), black_box(&order))));
    group.bench_function("gather and sum", |bencher| {
        bencher.iter(|| gather_and_sum(couplings, modules.labels(), black_box(&order)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(2));
    targets = logarithms, memory
}
criterion_main!(benches);
