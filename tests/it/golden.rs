//! Golden cases from `tests/golden`: codelengths from other sources, certified optima, and hashes
//! of search results.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use mapeq::core::{Additive, PreferredLevels};
use mapeq::flow::{
    BipartiteFlow, FlowModel, FlowOptions, MarkovTime, Regularization, TeleportationOptions, VariableMarkovTime,
};
use mapeq::io::{Header, ReadOptions, RowFilter, read_network, read_network_from, write_tree};
use mapeq::search::{SearchOptions, Silent, two_level};
use mapeq::twolevel::{BalancedFlow, DirectedFlow, MapEquation, RecordedFlow, codelength, one_level_codelength};
use mapeq::{
    ClusterOptions, Clustering, FlowNetwork, MapEquationOptions, Network, Partition, RegisteredMapEquation,
    RegisteredObjective, Tree, cluster_flow,
};
use mapeq_tests::{RandomWalk, planted, set_partitions};

use crate::small_networks;

/// Tolerance, in bits; the golden numbers have twelve decimals.
const TOLERANCE: f64 = 1e-9;

/// Environment variable that makes the search results be recorded instead of checked.
const BLESS: &str = "MAPEQ_BLESS";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above the package").to_owned()
}

fn golden(name: &str) -> PathBuf {
    root().join("tests/golden").join(name)
}

/// Reads the rows of a table, without comments, as lists of columns.
fn table(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(golden(name)).expect("a golden table");
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<Vec<String>> = rows.map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    assert!(!rows.is_empty(), "{name} has rows");
    rows
}

/// Returns whether a column of words contains `word`.
fn has_word(words: &str, word: &str) -> bool {
    words.split(' ').any(|other| other == word)
}

/// Returns the value of a word such as `preferred=3`.
fn value<T: FromStr>(words: &str, name: &str) -> Option<T> {
    let value = words.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='))?;
    Some(value.parse().ok().expect("a number"))
}

fn flow_options(words: &str) -> FlowOptions {
    let model = FlowModel::ALL.into_iter().find(|model| has_word(words, &model.to_string()));
    let (recorded, to_nodes) = (has_word(words, "recorded"), has_word(words, "to-nodes"));
    let prior = |strength| Regularization { strength, self_links: !has_word(words, "no-self-links") };
    let variable = |damping| VariableMarkovTime { damping, ..VariableMarkovTime::default() };
    FlowOptions {
        model: model.expect("a flow model"),
        teleportation: TeleportationOptions { recorded, to_nodes, ..TeleportationOptions::default() },
        regularization: value(words, "regularized").map(prior),
        markov_time: MarkovTime {
            time: value(words, "markov-time").unwrap_or(1.0),
            variable: value(words, "damping").map(variable),
        },
        node_weights_as_flow: has_word(words, "weights-as-flow"),
        bipartite: if has_word(words, "features-visited") {
            BipartiteFlow::Unipartite
        } else {
            BipartiteFlow::Projected
        },
        ..FlowOptions::default()
    }
}

fn read_options(words: &str) -> ReadOptions {
    let direction = flow_options(words).model.direction();
    ReadOptions { direction, self_links: !has_word(words, "no-self-links"), ..ReadOptions::default() }
}

/// Returns the text of a small network.
fn small_network(name: &str) -> String {
    let row = table("networks.tsv").into_iter().find(|row| row[0] == name);
    row.unwrap_or_else(|| panic!("no network {name}")).swap_remove(1)
}

fn small_flow(name: &str, words: &str) -> FlowNetwork {
    small_networks::flow(&small_network(name), &read_options(words), &flow_options(words))
}

/// Builds the tree whose nodes are in modules with these paths, such as `2:1`.
fn tree_of(paths: &str) -> Tree {
    let mut parents = vec![0];
    let mut modules = HashMap::new();
    let leaf_module = paths.split(' ').map(|path| {
        let ends = path.match_indices(':').map(|(end, _)| end).chain([path.len()]);
        ends.fold(0, |parent, end| {
            *modules.entry(path[..end].to_owned()).or_insert_with(|| {
                parents.push(parent);
                parents.len() as u32 - 1
            })
        })
    });
    let leaf_module: Vec<u32> = leaf_module.collect();
    Tree::new(&parents, &leaf_module)
}

