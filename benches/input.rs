//! Throughput of reading links and of computing flow.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mapeq::flow::{FlowModel, FlowOptions, compute_flow};
use mapeq::io::{ReadOptions, read_network_from};
use mapeq_tests::{PowerLaw, power_law};

/// Returns a link list with 10 000 nodes and 100 000 links.
fn text() -> String {
    let planted = power_law(&PowerLaw::new(10_000, 20.0, 0.4), 1);
    planted.links.iter().map(|(source, target)| format!("{source} {target}\n")).collect()
}

/// Measures reading 10⁶ links on all threads, in megabytes of text per second.
fn parsing(criterion: &mut Criterion) {
    let planted = power_law(&PowerLaw::new(100_000, 20.0, 0.4), 1);
    let text = |row: &dyn Fn(u32, u32) -> String| -> String { planted.links.iter().map(|&(a, b)| row(a, b)).collect() };
    let mut group = criterion.benchmark_group("read");
    for (name, text) in [
        ("numbers", text(&|source, target| format!("{source} {target}\n"))),
        ("numbers and weights", text(&|source, target| format!("{source} {target} {}\n", source % 7 + 1))),
        ("scattered numbers", text(&|source, target| format!("{} {}\n", source * 40_009, target * 40_009))),
        ("names", text(&|source, target| format!("n{source} n{target}\n"))),
    ] {
        group.throughput(Throughput::BytesDecimal(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| read_network_from(text.as_bytes(), "links", &ReadOptions::default()).expect("a network"));
        });
    }
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
    // Few samples: differences that matter exceed the remaining noise.
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(2));
    targets = parsing, flow
}
criterion_main!(benches);
