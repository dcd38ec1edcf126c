//! Where results go, and whether they may.

use std::fs;
use std::path::{Path, PathBuf};

use mapeq_core::NodeTable;
use mapeq_io::{
    Header, Level, ModuleFlow, PhysicalLevel, ResultTree, SoftModules, without_compression, write_atomically,
    write_clu, write_csv, write_flow, write_ftree, write_gexf, write_graphml, write_json, write_memberships,
    write_modules, write_newick, write_pajek_clu, write_states, write_tree, write_weights,
};

use crate::cli::args::{CluStyle, ClusterArgs, Format, HeaderKind, OutputArgs};
use crate::cli::exit::Failure;
use crate::cli::input::Input;
use crate::job::Clustering;

/// The result files of a run.
pub(crate) struct Files {
    planned: Vec<(Format, PathBuf)>,
    /// The same of states; none where nodes are ordinary.
    of_states: Vec<(Format, PathBuf)>,
}

impl Files {
    /// Decides on the files and makes sure that they can be written, before the work begins: creates the folder, and
    /// refuses to write over the input or, if the user wants that, over anything.
    pub(crate) fn plan(args: &ClusterArgs) -> Result<Self, Failure> {
        let output = &args.output;
        if output.no_file_output {
            return Ok(Self { planned: Vec::new(), of_states: Vec::new() });
        }
        let place = Place::new(&args.network, &args.out_dir, output.out_name.as_deref())?;
        let formats = output.formats().into_iter();
        if !cfg!(feature = "parquet") && output.formats().contains(&Format::Parquet) {
            let message = "Parquet takes a program that is built with the feature \"parquet\" (hint: cargo install mapeq \
                           --features parquet)";
            return Err(Failure::Usage(message.to_owned()));
        }
        let planned: Vec<_> = formats.map(|format| (format, place.file(format.suffix()))).collect();
        // Those that have another name where nodes are states have to wait until it is known what nodes are.
        let mut named = planned.iter().filter(|(format, _)| !matches!(format, Format::Network | Format::Flow));
        named.try_for_each(|(_, path)| check_result(path, &args.inputs(), output.no_overwrite))?;
        Ok(Self { planned, of_states: Vec::new() })
    }

    /// Decides between the files of states and of ordinary nodes, once it is known what the nodes are: those of states are
    /// about physical nodes, and there is one more of each for states.
    pub(crate) fn plan_states(&mut self, args: &ClusterArgs, nodes: &NodeTable) -> Result<(), Failure> {
        if nodes.states.is_none() {
            self.check(args)?;
        }
        for (format, path) in &mut self.planned {
            if nodes.states.is_none() {
                if *format == Format::Memberships {
                    let message = "memberships are of states: nodes of this network are in one module each \
                                   (hint: -o clu; `mapeq overlap` finds several)";
                    return Err(Failure::Usage(message.to_owned()));
                }
                continue;
            }
            if format.is_network() {
                *path = network_of_states(*format, path, args)?;
                continue;
            }
            if *format == Format::Clu && matches!(args.output.clu_style, CluStyle::Pajek) {
                let message = "of networks of states, no .clu is written as Pajek's (hint: --clu-style classic)";
                return Err(Failure::Usage(message.to_owned()));
            }
            if *format == Format::Memberships {
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = name.strip_suffix(format.suffix()).unwrap_or(&name);
            let path = path.with_file_name(format!("{name}_states{}", format.suffix()));
            check_result(&path, &args.inputs(), args.output.no_overwrite)?;
            self.of_states.push((*format, path));
        }
        if nodes.states.is_some() {
            // Graphs have one node of an id: that is a state.
            self.planned.retain(|(format, _)| !matches!(format, Format::Graphml | Format::Gexf));
        }
        Ok(())
    }

    /// The files of the modules that one of several trials found, which have its number in their names.
    pub(crate) fn of_trial(&self, number: usize) -> Self {
        let of_trial = |(format, path): &(Format, PathBuf), states: &str| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let suffix = format!("{states}{}", format.suffix());
            let name = name.strip_suffix(&suffix).unwrap_or(&name);
            (*format, path.with_file_name(format!("{name}_trial_{number}{suffix}")))
        };
        let modular = self.planned.iter().filter(|(format, _)| !format.is_network());
        Self {
            planned: modular.map(|file| of_trial(file, "")).collect(),
            of_states: self.of_states.iter().map(|file| of_trial(file, "_states")).collect(),
        }
    }