#[track_caller]
fn assert_golden(value: &str, found: f64, golden: &str) {
    if golden == "-" {
        return;
    }
    let golden: f64 = golden.parse().expect("a number");
    assert!((found - golden).abs() < TOLERANCE, "{value}: {found} is not {golden}");
}

#[test]
fn scores_of_given_modules_equal_golden_values() {
    for row in table("scores.tsv") {
        let [network, words, paths, index, total, one_level] = &row[..] else { panic!("six columns: {row:?}") };
        let flow = small_flow(network, words);
        let options = MapEquationOptions {
            entropy_correction: value(words, "corrected"),
            preferred_modules: value(words, "preferred"),
            ..Default::default()
        };
        let score = RegisteredMapEquation(options).score(&flow, &tree_of(paths));
        assert_golden(&format!("index of {network}, {words}"), score.codelength.index, index);
        assert_golden(&format!("codelength of {network}, {words}"), score.codelength.total(), total);
        assert_golden(&format!("one level of {network}, {words}"), score.one_level, one_level);
        let of_modules: f64 = score.modules.iter().map(|module| module.codelength).sum();
        assert_golden(&format!("modules of {network}, {words}"), of_modules, total);
    }
}

#[test]
fn optima_are_certified_and_found() {
    for row in table("optima.tsv") {
        let walks = ["undirected", "directed", "directed recorded", "rawdir", "undirected regularized=1"];
        for (words, golden) in walks.iter().zip(&row[1..]) {
            let case = format!("{}, {words}", row[0]);
            assert_golden(&format!("minimum codelength of {case}"), min_codelength(&row[0], words), golden);
            let flow = small_flow(&row[0], words);
            let found = (1..=10).map(|seed| codelength(&flow, &search(&flow, words, seed)).codelength.total());
            assert_golden(&format!("best of 10 searches of {case}"), found.fold(f64::INFINITY, f64::min), golden);
        }
    }
}

#[test]
fn nested_modules_are_found_by_every_trial() {
    for row in table("nested.tsv") {
        let [network, words, one_level, two_level, multilevel, modules_per_level] = &row[..] else {
            panic!("six columns: {row:?}")
        };
        let flow = small_flow(network, words);
        assert_golden(&format!("one level of {network}"), one_level_codelength(&flow), one_level);
        let preferred_levels = value(words, "levels").map(|levels| PreferredLevels { levels, strength: 1.0 });
        let objective = RegisteredMapEquation(MapEquationOptions { preferred_levels, ..Default::default() });
        for seed in 1..=10 {
            let options = ClusterOptions { seed, ..ClusterOptions::default() };
            let search = |options| cluster_flow(&flow, &objective, &options, &Silent);
            let flat = search(ClusterOptions { two_level: true, ..options });
            assert_golden(&format!("two levels of {network}, seed {seed}"), flat.score.codelength.total(), two_level);
            let nested = search(options);
            assert_golden(&format!("{network}, seed {seed}"), nested.score.codelength.total(), multilevel);
            let found: Vec<String> = nested.tree.modules_per_level().iter().map(usize::to_string).collect();
            assert_eq!(&found.join(" "), modules_per_level, "modules of {network}, seed {seed}");
        }
    }
}

/// With frequent teleportation, one module is shorter than the results of searches that start from
/// single nodes. Shorter still are two modules, one of which is a node with a self-link.
#[test]
fn the_search_restarts_from_one_module() {
    let network = small_network("one-node-out").replace("; ", "\n");
    let mut options = flow_options("directed recorded");
    options.teleportation.probability = 0.5;
    let file = read_network_from(network.as_bytes(), "one-node-out", &read_options("directed")).expect("a network");
    for seed in 1..=5 {
        for two_level in [true, false] {
            let options = ClusterOptions { flow: options, two_level, seed, ..ClusterOptions::default() };
            let found = mapeq::cluster(&file.network, &options).expect("flow");
            assert_golden(&format!("seed {seed}"), found.score.codelength.total(), "3.762317719921");
            assert_eq!(found.tree.leaf_partition().sizes().iter().min(), Some(&1), "one node is alone");
            let mut options = options;
            options.search.two_level.allow_one_module = false;
            let modular = mapeq::cluster(&file.network, &options).expect("flow");
            assert!(modular.tree.top_modules() > 2, "seed {seed}: modules are kept");
            assert!(modular.score.relative_savings() < 0.0, "seed {seed}: although they are longer");
        }
    }
}

