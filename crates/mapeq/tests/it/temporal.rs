//! Temporal networks: commands on files of links with times.

use crate::common::Folder;

/// Returns contacts within two groups. Two nodes have exchanged their groups in the second half.
fn meetings() -> String {
    let groups = [[[1, 2, 3, 7], [4, 5, 6, 8]], [[1, 2, 3, 8], [4, 5, 6, 7]]];
    let mut rows = String::new();
    for (half, groups) in groups.iter().enumerate() {
        for time in (0..20).map(|time| 100 * half + time) {
            for [a, b, c, d] in groups {
                rows += &format!("{time} {a} {b}\n{time} {a} {c}\n{time} {a} {d}\n");
                rows += &format!("{time} {b} {c}\n{time} {b} {d}\n{time} {c} {d}\n");
            }
        }
    }
    rows
}

#[test]
fn nodes_change_their_modules_over_time() {
    let folder = Folder::new();
    folder.write("contacts.txt", meetings());
    let found = folder.json("cluster contacts.txt out --temporal --window 50 --json");
    assert_eq!(found["network"]["layers"], 2);
    assert_eq!(found["network"]["physical_nodes"], 8);
    assert_eq!(found["flow_model"], "directed");
    let modules = |node: &str| {
        let rows = folder.rows("out/contacts.clu");
        rows.iter().filter(|row| row.split(' ').next() == Some(node)).count()
    };
    folder.mapeq("cluster contacts.txt out --temporal --window 50 --clu -q").assert().success();
    assert_eq!(["1", "2", "3", "4", "5", "6", "7", "8"].map(modules), [1, 1, 1, 1, 1, 1, 2, 2]);
    let once = folder.json("cluster contacts.txt -0 --temporal --window 1000 --json");
    assert_eq!(once["network"]["layers"], 1);
}

#[test]
fn walks_relax_to_adjacent_windows() {
    let folder = Folder::new();
    let rows: String =
        (0..4).map(|time| format!("{time} 1 2\n{time} 2 {}\n{time} 1 {}\n", 3 + time, 3 + time)).collect();
    folder.write("contacts.txt", rows);
    let length = |options: &str| {
        let args = format!("cluster contacts.txt -0 --json --temporal --window 1 {options}");
        folder.json(&args)["codelength"].as_f64().unwrap()
    };
    let near = length("");
    assert_eq!(near, length("--multilayer-relax-limit 1"));
    assert_ne!(near, length("--multilayer-relax-limit 3"));
    let onwards = length("--multilayer-relax-limit-down 0");
    assert_eq!(onwards, length("--multilayer-relax-limit-up 1 --multilayer-relax-limit-down 0"));
    assert_ne!(near, onwards);
    folder.mapeq("convert contacts.txt layers.net --temporal --window 1 -q").assert().success();
    let layers = folder.read("layers.net");
    assert!(layers.starts_with("*Layers 4\n1 \"[0, 1)\"\n") && layers.contains("*Intra\n1 1 2 1\n"), "{layers}");
    let again = folder.json("cluster layers.net -0 --json --multilayer-relax-limit 1")["codelength"].clone();
    assert_eq!(again, near);
}

#[test]
fn invalid_windows_and_times_are_rejected() {
    let folder = Folder::new();
    folder.write("contacts.txt", "0 1 2\n1 2 3\nlater 1 2\n");
    for (options, expected) in [
        ("--temporal", "--window"),
        ("--window 5", "--temporal"),
        ("--temporal --window 0", "expected a number > 0"),
        ("--temporal --window -1", "expected a number > 0"),
        ("--temporal --window 1 --step 0", "expected a number > 0"),
        ("--temporal --window 1 --order 2", "cannot be used with"),
        ("--temporal --window 1 --format csv", "cannot be used with"),
        ("--temporal --window 1 --columns 1,2", "cannot be used with"),
    ] {
        let error = folder.failure(&format!("cluster contacts.txt -0 {options}"), 1);
        assert!(error.contains(expected), "{options}: {error}");
    }
    let error = folder.failure("cluster contacts.txt -0 --temporal --window 1", 2);
    assert!(error.contains("contacts.txt:3: \"later\" is not a time"), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}
