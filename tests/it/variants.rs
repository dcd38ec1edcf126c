//! Searches with variants of the map equation: optima certified by enumeration, and networks with
//! known modules.

use std::path::Path;

use mapeq::core::{Additive, Degrees, PreferredLevels};
use mapeq::flow::compute_flow;
use mapeq::io::{ReadOptions, read_network};
use mapeq::twolevel::{BalancedFlow, BipartiteMapEquation, MapEquation, Penalized, Penalties};
use mapeq::{
    ClusterOptions, Clustering, FlowNetwork, MapEquationOptions, ObjectiveOptions, Partition, RegisteredBipartite,
    RegisteredMapEquation, RegisteredObjective, Registry, SearchOptions, Silent, Tree, cluster_flow,
};
use mapeq_tests::{RandomWalk, planted, set_partitions};

use crate::small_networks;

const TOLERANCE: f64 = 1e-9;

/// Small networks whose modules are clear to different degrees.
const NETWORKS: [&str; 4] = [
    "1 2; 2 3; 3 1; 3 4; 4 5; 5 6; 6 4",
    "1 2; 1 3; 1 4; 2 3; 2 4; 3 4; 5 6; 5 7; 5 8; 6 7; 6 8; 7 8; 4 5",
    "1 2; 2 3; 3 4; 4 5; 5 6; 6 7; 7 8; 8 1",
    "1 6 1.5; 2 1 2; 2 5 3; 2 6 2.5; 3 1 1; 3 2 2.5; 4 2 2.5; 4 8 1.5; 5 7 3; 5 8 2.5; 7 3 1.5; 7 4 1",
];

fn flow_of(text: &str) -> FlowNetwork {
    small_networks::flow(text, &Default::default(), &Default::default())
}

fn karate() -> FlowNetwork {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/karate.txt");
    let file = read_network(&path, &ReadOptions::default()).expect("the karate club");
    compute_flow(&file.network, &Default::default()).expect("flow").network
}

fn search(flow: &FlowNetwork, objective: &dyn RegisteredObjective, two_level: bool, seed: u64) -> Clustering {
    let options = ClusterOptions { two_level, seed, ..ClusterOptions::default() };
    cluster_flow(flow, objective, &options, &Silent)
}

fn preferring(modules: u32) -> RegisteredMapEquation {
    RegisteredMapEquation(MapEquationOptions { preferred_modules: Some(modules), ..Default::default() })
}

fn corrected(strength: f64) -> RegisteredMapEquation {
    RegisteredMapEquation(MapEquationOptions { entropy_correction: Some(strength), ..Default::default() })
}

#[test]
fn optima_with_penalties_are_found() {
    let mut differ = 0;
    for text in NETWORKS {
        let (flow, links) = (flow_of(text), small_networks::links(text));
        let nodes = flow.len();
        let walk = RandomWalk::undirected(nodes, &links);
        let ends = f64::max(2.0 * links.len() as f64, links.iter().map(|link| 2.0 * link.2).sum());
        for strength in [0.0, 1.0, 4.0] {
            for preferred in [None, Some(2), Some(3), Some(5)] {
                let bias = strength / (2.0 * ends * std::f64::consts::LN_2);
                let mut min = f64::INFINITY;
                let mut best = Vec::new();
                set_partitions(nodes, |labels| {
                    let modules = *labels.iter().max().expect("a node") as usize + 1;
                    let codewords = nodes - 1 + if modules > 1 { modules } else { 0 };
                    let distance = preferred.map_or(0, |preferred: u32| modules.abs_diff(preferred as usize));
                    let length = walk.two_level(labels).total() + bias * codewords as f64 + distance as f64;
                    if length < min {
                        (min, best) = (length, labels.to_vec());
                    }
                });
                let options = MapEquationOptions {
                    entropy_correction: Some(strength),
                    preferred_modules: preferred,
                    ..Default::default()
                };
                let objective = RegisteredMapEquation(options.clone());
                let found = (1..=20).map(|seed| search(&flow, &objective, true, seed).score.codelength.total());
                let found = found.fold(f64::INFINITY, f64::min);
                assert!((found - min).abs() < TOLERANCE, "{text}, {options:?}: {found} is not {min}, {best:?}");
                let plain = search(&flow, &RegisteredMapEquation::default(), true, 1).tree.top_modules();
                differ += usize::from(*best.iter().max().expect("a node") as usize + 1 != plain);
            }
        }
    }
    assert!(differ > 10, "penalties change the best partition: {differ}");
}

