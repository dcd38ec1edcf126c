//! `mapeq convert`, and its output files as input of other commands.

use crate::common::{Folder, stderr};

#[test]
fn every_command_reads_converted_networks() {
    let folder = Folder::new();
    for (network, flow) in [("karate.txt", ""), ("karate.txt", "-d"), ("two_triangles.net", "-d")] {
        let expected = folder.json(&format!("cluster {network} {flow} -0 --json"));
        // The extension selects the format to write. The reader detects the format by content.
        for out in ["c.mqb", "c.net", "c.txt"] {
            let facts = folder.json(&format!("convert {network} {out} {flow} --json"));
            assert_eq!(facts["outputs"][0], out);
            assert_eq!(facts["network"], expected["network"]);
            std::fs::rename(folder.path(out), folder.path("renamed")).unwrap();
            let found = folder.json(&format!("cluster renamed {flow} -0 --json"));
            for key in ["network", "codelength", "modules_per_level", "flow"] {
                assert_eq!(found[key], expected[key], "{out}: {key}");
            }
        }
    }
    folder.mapeq("convert karate.txt karate.mqb").assert().success();
    folder.mapeq("cluster karate.txt text").assert().success();
    folder.mapeq("cluster karate.mqb snapshot").assert().success();
    assert_eq!(folder.rows("text/karate.tree"), folder.rows("snapshot/karate.tree"));
    folder.mapeq("score karate.mqb text/karate.tree -q").assert().success();
    folder.mapeq("compare karate.mqb -N 1 -q").assert().success();
}

#[test]
fn json_describes_the_written_file() {
    let folder = Folder::new();
    let facts = folder.json("convert -d two_triangles.net two.mqb --json");
    assert_eq!(facts["command"], "convert");
    assert_eq!(facts["direction"], "directed");
    assert_eq!(facts["format"], "snapshot");
    assert_eq!(facts["output_bytes"], std::fs::metadata(folder.path("two.mqb")).unwrap().len());
    assert_eq!(facts["notes"].as_array().unwrap().len(), 1, "{}", facts["notes"]);
    for key in ["version", "threads", "seconds", "peak_memory_bytes"] {
        assert!(!facts[key].is_null(), "{key}");
    }
}

#[test]
fn lost_information_is_reported() {
    let folder = Folder::new();
    folder.write("named.net", "*Vertices 3\n1 one\n2 2\n7 7\n*Edges\n1 2\n");
    let run = folder.mapeq("convert named.net named.txt").assert().success();
    assert_eq!(
        stderr(run),
        "warning: a link list does not keep 1 node without links, 1 name (hint: .net and .mqb do)\n"
    );
    folder.write("text.txt", "07 8\n");
    let run = folder.mapeq("convert --string-ids text.txt text.net").assert().success();
    assert!(stderr(run).contains("--string-ids"));
    assert!(folder.read("text.net").contains("07 \"07\""));
}

#[test]
fn invalid_conversions_are_rejected() {
    let folder = Folder::new();
    folder.write("wrong.txt", "1 2\n1\n");
    folder.write("there.mqb", "");
    std::fs::create_dir(folder.path("folder.mqb")).unwrap();
    folder.mapeq("convert karate.txt karate.mqb").assert().success();
    let mut bytes = std::fs::read(folder.path("karate.mqb")).unwrap();
    bytes.truncate(bytes.len() - 1);
    folder.write("short.mqb", &bytes);
    for (args, code, message) in [
        ("convert karate.txt", 1, "<OUT>"),
        ("convert karate.txt karate.csv", 1, "expected a name ending in .mqb, .txt or .net"),
        ("convert absent.txt out.mqb", 2, "cannot read absent.txt"),
        ("convert wrong.txt out.mqb", 2, "wrong.txt:2: the row ends after \"1\""),
        ("convert karate.mqb out.mqb --directed", 2, "the links in this snapshot are undirected"),
        ("cluster karate.mqb --directed", 2, "the links in this snapshot are undirected"),
        ("cluster karate.mqb --weight-threshold 2", 2, "apply the threshold in `mapeq convert`"),
        ("cluster short.mqb", 2, "short.mqb: the snapshot is damaged: "),
        ("convert karate.txt karate.txt", 3, "it is the input file"),
        ("convert karate.txt there.mqb --no-overwrite", 3, "it exists"),
        ("convert karate.txt folder.mqb", 3, "it is a folder"),
        ("convert karate.txt absent/out.mqb", 3, "cannot write absent"),
    ] {
        let stderr = folder.failure(args, code);
        assert!(stderr.contains(message), "{args:?}: {stderr}");
    }
    assert!(!folder.path("out.mqb").exists());
}
