//! From text to flow.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mapeq::flow::{FlowModel, FlowOptions, compute_flow};
use mapeq::io::{ReadOptions, read_network_from};
use mapeq_tests::{PowerLaw, power_law};

/// 10 000 nodes, 100 000 links.
fn text() -> String {
    let planted = power_law(&PowerLaw::new(10_000, 20.0, 0.4), 1);
    planted.links.iter().map(|(source, target)| format!("{source} {target}\n")).collect()
}

fn parsing(criterion: &mut Criterion) {
    let text = text();
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Elements(text.lines().count() as u64));
    group.bench_function("link list", |bencher| {
        bencher.iter(|| read_network_from(text.as_bytes(), "links", &ReadOptions::default()).expect("a network"));
    });
}

fn flow(criterion: &mut Criterion) {
    let text = text();
    let mut group = criterion.benchmark_group("flow");
    group.throughput(Throughput::Elements(text.lines().count() as u64));
    for model in [FlowModel::Undirected, FlowModel::Directed] {
        let read = ReadOptions { direction: model.direction(), ..ReadOptions::default() };
        let network = read_network_from(text.as_bytes(), "links", &read).expect("a network").network;
        let options = FlowOptions { model, ..FlowOptions::default() };
        group.bench_function(model.to_string(), |bencher| {
            bencher.iter(|| compute_flow(&network, &options).expect("flow"));
        });
    }
}

criterion_group! {
    name = benches;
    config = short();
    targets = parsing, flow
}
criterion_main!(benches);

/// Few samples: differences worth acting on are larger than the noise that is left.
fn short() -> Criterion {
    Criterion::default().sample_size(10).measurement_time(std::time::Duration::from_secs(2))
}
