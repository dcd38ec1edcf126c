//! The command line of Infomap 2.16.

use std::fs;

use crate::common::{Folder, PROGRAM, same_bits, stderr, text};
use assert_cmd::Command;
use serde_json::Value;

/// Returns the command of the program under another name, with `args` separated by blanks.
fn under_the_name(folder: &Folder, name: &str, args: &str) -> Command {
    let path = folder.path(name);
    if !path.exists() {
        #[cfg(unix)]
        std::os::unix::fs::symlink(PROGRAM, &path).unwrap();
        #[cfg(not(unix))]
        fs::copy(PROGRAM, &path).map(drop).unwrap();
    }
    let mut command = Command::new(path);
    command.current_dir(folder.path(".")).args(args.split_whitespace());
    command
}

#[test]
fn program_name_selects_the_infomap_command_line() {
    let folder = Folder::new();
    for name in ["infomap", "Infomap", "INFOMAP.exe"] {
        under_the_name(&folder, name, "two_triangles.net out -2N3 --silent").assert().success().stdout("").stderr("");
        let text = folder.read("out/two_triangles.tree");
        assert!(text.contains(&format!("# {name} two_triangles.net out -2N3 --silent\n")), "{text}");
        assert!(text.contains("# codelength 2.32073 bits\n"));
        fs::remove_file(folder.path("out/two_triangles.tree")).unwrap();
    }
}

#[test]
fn results_equal_those_of_cluster() {
    let folder = Folder::new();
    for (theirs, ours) in [
        ("-N3 -s7 --clu -o tree,ftree", "-N 3 -s 7 -o tree,ftree,clu"),
        ("--tree -otree,clu --clu-level -1 -d -p0.2 -e", "-d -p 0.2 -e -o tree,clu --clu-level -1"),
        (
            "-f directed --no-two-level -M10 --markov-time 0.8 --clu --tree",
            "-f directed -M 10 --markov-time 0.8 -o tree,clu",
        ),
    ] {
        folder.mapeq(&format!("infomap karate.txt theirs {theirs} --silent")).assert().success().stdout("");
        folder.mapeq(&format!("cluster karate.txt ours {ours} -q")).assert().success();
        for file in ["karate.tree", "karate.clu"] {
            assert_eq!(folder.rows(&format!("theirs/{file}")), folder.rows(&format!("ours/{file}")), "{theirs}");
        }
    }
}

