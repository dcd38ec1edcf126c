//! Columnar tables: Parquet and Arrow files, with and without the feature `parquet`.

#[cfg(not(feature = "parquet"))]
#[test]
fn the_error_names_the_missing_feature() {
    use crate::common::error_of;
    use mapeq_io::{ReadOptions, read_partition_from};

    let message = "Parquet and Arrow files need a program built with the feature \"parquet\" \
                   (hint: cargo install mapeq --features parquet)";
    for (bytes, name) in [(&b"PAR1"[..], "a.parquet"), (b"PAR1\x15\x04", "a"), (b"ARROW1\0\0", "a"), (b"", "a.feather")]
    {
        assert_eq!(error_of(bytes, name, &ReadOptions::default()), format!("{name}: {message}"));
    }
    let nodes = crate::common::read("1 2\n", &ReadOptions::default()).network.nodes().clone();
    let error = read_partition_from(&b"PAR1"[..], "p.parquet", &nodes).unwrap_err();
    assert_eq!(error.to_string(), format!("p.parquet: {message}"));
}

#[cfg(feature = "parquet")]
mod with_the_feature {
    use std::sync::Arc;

    use arrow_array::types::Int32Type;
    use arrow_array::{
        Array, ArrayRef, DictionaryArray, Float32Array, Float64Array, Int64Array, LargeStringArray, RecordBatch,
        StringArray, StringViewArray, UInt32Array, UInt64Array,
    };
    use mapeq_core::{IdTable, Layers, NodeIds, NodeTable, States, Tree};
    use mapeq_io::{ModuleFlow, NetworkFormat, ReadOptions, ResultTree, RowFilter, read_partition, write_parquet};

    use crate::common::{error_of, links, read, read_with};

