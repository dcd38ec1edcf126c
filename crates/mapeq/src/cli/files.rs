//! Where results go, and whether they may.

use std::fs;
use std::path::{Path, PathBuf};

use mapeq_core::{NodeTable, Tree};
use mapeq_io::{Header, Level, PhysicalLevel, write_atomically, write_clu, write_tree};

use super::args::{ClusterArgs, Format, HeaderKind, OutputArgs};
use super::exit::Failure;
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
            formats.map(|format| (format, folder.join(format!("{name}.{}", extension(format))))).collect();
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
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let path = path.with_file_name(format!("{name}_states.{}", extension(*format)));
            if same_file(&args.network, &path) || args.cluster_data.as_ref().is_some_and(|data| same_file(data, &path))
            {
                return Err(Failure::output(&path, "it is an input file (another OUT_DIR or --out-name helps)"));
            }
            check_place(&path, args.output.no_overwrite)?;
            self.of_states.push((*format, path));
        }
        Ok(())
    }

    /// Writes all files and returns their names.
    pub(super) fn write(
        &self,
        nodes: &NodeTable,
        clustering: &Clustering,
        options: &OutputArgs,
        header: &Header,
    ) -> Result<Vec<String>, Failure> {
        let HeaderKind::Classic = options.header;
        let (tree, flow) = (&clustering.tree, &clustering.flow);
        let write = |files: &[(Format, PathBuf)], header: &Header, nodes: &NodeTable, flow: &[f64], tree: &Tree| {
            let (level, rows) = (options.cluster_level(), options.rows());
            files.iter().try_for_each(|(format, path)| {
                write_atomically(path, |out| match format {
                    Format::Tree => write_tree(out, header, nodes, flow, tree, rows),
                    Format::Clu => write_clu(out, header, nodes, flow, tree, level, rows),
                })
            })
        };
        match PhysicalLevel::new(nodes, tree, flow) {
            None => write(&self.planned, header, nodes, flow, tree)?,
            Some(physical) => {
                let at = |level| Header { level: Some(level), ..header.clone() };
                write(&self.planned, &at(Level::PhysicalNodes), &physical.nodes, &physical.flow, &physical.tree)?;
                write(&self.of_states, &at(Level::States), nodes, flow, tree)?;
            }
        }
        let files = self.planned.iter().chain(&self.of_states);
        Ok(files.map(|(_, path)| path.display().to_string()).collect())
    }
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

fn extension(format: Format) -> &'static str {
    match format {
        Format::Tree => "tree",
        Format::Clu => "clu",
    }
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
