//! `--manifest`: the record of a run, from which it can be repeated.

use std::fs;

use crate::common::{Folder, PROGRAM, same_bits};
use assert_cmd::Command;
use serde_json::Value;

fn manifest(folder: &Folder, name: &str) -> Value {
    serde_json::from_str(&folder.read(name)).unwrap()
}

/// Checks that the arguments in the manifest give the same outputs.
fn again(folder: &Folder, name: &str) {
    let manifest = manifest(folder, name);
    let outputs: Vec<&str> =
        manifest["outputs"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert!(!outputs.is_empty());
    let before: Vec<String> = outputs.iter().map(|path| folder.read(path)).collect();
    outputs.iter().for_each(|path| fs::remove_file(folder.path(path)).unwrap());
    let words = manifest["arguments"].as_array().unwrap().iter().skip(1).map(|word| word.as_str().unwrap());
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder.path(".")).env("SOURCE_DATE_EPOCH", "0").args(words).assert().success();
    let rows = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.starts_with("# infomap ") && !line.starts_with("# mapeq "))
            .map(str::to_owned)
            .collect()
    };
    for (path, before) in outputs.iter().zip(before) {
        assert_eq!(rows(&folder.read(path)), rows(&before));
    }
}

#[test]
fn arguments_of_a_manifest_reproduce_the_outputs() {
    let folder = Folder::new();
    for (command, name) in [
        ("cluster karate.txt out -N 6 -s 5 -d -o tree,clu,ftree -q --manifest m.json", "m.json"),
        ("overlap karate.txt out -s 5 -q --manifest o.json", "o.json"),
        ("flow karate.txt out -d -q --manifest f.json", "f.json"),
        ("overlap karate.txt out -q --manifest o.json", "o.json"),
        ("infomap karate.txt out -N2 --tree --clu --silent --manifest-json i.json", "i.json"),
    ] {
        folder.mapeq(command).env("SOURCE_DATE_EPOCH", "0").assert().success();
        again(&folder, name);
    }
}

#[test]
fn manifest_describes_files_and_result() {
    let folder = Folder::new();
    let found = folder.json("cluster two_triangles.net out --json --seed 9 -2 --manifest m.json");
    let manifest = manifest(&folder, "m.json");
    let input = &manifest["inputs"][0];
    let bytes = fs::metadata(folder.path("two_triangles.net")).unwrap().len();
    assert_eq!((input["path"].as_str().unwrap(), input["bytes"].as_u64().unwrap()), ("two_triangles.net", bytes));
    assert_eq!(input["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(manifest["outputs"][0]["path"], found["outputs"][0]);
    assert_eq!(manifest["options"]["seed"], "9");
    assert_eq!((&manifest["options"]["two-level"], &manifest["options"]["directed"]), (&true.into(), &false.into()));
    same_bits(manifest["run"]["codelength"].clone(), found["codelength"].as_f64().unwrap());
    // The hash is that of `sha256sum`.
    folder.write("pair.txt", "1 2\n");
    let text = folder.stdout("cluster pair.txt out -q --manifest -");
    let known = "f251ddc12234e0da8d3b778bd0f7463fb477f16f47757f5617dc8b4ff4d4f14a";
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["inputs"][0]["sha256"], known);
}

#[test]
fn path_of_the_manifest_is_checked_before_the_run() {
    let folder = Folder::new();
    assert_eq!(
        folder.failure("cluster karate.txt out --manifest karate.txt", 3),
        "error: cannot write karate.txt: it is an input file (hint: use another OUT_DIR)\n"
    );
    assert_eq!(
        folder.failure("cluster karate.txt out --manifest -", 1),
        "error: --manifest - must be the only output: add --quiet, and remove --json\n"
    );
    let text = folder.stdout("cluster karate.txt out -q --manifest -");
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["program"], "mapeq");
}
