//! The result files of `mapeq overlap`, with a row for each module of a node.

use std::borrow::Cow;
use std::path::PathBuf;

use mapeq_core::{Direction, NodeTable, Tree};
use mapeq_io::{Header, Memberships, ResultTree, RowFilter, write_atomically, write_tree};
use mapeq_overlap::Copies;

use super::place::{Place, check_result};
use super::tree_file::{Headers, module_flows, write_tree_file};
use crate::cli::args::{OverlapArgs, OverlapFormat};
use crate::cli::exit::Failure;

/// The result files of a run.
#[derive(Default)]
pub(crate) struct OverlapFiles {
    place: Place,
    formats: Vec<OverlapFormat>,
}

/// End of the name of the file with the modules of states, which comes with the network of states.
const MODULES_OF_STATES: &str = "_states.tree";

impl OverlapFiles {
    /// Creates the folder of the results, and checks that the files can be written.
    ///
    /// # Errors
    /// If a file is an input, or if it exists and must not be overwritten.
    pub(crate) fn plan(args: &OverlapArgs) -> Result<Self, Failure> {
        if args.output.no_file_output {
            return Ok(Self::default());
        }
        let place = Place::new(&args.input.network, &args.output)?.with_suffix(".overlap");
        let files = Self { place, formats: args.files.formats() };
        let no_overwrite = args.output.manifest.no_overwrite;
        files.paths().try_for_each(|path| check_result(&path, &args.inputs(), no_overwrite))?;
        Ok(files)
    }

    fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let has_states = self.formats.contains(&OverlapFormat::States);
        let suffixes = self.formats.iter().map(|format| format.suffix());
        suffixes.chain(has_states.then_some(MODULES_OF_STATES)).map(|suffix| self.place.file(suffix))
    }

    /// Writes all files and returns their names. `header` has all details.
    pub(crate) fn write(
        &self,
        args: &OverlapArgs,
        nodes: &NodeTable,
        copies: &Copies,
        tree: &Tree,
        header: &Header,
    ) -> Result<Vec<String>, Failure> {
        if self.formats.is_empty() {
            return Ok(Vec::new());
        }
        let options = &args.files.modules;
        let requested = if options.full_header() { header.clone() } else { Header { details: None, ..header.clone() } };
        let headers = Headers { requested: &requested, full: header };
        let (flow, share) = (&copies.flow.nodes.flow, &copies.share);
        let memberships = Memberships { nodes, node: &copies.node, flow, share, tree };
        let nodes = &memberships.node_table();
        let modules = &module_flows(&copies.codelength(tree).codebooks);
        let result = ResultTree { nodes, flow, tree, modules, rows: RowFilter::All, physical: None };
        // The flow of a link between copies differs between its directions, even in undirected
        // networks.
        let (steps, direction) = (&copies.steps, Direction::Directed);
        for format in &self.formats {
            write_atomically(&self.place.file(format.suffix()), |out| match *format {
                OverlapFormat::Tree(format) => {
                    write_tree_file(out, format, headers, result, options.cluster_level(), || {
                        (Cow::Borrowed(steps), direction)
                    })
                }
                OverlapFormat::Memberships => memberships.write_table(out),
                OverlapFormat::States => memberships.write_states(out, steps),
            })?;
        }
        if self.formats.contains(&OverlapFormat::States) {
            let states = memberships.state_table();
            write_atomically(&self.place.file(MODULES_OF_STATES), |out| {
                write_tree(out, &requested, &states, flow, tree, RowFilter::All)
            })?;
        }
        Ok(self.paths().map(|path| path.display().to_string()).collect())
    }
}
