//! Prediction of the peak memory, and its limit.

use std::fmt::Write as _;

use crate::common::{Folder, stderr};

/// Returns a million links between 200 000 nodes in groups of 100. Four of five links are inside a
/// group.
fn million_links() -> String {
    let (nodes, mut state) = (200_000u32, 1u32);
    let mut random = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(state >> 4) * u64::from(below)) >> 28) as u32
    };
    let mut text = String::new();
    for link in 0..1_000_000u32 {
        let source = random(nodes);
        let group = source / 100 * 100;
        let target = if link % 5 == 0 { random(nodes) } else { group + random(100) };
        writeln!(text, "{source} {target}").unwrap();
    }
    text
}

#[cfg(target_os = "linux")]
#[test]
fn prediction_is_near_the_peak() {
    let folder = Folder::new();
    folder.write("million.txt", million_links());
    folder.mapeq("convert million.txt million.mqb").assert().success();
    for args in ["million.txt --two-level", "million.mqb --two-level", "million.txt --no-infomap --directed"] {
        let report = folder.json(&format!("cluster {args} --no-file-output --threads 1 --json"));
        let [predicted, peak] =
            ["predicted_peak_memory_bytes", "peak_memory_bytes"].map(|key| report[key].as_f64().unwrap());
        assert!((0.9..1.6).contains(&(predicted / peak)), "{args}: {predicted} predicted, {peak} held");
    }
}

#[test]
fn small_predictions_are_printed_only_if_verbose() {
    let folder = Folder::new();
    let run = folder.mapeq("cluster karate.txt -v").assert().success();
    let told = stderr(run);
    assert_eq!(told.matches("predicted peak memory").count(), 2, "{told}");
    let run = folder.mapeq("cluster karate.txt").assert().success();
    assert_eq!(stderr(run), "");
    let run = folder.mapeq("compare karate.txt -N 1 -v --json").assert().success();
    assert!(!stderr(run).contains("predicted"));
    assert!(folder.json("compare karate.txt -N 1 --json")["predicted_peak_memory_bytes"].as_u64() > Some(0));
}

#[test]
fn excessive_memory_is_refused_before_the_run() {
    let folder = Folder::new();
    folder.mapeq("convert karate.txt karate.mqb").assert().success();
    for args in ["cluster karate.txt out", "cluster karate.mqb out", "compare karate.txt -N 3 --threads 2"] {
        let message = folder.failure(&format!("{args} --max-memory 2M"), 2);
        assert!(
            message.contains(": the predicted peak memory is ") && message.contains("above --max-memory 2 MiB"),
            "{message}"
        );
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    assert!(!folder.path("out/karate.tree").exists());
    // A file that is far too large for the limit is not read: its invalid last line gives no error.
    folder.write("large.txt", format!("{}1\n", "123456 234567\n".repeat(400_000)));
    let message = folder.failure("cluster large.txt --max-memory 8M", 2);
    assert!(message.contains("predicted peak memory"), "{message}");
    let message = folder.failure("cluster large.txt --max-memory 16G", 2);
    assert!(message.contains("large.txt:400001: "), "{message}");
    for size in ["8X", "", "-1", "0", "G", "nan", "inf"] {
        folder.mapeq("cluster karate.txt").arg(format!("--max-memory={size}")).assert().code(1);
    }
    for size in ["8G", "8GiB", "0.5t", "900mb", "1000000000"] {
        folder.mapeq(&format!("cluster karate.txt -0q --max-memory {size}")).assert().success();
    }
}

/// Links between layers take memory, although they are not in the file.
#[test]
fn prediction_includes_links_between_layers() {
    let folder = Folder::new();
    let layer = |layer| (0..50).flat_map(move |node| (1..=10).map(move |far| (layer, node, (node + far) % 50)));
    let rows: String = (1..=30).flat_map(layer).map(|(layer, a, b)| format!("{layer} {a} {b}\n")).collect();
    folder.write("layers.net", format!("*Intra\n{rows}"));
    let predicted = |options: &str| {
        let facts = folder.json(&format!("cluster layers.net -0 --no-infomap --threads 1 --json {options}"));
        facts["predicted_peak_memory_bytes"].as_u64().unwrap()
    };
    // There are 30 000 links in both directions, to 30 layers or to 1. Without a search, each link
    // takes 24 bytes, and the coupling of its ends another 24 bytes.
    let [listed, by_pools] = [predicted("--multilayer-relax-by-jsd"), predicted("")];
    assert!(listed > 48 * 30_000 * 30 && by_pools < 24 * 30_000 * 30, "{listed}, and {by_pools} by pools");
    // Result files with links need the links of the walk.
    let facts = folder.json("cluster layers.net -o ftree --no-infomap --threads 1 --json");
    assert!(facts["predicted_peak_memory_bytes"].as_u64().unwrap() > 48 * 30_000 * 30);
    assert!(predicted("--multilayer-relax-rate 0") > 48 * 30_000 * 30);
    assert!(predicted("--multilayer-relax-limit 0") < 24 * 30_000 * 30);
    assert!(predicted("--multilayer-relax-to-self") < 24 * 30_000 * 30);
    let error = folder.failure("cluster layers.net -0 --max-memory 16M", 2);
    assert!(error.contains("the predicted peak memory is"), "{error}");
}
