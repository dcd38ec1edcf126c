//! Laws of moves in a tree: the reported gain is the actual gain, from any tree.

use std::collections::HashSet;

use mapeq_core::{
    Additive, FlowNetwork, HierarchicalObjective, LinkList, NestedObjective, Network, NodeIds, NodeTable, Objective,
    Partition, PreferredLevels, Tree, nested_value, tree_value,
};
use mapeq_flow::{FlowModel, FlowOptions, TeleportationOptions, compute_flow};
use mapeq_labels::{Labels, Weight, WithLabels};
use mapeq_search::{MoveStats, Random, SearchOptions, Silent, Units, below, random};
use mapeq_twolevel::{
    BalancedFlow, BipartiteMapEquation, DirectedFlow, MapEquation, ModuleFlow, Penalized, Penalties, RecordedFlow,
    UnbalancedFlow,
};

use crate::crossover::crossover;
use crate::growth::grow;
use crate::leaf_modules::LeafModules;
use crate::module_moves::move_modules;
use crate::node_moves::move_nodes;
use crate::options::MultilevelOptions;
use crate::pruning::prune;
use crate::tree_state::{ROOT, TreeState};
use crate::trial::{combine, multilevel, multilevel_from};

const NODES: usize = 60;
const SEEDS: u64 = 12;
const TOLERANCE: f64 = 1e-10;

fn random_network(random: &mut Random, model: FlowModel, recorded: bool) -> FlowNetwork {
    let mut links = LinkList::default();
    for _ in 0..NODES * 3 {
        let source = below(random, NODES);
        // Mostly close, so that there are modules.
        let target = if below(random, 5) == 0 { below(random, NODES) } else { (source + 1 + below(random, 4)) % NODES };
        links.push(source as u32, target as u32, (1 + below(random, 3)) as f64);
    }
    flow_of(links, model, recorded)
}

/// Returns random links between the first half of the nodes and the features, the second half.
fn random_bipartite_network(random: &mut Random) -> FlowNetwork {
    const HALF: usize = NODES / 2;
    let mut links = LinkList::default();
    for link in 0..NODES * 3 {
        let node = link % HALF;
        let feature = if below(random, 5) == 0 { below(random, HALF) } else { (node + below(random, 4)) % HALF };
        links.push(node as u32, (HALF + feature) as u32, (1 + below(random, 3)) as f64);
    }
    flow_of(links, FlowModel::Undirected, false)
}

/// Returns triangles in rings of four, and these rings in a ring, linked by random nodes.
fn triangles_in_rings(random: &mut Random) -> FlowNetwork {
    const TRIANGLES: usize = NODES / 3;
    let mut links = LinkList::default();
    for triangle in 0..TRIANGLES {
        let first = 3 * triangle;
        for (source, target) in [(first, first + 1), (first + 1, first + 2), (first + 2, first)] {
            links.push(source as u32, target as u32, 6.0);
        }
        let ring = triangle / 4 * 4;
        let mut link_to = |triangle: usize, random: &mut Random| {
            links.push((first + below(random, 3)) as u32, (3 * triangle + below(random, 3)) as u32, 1.0);
        };
        link_to(ring + (triangle + 1) % 4, random);
        if triangle == ring {
            link_to((ring + 4) % TRIANGLES, random);
        }
    }
    flow_of(links, FlowModel::Undirected, false)
}

fn flow_of(links: LinkList, model: FlowModel, recorded: bool) -> FlowNetwork {
    let nodes = NodeTable::new(NodeIds::Consecutive { first: 1, len: NODES });
    let teleportation = TeleportationOptions { recorded, ..TeleportationOptions::default() };
    let options = FlowOptions { model, teleportation, ..FlowOptions::default() };
    compute_flow(&Network::new(nodes, links, model.direction()), &options).expect("a network with flow").network
}

