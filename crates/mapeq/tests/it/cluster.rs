//! `mapeq cluster`: searches, options and result files.

use std::io::Write;

use crate::common::{Folder, same_bits, stderr};

const KARATE_BITS: f64 = 4.311793;
const TWO_TRIANGLES_BITS: f64 = 2.320730356834;

/// Removes the lines with times.
fn without_times(file: &str) -> String {
    let timeless = file.lines().filter(|line| !line.contains("started at") && !line.contains("completed in"));
    timeless.map(|line| format!("{line}\n")).collect()
}

#[test]
fn karate_club_reaches_the_best_known_codelength() {
    let folder = Folder::new();
    let summary = folder.stdout("cluster karate.txt out/of/here --two-level --trials 5");
    assert!(summary.contains("34 nodes, 78 links"), "{summary}");
    assert!(summary.contains(&format!("{KARATE_BITS}")[..6]), "{summary}");
    let report = folder.json("cluster karate.txt out/of/here --two-level --trials 5 --json");
    assert!((report["codelength"].as_f64().unwrap() - KARATE_BITS).abs() < 1e-6);
    assert_eq!(report["top_modules"], 3);
    assert_eq!(folder.rows("out/of/here/karate.tree").len(), 34);
}

#[test]
fn tree_file_follows_the_specification() {
    let folder = Folder::new();
    folder.mapeq("cluster two_triangles.net out").assert().success();
    assert_eq!(
        without_times(&folder.read("out/two_triangles.tree")),
        "# v0.1.0\n\
         # mapeq cluster two_triangles.net out\n\
         # partitioned into 2 levels with 2 top modules\n\
         # codelength 2.32073 bits\n\
         # relative codelength savings 9.22792%\n\
         # flow model undirected\n\
         # path flow name node_id\n\
         1:1 0.214286 \"C\" 3\n\
         1:2 0.142857 \"A\" 1\n\
         1:3 0.142857 \"B\" 2\n\
         2:1 0.214286 \"D\" 4\n\
         2:2 0.142857 \"E\" 5\n\
         2:3 0.142857 \"F\" 6\n"
    );
}

#[test]
fn json_summary_has_the_documented_keys() {
    let folder = Folder::new();
    let report = folder.json("cluster two_triangles.net --json -N 2 -s 7 --threads 2");
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    let promised = "version command network flow_model objective seed threads codelength index_codelength \
                    module_codelength one_level_codelength relative_savings levels top_modules modules_per_level \
                    effective_top_modules trials best_trial flow seconds peak_memory_bytes notes outputs";
    assert!(keys(&report).starts_with(promised), "{}", keys(&report));
    assert_eq!(keys(&report["network"]), "nodes links physical_nodes layers");
    assert_eq!(keys(&report["trials"][0]), "trial seed codelength top_modules levels seconds");
    assert_eq!(keys(&report["flow"]), "iterations residual converged");
    assert_eq!(keys(&report["seconds"]), "read flow search write total");
    same_bits(report["codelength"].clone(), TWO_TRIANGLES_BITS);
    same_bits(report["one_level_codelength"].clone(), 2.556656707463);
    same_bits(report["index_codelength"].clone(), TWO_TRIANGLES_BITS - report["module_codelength"].as_f64().unwrap());
    assert_eq!(report["modules_per_level"], serde_json::json!([2]));
    assert_eq!((&report["seed"], &report["threads"], &report["trials"][1]["seed"]), (&7.into(), &2.into(), &8.into()));
    assert_eq!((&report["best_trial"], &report["outputs"][0]), (&1.into(), &"./two_triangles.tree".into()));
    assert!((report["effective_top_modules"].as_f64().unwrap() - 2.0).abs() < 1e-12);
}

/// Returns a ring of small cliques. Several partitions are equally good, so trials differ.
fn ring_of_cliques(cliques: usize, size: usize) -> String {
    let mut links = String::new();
    for clique in 0..cliques {
        let first = clique * size;
        for a in first..first + size {
            for b in a + 1..first + size {
                links.push_str(&format!("{a} {b}\n"));
            }
        }
        links.push_str(&format!("{first} {}\n", (first + size) % (cliques * size)));
    }
    links
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = Folder::new();
    folder.write("ring.txt", ring_of_cliques(60, 3));
    let mut files = Vec::new();
    for threads in [1, 2, 7] {
        let args = format!("cluster ring.txt . -N 6 -o tree,clu --clu-level -1 --threads {threads}");
        folder.mapeq(&args).env("SOURCE_DATE_EPOCH", "86400").assert().success();
        let command = format!("--threads {threads}");
        files.push((
            folder.read("ring.tree").replace(&command, "--threads"),
            folder.read("ring.clu").replace(&command, "--threads"),
        ));
    }
    assert!(files[0].0.contains("# started at 1970-01-02 00:00:00\n# completed in 0 s\n"));
    assert_eq!(files[0], files[1]);
    assert_eq!(files[0], files[2]);
}

