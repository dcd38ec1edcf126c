//! The files of `mapeq overlap`.

use std::path::{Path, PathBuf};

use mapeq_core::{Direction, NodeTable, Tree};
use mapeq_io::{
    ClusterLevel, Header, Memberships, ModuleFlow, ResultTree, RowFilter, write_atomically, write_clu, write_csv,
    write_ftree, write_json, write_modules, write_newick, write_tree,
};
use mapeq_overlap::Copies;

use super::files::{Place, check_result, module_flow};
use crate::cli::args::OverlapFormat;
use crate::cli::exit::Failure;

/// The files to write.
pub(crate) struct OverlapFiles(Vec<(OverlapFormat, PathBuf)>);

impl OverlapFiles {
    /// No file.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    /// The files of these formats, which can be written.
    pub(crate) fn plan(
        network: &Path,
        folder: &Path,
        formats: &[OverlapFormat],
        no_overwrite: bool,
    ) -> Result<Self, Failure> {
        let mut formats = formats.to_vec();
        if formats.contains(&OverlapFormat::States) {
            formats.push(OverlapFormat::StateModules);
        }
        formats.sort_unstable();
        formats.dedup();
        let place = Place::new(network, folder, None)?;
        let path = |format: OverlapFormat| place.file(&format!(".overlap{}", format.suffix()));
        let files: Vec<_> = formats.into_iter().map(|format| (format, path(format))).collect();
        files.iter().try_for_each(|(_, path)| check_result(path, &[network], no_overwrite))?;
        Ok(Self(files))
    }

    /// Writes all files and tells their names.
    pub(crate) fn write(
        &self,
        nodes: &NodeTable,
        copies: &Copies,
        tree: &Tree,
        header: &Header,
    ) -> Result<Vec<String>, Failure> {
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        let (flow, share) = (&copies.flow.nodes.flow, &copies.share);
        let memberships = Memberships { nodes, node: &copies.node, flow, share, tree };
        let nodes = &memberships.node_table();
        let modules: Vec<ModuleFlow> = copies.codelength(tree).codebooks.iter().map(module_flow).collect();
        let result = ResultTree { nodes, flow, tree, modules: &modules, rows: RowFilter::All, physical: None };
        // From copy to copy a walk takes every link one way more often than the other.
        let (steps, direction) = (&copies.steps, Direction::Directed);
        for (format, path) in &self.0 {
            write_atomically(path, |out| match format {
                OverlapFormat::Tree => write_tree(out, header, nodes, flow, tree, RowFilter::All),
                OverlapFormat::Ftree => write_ftree(out, header, result, steps, direction),
                OverlapFormat::Clu => write_clu(out, header, nodes, flow, tree, ClusterLevel::Depth(1), RowFilter::All),
                OverlapFormat::Newick => write_newick(out, result),
                OverlapFormat::Json => write_json(out, header, result, steps, direction),
                OverlapFormat::Csv => write_csv(out, result),
                OverlapFormat::Modules => write_modules(out, result),
                OverlapFormat::Memberships => memberships.write_table(out),
                OverlapFormat::States => memberships.write_states(out, steps),
                OverlapFormat::StateModules => {
                    write_tree(out, header, &memberships.state_table(), flow, tree, RowFilter::All)
                }
            })?;
        }
        Ok(self.0.iter().map(|(_, path)| path.display().to_string()).collect())
    }
}
