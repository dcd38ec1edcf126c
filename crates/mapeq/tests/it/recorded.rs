//! Result files that Infomap 2.16.0 has written, recorded by running it.
//!
//! Files of mapeq are equal except for details of the run, the order of ties and, in `.net` files
//! of undirected links, the order of the ends of a link.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::Folder;
use serde_json::Value;

/// Comments and keys that describe the run, not the result.
const OF_THE_RUN: [&str; 5] = ["# v", "# mapeq ", "# started at", "# completed in", "# bipartite start id"];
const KEYS_OF_THE_RUN: [&str; 5] = ["version", "args", "startedAt", "completedIn", "input"];

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

#[test]
fn files_equal_recorded_files_of_infomap() {
    let mut compared = 0;
    for case in cases() {
        let folder = Folder::new();
        let files = || fs::read_dir(&case).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let network = files().find(|name| name.starts_with("in.")).unwrap();
        folder.write(&network, fs::read(case.join(&network)).unwrap());
        let options = fs::read_to_string(case.join("options")).unwrap();
        // Cases of state networks list the formats to compare.
        let formats = fs::read_to_string(case.join("formats"));
        let formats = formats.unwrap_or_else(|_| "tree,ftree,clu,newick,json,csv,network,states,flow".to_owned());
        let formats = formats.trim();
        folder
            .mapeq(&format!("cluster {network} . {} -o {formats} --out-name out -q", options.trim()))
            .assert()
            .success();
        for name in files().filter(|name| name.starts_with("out")) {
            let (recorded, ours) = (fs::read_to_string(case.join(&name)).unwrap(), folder.read(&name));
            if name.ends_with(".json") {
                same_json(&recorded, &ours);
            } else {
                let rows = |text: &str| -> Vec<String> {
                    let of_the_run = |line: &&str| OF_THE_RUN.iter().any(|start| line.starts_with(start));
                    let told = text.lines().filter(|line| !line.is_empty() && !of_the_run(line));
                    // Bipartite networks have a heading `*Bipartite`, where Infomap writes
                    // `*Edges`.
                    told.map(|line| if line.starts_with("*Bipartite ") { "*Edges" } else { line }.to_owned()).collect()
                };
                assert_eq!(rows(&recorded), rows(&ours), "{}: {name}", case.display());
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 68);
}

/// Checks that keys, their order and values are equal, and numbers equal up to rounding.
fn same_json(recorded: &str, ours: &str) {
    let [recorded, ours]: [Value; 2] = [recorded, ours].map(|text| serde_json::from_str(text).unwrap());
    let keys = |value: &Value| -> Vec<String> {
        let keys = value.as_object().unwrap().keys();
        keys.filter(|key| !KEYS_OF_THE_RUN.contains(&key.as_str())).cloned().collect()
    };
    assert_eq!(keys(&recorded), keys(&ours));
    for key in keys(&recorded) {
        match (&recorded[&key], &ours[&key]) {
            (Value::Number(recorded), Value::Number(ours)) => {
                let [recorded, ours] = [recorded, ours].map(|number| number.as_f64().unwrap());
                assert!((recorded - ours).abs() < 1e-9, "{key}: {recorded} is not {ours}");
            }
            (recorded, ours) => assert_eq!(recorded, ours, "{key}"),
        }
    }
}