#[test]
fn reads_standard_input_and_compressed_files() {
    let folder = Folder::new();
    folder.mapeq("cluster - out").write_stdin(folder.read("two_triangles.net")).assert().success();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(folder.read("two_triangles.net").as_bytes()).unwrap();
    folder.write("packed.net.gz", packed.finish().unwrap());
    folder.mapeq("cluster packed.net.gz out").assert().success();
    let rows = folder.rows("out/stdin.tree");
    assert_eq!(rows.len(), 6);
    assert_eq!(folder.rows("out/packed.tree"), rows);
}

#[test]
fn time_limit_ends_the_search_with_the_best_result() {
    let folder = Folder::new();
    folder.write("ring.txt", ring_of_cliques(300, 6));
    let report = folder.json("cluster ring.txt --time-limit 300ms --json");
    let trials = report["trials"].as_array().unwrap().len();
    assert!(trials >= 1 && report["seconds"]["search"].as_f64().unwrap() < 30.0, "{report}");
    assert!(report["codelength"].as_f64() < report["one_level_codelength"].as_f64());
    assert!(folder.path("ring.tree").exists());
    let notes = report["notes"].as_array().unwrap();
    assert!(trials >= 1000 || notes.iter().any(|note| note.as_str().unwrap().contains("time limit")), "{report}");
    let refused = folder.mapeq("cluster karate.txt --time-limit soon").assert().code(1);
    assert!(stderr(refused).contains("such as 30s, 5m or 1h"));
}

#[test]
fn independent_trials_equal_single_runs() {
    let folder = Folder::new();
    let trials = |options: &str| folder.json(&format!("cluster karate.txt --json -N 7 {options}"))["trials"].clone();
    assert_eq!(trials("").as_array().unwrap().len(), 7);
    let independent = trials("--independent-trials");
    for (number, trial) in independent.as_array().unwrap().iter().enumerate() {
        let alone = folder.json(&format!("cluster karate.txt --json --seed {}", 123 + number));
        assert_eq!(alone["codelength"], trial["codelength"]);
    }
}

#[test]
fn result_files_keep_string_ids() {
    let folder = Folder::new();
    folder.write("friends.txt", "zoë amir\namir bo\nbo zoë\nbo cy\ncy dee\ncy ed\ndee ed\n");
    folder.mapeq("cluster friends.txt --clu").assert().success();
    let rows = folder.rows("friends.clu");
    assert_eq!(
        rows,
        ["bo 1 0.214286", "zoë 1 0.142857", "amir 1 0.142857", "cy 2 0.214286", "dee 2 0.142857", "ed 2 0.142857"]
    );
    assert!(!folder.path("friends.tree").exists(), "--clu writes no tree");
    folder.write("numbers.txt", "1 2\n01 2\n");
    assert_eq!(folder.json("cluster numbers.txt -0 --json --string-ids")["network"]["nodes"], 3);
    assert_eq!(folder.json("cluster numbers.txt -0 --json")["network"]["nodes"], 2);
}

