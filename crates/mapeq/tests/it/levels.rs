//! A preferred number of levels on the command line.

use crate::common::{Folder, nested, same_bits};
use serde_json::json;

#[test]
fn preferred_levels_change_the_search_but_not_the_codelength() {
    let folder = Folder::new();
    nested(&folder);
    let found = |options: &str| folder.json(&format!("cluster nested.txt --json -N 3 {options}"));
    let (flat, free) = (found("-2"), found(""));
    assert_eq!((flat["levels"].as_u64(), free["levels"].as_u64()), (Some(2), Some(3)));
    let two = found("--preferred-number-of-levels 2");
    assert_eq!((&two["levels"], &two["codelength"]), (&json!(2), &flat["codelength"]));
    assert_eq!(two["trials"][0]["codelength"], flat["codelength"]);
    same_bits(
        folder.json("score nested.txt nested.tree --json")["codelength"].clone(),
        flat["codelength"].as_f64().unwrap(),
    );
    assert_eq!(found("--preferred-number-of-levels 3")["modules_per_level"], json!([3, 9]));
    let four = found("--preferred-number-of-levels 4");
    assert_eq!(four["levels"], 4, "{four}");
    assert!(four["codelength"].as_f64() > free["codelength"].as_f64(), "the penalty is not part of the codelength");
    assert_eq!(
        found("--preferred-number-of-levels 2 --preferred-number-of-levels-strength 0")["codelength"],
        free["codelength"]
    );
    let idle = found("-2 --preferred-number-of-levels 4");
    assert_eq!(idle["codelength"], flat["codelength"]);
    assert_eq!(idle["notes"][0], "--preferred-number-of-levels has no effect with --two-level");
    let scored = folder.json("score nested.txt nested.tree --preferred-number-of-levels 3 --json");
    assert_eq!(scored["notes"][0], "--preferred-number-of-levels has no effect without a search");
    assert_eq!(scored["codelength"], flat["codelength"]);
    for (options, text) in [
        ("--preferred-number-of-levels 0", "--preferred-number-of-levels"),
        ("--preferred-number-of-levels-strength 2", "--preferred-number-of-levels"),
        ("--objective modularity --preferred-number-of-levels 2", "takes no --preferred-number-of-levels"),
    ] {
        let error = folder.failure(&format!("cluster nested.txt {options}"), 1);
        assert!(error.contains(text), "{error}");
    }
}
