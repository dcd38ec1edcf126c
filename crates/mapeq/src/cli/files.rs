//! Where results go, and whether they may.

use std::fs;
use std::path::{Path, PathBuf};

use mapeq_io::{
    Header, Level, ModuleFlow, PhysicalLevel, ResultTree, write_atomically, write_clu, write_csv, write_flow,
    write_ftree, write_json, write_modules, write_newick, write_pajek_clu, write_tree, write_weights,
};

use super::args::{CluStyle, ClusterArgs, Format, HeaderKind, OutputArgs};
use super::exit::Failure;
use super::input::Input;
use crate::job::Clustering;

/// The result files of a run.
pub(super) struct Files {
    planned: Vec<(Format, PathBuf)>,
    /// The same of states; none where nodes are ordinary.
    of_states: Vec<(Format, PathBuf)>,
}

impl Files {
    /// Decides on the files and makes sure that they can be written, before the work begins: creates the folder, and
    /// refuses to write over the input or, if the user wants that, over anything.
    pub(super) fn plan(args: &ClusterArgs) -> Result<Self, Failure> {
        let output = &args.output;
        if output.no_file_output {
            return Ok(Self { planned: Vec::new(), of_states: Vec::new() });
        }
        let name = match &output.out_name {
            Some(name) if name.is_empty() || name.contains(std::path::is_separator) => {
                return Err(Failure::Usage(format!("--out-name {name:?} is not a file name: OUT_DIR is the folder")));
            }
            Some(name) => name.clone(),
            None => base_name(&args.network),
        };
        let folder = &args.out_dir;
        fs::create_dir_all(folder).map_err(|error| {
            Failure::Output(match folder.metadata() {
                Ok(found) if !found.is_dir() => format!("{} is not a folder", folder.display()),
                _ => format!("cannot create the folder {}: {error}", folder.display()),
            })
        })?;
        let formats = output.formats().into_iter();
        let planned: Vec<_> =
            formats.map(|format| (format, folder.join(format!("{name}{}", format.suffix())))).collect();
        let inputs = [Some(&args.network), args.cluster_data.as_ref(), args.search.of_objective.meta_data.as_ref()];
        for (_, path) in &planned {
            if inputs.iter().flatten().any(|input| same_file(input, path)) {
                return Err(Failure::output(path, "it is an input file (another OUT_DIR or --out-name helps)"));
            }
            check_place(path, output.no_overwrite)?;
        }
        check_folder(folder)?;
        Ok(Self { planned, of_states: Vec::new() })
    }

    /// The nodes of the network are states: the files are about physical nodes, and there is one more of each for states.
    pub(super) fn plan_states(&mut self, args: &ClusterArgs) -> Result<(), Failure> {
        for (format, path) in &self.planned {
            if !matches!(format, Format::Tree | Format::Clu) || matches!(args.output.clu_style, CluStyle::Pajek) {
                let message = "of state networks, results are written as tree and clu alone (hint: -o tree,clu)";
                return Err(Failure::Usage(message.to_owned()));
            }
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let path = path.with_file_name(format!("{name}_states{}", format.suffix()));
            if same_file(&args.network, &path) || args.cluster_data.as_ref().is_some_and(|data| same_file(data, &path))
            {
                return Err(Failure::output(&path, "it is an input file (another OUT_DIR or --out-name helps)"));
            }
            check_place(&path, args.output.no_overwrite)?;
            self.of_states.push((*format, path));
        }
        Ok(())
    }

    /// Whether some of the files tell of links, which have to be kept for them.
    pub(super) fn need_links(&self) -> bool {
        self.planned.iter().any(|(format, _)| format.needs_links())
    }