/// The pairs are numbers of modules and the shortest known codelengths of such partitions.
#[test]
fn the_karate_club_has_the_preferred_number_of_modules() {
    let best = [(2, 4.408901168), (3, 4.311792646), (4, 4.313455929), (5, 4.327000393), (6, 4.357992580)];
    let flow = karate();
    for (modules, length) in best {
        for two_level in [true, false] {
            let found = search(&flow, &preferring(modules), two_level, 1);
            assert_eq!(found.tree.top_modules(), modules as usize);
            let total = found.score.codelength.total();
            assert!(total < length + TOLERANCE, "{modules} modules, two levels {two_level}: {total} is not {length}");
        }
    }
}

#[test]
fn planted_modules_are_merged_and_split_as_preferred() {
    let planted = planted(&[12, 20], &[1, 8], 1);
    let flow = compute_flow(&planted.network(mapeq::Direction::Undirected), &Default::default()).expect("flow").network;
    assert_eq!(search(&flow, &RegisteredMapEquation::default(), true, 1).tree.top_modules(), 12);
    for preferred in [2, 6, 11, 12, 13, 24] {
        for seed in 1..=3 {
            let found = search(&flow, &preferring(preferred), true, seed);
            assert_eq!(found.tree.top_modules(), preferred as usize, "seed {seed}");
            assert_eq!(found.tree.modules_per_level().len(), 1);
        }
        assert_eq!(search(&flow, &preferring(preferred), false, 1).tree.top_modules(), preferred as usize);
    }
}

/// Thirty triangles without links between them. Modules of six triangles each are best, in which a
/// visit costs log2 18 bits.
#[test]
fn unconnected_modules_are_merged_as_preferred() {
    let triangle = |first: usize| (0..3).map(move |node| format!("{} {}", first + node, first + (node + 1) % 3));
    let links: Vec<String> = (0..30).flat_map(|number| triangle(1 + 3 * number)).collect();
    let flow = flow_of(&links.join("; "));
    for seed in 1..=3 {
        let found = search(&flow, &preferring(5), true, seed);
        assert_eq!(found.tree.top_modules(), 5, "seed {seed}");
        let total = found.score.codelength.total();
        assert!((total - 18f64.log2()).abs() < TOLERANCE, "seed {seed}: {total}");
    }
}

#[test]
fn variants_do_not_depend_on_the_number_of_threads() {
    let flow = compute_flow(&planted(&[12, 20], &[3, 5], 2).network(mapeq::Direction::Undirected), &Default::default());
    let flow = flow.expect("flow").network;
    let preferred_levels = Some(PreferredLevels { levels: 4, strength: 1.0 });
    let with_levels = RegisteredMapEquation(MapEquationOptions { preferred_levels, ..Default::default() });
    for objective in [preferring(5), preferring(30), corrected(1.0), with_levels] {
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
            let options = ClusterOptions { trials: 6, ..ClusterOptions::default() };
            let found = pool.install(|| cluster_flow(&flow, &objective, &options, &Silent));
            (found.tree, found.score.codelength.total().to_bits())
        };
        let one = run(1);
        assert_eq!(one, run(2), "{objective:?}");
        assert_eq!(one, run(7), "{objective:?}");
    }
}

/// The correction removes modules that arise by chance.
#[test]
fn correction_merges_modules_of_few_links() {
    let flow = karate();
    let modules = [0.0, 1.0, 8.0, 100.0].map(|strength| {
        let found = search(&flow, &corrected(strength), true, 1);
        let one = found.score.one_level;
        assert!(found.score.codelength.total() <= one + TOLERANCE);
        found.tree.top_modules()
    });
    assert!(modules.is_sorted_by(|more, fewer| more >= fewer) && modules[0] > 1 && modules[3] == 1, "{modules:?}");
    let unobserved = FlowNetwork { degrees: Degrees::default(), ..flow.clone() };
    let length = |objective: &dyn RegisteredObjective| search(&unobserved, objective, true, 1).score.codelength.total();
    assert_eq!(
        length(&corrected(1.0)),
        length(&RegisteredMapEquation::default()),
        "without observed links there is no bias"
    );
}

