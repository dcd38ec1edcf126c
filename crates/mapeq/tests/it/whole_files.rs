//! Files are written whole or not at all, on a full disk or if the program is killed.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::{Folder, PROGRAM, text};

#[test]
fn full_disk_exits_with_3_and_names_the_path() {
    let folder = Folder::new();
    fs::create_dir(folder.path("out")).unwrap();
    for (name, args) in [
        ("out/karate.tree", "cluster karate.txt out"),
        ("out/karate.json", "cluster karate.txt out -o json"),
        ("out/karate.graphml", "cluster karate.txt out -o graphml"),
        ("out/karate.net", "convert karate.txt out/karate.net"),
        ("out/karate.mqb", "convert karate.txt out/karate.mqb"),
    ] {
        std::os::unix::fs::symlink("/dev/full", folder.path(name)).unwrap();
        let message = folder.failure(args, 3);
        assert_eq!(message, format!("error: cannot write {name}: No space left on device (os error 28)\n"));
    }
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let run = Command::new(PROGRAM)
        .args(["cluster", "karate.txt", "-0", "--json"])
        .current_dir(folder.path("."))
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(3));
    assert_eq!(text(&run.stderr), "error: cannot write to standard output: No space left on device (os error 28)\n");
}

#[test]
fn killed_run_leaves_the_old_or_the_new_file() {
    const ROWS: usize = 200_000;
    let folder = Folder::new();
    folder.write("ring.txt", (0..ROWS).map(|node| format!("{node} {}\n", (node + 1) % ROWS)).collect::<String>());
    folder.mapeq("convert karate.txt out.net").assert().success();
    let old = folder.read("out.net");
    folder.mapeq("convert ring.txt new.net").assert().success();
    let new = folder.read("new.net");
    let temporary = || {
        let names = fs::read_dir(folder.path(".")).unwrap().map(|entry| entry.unwrap().path());
        names.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(".mapeq-")).collect::<Vec<_>>()
    };
    let mut killed_while_writing = 0;
    for attempt in 0..50 {
        let mut run = Command::new(PROGRAM)
            .args(["convert", "ring.txt", "out.net"])
            .current_dir(folder.path("."))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // The temporary file shows that the program is writing. Each attempt kills it a little
        // later.
        while temporary().is_empty() && run.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        let seen = Instant::now();
        while seen.elapsed() < Duration::from_micros(500 * attempt) {}
        run.kill().unwrap();
        run.wait().unwrap();
        let found = folder.read("out.net");
        assert!(found == old || found == new, "half a file after {} bytes", found.len());
        let left = temporary();
        killed_while_writing += usize::from(!left.is_empty());
        left.iter().for_each(|path| fs::remove_file(path).unwrap());
        if killed_while_writing == 5 {
            return;
        }
        folder.write("out.net", &old);
    }
    assert!(killed_while_writing > 0, "no run was killed while it wrote");
}
