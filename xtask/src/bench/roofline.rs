//! The search beside the bare work on memory that it cannot do without.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::network::{About, Network, Recipe};
use super::table::{digits, table};
use super::{Bench, number};

/// In the second level of caches, in the last, and in none.
const RECIPES: [Recipe; 3] = [Recipe(10_000, 20, 40), Recipe(100_000, 20, 40), Recipe(1_000_000, 20, 40)];

/// What `mapeq-roofline` finds on one network.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    network: About,
    /// Nanoseconds per link to gather the module at its other end, rows in random order.
    gather: f64,
    /// The same with a sum per module, as every visit needs.
    sum: f64,
    /// The same with rows one after the other in memory.
    in_order: f64,
    /// Nanoseconds per link looked at in local moving, from single nodes until none moves.
    moving: f64,
    /// How often local moving looks at a link, on average.
    #[serde(alias = "moving_looks")]
    visits_per_link: f64,
    /// Nanoseconds per link of the network for a whole search.
    two_level: f64,
    multilevel: f64,
}

/// Runs the benchmark of the kernels.
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
    /// How many times the bare work a visit of local moving costs: no unit, and about the same on any machine.
    pub(crate) fn moving_ratio(&self) -> f64 {
        self.moving / self.gather
    }
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Row>, String> {
    bench.networks(&RECIPES)?.iter().map(|network| measure_one(bench, network)).collect()
}

pub(crate) fn render(rows: &[Row]) -> String {
    let head = [
        "network",
        "in order",
        "gather",
        "gather and sum",
        "local moving",
        "share of gather",
        "share of gather and sum",
        "looks at a link",
    ];
    let kernels = rows.iter().map(|row| {
        [
            row.network.name.clone(),
            digits(row.in_order),
            digits(row.gather),
            digits(row.sum),
            digits(row.moving),
            format!("{:.0} %", 100.0 * row.gather / row.moving),
            format!("{:.0} %", 100.0 * row.sum / row.moving),
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
        "Nanoseconds per link, met once from each end, on one thread; the shortest of several runs. *Gather*: for all rows in random
order, read the module of every neighbour, and nothing else, with the same hints to the caches as the search. *Gather and sum*: add
up the couplings to each module, too. The modules are those that the search finds. *Local moving*: from single nodes until none
moves, per link looked at; the shares say how much of it is bare work on memory, the rest being sums, logarithms and moves. *In order*: rows as they lie in memory.

{}
A whole search of one trial, in nanoseconds per link of the network, and in gathers of all links from both ends.

{}",
        table(head, kernels),
        table(["network", "two-level", "gathers", "multilevel", "gathers"], whole)
    )
}