#[test]
fn files_have_the_names_of_infomap() {
    let folder = Folder::new();
    folder
        .mapeq("infomap karate.txt out --out-name deep/k -o clu,newick,json,csv,network,flow --silent")
        .assert()
        .success();
    let mut names: Vec<String> = fs::read_dir(folder.path("out/deep"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["k.clu", "k.csv", "k.json", "k.net", "k.nwk", "k_flow.net"]);
}

#[test]
fn failures_have_the_exit_codes_of_infomap() {
    let folder = Folder::new();
    folder.mapeq("infomap karate.txt out --silent").assert().success();
    for (args, code, message) in [
        ("karate.txt", 1, "error: missing out_directory: infomap network_file out_directory [options]\n"),
        (
            "karate.txt out -k",
            1,
            "error: --include-self-links is refused: self-links are included unless --no-self-links is given, in Infomap 2.16, too\n",
        ),
        (
            "karate.txt out -f foo",
            1,
            "error: invalid value 'foo' for '--flow-model <MODEL>' (hint: one of undirected, directed, undirdir, outdirdir, rawdir, precomputed)\n",
        ),
        ("none.txt out", 2, "error: cannot read none.txt: No such file or directory (os error 2)\n"),
        (
            "karate.txt out --no-overwrite",
            3,
            "error: cannot write out/karate.tree: it exists and --no-overwrite is given\n",
        ),
    ] {
        assert_eq!(folder.failure(&format!("infomap {args}"), code), message);
    }
}

#[test]
fn help_and_version_need_no_network() {
    let folder = Folder::new();
    let (short, long) = (folder.stdout("infomap -h"), folder.stdout("infomap x.net -hh"));
    assert!(short.contains("--num-trials") && !short.contains("--markov-time"));
    assert!(long.contains("--num-trials") && long.contains("--markov-time") && !long.contains("--include-self-links"));
    assert!(folder.stdout("infomap --version").ends_with("with the command line of Infomap 2.16.0\n"));
    let options = folder.json("infomap --print-json-parameters");
    let seed = options["parameters"].as_array().unwrap().iter().find(|option| option["long"] == "--seed").unwrap();
    assert_eq!((&seed["short"], &seed["required"], &seed["advanced"]), (&"-s".into(), &true.into(), &false.into()));
    assert!(folder.stdout("infomap --completion zsh").starts_with("#compdef infomap"));
}

#[test]
fn reports_have_the_keys_of_infomap() {
    let folder = Folder::new();
    let mut run =
        folder.mapeq("infomap two_triangles.net -0 -N2 --silent --summary-json - --timing-json t.json --memory-report");
    let summary: Value = serde_json::from_str(&text(&run.unwrap().stdout)).unwrap();
    same_bits(summary["codelength"].clone(), 2.320730356834);
    assert_eq!((&summary["top_modules"], &summary["levels"], &summary["trials"]), (&2.into(), &2.into(), &2.into()));
    assert_eq!(summary["trial_codelengths"].as_array().unwrap().len(), 2);
    let timing: Value = serde_json::from_str(&folder.read("t.json")).unwrap();
    assert_eq!(timing["trials"][1]["seed"], 124);
    assert!(timing["timing"]["total_s"].as_f64().unwrap() > 0.0 && timing["memory"]["rss_peak_mb"].is_number());
    let notes = stderr(folder.mapeq("infomap two_triangles.net -0 --node-limit 3").assert().success());
    assert_eq!(notes, "note: --node-limit has no effect: Infomap 2.16 reads all nodes, too\n");
}

#[test]
fn reports_never_replace_inputs_or_results() {
    let folder = Folder::new();
    let network = folder.read("karate.txt");
    for option in ["--summary-json", "--timing-json", "--trial-results", "--manifest-json"] {
        let error = folder.failure(&format!("infomap karate.txt out {option} karate.txt"), 3);
        assert!(error.starts_with("error: cannot write karate.txt: it is an input file"), "{option}: {error}");
        assert!(!folder.path("out/karate.tree").exists(), "{option} is checked before the search");
        let error = folder.failure(&format!("infomap karate.txt out {option} out/karate.tree"), 3);
        assert_eq!(error, "error: cannot write out/karate.tree: it is a result file\n", "{option}");
        assert!(folder.read("out/karate.tree").starts_with("# "), "{option}");
        fs::remove_dir_all(folder.path("out")).unwrap();
    }
    assert_eq!(folder.read("karate.txt"), network);
    folder.failure("infomap karate.txt -0 --trial-results -", 1);
}

#[test]
fn print_all_trials_writes_files_of_every_trial() {
    let folder = Folder::new();
    folder.mapeq("infomap karate.txt all -N3 --print-all-trials --clu --silent").assert().success();
    let best = folder.rows("all/karate.clu");
    let trials: Vec<Vec<String>> = (1..=3).map(|trial| folder.rows(&format!("all/karate_trial_{trial}.clu"))).collect();
    assert!(trials.contains(&best));
    // Two processes run the same trials.
    folder.mapeq("infomap karate.txt shards -N2 --trial-results a.json --no-final-output --silent").assert().success();
    let shard = "infomap karate.txt shards -N1 --trial-offset 2 --trial-results b.json --no-final-output --silent";
    folder.mapeq(shard).assert().success();
    let shards: Vec<Value> =
        ["a.json", "b.json"].iter().map(|name| serde_json::from_str(&folder.read(name)).unwrap()).collect();
    let found = folder.json("cluster karate.txt -0 -N 3 --independent-trials --json");
    let of_shards: Vec<&Value> = shards.iter().flat_map(|shard| shard["trials"].as_array().unwrap()).collect();
    assert_eq!(of_shards.len(), 3);
    for (number, (shard, trial)) in of_shards.iter().zip(found["trials"].as_array().unwrap()).enumerate() {
        assert_eq!((&shard["trial"], &shard["seed"]), (&number.into(), &trial["seed"]));
        assert_eq!(shard["codelength"], trial["codelength"]);
        let rows = folder.rows(&format!("shards/karate_trial_{}.tree", number + 1));
        assert_eq!(rows.len(), 34);
    }
    assert_eq!(shards[1]["best_tree_file"], "shards/karate_trial_3.tree");
    assert!(!folder.path("shards/karate.tree").exists());
    let again = folder.failure("infomap karate.txt all -N3 --print-all-trials --clu --no-overwrite", 3);
    assert_eq!(again, "error: cannot write all/karate.clu: it exists and --no-overwrite is given\n");
    fs::remove_file(folder.path("all/karate.clu")).unwrap();
    let again = folder.failure("infomap karate.txt all -N3 --print-all-trials --clu --no-overwrite", 3);
    assert!(again.starts_with("error: cannot write all/karate_trial_1.clu: "), "{again}");
}