/// Returns a ragged tree with up to three levels of modules, some of them only children.
fn random_tree(random: &mut Random) -> Tree {
    const TOP: u32 = 4;
    let mut parents = vec![ROOT; 1 + TOP as usize];
    let mut leaf_modules = Vec::new();
    for top in 1..=TOP {
        for _ in 0..1 + below(random, 3) {
            let middle = parents.len() as u32;
            parents.push(top);
            if below(random, 2) == 0 {
                leaf_modules.push(middle);
            } else {
                for _ in 0..1 + below(random, 3) {
                    leaf_modules.push(parents.len() as u32);
                    parents.push(middle);
                }
            }
        }
    }
    let placed: Vec<u32> = (0..NODES).map(|_| leaf_modules[below(random, leaf_modules.len())]).collect();
    Tree::new(&parents, &placed)
}

/// Returns the tree of a state and its value. Checks the data of its modules against recomputed
/// ones.
fn checked_tree<O: NestedObjective>(
    state: &TreeState<'_, O>,
    units: Units<'_, O>,
    before: f64,
    moved: MoveStats,
) -> (Tree, f64) {
    let tree = state.to_tree();
    let after = nested_value(state.objective, units.level, units.couplings, &tree);
    let kept = state.value();
    assert!((kept - after).abs() < TOLERANCE, "terms are up to date: {kept} is not {after}");
    assert!((before - moved.gain - after).abs() < TOLERANCE, "gain: {before} − {} is not {after}", moved.gain);
    assert_eq!(tree.modules().len(), state.modules().count() + 1, "no empty module is left");
    (tree, after)
}

/// Checks moves from a random tree. Returns the number of moves of nodes, moves of modules,
/// prunings and insertions of levels.
fn check<O: NestedObjective>(objective: &O, network: &FlowNetwork, random: &mut Random) -> [usize; 5] {
    let level = objective.level(network);
    let units = Units::new(&network.couplings, &level);
    let value_of = |tree: &Tree| nested_value(objective, &level, &network.couplings, tree);
    let mut checked = [0; 5];
    let mut tree = random_tree(random);
    let mut value = value_of(&tree);
    let mut earlier = random_tree(&mut random.clone());
    for step in 0..12 {
        checked[4] += check_crossover(objective, units, &tree, &earlier);
        checked[4] += check_crossover(objective, units, &earlier, &tree);
        if step % 4 == 0 {
            earlier = tree.clone();
        }
        let mut state = TreeState::new(objective, units, &tree);
        let mut leaves = LeafModules::new(&state, units);
        match step % 4 {
            0 => {
                let waiting: Vec<u32> = (0..NODES as u32).filter(|_| below(random, 2) == 0).collect();
                let moved = move_nodes(&mut state, units, &waiting, random, &Silent);
                checked[0] += moved.moves;
                (tree, value) = checked_tree(&state, units, value, moved);
            }
            1 => {
                let waiting = state.modules().collect();
                let moved = move_modules(&mut state, &mut leaves, waiting, random, &Silent);
                checked[1] += moved.moves;
                (tree, value) = checked_tree(&state, units, value, moved);
            }
            2 => {
                let moved = prune(&mut state, &mut leaves);
                checked[2] += moved.moves;
                (tree, value) = checked_tree(&state, units, value, moved);
            }
            _ => {
                // As in tuning, on the same leaf modules.
                let waiting = state.modules().collect();
                let mut moved = move_modules(&mut state, &mut leaves, waiting, random, &Silent);
                moved += prune(&mut state, &mut leaves);
                (tree, value) = checked_tree(&state, units, value, moved);
                state.mark_all_dirty();
                let grown = grow(&mut state, leaves, units, &SearchOptions::default(), random, &Silent);
                let after = value_of(&grown.tree);
                assert!(after <= value + TOLERANCE, "growth never costs: {value} to {after}");
                let inserted = grown.tree.modules().len() - tree.modules().len();
                assert!((after < value - TOLERANCE) == (inserted > 0), "modules are inserted if they pay");
                checked[3] += inserted;
                (tree, value) = (grown.tree, after);
            }
        }
    }
    checked
}

