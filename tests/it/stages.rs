//! The stages that a search reports.

use std::sync::Mutex;

use mapeq::core::Direction;
use mapeq::flow::{FlowModel, FlowOptions, TeleportationOptions, compute_flow};
use mapeq::io::{ReadOptions, read_network};
use mapeq::labels::{Labels, Weight};
use mapeq::search::{Monitor, Stage};
use mapeq::twolevel::{BalancedFlow, MapEquation};
use mapeq::{
    ClusterOptions, FlowNetwork, MapEquationOptions, Multilevel, Progress, RegisteredBipartite, RegisteredMapEquation,
    RegisteredObjective, Silent, TwoLevel, cluster_flow,
};

use crate::small_networks;

/// Values of the stages so far.
#[derive(Default)]
struct Values(Mutex<Vec<f64>>);

impl Monitor for Values {
    fn stage_ended(&self, stage: Stage<'_>) {
        self.0.lock().expect("no panic").push(stage.value());
    }
}

impl Progress for Values {}

fn karate(flow: &FlowOptions) -> FlowNetwork {
    let directed = flow.model == FlowModel::Directed;
    let direction = if directed { Direction::Directed } else { Direction::Undirected };
    let options = ReadOptions { direction, ..ReadOptions::default() };
    let file = read_network("../docs/examples/karate.txt".as_ref(), &options).expect("the karate club");
    compute_flow(&file.network, flow).expect("flow").network
}

/// The lowest value that is reported is the codelength of the result.
fn stages_lead_to_the_result(flow: &FlowNetwork, objective: &dyn RegisteredObjective) {
    for two_level in [true, false] {
        let values = Values::default();
        let options = ClusterOptions { two_level, ..ClusterOptions::default() };
        let found = cluster_flow(flow, objective, &options, &values).score.codelength.total();
        let lowest = values.0.into_inner().expect("no panic").into_iter().fold(f64::INFINITY, f64::min);
        assert!((lowest - found).abs() < 1e-9, "two-level: {two_level}, {lowest} is not {found}");
    }
}

#[test]
fn stages_report_codelengths() {
    let directed = FlowOptions { model: FlowModel::Directed, ..FlowOptions::default() };
    let recorded = TeleportationOptions { recorded: true, ..directed.teleportation };
    let recorded = FlowOptions { teleportation: recorded, ..directed };
    let plain = RegisteredMapEquation::default();
    let of = |options| RegisteredMapEquation(options);
    for flow in [FlowOptions::default(), directed, recorded] {
        let flow = karate(&flow);
        stages_lead_to_the_result(&flow, &plain);
        stages_lead_to_the_result(
            &flow,
            &of(MapEquationOptions { entropy_correction: Some(0.5), ..Default::default() }),
        );
        let categories: Vec<Option<u32>> = (0..flow.len() as u32).map(|node| Some(node / 12)).collect();
        let metadata = Some(Labels::categories(&categories, 0.3, Weight::Flow));
        stages_lead_to_the_result(&flow, &of(MapEquationOptions { metadata, ..Default::default() }));
        let physical: Box<[u32]> = (0..flow.len() as u32).map(|node| node.min(30)).collect();
        stages_lead_to_the_result(&FlowNetwork { physical: Some(physical.into()), ..flow }, &plain);
    }
}

#[test]
fn stages_report_codelengths_with_node_types() {
    let links: Vec<String> = (0..6)
        .flat_map(|node| (0..2).map(move |feature| format!("{} {}", node + 1, 7 + feature + 2 * (node / 3))))
        .collect();
    let flow = small_networks::flow(&links.join("; "), &Default::default(), &Default::default());
    let flow = FlowNetwork { first_feature: Some(6), ..flow };
    stages_lead_to_the_result(&flow, &RegisteredBipartite { flipping_rate: 0.2 });
}

/// The map equation as an objective from elsewhere has the codelengths of the map equation.
#[test]
fn constants_are_part_of_scores() {
    let flow = karate(&FlowOptions::default());
    let two_level = TwoLevel::new("own", "Bits per step", |_| MapEquation::<BalancedFlow>::new());
    let multilevel = Multilevel::new("own", "Bits per step", |_| MapEquation::<BalancedFlow>::new());
    let own: [&dyn RegisteredObjective; 2] = [&two_level, &multilevel];
    let options = ClusterOptions { two_level: true, ..ClusterOptions::default() };
    let built_in = cluster_flow(&flow, &RegisteredMapEquation::default(), &options, &Silent).score;
    for own in own {
        let score = cluster_flow(&flow, own, &options, &Silent).score;
        assert!((score.codelength.total() - built_in.codelength.total()).abs() < 1e-12);
        assert!((score.one_level - built_in.one_level).abs() < 1e-12);
        stages_lead_to_the_result(&flow, own);
    }
}