    /// Makes sure that the files can be written, and that they are no input.
    pub(crate) fn check(&self, args: &ClusterArgs) -> Result<(), Failure> {
        let (mut files, inputs) = (self.planned.iter().chain(&self.of_states), args.inputs());
        files.try_for_each(|(_, path)| check_result(path, &inputs, args.output.no_overwrite))
    }

    /// Whether some of the files tell of links, which have to be kept for them.
    pub(crate) fn need_links(&self) -> bool {
        self.planned.iter().any(|(format, _)| format.needs_links())
    }

    /// Writes all files and returns their names. `input` has kept its links if they are [needed](Self::need_links).
    pub(crate) fn write(
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
        let modules: Vec<ModuleFlow> = clustering.score.modules.iter().map(module_flow).collect();
        let result = ResultTree { nodes, flow, tree, modules: &modules, rows: options.rows(), physical: None };
        if let Some(physical) = PhysicalLevel::new(nodes, tree, flow) {
            let PhysicalLevel { nodes, flow, tree, .. } = &physical;
            let of_nodes = ResultTree { nodes, flow, tree, physical: Some(&physical), ..result };
            let at = |header: &Header, level| Header { level: Some(level), ..header.clone() };
            self.write_networks(input, clustering, header)?;
            for (files, result, level) in
                [(&self.planned, of_nodes, Level::PhysicalNodes), (&self.of_states, result, Level::States)]
            {
                write_all(files, (input, clustering), result, options, [&at(header, level), &at(full, level)])?;
            }
        } else {
            self.write_networks(input, clustering, header)?;
            write_all(&self.planned, (input, clustering), result, options, [header, full])?;
        }
        let files = self.planned.iter().chain(&self.of_states);
        Ok(files.map(|(_, path)| path.display().to_string()).collect())
    }
}

impl Files {
    /// Writes the files that are networks; their nodes are states where there are any.
    fn write_networks(&self, input: &Input, clustering: &Clustering, header: &Header) -> Result<(), Failure> {
        let (nodes, flow) = (&input.nodes, &clustering.flow);
        for (format, path) in self.planned.iter().filter(|(format, _)| format.is_network()) {
            let links = input.links.as_ref().expect("kept for these formats");
            write_atomically(path, |out| match format {
                Format::States => write_states(out, header, nodes, &links.links),
                Format::Flow => write_flow(out, header, nodes, flow, &links.per_step(), links.direction),
                _ => write_weights(out, header, nodes, &links.links, links.direction),
            })?;
        }
        Ok(())
    }
}

/// Writes files about the same nodes, but for those that are networks. There are two headers: what the user wants to see, and all
/// that is known.
fn write_all(
    files: &[(Format, PathBuf)],
    (input, clustering): (&Input, &Clustering),
    result: ResultTree<'_>,
    options: &OutputArgs,
    [header, full]: [&Header; 2],
) -> Result<(), Failure> {
    let ResultTree { nodes, flow, tree, rows, .. } = result;
    let level = options.cluster_level();
    let links = || input.links.as_ref().expect("kept for these formats");
    let per_codeword = || {
        let flow = links().per_codeword();
        match result.physical {
            Some(physical) => physical.links(&flow),
            None => flow,
        }
    };
    for (format, path) in files.iter().filter(|(format, _)| !format.is_network()) {
        write_atomically(path, |out| match format {
            Format::Tree => write_tree(out, header, nodes, flow, tree, rows),
            Format::Ftree => write_ftree(out, header, result, &per_codeword(), links().direction),
            Format::Clu => match options.clu_style {
                CluStyle::Classic => write_clu(out, header, nodes, flow, tree, level, rows),
                CluStyle::Pajek => write_pajek_clu(out, flow, tree, level),
            },
            Format::Newick => write_newick(out, result),
            Format::Json => write_json(out, full, result, &per_codeword(), links().direction),
            Format::Csv => write_csv(out, result),
            Format::Modules => write_modules(out, result),
            Format::Memberships => write_memberships(out, result),
            Format::Graphml => write_graphml(out, result, &links().links, links().direction),
            Format::Gexf => write_gexf(out, result, &links().links, links().direction),
            Format::Soft => {
                let Clustering { tree, flow, .. } = clustering;
                let network = input.layout.network();
                let soft = SoftModules { nodes: &input.nodes, network, flow, tree, level, rows };
                if result.physical.is_some() { soft.write_physical_nodes(out) } else { soft.write(out) }
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => mapeq_io::write_parquet(out, result),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => unreachable!("refused before the work"),
            Format::Network | Format::States | Format::Flow => unreachable!("written apart"),
        })?;
    }
    Ok(())
}

/// Where a network goes whose nodes are states: their file has another name than that of ordinary nodes.
fn network_of_states(format: Format, path: &Path, args: &ClusterArgs) -> Result<PathBuf, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(format.suffix()).unwrap_or(&name);
    let suffix = match format {
        Format::Network => "_states_as_physical.net",
        Format::Flow => "_states_as_physical_flow.net",
        _ => format.suffix(),
    };
    let path = path.with_file_name(format!("{name}{suffix}"));
    check_result(&path, &args.inputs(), args.output.no_overwrite)?;
    Ok(path)
}