/// Checks the crossover of two trees: it is better than both, and its modules are theirs. Returns
/// the number of crossovers.
fn check_crossover<O: NestedObjective>(objective: &O, units: Units<'_, O>, first: &Tree, second: &Tree) -> usize {
    if objective.flow().preferred_levels().is_some() {
        return 0;
    }
    let value = |tree: &Tree| nested_value(objective, units.level, units.couplings, tree);
    let Some(crossed) = crossover(objective, units, first, second) else {
        assert!(value(first) <= value(second) + TOLERANCE, "the second tree is one of the candidates");
        return 0;
    };
    assert!(value(&crossed) < value(first), "{} is not below {}", value(&crossed), value(first));
    assert!(value(&crossed) <= value(second) + TOLERANCE, "{} is above {}", value(&crossed), value(second));
    let parents: HashSet<Vec<u32>> = node_sets(first).into_iter().chain(node_sets(second)).collect();
    assert!(node_sets(&crossed).iter().all(|nodes| parents.contains(nodes)), "modules of either tree");
    1
}

/// Returns the nodes of every module.
fn node_sets(tree: &Tree) -> Vec<Vec<u32>> {
    let mut sets = vec![Vec::new(); tree.modules().len()];
    for (node, &leaf) in tree.leaf_modules().iter().enumerate() {
        let mut module = leaf as usize;
        sets[module].push(node as u32);
        while module != 0 {
            module = tree.modules()[module].parent as usize;
            sets[module].push(node as u32);
        }
    }
    sets
}

/// Checks moves under the objectives that `objective` returns, on random networks.
fn check_all<O: NestedObjective>(model: FlowModel, recorded: bool, objective: impl Fn(&mut Random) -> O) {
    let checked = check_objective(objective, |random| random_network(random, model, recorded));
    assert!(checked.iter().all(|&moves| moves > 0), "every kind of move was made: {checked:?}");
}

/// Checks moves under the map equation with penalties as large as the cost of flow, so that they
/// decide on moves.
fn check_penalized<F: ModuleFlow>(model: FlowModel, recorded: bool) {
    let mut penalized = [0; 5];
    let levels = |levels, strength| Some(PreferredLevels { levels, strength });
    let penalties = [
        (0.01, 0.02, None, None),
        (0.0, 0.0, Some(3), None),
        (0.02, -0.01, Some(6), levels(3, 0.01)),
        (0.0, 0.0, None, levels(2, 0.05)),
        (0.0, 0.0, None, levels(5, 0.1)),
    ];
    for (per_codeword, per_top_module, preferred_modules, preferred_levels) in penalties {
        let penalties = Penalties { per_codeword, per_top_module, preferred_modules, preferred_levels };
        println!("{penalties:?}");
        let objective = |_: &mut Random| Additive(Penalized::new(MapEquation::<F>::new(), penalties));
        let moves = check_objective(objective, |random| random_network(random, model, recorded));
        penalized.iter_mut().zip(moves).for_each(|(sum, moves)| *sum += moves);
    }
    assert!(penalized.iter().all(|&moves| moves > 0), "every kind of move was made: {penalized:?}");
}

/// Checks moves on all networks. Returns the number of moves of each kind.
fn check_objective<O: NestedObjective>(
    objective: impl Fn(&mut Random) -> O,
    network: impl Fn(&mut Random) -> FlowNetwork,
) -> [usize; 5] {
    let mut checked = [0; 5];
    for seed in 0..SEEDS {
        println!("seed {seed}");
        let mut random = random(seed, &[]);
        let network = network(&mut random);
        let moves = check(&objective(&mut random), &network, &mut random);
        checked.iter_mut().zip(moves).for_each(|(sum, moves)| *sum += moves);
    }
    checked
}

fn equation<F: ModuleFlow>(_: &mut Random) -> Additive<MapEquation<F>> {
    Additive(MapEquation::new())
}

fn physical_nodes<F: ModuleFlow>(random: &mut Random) -> WithLabels<MapEquation<F>> {
    let physical: Vec<u32> = (0..NODES).map(|_| below(random, NODES / 2) as u32).collect();
    WithLabels::new(MapEquation::new(), Labels::physical_nodes(&physical))
}

fn categories<F: ModuleFlow>(random: &mut Random) -> WithLabels<MapEquation<F>> {
    let category = |random: &mut Random| Some(below(random, 4) as u32).filter(|&category| category > 0);
    let categories: Vec<Option<u32>> = (0..NODES).map(|_| category(random)).collect();
    WithLabels::new(MapEquation::new(), Labels::categories(&categories, 0.3, Weight::Flow))
}

