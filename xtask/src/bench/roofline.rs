//! Run time of the search relative to the memory accesses that it cannot avoid.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::network::{About, Network, Recipe};
use super::table::{digits, table};
use super::{Bench, number};

/// Networks that fit into the L2 cache, into the last-level cache, and into neither.
const RECIPES: [Recipe; 3] = [Recipe(10_000, 20, 40), Recipe(100_000, 20, 40), Recipe(1_000_000, 20, 40)];

/// Results of `mapeq-roofline` on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    /// Reading the modules of all neighbours, nodes in random order, in nanoseconds per link.
    gather: f64,
    /// Reading and adding up the couplings to each module, in nanoseconds per link.
    sum: f64,
    /// Reading the modules of all neighbours, nodes in memory order, in nanoseconds per link.
    in_order: f64,
    /// Local moving from single nodes to convergence, in nanoseconds per visited link.
    moving: f64,
    /// Mean number of visits of a link by local moving.
    #[serde(alias = "moving_looks")]
    visits_per_link: f64,
    /// Two-level search, in nanoseconds per link of the network.
    two_level: f64,
    /// Multilevel search, in nanoseconds per link of the network.
    multilevel: f64,
}

/// Runs `mapeq-roofline` on one network.
pub(crate) fn measure_one(bench: &Bench, network: &Network) -> Result<Row, String> {
    let mut command = bench.built("mapeq-roofline");
    let (_, printed) =
        bench.measure(command.arg(&network.path).args(network.options()).env("RAYON_NUM_THREADS", "1"))?;
    let found: Value = serde_json::from_str(&printed).map_err(|error| format!("mapeq-roofline: {error}"))?;
    let of = |key: &str| number(&found, &format!("/{key}"));
    Ok(Row {
        network: network.about.clone(),
        gather: of("gather")?,
        sum: of("sum")?,
        in_order: of("in_order")?,
        moving: of("moving")?,
        visits_per_link: of("visits_per_link")?,
        two_level: of("two_level")?,
        multilevel: of("multilevel")?,
    })
}

impl Row {
    /// Time of local moving relative to [`gather`](Row::gather). About equal on all machines.
    pub(crate) fn moving_ratio(&self) -> f64 {
        self.moving / self.gather
    }
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    bench.networks(&RECIPES, &[])?.iter().map(|network| measure_one(bench, network)).collect()
}

pub(crate) fn render(rows: &[Row]) -> String {
    let head = [
        "network",
        "in order",
        "gather",
        "gather and sum",
        "local moving",
        "gather, %",
        "gather and sum, %",
        "visits per link",
    ];
    let kernels = rows.iter().map(|row| {
        [
            row.network.name.clone(),
            digits(row.in_order),
            digits(row.gather),
            digits(row.sum),
            digits(row.moving),
            format!("{:.0}", 100.0 * row.gather / row.moving),
            format!("{:.0}", 100.0 * row.sum / row.moving),
            digits(row.visits_per_link),
        ]
    });
    let whole = rows.iter().map(|row| {
        let gathers = |nanoseconds: f64| digits(nanoseconds / 2.0 / row.gather);
        [
            row.network.name.clone(),
            digits(row.two_level),
            gathers(row.two_level),
            digits(row.multilevel),
            gathers(row.multilevel),
        ]
    });
    format!(
        "Time per link on one thread, in nanoseconds, as the shortest of several runs. Links are visited from both
ends, and the modules are those that the search finds.

- *gather*: read the module of every neighbour of all nodes in random order, with the prefetching of the
  search and without any other work
- *in order*: gather with the nodes in memory order
- *gather and sum*: also add up the couplings to each module
- *local moving*: move nodes, starting from single nodes, until none moves, per visited link

The percentages are the times of *gather* and of *gather and sum* relative to *local moving*, whose other
work is sums, logarithms and moves. *visits per link* is the number of times that local moving visits a
link.

{}
One trial of the whole search, in nanoseconds per link of the network, and relative to one gather of all
links from both ends.

{}",
        table(head, kernels),
        table(["network", "two-level, ns", "gathers", "multilevel, ns", "gathers"], whole)
    )
}