pub(crate) fn module_flow(codebook: &mapeq_twolevel::Codebook) -> ModuleFlow {
    let mapeq_twolevel::Codebook { flow, enter, exit, codelength } = *codebook;
    // Rounding errors must not be read as flow that goes backwards.
    ModuleFlow { flow, enter: enter.max(0.0), exit: exit.max(0.0), codelength }
}

/// Where results go, and their name without extension.
pub(crate) struct Place<'a> {
    folder: &'a Path,
    name: String,
}

impl<'a> Place<'a> {
    /// The folder, which is created where it does not exist, and a name that is that of the network if it is not given.
    pub(crate) fn new(network: &Path, folder: &'a Path, name: Option<&str>) -> Result<Self, Failure> {
        let name = match name {
            Some(name) if name.is_empty() || name.contains(std::path::is_separator) => {
                return Err(Failure::Usage(format!("--out-name {name:?} is not a file name: OUT_DIR is the folder")));
            }
            Some(name) => name.to_owned(),
            None => base_name(network),
        };
        fs::create_dir_all(folder).map_err(|error| {
            Failure::Output(match folder.metadata() {
                Ok(found) if !found.is_dir() => format!("{} is not a folder", folder.display()),
                _ => format!("cannot create the folder {}: {error}", folder.display()),
            })
        })?;
        check_folder(folder)?;
        Ok(Self { folder, name })
    }

    /// The result file whose name ends so.
    pub(crate) fn file(&self, suffix: &str) -> PathBuf {
        self.folder.join(format!("{}{suffix}", self.name))
    }
}

/// Makes sure that a file of results may be written, and is none of the inputs.
pub(crate) fn check_result(path: &Path, inputs: &[&Path], no_overwrite: bool) -> Result<(), Failure> {
    if inputs.iter().any(|input| same_file(input, path)) {
        return Err(Failure::output(path, "it is an input file (another OUT_DIR helps)"));
    }
    check_place(path, no_overwrite)
}

/// Makes sure that a file may be written, whatever is there already.
pub(crate) fn check_place(path: &Path, no_overwrite: bool) -> Result<(), Failure> {
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
pub(crate) fn check_folder(folder: &Path) -> Result<(), Failure> {
    tempfile::tempfile_in(folder).map_err(|error| Failure::output(folder, error))?;
    Ok(())
}

/// The same for the folder that a file is in.
pub(crate) fn check_folder_of(path: &Path) -> Result<(), Failure> {
    check_folder(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

/// Makes sure that what tells of a run takes the place of none of its results.
pub(crate) fn must_be_no_result(path: &Path, results: &[String]) -> Result<(), Failure> {
    match results.iter().any(|result| same_file(Path::new(result), path)) {
        true => Err(Failure::output(path, "it is a file of results")),
        false => Ok(()),
    }
}

/// The name of a network file without folder, compression and extension.
pub(crate) fn base_name(network: &Path) -> String {
    if network == Path::new("-") {
        return "stdin".to_owned();
    }
    let name = network.file_name().unwrap_or_default().to_string_lossy();
    let name = without_compression(&name);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Whether two paths lead to the same file.
pub(crate) fn same_file(a: &Path, b: &Path) -> bool {
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
            ("links.csv.xz", "links"),
            ("links", "links"),
            (".hidden", ".hidden"),
            ("two words.txt", "two words"),
            ("-", "stdin"),
        ] {
            assert_eq!(base_name(Path::new(path)), name);
        }
    }
}
