//! Parquet and Arrow on the command line, with and without the feature `parquet`.

use crate::common::Folder;

#[cfg(not(feature = "parquet"))]
#[test]
fn error_names_the_missing_feature() {
    let folder = Folder::new();
    assert_eq!(
        folder.failure("cluster karate.txt -o parquet", 1),
        "error: this program is built without Parquet (hint: cargo install mapeq --features parquet)\n"
    );
    folder.write("links.parquet", "PAR1");
    assert!(folder.failure("cluster links.parquet", 2).contains("the feature \"parquet\""));
}

/// Parquet files of nodes and of states read back with the same codelength.
#[cfg(feature = "parquet")]
#[test]
fn parquet_results_keep_their_codelength() {
    let folder = Folder::new();
    folder.write(
        "layers.net",
        "*Multilayer\n1 1 1 2 1\n1 2 1 3 1\n1 1 1 3 1\n2 1 2 4 1\n2 4 2 5 1\n2 1 2 5 1\n1 1 2 1 0.5\n",
    );
    for (network, result) in [("karate.txt", "karate.parquet"), ("layers.net", "layers_states.parquet")] {
        let found = folder.json(&format!("cluster {network} -o parquet --json"));
        let again = folder.json(&format!("score {network} {result} --json"));
        let [found, again] = [found, again].map(|report| report["codelength"].as_f64().unwrap());
        assert!((found - again).abs() < 1e-12, "{network}: {found} and {again}");
    }
}

/// If the library panics on a damaged file, the only output is one line that reports the damage.
#[cfg(feature = "parquet")]
#[test]
fn damaged_tables_give_one_error_line() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus");
    let folder = Folder::new();
    for format in ["parquet", "arrow"] {
        let whole = std::fs::read(corpus.join(format).join("1")).unwrap();
        let refused = |bytes: &[u8]| {
            let read = mapeq_io::read_network_from(bytes, "x", &mapeq_io::ReadOptions::default());
            read.err().map(|error| error.to_string())
        };
        let damaged = (0..8 * whole.len()).map(|bit| {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        });
        let message = "the table is damaged or not supported: it is inconsistent";
        let panics = |bytes: &Vec<u8>| refused(bytes) == Some(format!("x: {message}"));
        folder.write("links", damaged.into_iter().find(panics).expect("a flipped bit on which the library panics"));
        assert_eq!(folder.failure("cluster links -0", 2), format!("error: links: {message}\n"), "{format}");
    }
}