/// Each of two trees lacks what the other one has.
#[test]
fn a_crossover_takes_the_better_part_of_each_tree() {
    let equation = Additive(MapEquation::<BalancedFlow>::new());
    let network = triangles_in_rings(&mut random(1, &[]));
    let level = equation.level(&network);
    let units = Units::new(&network.couplings, &level);
    let partition = |merged: [u32; 2]| {
        let triangles: Vec<u32> = (0..NODES as u32 / 3).flat_map(|triangle| [triangle; 3]).collect();
        let labels = triangles.iter().map(|&triangle| if triangle == merged[0] { merged[1] } else { triangle });
        Tree::from_partition(&Partition::from_labels(labels.collect()))
    };
    let [all, first, second] = [[0, 0], [0, 1], [8, 9]].map(partition);
    assert_eq!(crossover(&equation, units, &first, &second), Some(all.clone()));
    assert_eq!(crossover(&equation, units, &all, &second), None);
}

#[test]
fn combinations_are_no_longer_than_the_better_parent() {
    let equation = MapEquation::<BalancedFlow>::new();
    let options = MultilevelOptions { max_attempts: 1, ..MultilevelOptions::default() };
    let mut shorter = 0;
    for seed in 0..SEEDS {
        let mut random = random(seed, &[]);
        let network = random_network(&mut random, FlowModel::Undirected, false);
        let level = Additive(equation).level(&network);
        let value = |tree: &Tree| tree_value(&equation, &level, &network.couplings, tree);
        let [better, other] =
            [random_tree(&mut random), multilevel(&network, &Additive(equation), &options, seed, &Silent)];
        let combined = combine(&network, &Additive(equation), &options, (&better, &other), seed, &Silent);
        assert!(value(&combined) <= value(&better) + TOLERANCE, "seed {seed}");
        shorter += usize::from(value(&combined) < value(&better) - TOLERANCE);
    }
    assert!(shorter > 0, "some combination finds something");
}

/// Whatever the start, no module of the result can be dissolved at no cost, and no top module is
/// alone.
#[test]
fn levels_that_gain_nothing_are_not_kept() {
    let equation = Additive(MapEquation::<BalancedFlow>::new());
    let mut nested = 0;
    for seed in 0..SEEDS {
        let mut random = random(seed, &[]);
        // Separate pairs: every tree with these as leaf modules is as short.
        let mut links = LinkList::default();
        (0..NODES as u32 / 2).for_each(|pair| links.push(2 * pair, 2 * pair + 1, 1.0));
        let separate = flow_of(links, FlowModel::Undirected, false);
        for network in [separate, random_network(&mut random, FlowModel::Undirected, false)] {
            let level = equation.level(&network);
            let value = |tree: &Tree| nested_value(&equation, &level, &network.couplings, tree);
            let start = random_tree(&mut random);
            let options = MultilevelOptions::default();
            let found = multilevel_from(&network, &equation, &options, &start, seed, &Silent);
            assert!(found.top_modules() > 1, "seed {seed}: a single top module");
            for module in (1..found.modules().len()).filter(|&module| !found.is_leaf_module(module)) {
                let mut parents = found.parents();
                found.children(module).for_each(|child| parents[child] = parents[module]);
                let dissolved = Tree::new(&parents, found.leaf_modules());
                assert!(value(&dissolved) > value(&found), "seed {seed}: module {module} gains nothing");
            }
            let level_of_pairs =
                Tree::new(&[0, 0, 0, 1, 1, 2, 2], &(0..NODES as u32).map(|node| 3 + node / 15).collect::<Vec<_>>());
            nested += usize::from(
                multilevel_from(&network, &equation, &options, &level_of_pairs, seed, &Silent).levels() > 2,
            );
        }
    }
    assert!(nested > 0, "some trees have levels");
}