/// Two groups of three nodes and two features each, with one link between the groups.
#[test]
fn node_types_are_searched_and_scored() {
    let links: Vec<String> = (0..6)
        .flat_map(|node| (0..2).map(move |feature| format!("{} {}", node + 1, 7 + feature + 2 * (node / 3))))
        .chain(["1 9".to_owned()])
        .collect();
    let flow = FlowNetwork { first_feature: Some(6), ..flow_of(&links.join("; ")) };
    let typed = |flipping_rate| RegisteredBipartite { flipping_rate };
    typed(0.0).check(&flow).expect("a bipartite network");
    for (first_feature, why) in [(None, "*Bipartite"), (Some(5), "a link joins nodes of the same type")] {
        let other = FlowNetwork { first_feature, ..flow.clone() };
        let error = typed(0.0).check(&other).expect_err("not a bipartite network");
        assert!(error.contains(why), "{error}");
    }
    for rate in [0.0, 0.03, 0.2, 0.5] {
        let equation = BipartiteMapEquation::new(6, rate);
        let mut min = f64::INFINITY;
        set_partitions(10, |labels| {
            let tree = Tree::from_partition(&Partition::from_labels(labels.to_vec()));
            min = min.min(equation.codelength(&flow, &tree).codelength.total());
        });
        let found = (1..=5).map(|seed| search(&flow, &typed(rate), true, seed).score.codelength.total());
        let found = found.fold(f64::INFINITY, f64::min);
        assert!((found - min).abs() < TOLERANCE, "rate {rate}: {found} is not {min}");
        let one = search(&flow, &typed(rate), true, 1).score.one_level;
        assert!(found < one - 0.1, "modules pay: {found}, {one}");
    }
    let one = search(&flow, &typed(0.0), true, 1).score.one_level;
    let plain = |two_level: bool| search(&flow, &RegisteredMapEquation::default(), two_level, 1).score;
    assert!((one - (plain(true).one_level - 1.0)).abs() < TOLERANCE, "the type of a node saves one bit");
    for two_level in [true, false] {
        let untyped = search(&flow, &typed(0.5), two_level, 1).score.codelength.total();
        assert!((untyped - plain(two_level).codelength.total()).abs() < TOLERANCE);
    }
}

#[test]
fn modularity_is_maximised() {
    let registry = Registry::standard();
    let options = ObjectiveOptions::default();
    let best = |options: &ObjectiveOptions| {
        let objective = registry.configure("modularity", options).expect("an objective with a resolution");
        let found = (1..=5).map(|seed| search(&karate(), &*objective, true, seed));
        found.min_by(|a, b| a.score.codelength.total().total_cmp(&b.score.codelength.total())).expect("five searches")
    };
    // The maximum (Brandes et al., IEEE Transactions on Knowledge and Data Engineering 2008).
    assert!((best(&options).score.codelength.total() + 0.419_789_612).abs() < 1e-8);
    let fine = best(&ObjectiveOptions { resolution: Some(4.0), ..options.clone() }).tree.top_modules();
    let coarse = best(&ObjectiveOptions { resolution: Some(0.2), ..options.clone() }).tree.top_modules();
    assert!(coarse < 4 && 4 < fine, "{coarse} {fine}");
    let map_equation = MapEquationOptions { preferred_modules: Some(3), ..Default::default() };
    let refused = registry.configure("modularity", &ObjectiveOptions { map_equation, ..options });
    assert!(refused.is_err_and(|error| error.to_string().contains("takes no --preferred-number-of-modules")));
}

/// A two-level search and the tree of its result agree on the penalty.
#[test]
fn penalties_of_flat_partitions_agree() {
    let penalties = Penalties { per_codeword: 0.01, preferred_modules: Some(4), ..Penalties::default() };
    let flow = karate();
    let objective = Penalized::new(MapEquation::<BalancedFlow>::new(), penalties);
    let options = SearchOptions::default();
    let found = mapeq::search::two_level(&flow, &Additive(objective), &options, 1, &Silent);
    let tree = Tree::from_partition(&found);
    let penalized: f64 = penalties.per_module(&tree).iter().sum();
    assert_eq!(found.modules(), 4);
    assert!((penalized - 0.01 * (33.0 + 4.0)).abs() < TOLERANCE);
}
