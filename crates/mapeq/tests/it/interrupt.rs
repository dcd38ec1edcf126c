//! Interrupts by Ctrl-C during a search.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use crate::common::{Folder, PROGRAM, text};

const NODES: u64 = 3000;

/// Returns a random network with a fixed seed.
fn random_network() -> String {
    let mut state = 1u64;
    let mut next = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % NODES
    };
    (0..NODES).flat_map(|node| [node, node, node, node]).map(|node| format!("{node} {}\n", next())).collect()
}

/// Starts a run of a million trials, waits until the first trial has ended, and returns the process
/// and its standard error.
fn endless(folder: &Folder, args: &str) -> (Child, BufReader<std::process::ChildStderr>) {
    folder.write("random.txt", random_network());
    let mut run = Command::new(PROGRAM)
        .current_dir(folder.path("."))
        .args(args.split_whitespace())
        .args(["random.txt", "-v", "-N", "1000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut messages = BufReader::new(run.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("trial ") {
        line.clear();
        assert!(messages.read_line(&mut line).unwrap() > 0, "the run ended by itself");
    }
    (run, messages)
}

fn interrupt(run: &Child) {
    let sent = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn interrupted_search_writes_the_best_tree() {
    let folder = Folder::new();
    let (run, mut messages) = endless(&folder, "cluster");
    interrupt(&run);
    let mut rest = String::new();
    messages.read_to_string(&mut rest).unwrap();
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{rest}");
    assert!(rest.contains("warning: interrupted: ") && rest.contains(" of 1000000 trials ran"), "{rest}");
    assert!(text(&output.stdout).contains("random.tree"));
    assert_eq!(folder.rows("random.tree").len() as u64, NODES);
    let temporary = std::fs::read_dir(folder.path("."))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".mapeq-"));
    assert_eq!(temporary.count(), 0);
}

#[test]
fn interrupted_comparison_prints_available_results() {
    let folder = Folder::new();
    let (run, mut messages) = endless(&folder, "compare");
    interrupt(&run);
    messages.read_to_string(&mut String::new()).unwrap();
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let table = text(&output.stdout);
    assert!(table.contains("\ntwo-level") && !table.contains("\nmultilevel"), "{table}");
}