    type Column = (&'static str, ArrayRef);

    fn parquet(columns: &[Column]) -> Vec<u8> {
        let batch = RecordBatch::try_from_iter(columns.iter().cloned()).unwrap();
        let mut bytes = Vec::new();
        let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bytes
    }

    fn arrow(columns: &[Column]) -> Vec<u8> {
        let batch = RecordBatch::try_from_iter(columns.iter().cloned()).unwrap();
        let mut bytes = Vec::new();
        let mut writer = arrow_ipc::writer::FileWriter::try_new(&mut bytes, &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        drop(writer);
        bytes
    }

    fn columns(columns: &str) -> ReadOptions {
        ReadOptions { columns: Some(columns.parse().unwrap()), ..ReadOptions::default() }
    }

    fn column(array: impl Array + 'static) -> ArrayRef {
        Arc::new(array)
    }

    /// Links are those of a text table, for all types of ids and weights.
    #[test]
    fn links_are_those_of_text() {
        let (from, to) = ([7i64, 12, 7, 300], [12i64, 300, 7, 7]);
        let weights = [2.5, 1.0, 0.5, 1e10];
        let csv: String = (0..4).map(|row| format!("{},{},{}\n", from[row], to[row], weights[row])).collect();
        let csv = read(format!("source,target,weight\n{csv}"), &ReadOptions::default());
        let ids: [fn(&[i64]) -> ArrayRef; 7] = [
            |ids| column(Int64Array::from(ids.to_vec())),
            |ids| column(UInt32Array::from_iter(ids.iter().map(|&id| Some(id as u32)))),
            |ids| column(UInt64Array::from_iter(ids.iter().map(|&id| Some(id as u64)))),
            |ids| column(StringArray::from_iter(ids.iter().map(|id| Some(id.to_string())))),
            |ids| column(LargeStringArray::from_iter(ids.iter().map(|id| Some(id.to_string())))),
            |ids| column(StringViewArray::from_iter(ids.iter().map(|id| Some(id.to_string())))),
            |ids| {
                let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
                column(ids.iter().map(String::as_str).collect::<DictionaryArray<Int32Type>>())
            },
        ];
        for ids in ids {
            let weights: [ArrayRef; 2] = [
                column(Float64Array::from(weights.to_vec())),
                column(Float32Array::from_iter(weights.iter().map(|&weight| Some(weight as f32)))),
            ];
            for weight in weights {
                // Columns in another order, and one that is not used.
                let table: [Column; 4] =
                    [("since", weight.clone()), ("weight", weight), ("to", ids(&to)), ("from", ids(&from))];
                for bytes in [parquet(&table), arrow(&table)] {
                    let file = read(&bytes, &ReadOptions::default());
                    assert_eq!(links(&file), links(&csv));
                    assert_eq!(file.network.nodes(), csv.network.nodes());
                    let told = ReadOptions { string_ids: true, ..columns("from,to,weight") };
                    let as_text = read(&bytes, &told).network;
                    let NodeIds::Strings(found) = &as_text.nodes().ids else { panic!("text") };
                    assert_eq!(found.iter().collect::<Vec<_>>(), ["7", "12", "300"]);
                }
            }
        }
    }

    #[test]
    fn columns_are_selected_or_default_to_the_first() {
        let text = |ids: [&'static str; 2]| column(StringArray::from(ids.to_vec()));
        let numbers = column(Int64Array::from(vec![Some(3), None]));
        let table: [Column; 4] =
            [("a", text(["x", "y"])), ("b", text(["y", "z"])), ("n", numbers), ("c", text(["z", "x"]))];
        for bytes in [parquet(&table), arrow(&table)] {
            // A missing weight is 1.
            assert_eq!(links(&read(&bytes, &ReadOptions::default())), "x-y 3, y-z 1");
            assert_eq!(links(&read(&bytes, &columns("c,A"))), "z-x 1, x-y 1");
            assert_eq!(links(&read(&bytes, &columns("1,4,3"))), "x-z 3, x-y 1");
            assert_eq!(
                error_of(&bytes, "t", &columns("a,d")),
                "t: \"d\" is not a column: expected one of \"a\", \"b\", \"n\", \"c\""
            );
            assert_eq!(error_of(&bytes, "t", &columns("a,9")), "t: there is no column 9: expected at most 4 columns");
        }
    }

    #[test]
    fn invalid_tables_are_rejected() {
        let ids = |ids: Vec<Option<i64>>| column(Int64Array::from(ids));
        let weights = |weights: Vec<f64>| column(Float64Array::from(weights));
        let good = || ids(vec![Some(1), Some(2)]);
        let cases: [(&[Column], &str); 8] = [
            (&[("source", good())], "t: the table has fewer than two columns: expected source and target"),
            (
                &[("source", good()), ("target", weights(vec![1.5, 2.0]))],
                "t: \"target\" is a column of type Float64: expected whole numbers or text",
            ),
            (
                &[("source", good()), ("target", good()), ("weight", column(StringArray::from(vec!["a", "b"])))],
                "t: \"weight\" is a column of type Utf8: expected a column of numbers for weights",
            ),
            (
                &[("source", good()), ("target", ids(vec![Some(2), None]))],
                "t: row 2: the target is empty: expected a node id",
            ),
            (
                &[("source", ids(vec![Some(2), Some(-1)])), ("target", good())],
                "t: row 2: \"-1\" is not a node id: expected a whole number >= 0 (hint: --string-ids reads all ids as text)",
            ),
            (
                &[("source", good()), ("target", column(StringArray::from(vec!["", "b"])))],
                "t: row 1: the target is empty: expected a node id",
            ),
            (
                &[("source", good()), ("target", good()), ("weight", weights(vec![1.0, -0.5]))],
                "t: row 2: \"-0.5\" is a negative link weight: expected a number >= 0",
            ),
            (
                &[("source", good()), ("target", good()), ("weight", weights(vec![f64::NAN, 1.0]))],
                "t: row 1: \"NaN\" is not a finite link weight: expected a number >= 0",
            ),
        ];
        for (table, message) in cases {
            for bytes in [parquet(table), arrow(table)] {
                assert_eq!(error_of(bytes, "t", &ReadOptions::default()), message);
            }
        }
        let wrong = ReadOptions { format: Some(NetworkFormat::Parquet), ..ReadOptions::default() };
        assert!(error_of("1 2\n", "t", &wrong).starts_with("t: not a table by column"));
    }

    /// Buffers that declare impossible lengths are rejected without allocating memory.
    #[test]
    fn lengths_of_compressed_buffers_are_checked() {
        let ids: ArrayRef = column(UInt64Array::from((0..1000).collect::<Vec<u64>>()));
        let batch = RecordBatch::try_from_iter([("source", ids.clone()), ("target", ids)]).unwrap();
        for codec in [arrow_ipc::CompressionType::LZ4_FRAME, arrow_ipc::CompressionType::ZSTD] {
            let options = arrow_ipc::writer::IpcWriteOptions::default().try_with_compression(Some(codec)).unwrap();
            let mut bytes = Vec::new();
            let mut writer =
                arrow_ipc::writer::FileWriter::try_new_with_options(&mut bytes, &batch.schema(), options).unwrap();
            writer.write(&batch).unwrap();
            writer.finish().unwrap();
            drop(writer);
            assert_eq!(read_with(&bytes, "t", &ReadOptions::default()).unwrap().network.nodes().len(), 1000);
            let length = 8000u64.to_le_bytes();
            let place = bytes.windows(8).position(|window| window == length).unwrap();
            for claim in [1 << 30, 1 << 45, i64::MAX] {
                bytes[place..place + 8].copy_from_slice(&i64::to_le_bytes(claim));
                let message =
                    "t: the table is damaged or not supported: its contents do not match their declared sizes";
                assert_eq!(error_of(&bytes, "t", &ReadOptions::default()), message);
            }
        }
    }

    /// A damaged file is rejected, or read as something else, but never panics.
    #[test]
    fn damaged_files_never_cause_panics() {
        let table: [Column; 3] = [
            ("source", column(Int64Array::from(vec![1, 2, 3]))),
            ("target", column(StringArray::from(vec!["a", "b", "c"]))),
            ("weight", column(Float64Array::from(vec![1.0, 2.0, 3.0]))),
        ];
        for whole in [parquet(&table), arrow(&table)] {
            for length in 0..whole.len() {
                let options = ReadOptions { format: Some(NetworkFormat::Parquet), ..ReadOptions::default() };
                assert!(read_with(&whole[..length], "t", &options).is_err(), "{length} of {} bytes", whole.len());
            }
            let mut damaged = whole.clone();
            for place in 0..whole.len() {
                for bits in [0x01, 0x80] {
                    damaged[place] ^= bits;
                    if let Err(error) = read_with(&damaged, "t", &ReadOptions::default()) {
                        assert!(!error.to_string().contains('\n'), "{error}");
                    }
                    damaged[place] = whole[place];
                }
            }
        }
    }

    /// Fuzzing seeds, compressed and in all encodings, never panic after any single-bit change.
    #[test]
    fn no_flipped_bit_makes_a_reader_panic() {
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus");
        for file in ["parquet/1", "parquet/2", "parquet/3", "arrow/1", "arrow/2", "arrow/3"] {
            let mut bytes = std::fs::read(corpus.join(file)).unwrap();
            for bit in 0..8 * bytes.len() {
                bytes[bit / 8] ^= 1 << (bit % 8);
                if let Err(error) = read_with(&bytes, "t", &ReadOptions::default()) {
                    assert!(!error.to_string().contains(char::is_control), "{file} {bit}: {error}");
                }
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
        }
    }

    fn written(nodes: &NodeTable, tree: &Tree, flow: &[f64]) -> tempfile::NamedTempFile {
        let modules = vec![ModuleFlow::default(); tree.modules().len()];
        let result = ResultTree { nodes, flow, tree, modules: &modules, rows: RowFilter::All, physical: None };
        let mut file = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
        write_parquet(&mut file, result).unwrap();
        file
    }

    /// Ragged trees read back for numeric, text and state ids, also with more rows than one batch.
    #[test]
    fn results_read_back() {
        let tree = Tree::new(&[0, 0, 0, 1, 1], &[3, 3, 4, 2, 2, 4]);
        let flow = [0.3, 0.1, 0.2, 0.15, 0.05, 0.2];
        let table = |ids: NodeIds| NodeTable::new(ids);
        let numbers = table(NodeIds::Numbers([1, 5, 9, 10, 11, u64::MAX].into()));
        let text = table(NodeIds::Strings(["a", "b \"c\"", "d,e", "f\ng", "ü", "7"].into_iter().collect()));
        let physical = IdTable::new(NodeIds::Consecutive { first: 3, len: 3 });
        let layers = Layers {
            table: IdTable::new(NodeIds::Numbers([2, 7].into())),
            of_state: [0, 0, 0, 1, 1, 1].into(),
            inter: None,
        };
        let states =
            States { physical_nodes: physical, physical: [0, 1, 2, 0, 1, 2].into(), layers: Some(layers), names: None };
        let mut layered = table(NodeIds::Consecutive { first: 0, len: 6 });
        layered.states = Some(Box::new(states));
        for nodes in [numbers, text, layered] {
            let file = written(&nodes, &tree, &flow);
            let back = read_partition(file.path(), &nodes).unwrap();
            assert!(back.notes.is_empty(), "{:?}", back.notes);
            let [given, found] = [&tree, &back.tree].map(|tree| tree.sorted_by_flow(&flow));
            assert_eq!(found, given);
        }
        let many = 150_000;
        let nodes = table(NodeIds::Consecutive { first: 1, len: many });
        let modules: Vec<u32> = (0..many as u32).map(|node| 1 + node % 2).collect();
        let (tree, flow) = (Tree::new(&[0, 0, 0], &modules), vec![1.0 / many as f64; many]);
        let back = read_partition(written(&nodes, &tree, &flow).path(), &nodes).unwrap();
        assert_eq!(back.tree.sorted_by_flow(&flow), tree.sorted_by_flow(&flow));
    }
}