#[test]
fn writes_the_requested_files_and_formats() {
    let folder = Folder::new();
    let written = |args: &str| folder.json(&format!("cluster two_triangles.net {args} --json"))["outputs"].to_string();
    assert_eq!(written("a"), r#"["a/two_triangles.tree"]"#);
    assert_eq!(written("a -o clu,tree"), r#"["a/two_triangles.tree","a/two_triangles.clu"]"#);
    assert_eq!(written("a --tree --clu --out-name b"), r#"["a/b.tree","a/b.clu"]"#);
    assert_eq!(written("none -0"), "[]");
    assert!(!folder.path("none").exists());
    assert!(folder.read("a/b.clu").contains("# module level 1\n"));
}

#[test]
fn short_options_combine() {
    let folder = Folder::new();
    let report = folder.json("cluster two_triangles.net -2dN3 -s5 -0 --json -f undirected");
    assert_eq!(report["flow_model"], "directed", "-d wins over -f");
    assert_eq!((report["trials"].as_array().unwrap().len(), &report["seed"]), (3, &5.into()));
}

#[test]
fn directed_options_change_the_flow() {
    let folder = Folder::new();
    let bits =
        |args: &str| folder.json(&format!("cluster karate.txt -0 --json -N 3 {args}"))["codelength"].as_f64().unwrap();
    let directed = bits("-d");
    for args in ["", "-d -e", "-d -p 0.4", "-d --to-nodes", "-d -e --to-nodes"] {
        assert!((bits(args) - directed).abs() > 1e-6, "{args:?} does not change the codelength");
    }
    assert_eq!(bits("-f directed"), directed);
    let slow = folder.json("cluster karate.txt -0 --json -d --max-flow-iterations 1");
    assert_eq!((&slow["flow"]["iterations"], &slow["flow"]["converged"]), (&1.into(), &false.into()));
}

#[test]
fn notes_report_options_without_effect_and_ignored_links() {
    let folder = Folder::new();
    folder.write("arcs.net", "*Arcs\n1 2\n2 3\n3 3\n1 3 0\n");
    let run = |args: &str| stderr(folder.mapeq(&format!("cluster arcs.net -0 {args}")).assert().success());
    let notes = run("-e --to-nodes -p 0.2");
    assert!(notes.contains("warning: the file has directed links") && notes.contains("--directed"), "{notes}");
    for option in ["--recorded-teleportation", "--to-nodes", "--teleportation-probability"] {
        assert!(notes.contains(&format!("note: {option} has no effect on undirected flow")), "{notes}");
    }
    assert!(notes.contains("note: 1 link of weight 0 ignored"), "{notes}");
    assert!(!run("-d").contains("the file has"));
    assert_eq!(run("--quiet"), "");
    assert_eq!(run("--json"), "");
    let notes = folder.json("cluster arcs.net -0 --json --no-self-links")["notes"].to_string();
    assert!(notes.contains("the file has directed links") && notes.contains("1 self-link ignored"), "{notes}");
}

#[test]
fn quiet_prints_nothing_and_verbose_reports_trials() {
    let folder = Folder::new();
    let quiet = folder.mapeq("cluster two_triangles.net --silent").assert().success().stdout("");
    assert_eq!(stderr(quiet), "");
    let verbose = stderr(folder.mapeq("cluster two_triangles.net -N 2 -v --threads 1").assert().success());
    assert!(verbose.contains("trial 2 (seed 124): 2.320730357 bits, 2 levels, 2 top modules"), "{verbose}");
}

#[test]
fn given_modules_are_scored_and_written_without_a_search() {
    let folder = Folder::new();
    folder.write("mine.clu", "1 1\n2 1\n3 2\n4 2\n5 2\n6 2\n");
    let report = folder.json("cluster two_triangles.net out -c mine.clu --no-infomap --json");
    assert!(report["codelength"].as_f64().unwrap() > TWO_TRIANGLES_BITS + 0.01);
    assert_eq!((&report["trials"], &report["best_trial"]), (&serde_json::json!([]), &serde_json::Value::Null));
    assert_eq!(folder.rows("out/two_triangles.tree")[0], "1:1 0.214286 \"C\" 3");
    let one = folder.json("cluster two_triangles.net out --no-search --json");
    assert_eq!((&one["top_modules"], &one["relative_savings"]), (&1.into(), &0.0.into()));
}

#[test]
fn networks_without_modules_have_one_top_module_and_those_without_links_one_per_node() {
    let folder = Folder::new();
    folder.write("triangle.txt", "1 2\n2 3\n3 1\n");
    folder.write("loop.txt", "1 1\n");
    for network in ["triangle.txt", "loop.txt"] {
        let report = folder.json(&format!("cluster {network} --json"));
        assert_eq!((&report["top_modules"], &report["relative_savings"]), (&1.into(), &0.0.into()), "{network}");
    }
    assert_eq!(folder.rows("loop.tree"), ["1:1 1 \"1\" 1"]);
    folder.write("nodes.net", "*Vertices 2\n1 a\n2 b\n");
    assert_eq!(folder.json("cluster nodes.net --json")["codelength"], 0.0);
    assert_eq!(folder.rows("nodes.tree"), ["1:1 0 \"a\" 1", "2:1 0 \"b\" 2"]);
}

#[test]
fn accepts_paths_with_blanks() {
    let folder = Folder::new();
    folder.write("my network.txt", "1 2\n");
    let mut command = folder.mapeq("cluster");
    command.args(["my network.txt", "out dir"]).assert().success();
    let tree = folder.read("out dir/my network.tree");
    assert!(tree.contains("# mapeq cluster 'my network.txt' 'out dir'\n"), "{tree}");
}

/// Codelengths of given modules, known from other sources.
#[test]
fn flow_options_give_known_codelengths() {
    let folder = Folder::new();
    folder.write("halves.clu", "1 1\n2 1\n3 1\n4 2\n5 2\n6 2\n");
    folder.write("messy.txt", "1 2 2\n1 3 1\n2 2 .5\n2 3 1\n3 1 1\n3 4 .5\n4 5 1\n4 6 1\n5 4 3\n");
    folder.write("weighted.net", "*Vertices 6\n1 a 3\n2 b 1\n3 c 1\n4 d 2\n5 e 1\n6 f 2\n*Links\n1 2 .5\n3 4 .25\n");
    let score = |args: &str| folder.json(&format!("score {args} halves.clu --json -q"))["codelength"].clone();
    for (args, codelength) in [
        ("two_triangles.net --regularized", 2.882634926618),
        ("two_triangles.net --regularized --no-self-links --regularization-strength 0.5", 2.786970284718),
        ("two_triangles.net --markov-time 2", 2.824919644402),
        ("messy.txt -d --regularized", 2.897948940976),
        ("messy.txt -d --variable-markov-time", 1.872845339915),
        ("messy.txt -d --variable-markov-time --variable-markov-damping 0", 1.886054018051),
        ("messy.txt -d --variable-markov-time --variable-markov-damping .5", 1.883303978831),
        ("messy.txt -f undirdir", 1.627826040219),
        ("messy.txt -f outdirdir", 1.627826040219),
        ("messy.txt -f rawdir --min-flow-iterations 50", 1.627826040219),
    ] {
        let got = score(args).as_f64().unwrap();
        assert!((got - codelength).abs() < 1e-11, "{args}: {got} is not {codelength}");
    }
    for args in ["weighted.net -f precomputed", "weighted.net -f rawdir --use-node-weights-as-flow"] {
        let report = folder.json(&format!("cluster {args} --json -0 --no-infomap"));
        let entropy = 2.0 * 0.2 * 5f64.log2() + 3.0 * 0.1 * 10f64.log2() - 0.3 * 0.3f64.log2();
        let got = report["one_level_codelength"].as_f64().unwrap();
        assert!((got - entropy).abs() < 1e-12, "{args}: {got} is not {entropy}");
    }
    let sweeps =
        |args: &str| folder.json(&format!("cluster messy.txt -d -0 --json {args}"))["flow"]["iterations"].clone();
    assert_eq!(sweeps("--min-flow-iterations 70"), 70);
    assert_ne!(sweeps(""), 70);
}

#[test]
fn options_without_effect_are_noted() {
    let folder = Folder::new();
    let notes = |args: &str| stderr(folder.mapeq(&format!("cluster karate.txt -0 {args}")).assert().success());
    for (args, option, why) in [
        ("-f rawdir -e", "--recorded-teleportation", "on rawdir flow"),
        ("-f rawdir --regularized", "--regularized", "on rawdir flow"),
        ("-d --regularized --to-nodes", "--to-nodes", "on regularised flow"),
        ("-d --regularized -p 0.2", "--teleportation-probability", "on regularised flow"),
        ("--regularization-strength 2", "--regularization-strength", "without --regularized"),
        ("--variable-markov-damping 0", "--variable-markov-damping", "without --variable-markov-time"),
        ("--variable-markov-min-scale 2", "--variable-markov-min-scale", "without --variable-markov-time"),
        ("--skip-adjust-bipartite-flow", "--skip-adjust-bipartite-flow", "on a network that is not bipartite"),
        ("-d --bipartite-teleportation", "--bipartite-teleportation", "on a network that is not bipartite"),
    ] {
        let notes = notes(args);
        assert!(notes.contains(&format!("note: {option} has no effect {why}")), "{args}: {notes}");
    }
    for args in ["--regularized -e", "-d --regularized", "-d -e --to-nodes -p 0.3", "--variable-markov-time"] {
        assert!(!notes(args).contains("no effect"), "{args}");
    }
}

#[test]
fn bipartite_networks_are_projected_and_checked() {
    let folder = Folder::new();
    folder.write("ties.net", "*Vertices 5\n1 a\n2 b\n3 c\n4 d\n5 e\n*Bipartite 4\n1 4\n2 4\n2 5 .25\n3 5\n");
    folder.write("ties.clu", "1 1\n2 1\n4 1\n3 2\n5 2\n");
    let score = |args: &str| {
        let report = folder.json(&format!("score ties.net ties.clu --json {args}"));
        (report["codelength"].as_f64().unwrap(), report["one_level_codelength"].as_f64().unwrap())
    };
    for (args, expected) in
        [("", (1.478406226836, 1.576621220107)), ("--skip-adjust-bipartite-flow", (1.809948077922, 2.268928912415))]
    {
        let got = score(args);
        assert!((got.0 - expected.0).abs() < 1e-11 && (got.1 - expected.1).abs() < 1e-11, "{args}: {got:?}");
    }
    folder.json("cluster ties.net out --json --clu --tree --no-infomap -c ties.clu --hide-bipartite-nodes");
    assert_eq!(folder.rows("out/ties.tree"), ["1:1 0.384615 \"b\" 2", "1:2 0.307692 \"a\" 1", "2:1 0.307692 \"c\" 3"]);
    assert_eq!(folder.rows("out/ties.clu"), ["2 1 0.384615", "1 1 0.307692", "3 2 0.307692"]);

    let refused = folder.failure("cluster ties.net -0 -d --bipartite-teleportation", 2);
    assert!(refused.contains("no link leads from a feature to a primary node"), "{refused}");
    folder.write("wrong.net", "*Bipartite 4\n1 4\n4 5\n");
    let refused = folder.failure("cluster wrong.net -0", 2);
    assert!(refused.contains("wrong.net:3: the link from 4 to 5 joins nodes of one kind"), "{refused}");
    folder.failure("cluster ties.net -0 -d --bipartite-teleportation --skip-adjust-bipartite-flow", 1);
}

#[test]
fn score_reproduces_codelengths_of_combined_flow_options() {
    let folder = Folder::new();
    for args in [
        "-d -e --markov-time 2",
        "-d -e --use-node-weights-as-flow",
        "-d --regularized --variable-markov-time",
        "--regularized --markov-time 2",
        "-d --markov-time 2",
        "-d --regularized --use-node-weights-as-flow",
    ] {
        let found = folder.json(&format!("cluster karate.txt out {args} -N 3 --json"));
        let scored = folder.json(&format!("score karate.txt out/karate.tree {args} --json"));
        same_bits(scored["codelength"].clone(), found["codelength"].as_f64().unwrap());
    }
    for (args, code) in [("--markov-time -1", 1), ("--regularization-strength 0", 1), ("-f precomputed", 2)] {
        folder.failure(&format!("cluster karate.txt -0 {args}"), code);
    }
}

/// Ids may begin like files of other formats.
#[test]
fn ids_may_begin_like_other_formats() {
    let folder = Folder::new();
    folder.write("genes.txt", "PAR1 PAR2 0.5\nPAR2 PAR3\n");
    folder.write("arrows.txt", "ARROW1 ARROW2\nPAR1\tPAR2\n");
    assert_eq!(folder.json("cluster genes.txt -0 --json")["network"]["nodes"], 3);
    assert_eq!(folder.json("cluster arrows.txt -0 --json")["network"]["nodes"], 4);
}

#[test]
fn nodes_without_a_row_join_their_neighbours_on_request() {
    let folder = Folder::new();
    folder.write("some.clu", "1 1\n4 2\n");
    let given = "cluster two_triangles.net -c some.clu --no-infomap -0 --json";
    let alone = folder.json(given);
    assert_eq!(alone["top_modules"], 6);
    let joined = folder.json(&format!("{given} --assign-to-neighbouring-module"));
    assert!((joined["codelength"].as_f64().unwrap() - TWO_TRIANGLES_BITS).abs() < 1e-9);
    assert_eq!(joined["notes"][1], "4 of these joined the module with the strongest coupling");
    folder.mapeq("cluster two_triangles.net --assign-to-neighbouring-module").assert().code(1);
}