/// Returns the minimum codelength of all partitions, by definition and enumeration.
fn min_codelength(name: &str, words: &str) -> f64 {
    let links = small_networks::links(&small_network(name));
    let nodes = links.iter().map(|link| link.0.max(link.1) + 1).max().expect("a link");
    let walk = match *words {
        _ if has_word(words, "rawdir") => RandomWalk::one_step(nodes, &links),
        _ if value::<f64>(words, "regularized").is_some() => RandomWalk::regularized(nodes, &links),
        _ if !has_word(words, "directed") => RandomWalk::undirected(nodes, &links),
        _ => RandomWalk::directed(nodes, &links, has_word(words, "recorded")),
    };
    let mut min = f64::INFINITY;
    set_partitions(nodes, |modules| min = min.min(walk.two_level(modules).total()));
    min
}

fn search(flow: &FlowNetwork, words: &str, seed: u64) -> Tree {
    let options = SearchOptions::default();
    let recorded = flow.nodes.teleportation.is_some();
    let partition: Partition = match (flow.nodes.enter.is_some(), recorded) {
        (false, false) => two_level(flow, &Additive(MapEquation::<BalancedFlow>::new()), &options, seed, &Silent),
        (true, false) => two_level(flow, &Additive(MapEquation::<DirectedFlow>::new()), &options, seed, &Silent),
        (false, true) => two_level(flow, &Additive(MapEquation::<RecordedFlow>::new()), &options, seed, &Silent),
        (true, true) => panic!("recorded teleportation with unequal enter and exit flow: {words}"),
    };
    Tree::from_partition(&partition)
}

#[test]
fn searches_give_the_recorded_results() {
    let text = fs::read_to_string(golden("searches.tsv")).expect("a golden table");
    let mut fresh = String::new();
    for line in text.lines() {
        if line.starts_with('#') {
            writeln!(fresh, "{line}").expect("memory");
            continue;
        }
        let [name, words] = line.split('\t').take(2).collect::<Vec<_>>()[..] else { panic!("two columns: {line}") };
        let network = large_network(name, words);
        let options = ClusterOptions {
            flow: flow_options(words),
            two_level: has_word(words, "two-level"),
            trials: 2,
            ..ClusterOptions::default()
        };
        let found = mapeq::cluster(&network, &options).expect("a network with flow");
        let (total, levels) = (found.score.codelength.total(), found.tree.levels());
        writeln!(fresh, "{name}\t{words}\t{total:.12}\t{levels}\t{:016x}", hash(&rows(&network, &found)))
            .expect("memory");
    }
    if std::env::var_os(BLESS).is_some() {
        fs::write(golden("searches.tsv"), fresh).expect("a place to write");
    } else {
        assert_eq!(fresh, text, "results have changed; to accept them: cargo xtask golden --bless");
    }
}

/// Reads the network of a file, or generates that of `planted BRANCHING LINKS SEED`.
fn large_network(name: &str, words: &str) -> Network {
    let Some(arguments) = name.strip_prefix("planted ") else {
        return read_network(&root().join(name), &read_options(words)).expect("a network").network;
    };
    let [branching, links, seed] = arguments.split(' ').collect::<Vec<_>>()[..] else {
        panic!("three arguments: {name}")
    };
    let numbers = |list: &str| list.split(',').map(|number| number.parse().expect("a number")).collect::<Vec<usize>>();
    let planted = planted(&numbers(branching), &numbers(links), seed.parse().expect("a seed"));
    planted.network(flow_options(words).model.direction())
}

/// Returns the rows of the `.tree` file, without its header.
fn rows(network: &Network, found: &Clustering) -> Vec<u8> {
    let header = Header {
        version: String::new(),
        command: String::new(),
        started_at: String::new(),
        completed_in: 0.0,
        levels: found.tree.levels(),
        top_modules: found.tree.top_modules(),
        codelength: found.score.codelength.total(),
        relative_savings: found.score.relative_savings(),
        flow_model: String::new(),
        level: None,
        details: None,
    };
    let mut file = Vec::new();
    write_tree(&mut file, &header, network.nodes(), &found.flow, &found.tree, RowFilter::All).expect("memory");
    let text = String::from_utf8(file).expect("text");
    text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect()
}

/// Returns the 64-bit FNV-1a hash.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