/// Less effort finds no shorter tree here. The lowest effort only groups the flat partition.
#[test]
fn faster_searches_leave_out_steps() {
    let equation = Additive(MapEquation::<BalancedFlow>::new());
    let mut nested = 0;
    for seed in 0..SEEDS {
        let network = triangles_in_rings(&mut random(seed, &[]));
        let level = equation.level(&network);
        let [thorough, fast, fastest, as_fast] = [0, 1, 2, 3].map(|fast| {
            let options = MultilevelOptions { fast, ..MultilevelOptions::default() };
            let tree = multilevel(&network, &equation, &options, seed, &Silent);
            let value = nested_value(&equation, &level, &network.couplings, &tree);
            (tree, value)
        });
        assert!(thorough.1 <= fast.1 + TOLERANCE && fast.1 <= fastest.1 + TOLERANCE, "seed {seed}");
        assert_eq!(fastest, as_fast);
        let options = SearchOptions { allow_one_module: false, ..SearchOptions::default() };
        let flat = mapeq_search::two_level(&network, &equation, &options, seed, &Silent);
        assert_eq!(fastest.0.leaf_partition().labels(), flat.labels(), "the flat partition is kept");
        nested += usize::from(fastest.0.levels() > 2);
    }
    assert!(nested > 0, "some modules are grouped");
}

#[test]
fn moves_report_their_gain_for_undirected_flow() {
    check_all(FlowModel::Undirected, false, equation::<BalancedFlow>);
}

#[test]
fn moves_report_their_gain_for_directed_flow() {
    check_all(FlowModel::Directed, false, equation::<DirectedFlow>);
}

#[test]
fn moves_report_their_gain_for_recorded_teleportation() {
    check_all(FlowModel::Directed, true, equation::<RecordedFlow>);
}

#[test]
fn moves_report_their_gain_for_recorded_teleportation_with_unbalanced_flow() {
    let network = |random: &mut Random| {
        let mut network = random_network(random, FlowModel::Directed, true);
        // As with Markov time 2: links carry more, teleportation does not.
        let leaving: Vec<f64> = (0..NODES)
            .map(|node| {
                let teleport = network.nodes.teleportation.as_ref().expect("recorded teleportation");
                network.nodes.exit[node] - teleport.source[node] * (1.0 - teleport.target[node])
            })
            .collect();
        let entering: Vec<f64> = (0..NODES)
            .map(|node| network.couplings.row(node).map(|(_, own)| own).sum::<f64>() - leaving[node])
            .collect();
        let more = |exit: &f64, along: &f64| exit + along;
        let enter = network.nodes.exit.iter().zip(&entering).map(|(exit, along)| more(exit, along)).collect();
        network.nodes.exit = network.nodes.exit.iter().zip(&leaving).map(|(exit, along)| more(exit, along)).collect();
        network.nodes.enter = Some(enter);
        network.couplings = network.couplings.scaled(2.0);
        network
    };
    let checked = check_objective(equation::<UnbalancedFlow>, network);
    assert!(checked.iter().all(|&moves| moves > 0), "every kind of move was made: {checked:?}");
}

#[test]
fn moves_report_their_gain_for_penalties() {
    check_penalized::<BalancedFlow>(FlowModel::Undirected, false);
    check_penalized::<DirectedFlow>(FlowModel::Directed, false);
    check_penalized::<RecordedFlow>(FlowModel::Directed, true);
}

#[test]
fn moves_report_their_gain_for_states() {
    check_all(FlowModel::Undirected, false, physical_nodes::<BalancedFlow>);
    check_all(FlowModel::Directed, false, physical_nodes::<DirectedFlow>);
    check_all(FlowModel::Directed, true, physical_nodes::<RecordedFlow>);
}

#[test]
fn moves_report_their_gain_for_categories() {
    check_all(FlowModel::Undirected, false, categories::<BalancedFlow>);
    check_all(FlowModel::Directed, false, categories::<DirectedFlow>);
    check_all(FlowModel::Directed, true, categories::<RecordedFlow>);
}

#[test]
fn moves_report_their_gain_for_node_types() {
    for flipping_rate in [0.0, 0.2, 0.5] {
        let equation = BipartiteMapEquation::new(NODES as u32 / 2, flipping_rate);
        let checked = check_objective(|_| Additive(equation), random_bipartite_network);
        assert!(checked.iter().all(|&moves| moves > 0), "every kind of move was made at {flipping_rate}: {checked:?}");
    }
}