    /// Writes all files and returns their names. `input` has kept its links if they are [needed](Self::need_links).
    pub(super) fn write(
        &self,
        input: &Input,
        clustering: &Clustering,
        options: &OutputArgs,
        header: &Header,
    ) -> Result<Vec<String>, Failure> {
        let full = header;
        let header = &match options.header {
            HeaderKind::Full => full.clone(),
            HeaderKind::Classic => Header { details: None, ..full.clone() },
        };
        let (nodes, tree, flow) = (&input.nodes, &clustering.tree, &clustering.flow);
        if let Some(physical) = PhysicalLevel::new(nodes, tree, flow) {
            let (level, rows) = (options.cluster_level(), options.rows());
            let at = |level| Header { level: Some(level), ..header.clone() };
            let (of_nodes, of_states) = (at(Level::PhysicalNodes), at(Level::States));
            for (format, path) in &self.planned {
                let PhysicalLevel { nodes, flow, tree, .. } = &physical;
                write_atomically(path, |out| match format {
                    Format::Clu => write_clu(out, &of_nodes, nodes, flow, tree, level, rows),
                    _ => write_tree(out, &of_nodes, nodes, flow, tree, rows),
                })?;
            }
            for (format, path) in &self.of_states {
                write_atomically(path, |out| match format {
                    Format::Clu => write_clu(out, &of_states, nodes, flow, tree, level, rows),
                    _ => write_tree(out, &of_states, nodes, flow, tree, rows),
                })?;
            }
        } else {
            self.write_all(input, clustering, options, header, full)?;
        }
        let files = self.planned.iter().chain(&self.of_states);
        Ok(files.map(|(_, path)| path.display().to_string()).collect())
    }
}

impl Files {
    /// Writes all files of a network whose nodes are not states.
    fn write_all(
        &self,
        input: &Input,
        clustering: &Clustering,
        options: &OutputArgs,
        header: &Header,
        full: &Header,
    ) -> Result<(), Failure> {
        let (nodes, tree, flow) = (&input.nodes, &clustering.tree, &clustering.flow);
        let (level, rows) = (options.cluster_level(), options.rows());
        let modules: Vec<ModuleFlow> = clustering.score.modules.iter().map(module_flow).collect();
        let result = ResultTree { nodes, flow, tree, modules: &modules, rows };
        let links = || input.links.as_ref().expect("kept for these formats");
        for (format, path) in &self.planned {
            write_atomically(path, |out| match format {
                Format::Tree => write_tree(out, header, nodes, flow, tree, rows),
                Format::Ftree => write_ftree(out, header, result, &links().per_codeword(), links().direction),
                Format::Clu => match options.clu_style {
                    CluStyle::Classic => write_clu(out, header, nodes, flow, tree, level, rows),
                    CluStyle::Pajek => write_pajek_clu(out, flow, tree, level),
                },
                Format::Newick => write_newick(out, result),
                Format::Json => write_json(out, full, result, &links().per_codeword(), links().direction),
                Format::Csv => write_csv(out, result),
                Format::Modules => write_modules(out, result),
                Format::Network => write_weights(out, header, nodes, &links().links, links().direction),
                Format::Flow => write_flow(out, header, nodes, flow, &links().per_step(), links().direction),
            })?;
        }
        Ok(())
    }
}

pub(super) fn module_flow(codebook: &mapeq_twolevel::Codebook) -> ModuleFlow {
    let mapeq_twolevel::Codebook { flow, enter, exit, codelength } = *codebook;
    // Rounding errors must not be read as flow that goes backwards.
    ModuleFlow { flow, enter: enter.max(0.0), exit: exit.max(0.0), codelength }
}

/// Makes sure that a file may be written, whatever is there already.
pub(super) fn check_place(path: &Path, no_overwrite: bool) -> Result<(), Failure> {
    if no_overwrite && path.symlink_metadata().is_ok() {
        return Err(Failure::output(path, "it exists already and --no-overwrite is given"));
    }
    if path.is_dir() {
        return Err(Failure::output(path, "it is a folder"));
    }
    Ok(())
}

/// Makes sure that files can be written into a folder: a file is replaced by way of a temporary one beside it, so that is
/// what has to be possible.
pub(super) fn check_folder(folder: &Path) -> Result<(), Failure> {
    tempfile::tempfile_in(folder).map_err(|error| Failure::output(folder, error))?;
    Ok(())
}

/// The name of a network file without folder, compression and extension.
pub(super) fn base_name(network: &Path) -> String {
    if network == Path::new("-") {
        return "stdin".to_owned();
    }
    let name = network.file_name().unwrap_or_default().to_string_lossy();
    let name = [".gz", ".zst"].iter().find_map(|packed| name.strip_suffix(packed)).unwrap_or(&name);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Whether two paths lead to the same file.
pub(super) fn same_file(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_named_after_the_network() {
        for (path, name) in [
            ("a/karate.txt", "karate"),
            ("karate.net.gz", "karate"),
            ("v1.2.links.zst", "v1.2"),
            ("links", "links"),
            (".hidden", ".hidden"),
            ("two words.txt", "two words"),
            ("-", "stdin"),
        ] {
            assert_eq!(base_name(Path::new(path)), name);
        }
    }
}
