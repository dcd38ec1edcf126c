//! State networks and multilayer networks: commands on their files.

use std::fs;

use assert_cmd::Command;
use serde_json::Value;

/// Six states of five nodes. The first and the fourth state have the same node.
const STATES: &str = "*Vertices 5\n1 \"i\"\n2 \"j\"\n3 \"k\"\n4 \"l\"\n5 \"m\"\n*States\n1 1 \"alpha_i\"\n2 2\n3 3\n4 1\n5 4\n6 5\n\
    *Links\n1 2 .8\n1 3 .8\n1 5 .2\n1 6 .2\n2 1\n2 3\n3 1\n3 2\n4 5 .8\n4 6 .8\n4 2 .2\n4 3 .2\n5 4\n5 6\n6 4\n6 5\n";

/// The five nodes of [`STATES`] in two layers, which have the first node in common.
const INTRA: &str = "*Intra\n1 1 4 .8\n1 4 1 1\n1 1 5 .8\n1 5 1 1\n1 4 5 1\n1 5 4 1\n\
    2 1 2 .8\n2 2 1 1\n2 1 3 .8\n2 3 1 1\n2 2 3 1\n2 3 2 1\n";

const INTER: &str = "*Inter\n1 1 2 .4\n2 1 1 .4\n";

fn mapeq(command: &str, text: &str, partition: Option<(&str, &str)>, options: &[&str]) -> Result<Value, String> {
    let folder = tempfile::tempdir().unwrap();
    let network = folder.path().join("net.net");
    fs::write(&network, text).unwrap();
    let mut run = Command::cargo_bin("mapeq").unwrap();
    run.arg(command).arg(&network);
    if let Some((name, rows)) = partition {
        fs::write(folder.path().join(name), rows).unwrap();
        run.arg(folder.path().join(name));
    }
    let output = run.args(options).arg("--json").output().unwrap();
    if output.status.success() {
        Ok(serde_json::from_slice(&output.stdout).unwrap())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

#[track_caller]
fn is(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn states_share_the_codewords_of_their_nodes() {
    let clu = ("modules.clu", "1 1\n2 1\n3 1\n4 2\n5 2\n6 2\n");
    for options in [&[][..], &["--directed"]] {
        let score = mapeq("score", STATES, Some(clu), options).unwrap();
        is(&score["codelength"], 2.011405238446);
        is(&score["index_codelength"], 0.066666666667);
        is(&score["one_level_codelength"], 2.251629167388);
        assert_eq!((&score["network"]["nodes"], &score["network"]["physical_nodes"]), (&6.into(), &5.into()));
    }
}

#[test]
fn results_are_written_at_both_levels_and_state_files_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("net.net"), STATES).unwrap();
    let mut run = Command::cargo_bin("mapeq").unwrap();
    run.arg("cluster").args([path("net.net"), folder.path().into()]).args(["--directed", "--tree", "--clu", "-q"]);
    run.assert().success();
    let rows = |name: &str| -> Vec<String> {
        let text = fs::read_to_string(path(name)).unwrap();
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    };
    // Node 1 is in both modules.
    let of_node: Vec<String> = rows("net.tree").into_iter().filter(|row| row.ends_with("\"i\" 1")).collect();
    assert_eq!(of_node, ["1:3 0.166667 \"i\" 1", "2:3 0.166667 \"i\" 1"]);
    assert!(rows("net_states.tree").contains(&"2:3 0.166667 \"i\" 4 1".to_owned()));
    assert_eq!(rows("net_states.clu").len(), 6);
    for name in ["net_states.tree", "net_states.clu"] {
        let text = fs::read_to_string(path(name)).unwrap();
        is(&mapeq("score", STATES, Some((name, &text)), &["--directed"]).unwrap()["codelength"], 2.011405238446);
    }
    for name in ["net.tree", "net.clu"] {
        let text = fs::read_to_string(path(name)).unwrap();
        let error = mapeq("score", STATES, Some((name, &text)), &["--directed"]).unwrap_err();
        assert!(error.contains("the node \"1\" has an earlier row") && error.contains("_states"), "{error}");
    }
}

/// Rows `state module flow node layer` are matched by node and layer. Ids of states do not matter.
#[test]
fn inter_links_or_relaxation_join_layers() {
    let modules = ("modules.clu", "9 1 0 1 1\n9 1 0 4 1\n9 1 0 5 1\n9 2 0 1 2\n9 2 0 2 2\n9 2 0 3 2\n");
    for options in [&[][..], &["--directed"]] {
        let relaxed = mapeq("score", &INTRA.replace(".8", "1"), Some(modules), options).unwrap();
        is(&relaxed["codelength"], 1.779525210567);
        is(&relaxed["index_codelength"], 0.025);
        is(&relaxed["one_level_codelength"], 2.251629167388);
        assert_eq!(relaxed["network"]["layers"], 2);
        assert_eq!(relaxed["flow_model"], "directed");
    }
    let switched = mapeq("score", &format!("{INTRA}{INTER}"), Some(modules), &[]).unwrap();
    is(&switched["codelength"], 1.973448786625);
    is(&switched["index_codelength"], 0.059321166638);
    is(&switched["one_level_codelength"], 2.265166542922);
}

/// First, each copy of node 1 is in the module of its neighbours. Then one copy is apart from one
/// neighbour.
#[test]
fn relaxing_to_self_counts_both_halves_of_a_step() {
    let network = INTRA.replace(".8", "1");
    let together = ("modules.clu", "9 1 0 1 1\n9 1 0 4 1\n9 1 0 5 1\n9 2 0 1 2\n9 2 0 2 2\n9 2 0 3 2\n");
    let apart = ("modules.clu", "9 2 0 1 1\n9 1 0 4 1\n9 2 0 5 1\n9 1 0 1 2\n9 1 0 2 2\n9 1 0 3 2\n");
    for (modules, options, at_once, to_self) in [
        (together, &[][..], 1.779525210567, 1.779525210567),
        (apart, &[], 3.097428597341, 3.133629015283),
        (apart, &["--directed"], 3.097428597341, 3.133629015283),
        (apart, &["--directed", "--recorded-teleportation"], 3.140216070006, 3.170560843900),
    ] {
        is(&mapeq("score", &network, Some(modules), options).unwrap()["codelength"], at_once);
        let options = [options, &["--multilayer-relax-to-self"]].concat();
        is(&mapeq("score", &network, Some(modules), &options).unwrap()["codelength"], to_self);
    }
}

/// First, no two copies of a node have a common target. Then two copies have one, also with weights
/// in other units.
#[test]
fn relaxation_by_divergence_depends_on_common_targets() {
    let length = |text: &str, options: &[&str]| -> f64 {
        let all = [options, &["-0", "--multilayer-relax-by-jsd"]].concat();
        mapeq("cluster", text, None, &all).unwrap()["codelength"].as_f64().unwrap()
    };
    let apart = INTRA.replace(".8", "1");
    assert!((length(&apart, &[]) - 1.584962500721).abs() < 1e-9);
    let alike = format!("{apart}1 1 2 1\n1 2 1 1\n");
    // The weights of layer 2 are in other units.
    let scaled: String = alike
        .lines()
        .map(|row| if row.starts_with("2 ") { format!("{row}00\n") } else { format!("{row}\n") })
        .collect();
    assert!(scaled.contains("2 1 2 100"));
    let by_weights = ["--multilayer-jsd-by-weights"];
    assert!((length(&alike, &[]) - length(&alike, &by_weights)).abs() > 1e-3);
    assert!((length(&scaled, &by_weights) - length(&alike, &by_weights)).abs() > 1e-3);
    let error = mapeq("cluster", &alike, None, &["-0", "--multilayer-relax-by-jsd", "--multilayer-relax-rate", "1"]);
    assert!(error.unwrap_err().contains("expected a number below 1"));
}

/// Layers 1 and 5 are out of reach of each other, or out of reach upwards only.
#[test]
fn relaxation_limits_compare_layer_ids() {
    let far = INTRA.replace("\n2 ", "\n5 ").replace(".8", "1");
    let length =
        |options: &[&str]| mapeq("cluster", &far, None, &[options, &["-0"]].concat()).unwrap()["codelength"].clone();
    let apart = 3f64.log2();
    for limit in [["--multilayer-relax-limit", "3"], ["--multilayer-relax-rate", "0"]] {
        is(&length(&limit), apart);
    }
    is(&length(&["--multilayer-relax-limit", "4"]), 1.779525210567);
    let upwards = length(&["--multilayer-relax-limit-up", "3"]).as_f64().unwrap();
    assert!(upwards > apart + 1e-3 && upwards < 1.7795, "{upwards}");
}

/// One state per node, or a single layer, gives the codelength of ordinary nodes.
#[test]
fn one_state_per_node_gives_the_codelength_of_ordinary_nodes() {
    let links = "1 2\n2 3\n3 1\n3 4 .5\n4 5\n5 6\n6 4\n2 1 3\n";
    let states = format!("*States\n1 10\n2 20\n3 30\n4 40\n5 50\n6 60\n*Links\n{links}");
    let layer: String = links.lines().map(|row| format!("7 {row}\n")).collect();
    for options in [&["--directed", "-0"][..], &["--directed", "--recorded-teleportation", "-0"]] {
        let of = |text: &str| mapeq("cluster", text, None, options).unwrap();
        let plain = of(links);
        assert!(plain["top_modules"] == 2, "{plain}");
        assert_eq!(of(&states)["codelength"], plain["codelength"]);
        is(&of(&format!("*Intra\n{layer}"))["one_level_codelength"], of(&format!("*Multilayer\n{}", {
            // Weights are transition probabilities, as relaxation uses them.
            "7 1 7 2 1\n7 2 7 3 .25\n7 2 7 1 .75\n7 3 7 1 .66666666666666666\n7 3 7 4 .33333333333333333\n7 4 7 5 1\n7 5 7 6 1\n7 6 7 4 1\n"
        }))["one_level_codelength"].as_f64().unwrap());
    }
}

/// The weight of a layer multiplies the weights of its links, and the weight of a node applies to
/// its states.
#[test]
fn weights_of_layers_and_nodes_change_the_flow() {
    let bits = |text: &str, options: &[&str]| -> f64 {
        mapeq("cluster", text, None, &[options, &["-0"]].concat()).unwrap()["one_level_codelength"].as_f64().unwrap()
    };
    let alike = format!("{INTRA}1 1 2 1\n1 2 1 1\n");
    let heavy: String = alike
        .lines()
        .map(|row| match row.strip_prefix("2 ").map(|rest| rest.rsplit_once(' ').unwrap()) {
            Some((ends, weight)) => format!("2 {ends} {}\n", 3.0 * weight.parse::<f64>().unwrap()),
            None => format!("{row}\n"),
        })
        .collect();
    let declared = format!("*Layers\n1 \"light\"\n2 \"heavy\" 3\n{alike}");
    let found = bits(&declared, &[]);
    is(&found.into(), bits(&heavy, &[]));
    assert!((found - bits(&alike, &[])).abs() > 1e-3);
    let off = bits(&format!("*Layers\n1 \"on\"\n2 \"off\" 0\n{alike}"), &[]);
    is(&off.into(), bits(&alike.lines().filter(|row| !row.starts_with("2 ")).collect::<Vec<_>>().join("\n"), &[]));
    let error = mapeq("cluster", "*Layers\n1 \"a\" 2\n*Multilayer\n1 1 1 2\n", None, &["-0"]).unwrap_err();
    assert!(error.contains("layers have weights, which *Multilayer links"), "{error}");

    let teleporting = ["--directed", "--recorded-teleportation", "--to-nodes"];
    let states = "*States\n1 1 \"a\" 4\n2 2 \"b\" 1\n3 1 \"c\" 4\n4 3 \"d\" 1\n*Links\n1 2\n2 1\n3 4\n4 3\n";
    let layers = "*Vertices\n1 \"a\" 4\n2 \"b\" 1\n*Intra\n1 1 2\n1 2 1\n2 1 3\n2 3 1\n";
    let apart = [&teleporting[..], &["--multilayer-relax-rate", "0"]].concat();
    is(&bits(layers, &apart).into(), bits(states, &teleporting));
    assert!((bits(layers, &apart) - bits(&layers.replace(" 4\n", " 1\n"), &apart)).abs() > 1e-3);
}

#[test]
fn malformed_state_networks_give_one_error_line() {
    for (text, expected) in [
        ("*States\n1 1\n1 2\n*Links\n1 2\n", "net.net:3: \"1\" is a state of 1 in an earlier row, and of 2 here"),
        ("*States\n1 1\n2\n", "net.net:3: the row ends after \"2\": expected the id of a physical node"),
        ("*States\n1 1\n2 b\n", "net.net:3: \"b\" is not the id of a physical node"),
        ("*States\n1 1 \"a\" -2\n", "net.net:2: \"-2\" is a negative state weight: expected a number >= 0"),
        ("*States\n1 1 \"a\n", "net.net:2: \"\"a\" has no closing quote: expected a name in quotes"),
        ("*States\n1 1\n2 1\n*Links\n1 2 -1\n", "net.net:5: \"-1\" is a negative link weight: expected a number >= 0"),
        ("*States\n1 1\n2 1\n*Links\n1 2 heavy\n", "net.net:5: \"heavy\" is not a link weight: expected a number >= 0"),
        ("*States\n1 1\n*Bipartite 1\n1 2\n", "net.net:3: \"*Bipartite\" follows *States"),
        ("*States\n1 1\n*Multilayer\n1 1 1 2\n", "net.net:3: \"*Multilayer\" follows *States"),
        ("1 2\n*States\n1 1\n", "net.net:2: \"*States\" follows links"),
        ("*States\n1 1\n*Intra\n1 1 2\n", "net.net:3: \"*Intra\" follows *States"),
        (
            "*Intra\n1 1 2\n*Multilayer\n1 1 2 2\n",
            "net.net:3: \"*Multilayer\" follows another kind of multilayer links",
        ),
        ("*Intra\n1 1 2\n*Links\n1 2\n", "net.net:3: \"*Links\" follows multilayer links"),
        ("*Intra\n1 1 2\n*Inter\n1 1 1\n", "net.net:4: \"1\" is also the source layer"),
        ("*Intra\n1 1 2\n*Inter\n1 1 3\n", "leads from or to the layer 3, which is neither linked nor declared"),
        ("*Layers\n1 \"work\"\n*Intra\n1 1 2\n2 1 2\n", "the layer 2 is not declared"),
        ("*Multilayer\n1 1 2\n", "net.net:2: the row ends after \"2\": expected a node"),
        ("*Intra\n1 1 x\n", "net.net:2: \"x\" is not the id of a node"),
        ("*Intra\n", "no multilayer links"),
    ] {
        let error = mapeq("cluster", text, None, &["-0"]).unwrap_err();
        assert!(error.contains(expected), "{text:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let undeclared = mapeq("cluster", "*States\n1 7\n2 7\n*Links\n1 2\n2 5\n5 6\n", None, &["-0", "-d"]).unwrap();
    let note = "2 states without a row in *States assigned to physical nodes with the same ids (first: 5)";
    assert!(undeclared["notes"].as_array().unwrap().contains(&note.into()), "{}", undeclared["notes"]);
    let error = mapeq("cluster", INTRA, None, &["-0", "--matchable-multilayer-ids", "1"]).unwrap_err();
    assert!(error.contains("the layer 2 exceeds 1"), "{error}");
}

/// At order 2, each link of the paths is a state, and two steps are a link. The written state
/// network has the same codelength.
#[test]
fn second_order_paths_separate_walks_through_a_node() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // Walks from 1 to 3 and from 2 to 4 visit the same node in between.
    fs::write(path("walks.txt"), "1 5 3 1 5 3 10\n2 5 4 2 5 4 10\n7 8 1\n").unwrap();
    let run = |args: &[&str], options: &[&str]| -> Value {
        let mut run = Command::cargo_bin("mapeq").unwrap();
        let output = run.current_dir(&folder).args(args).args(options).args(["--directed", "--json"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let first = run(&["cluster", "walks.txt", "-0"], &["--order", "1"]);
    assert_eq!((&first["network"]["nodes"], &first["network"]["physical_nodes"]), (&7.into(), &7.into()));
    let second = run(&["cluster", "walks.txt", "-0"], &["--order", "2"]);
    assert_eq!((&second["network"]["nodes"], &second["network"]["physical_nodes"]), (&7.into(), &6.into()));
    assert_eq!(second["network"]["links"], 6);
    // There are two separate cycles of three states, which are visited about equally often.
    let length = second["codelength"].as_f64().unwrap();
    assert!((length - 3f64.log2()).abs() < 1e-3, "{length}");
    assert!(first["codelength"].as_f64().unwrap() > 2.0);
    run(&["convert", "walks.txt", "states.net"], &["--order", "2"]);
    assert_eq!(run(&["cluster", "states.net", "-0"], &[])["codelength"], second["codelength"]);
    fs::write(path("layers.net"), format!("*Vertices 1\n1 \"i\"\n*Layers\n1 \"work\"\n2 \"home\"\n{INTRA}{INTER}"))
        .unwrap();
    run(&["convert", "layers.net", "again.net"], &[]);
    let of = |name: &str| run(&["cluster", name, "-0"], &[])["codelength"].clone();
    assert_eq!(of("again.net"), of("layers.net"));
}

/// Scores are those of Infomap 2.16. In the prior network, declared nodes without states count as
/// possible ends of links.
#[test]
fn regularization_and_categories_match_scores_of_infomap() {
    let modules = Some(("modules.clu", "1 1\n2 1\n3 1\n4 2\n5 2\n6 2\n"));
    let folder = tempfile::tempdir().unwrap();
    let categories = folder.path().join("categories.txt");
    fs::write(&categories, "1 1\n2 1\n3 2\n4 2\n5 3\n6 3\n").unwrap();
    let categories = categories.to_str().unwrap();
    let declared = STATES.replace("5 \"m\"\n", "5 \"m\"\n6 \"n\"\n");
    let shared = STATES.replace("6 5\n*Links", "6 2\n*Links");
    for (text, options, expected) in [
        (STATES, &["--regularized"][..], 2.06126997042306),
        (STATES, &["--directed", "--regularized"], 2.083922912369403),
        (STATES, &["--directed", "--regularized", "--regularization-strength", ".3"], 2.034161551184085),
        (&declared, &["--regularized"], 2.640217807950732),
        (&declared, &["--directed", "--regularized"], 2.7689209365031524),
        (&shared, &["--regularized"], 2.06126997042306),
        (&shared, &["--directed", "--regularized"], 2.083922912369403),
        (STATES, &["--meta-data", categories], 2.9297010725004604),
        (STATES, &["--directed", "--meta-data", categories, "--meta-data-unweighted"], 2.9297010725004604),
        (STATES, &["--directed", "--meta-data", categories, "--meta-data-rate", ".5"], 2.4705531554732154),
        (STATES, &["--directed", "--meta-data", categories, "--regularized"], 3.002380934976783),
    ] {
        let score = mapeq("score", text, modules, options).unwrap();
        is(&score["codelength"], expected);
        let told = score["notes"].to_string().contains("states of a node do not share a codeword");
        assert_eq!(told, options.contains(&"--meta-data"), "{}", score["notes"]);
    }
    let error = mapeq("score", STATES, modules, &["--directed", "--meta-data", "categories.txt"]).unwrap_err();
    assert!(error.contains("cannot read categories.txt"), "{error}");
}
