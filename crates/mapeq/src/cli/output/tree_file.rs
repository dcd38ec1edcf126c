//! Files with a row for each node, each state, or each module of a node.

use std::borrow::Cow;
use std::io::{self, Write};

use mapeq_core::{Csr, Direction};
use mapeq_io::{
    ClusterLevel, Header, ModuleFlow, ResultTree, write_clu, write_csv, write_ftree, write_json, write_modules,
    write_newick, write_tree,
};
use mapeq_twolevel::Codebook;

use crate::cli::args::TreeFormat;

/// The headers of a run.
#[derive(Clone, Copy)]
pub(super) struct Headers<'a> {
    /// Header as requested by the user.
    pub(super) requested: &'a Header,
    /// Header with all details.
    pub(super) full: &'a Header,
}

/// Writes a file of `result`. `links` returns the flow of links per codeword.
pub(super) fn write_tree_file<'a>(
    out: &mut impl Write,
    format: TreeFormat,
    headers: Headers<'_>,
    result: ResultTree<'_>,
    level: ClusterLevel,
    links: impl FnOnce() -> (Cow<'a, Csr>, Direction),
) -> io::Result<()> {
    let ResultTree { nodes, flow, tree, rows, .. } = result;
    let Headers { requested, full } = headers;
    match format {
        TreeFormat::Tree => write_tree(out, requested, nodes, flow, tree, rows),
        TreeFormat::Clu => write_clu(out, requested, nodes, flow, tree, level, rows),
        TreeFormat::Newick => write_newick(out, result),
        TreeFormat::Csv => write_csv(out, result),
        TreeFormat::Modules => write_modules(out, result),
        TreeFormat::Ftree => {
            let (links, direction) = links();
            write_ftree(out, requested, result, &links, direction)
        }
        TreeFormat::Json => {
            let (links, direction) = links();
            write_json(out, full, result, &links, direction)
        }
    }
}

/// Returns the flow of modules for result files.
pub(super) fn module_flows(codebooks: &[Codebook]) -> Vec<ModuleFlow> {
    let module_flow = |codebook: &Codebook| {
        let Codebook { flow, enter, exit, codelength } = *codebook;
        // Rounding errors can make rates negative.
        ModuleFlow { flow, enter: enter.max(0.0), exit: exit.max(0.0), codelength }
    };
    codebooks.iter().map(module_flow).collect()
}
