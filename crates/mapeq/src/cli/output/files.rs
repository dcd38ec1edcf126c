//! The result files of `mapeq cluster`.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use mapeq_core::NodeTable;
use mapeq_io::{
    Header, Level, PhysicalLevel, ResultTree, SoftModules, write_atomically, write_flow, write_gexf, write_graphml,
    write_memberships, write_pajek_clu, write_states, write_weights,
};

use super::place::{Place, check_result};
use super::tree_file::{Headers, module_flows, write_tree_file};
use crate::cli::args::{CluStyle, ClusterArgs, ClusterFileArgs, Format, ModuleFormat, NetworkOutput, TreeFormat};
use crate::cli::exit::Failure;
use crate::cli::input::{Input, KeptLinks};
use crate::job::Clustering;

/// The result files of a run.
#[derive(Clone, Default)]
pub(crate) struct Files {
    place: Place,
    /// Files with rows of nodes; of physical nodes if nodes are states.
    modules: Vec<ModuleFormat>,
    /// Files with rows of states; none if nodes are ordinary.
    of_states: Vec<ModuleFormat>,
    networks: Vec<NetworkOutput>,
    has_states: bool,
}

impl Files {
    /// Creates the folder of the results, and checks that the files can be written.
    ///
    /// # Errors
    /// If a file is an input, or if it exists and must not be overwritten.
    pub(crate) fn plan(args: &ClusterArgs) -> Result<Self, Failure> {
        if args.output.no_file_output {
            return Ok(Self::default());
        }
        let place = Place::new(&args.input.network, &args.output)?;
        let mut files = Self { place, ..Self::default() };
        for format in args.files.formats() {
            match format {
                Format::Modules(ModuleFormat::Parquet) if !cfg!(feature = "parquet") => {
                    let message =
                        "this program is built without Parquet (hint: cargo install mapeq --features parquet)";
                    return Err(Failure::Usage(message.to_owned()));
                }
                Format::Modules(format) => files.modules.push(format),
                Format::Network(format) => files.networks.push(format),
            }
        }
        // The names of networks depend on the kind of the nodes, which is unknown so far.
        let modules = Self { networks: Vec::new(), ..files.clone() };
        modules.check(args)?;
        Ok(files)
    }

    /// Adds the files of states if nodes are states, and checks all files again.
    ///
    /// # Errors
    /// As [`plan`](Self::plan), and if a format is not defined for the kind of the nodes.
    pub(crate) fn plan_states(&mut self, args: &ClusterArgs, nodes: &NodeTable) -> Result<(), Failure> {
        self.has_states = nodes.states.is_some();
        if !self.has_states && self.modules.contains(&ModuleFormat::Memberships) {
            let message = "memberships need a network of states: nodes of this network are in one module each \
                           (hint: -o clu; `mapeq overlap` finds overlapping modules)";
            return Err(Failure::Usage(message.to_owned()));
        }
        if self.has_states {
            let clu = ModuleFormat::Tree(TreeFormat::Clu);
            if self.modules.contains(&clu) && args.files.clu_style == CluStyle::Pajek {
                let message = "--clu-style pajek is not defined for networks of states (hint: --clu-style classic)";
                return Err(Failure::Usage(message.to_owned()));
            }
            self.of_states = self.modules.clone();
            self.of_states.retain(|&format| format != ModuleFormat::Memberships);
            // These formats hold links between states, not between physical nodes.
            self.modules.retain(|format| !matches!(format, ModuleFormat::Graphml | ModuleFormat::Gexf));
        }
        self.check(args)
    }

    /// Returns the files of modules of a single trial.
    pub(crate) fn of_trial(&self, number: usize) -> Self {
        let place = self.place.with_suffix(&format!("_trial_{number}"));
        Self { place, networks: Vec::new(), ..self.clone() }
    }

    /// Checks that the files can be written, and that they are no input.
    pub(crate) fn check(&self, args: &ClusterArgs) -> Result<(), Failure> {
        let no_overwrite = args.output.manifest.no_overwrite;
        self.paths().try_for_each(|path| check_result(&path, &args.inputs(), no_overwrite))
    }

    /// Returns whether some file needs the links of the network.
    pub(crate) fn need_links(&self) -> bool {
        !self.networks.is_empty() || self.modules.iter().any(|format| format.needs_links())
    }

    fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let modules = self.modules.iter().map(|&format| self.module_path(format, false));
        let of_states = self.of_states.iter().map(|&format| self.module_path(format, true));
        modules.chain(of_states).chain(self.networks.iter().map(|&format| self.network_path(format)))
    }

    fn module_path(&self, format: ModuleFormat, of_states: bool) -> PathBuf {
        self.place.with_suffix(if of_states { "_states" } else { "" }).file(format.suffix())
    }

    fn network_path(&self, format: NetworkOutput) -> PathBuf {
        self.place.file(format.suffix(self.has_states))
    }

    /// Writes all files and returns their names. `header` has all details.
    ///
    /// # Panics
    /// If `input` has no links although they are [needed](Self::need_links).
    pub(crate) fn write(
        &self,
        input: &Input,
        clustering: &Clustering,
        options: &ClusterFileArgs,
        header: &Header,
    ) -> Result<Vec<String>, Failure> {
        let full = header;
        let requested =
            if options.modules.full_header() { full.clone() } else { Header { details: None, ..full.clone() } };
        self.write_networks(input, clustering, &requested)?;
        let modules = &module_flows(&clustering.score.modules);
        let Clustering { tree, flow, .. } = clustering;
        let result = ResultTree { nodes: &input.nodes, flow, tree, modules, rows: options.rows(), physical: None };
        let write = |formats, of_states, result, level| {
            let [requested, full] = [&requested, full].map(|header| Header { level, ..header.clone() });
            let headers = Headers { requested: &requested, full: &full };
            let files = ModuleFiles { input, clustering, options, headers, result };
            self.write_modules(formats, of_states, &files)
        };
        match PhysicalLevel::new(&input.nodes, tree, flow) {
            None => write(&self.modules, false, result, None)?,
            Some(physical) => {
                let PhysicalLevel { nodes, flow, tree, .. } = &physical;
                let of_nodes = ResultTree { nodes, flow, tree, physical: Some(&physical), ..result };
                write(&self.modules, false, of_nodes, Some(Level::PhysicalNodes))?;
                write(&self.of_states, true, result, Some(Level::States))?;
            }
        }
        Ok(self.paths().map(|path| path.display().to_string()).collect())
    }

    fn write_modules(&self, formats: &[ModuleFormat], of_states: bool, files: &ModuleFiles<'_>) -> Result<(), Failure> {
        for &format in formats {
            write_atomically(&self.module_path(format, of_states), |out| files.write(out, format))?;
        }
        Ok(())
    }

    /// Writes the networks. Their nodes are states if there are any.
    fn write_networks(&self, input: &Input, clustering: &Clustering, header: &Header) -> Result<(), Failure> {
        let (nodes, flow) = (&input.nodes, &clustering.flow);
        for &format in &self.networks {
            let links = kept_links(input);
            write_atomically(&self.network_path(format), |out| match format {
                NetworkOutput::Network => write_weights(out, header, nodes, &links.links, links.direction),
                NetworkOutput::States => write_states(out, header, nodes, &links.links),
                NetworkOutput::Flow => write_flow(out, header, nodes, flow, &links.per_step(), links.direction),
            })?;
        }
        Ok(())
    }
}

/// Files of modules with the same rows.
struct ModuleFiles<'a> {
    input: &'a Input,
    clustering: &'a Clustering,
    options: &'a ClusterFileArgs,
    headers: Headers<'a>,
    result: ResultTree<'a>,
}

impl ModuleFiles<'_> {
    fn write(&self, out: &mut (impl Write + Send), format: ModuleFormat) -> io::Result<()> {
        let Self { input, clustering, options, headers, result } = *self;
        let (level, pajek) = (options.modules.cluster_level(), options.clu_style == CluStyle::Pajek);
        match format {
            ModuleFormat::Tree(TreeFormat::Clu) if pajek => write_pajek_clu(out, result.flow, result.tree, level),
            ModuleFormat::Tree(format) => write_tree_file(out, format, headers, result, level, || {
                let links = kept_links(input);
                let flow = links.per_codeword();
                let flow = match result.physical {
                    Some(physical) => physical.links(&flow),
                    None => flow,
                };
                (Cow::Owned(flow), links.direction)
            }),
            ModuleFormat::Memberships => write_memberships(out, result),
            ModuleFormat::Graphml => {
                let links = kept_links(input);
                write_graphml(out, result, &links.links, links.direction)
            }
            ModuleFormat::Gexf => {
                let links = kept_links(input);
                write_gexf(out, result, &links.links, links.direction)
            }
            ModuleFormat::Soft => {
                let (Clustering { tree, flow, .. }, network) = (clustering, input.layout.network());
                let soft = SoftModules { nodes: &input.nodes, network, flow, tree, level, rows: result.rows };
                if result.physical.is_some() { soft.write_physical_nodes(out) } else { soft.write(out) }
            }
            ModuleFormat::Parquet => write_parquet(out, result),
        }
    }
}

fn kept_links(input: &Input) -> &KeptLinks {
    input.links.as_ref().expect("links are kept for these formats")
}

#[cfg(feature = "parquet")]
fn write_parquet(out: &mut (impl Write + Send), result: ResultTree<'_>) -> io::Result<()> {
    mapeq_io::write_parquet(out, result)
}

#[cfg(not(feature = "parquet"))]
fn write_parquet(_: &mut (impl Write + Send), _: ResultTree<'_>) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
