//! Parquet on the command line, with the feature `parquet` and without it.

mod common;

use common::Folder;

#[cfg(not(feature = "parquet"))]
#[test]
fn without_the_feature_it_is_named() {
    let folder = Folder::new();
    assert_eq!(
        folder.failure("cluster karate.txt -o parquet", 1),
        "error: Parquet takes a program that is built with the feature \"parquet\" (hint: cargo install mapeq --features \
         parquet)\n"
    );
    folder.write("links.parquet", "PAR1");
    assert!(folder.failure("cluster links.parquet", 2).contains("the feature \"parquet\""));
}

/// Nodes and states come back with their codelength.
#[cfg(feature = "parquet")]
#[test]
fn results_keep_their_codelength() {
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
