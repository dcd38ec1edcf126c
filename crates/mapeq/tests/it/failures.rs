//! Errors: one line on standard error, and an exit code by the kind of the error.

use crate::common::{Folder, stderr};

#[test]
fn wrong_arguments_exit_with_1() {
    let folder = Folder::new();
    for (args, hint) in [
        ("", "Usage: mapeq"),
        ("clustre karate.txt", "'cluster'"),
        ("karate.txt", "mapeq cluster karate.txt"),
        ("cluster", "<NETWORK>"),
        ("cluster karate.txt --trails 3", "'--trials'"),
        ("cluster karate.txt --trials 0", "'--trials <N>'"),
        ("cluster karate.txt -f sideways", "undirected, directed"),
        ("cluster karate.txt -o nwk", "newick, json"),
        ("cluster karate.txt -p 1.5", "between 0 and 1"),
        ("cluster karate.txt --weight-threshold -1", "--weight-threshold"),
        ("cluster karate.txt --clu-level -2", "--clu-level"),
        ("cluster karate.txt --threads 0", "auto"),
        ("cluster karate.txt --objective beauty", "expected map-equation or bipartite-map-equation or modularity"),
        (
            "cluster karate.txt --resolution 2",
            "the objective map-equation takes no --resolution (hint: `mapeq objectives`",
        ),
        ("score karate.txt a.tree --objective modularity --entropy-corrected", "takes no --entropy-corrected"),
        ("compare karate.txt --objective modularity --preferred-number-of-modules 3", "takes no --preferred-number"),
        ("cluster karate.txt --objective modularity -d -e", "remove --recorded-teleportation"),
        ("cluster karate.txt --entropy-correction-strength 2", "--entropy-corrected"),
        ("cluster karate.txt --meta-data-rate 2", "--meta-data <FILE>"),
        ("cluster karate.txt --meta-data karate.txt --meta-data-rate inf", "--meta-data-rate"),
        ("cluster karate.txt --objective modularity --meta-data karate.txt", "takes no --meta-data"),
        ("cluster karate.txt --objective bipartite-map-equation", "needs a bipartite network"),
        ("score karate.txt a.tree --node-type-flipping-rate 0.1", "takes no --node-type-flipping-rate"),
        (
            "compare karate.txt --objective bipartite-map-equation --node-type-flipping-rate 0.7",
            "a number between 0 and 0.5",
        ),
        ("cluster karate.txt --preferred-number-of-modules 0", "--preferred-number-of-modules"),
        ("cluster karate.txt --out-name a/b", "OUT_DIR"),
        ("compare karate.txt --csv --json", "cannot be used with"),
        ("completions tcsh", "bash"),
    ] {
        let message = folder.failure(args, 1);
        assert!(message.contains(hint), "{args:?}: {message}");
    }
    let run = folder.mapeq("cluster karate.txt").env("SOURCE_DATE_EPOCH", "today").assert().code(1);
    assert!(stderr(run).contains("SOURCE_DATE_EPOCH"));
    assert_eq!(std::fs::read_dir(folder.path(".")).unwrap().count(), 2, "nothing is written");
}

#[test]
fn wrong_input_exits_with_2() {
    let folder = Folder::new();
    folder.write("weight.txt", "1 2\n1 2 abc\n");
    folder.write("empty.txt", "");
    folder.write("other.clu", "77 1\n");
    folder.write("partition.txt", "1 1\n");
    folder.write("huge.txt", "1 2 1e308\n2 3 1e308\n");
    for (args, message) in [
        ("cluster absent.txt out", "error: cannot read absent.txt: No such file or directory"),
        ("cluster weight.txt", "error: weight.txt:2: \"abc\" is not a link weight: expected a number >= 0 (hint: "),
        ("cluster empty.txt", "error: empty.txt: no links and no nodes"),
        ("cluster .", "error: cannot read .: "),
        ("cluster huge.txt", "error: degenerate flow"),
        ("cluster karate.txt -c other.clu --no-infomap", "error: other.clu: no row names a node"),
        ("score karate.txt absent.tree", "error: cannot read absent.tree"),
        (
            "score karate.txt partition.txt",
            "expected a name ending in .clu, .tree, .ftree, .csv, .json, .nwk or .parquet",
        ),
        ("compare absent.txt", "error: cannot read absent.txt"),
        ("cluster karate.txt --meta-data absent.meta", "error: cannot read absent.meta"),
        ("cluster karate.txt --meta-data other.clu", "error: other.clu: no row names a node"),
    ] {
        let stderr = folder.failure(args, 2);
        assert!(stderr.contains(message), "{args:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
    assert!(!folder.path("out").exists(), "the network is read before the folder is created");
}

#[test]
fn unwritable_results_exit_with_3_before_the_network_is_read() {
    let folder = Folder::new();
    folder.write("wrong.txt", "not a network\n");
    folder.write("old.tree", "precious");
    folder.write("file", "");
    std::fs::create_dir(folder.path("folder.tree")).unwrap();
    for (args, message) in [
        ("cluster wrong.txt file", "file is not a folder"),
        ("cluster wrong.txt file/below", "cannot create the folder file/below"),
        ("cluster wrong.txt --out-name old --no-overwrite", "cannot write ./old.tree: it exists"),
        ("cluster wrong.txt --out-name folder", "cannot write ./folder.tree: it is a folder"),
        ("cluster wrong.txt --out-name old -c old.tree --no-infomap", "cannot write ./old.tree: it is an input file"),
        ("cluster wrong.txt --out-name old --fixed old.tree", "cannot write ./old.tree: it is an input file"),
        ("cluster old.tree", "cannot write ./old.tree: it is an input file"),
    ] {
        // Reading the network would fail with exit code 2.
        let stderr = folder.failure(args, 3);
        assert!(stderr.contains(message), "{args:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
    assert_eq!(folder.read("old.tree"), "precious");
    folder.mapeq("cluster karate.txt --out-name old").assert().success();
    assert_ne!(folder.read("old.tree"), "precious", "without --no-overwrite results replace older ones");
}
