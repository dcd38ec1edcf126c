//! An objective of another crate, which uses the public API only: modularity, and a program that
//! offers it.

use std::process::ExitCode;

use mapeq::core::{AdditiveObjective, FlowNetwork, NodeFlow};
use mapeq::twolevel::{BalancedFlow, MapEquation};
use mapeq::{ClusterOptions, Multilevel, RegisteredObjective, Registry, Silent, Tree, TwoLevel, cluster_flow};

/// Negated modularity of undirected flow (Newman & Girvan, Physical Review E 2004,
/// doi:10.1103/PhysRevE.69.026113).
#[derive(Clone, Copy)]
struct Modularity;

impl AdditiveObjective for Modularity {
    /// Flow and exit flow.
    type Module = (f64, f64);
    type Shared = f64;

    fn node(&self, node: &NodeFlow) -> (f64, f64) {
        (node.flow, node.exit)
    }

    fn insert(&self, module: &(f64, f64), unit: &(f64, f64), coupling: f64) -> (f64, f64) {
        (module.0 + unit.0, module.1 + unit.1 - coupling)
    }

    fn remove(&self, module: &(f64, f64), unit: &(f64, f64), coupling: f64) -> (f64, f64) {
        (module.0 - unit.0, module.1 - unit.1 + coupling)
    }

    fn term(&self, module: &(f64, f64)) -> f64 {
        let inside = module.0 - module.1;
        module.0 * module.0 - inside
    }

    fn shared(&self, _module: &(f64, f64)) -> f64 {
        0.0
    }

    fn shared_term(&self, _total: f64) -> f64 {
        0.0
    }
}

const NETWORK: &str = "1 2\n1 3\n2 3\n3 4\n4 5\n4 6\n5 6\n";

fn flow() -> FlowNetwork {
    let file = mapeq::io::read_network_from(NETWORK.as_bytes(), "example", &Default::default()).unwrap();
    mapeq::compute_flow(&file.network, &Default::default()).unwrap().network
}

fn registry() -> Registry {
    let mut registry = Registry::standard();
    registry.add(TwoLevel::new("my-modularity", "Links inside modules beyond chance", |_| Modularity));
    registry
}

fn run(registry: &Registry, args: &[&str]) -> ExitCode {
    mapeq::cli::run(registry, ["modq"].iter().chain(args))
}

fn same_exit(left: ExitCode, right: u8) {
    assert_eq!(format!("{left:?}"), format!("{:?}", ExitCode::from(right)));
}

#[test]
fn third_party_objective_obeys_the_laws() {
    mapeq::core::testing::check_objective(&mapeq::core::Additive(Modularity), &flow(), 1);
}

#[test]
fn third_party_objective_is_searched_and_scored() {
    let (flow, registry) = (flow(), registry());
    let modularity = registry.find("my-modularity").unwrap();
    let found = cluster_flow(&flow, modularity, &ClusterOptions::default(), &Silent);
    assert_eq!(found.tree.leaf_partition().labels(), [0, 0, 0, 1, 1, 1]);
    // Each of the two modules has half of the flow, and 6/14 of the flow is on its internal links.
    assert!((found.score.codelength.total() - 2.0 * (0.25 - 6.0 / 14.0)).abs() < 1e-12);
    assert!(found.score.one_level.abs() < 1e-12);
    let terms: f64 = found.score.modules.iter().map(|module| module.codelength).sum();
    assert!((terms - found.score.codelength.module).abs() < 1e-12);
    assert!((found.score.modules[1].exit - 1.0 / 14.0).abs() < 1e-12);
    assert!(found.notes[0].contains("two-level"), "{:?}", found.notes);
}

/// The map equation registered by another crate scores trees like that of the standard registry, up
/// to a constant.
#[test]
fn registered_map_equation_scores_like_the_standard_one() {
    let flow = flow();
    let other = Multilevel::new("mine", "The same", |_| MapEquation::<BalancedFlow>::new());
    let registry = Registry::standard();
    let standard = registry.find("map-equation").unwrap();
    let tree = Tree::new(&[0, 0, 0, 1, 1], &[3, 3, 4, 2, 2, 2]);
    let (ours, theirs) = (standard.score(&flow, &tree), other.score(&flow, &tree));
    let difference = |score: &mapeq::Score| score.codelength.total() - score.one_level;
    assert!((difference(&ours) - difference(&theirs)).abs() < 1e-12);
    let found = cluster_flow(&flow, &other, &ClusterOptions::default(), &Silent);
    assert_eq!(found.tree.levels(), 2);
    assert!(other.is_hierarchical() && found.notes.is_empty());
}

#[test]
fn program_accepts_a_third_party_objective() {
    let folder = tempfile::tempdir().unwrap();
    let [network, out] = ["net.txt", "out"].map(|name| folder.path().join(name).display().to_string());
    std::fs::write(&network, NETWORK).unwrap();
    same_exit(run(&registry(), &["cluster", &network, &out, "--objective", "my-modularity", "--quiet"]), 0);
    let tree = std::fs::read_to_string(format!("{out}/net.tree")).unwrap();
    assert!(tree.contains("# modq cluster"), "{tree}");
    assert!(tree.contains("2 levels with 2 top modules"), "{tree}");
    same_exit(run(&Registry::standard(), &["cluster", &network, &out, "--objective", "my-modularity"]), 1);
}

#[test]
#[should_panic(expected = "registered already")]
fn registering_a_name_twice_panics() {
    registry().add(TwoLevel::new("my-modularity", "Again", |_| Modularity));
}

#[test]
fn panics_exit_with_7() {
    let folder = tempfile::tempdir().unwrap();
    let network = folder.path().join("net.txt").display().to_string();
    std::fs::write(&network, NETWORK).unwrap();
    let mut registry = Registry::standard();
    registry.add(TwoLevel::new("broken", "Fails", |_| -> Modularity { panic!("on purpose") }));
    same_exit(run(&registry, &["cluster", &network, "-0", "--objective", "broken"]), 7);
}
