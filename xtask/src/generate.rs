//! `cargo xtask generate`: random networks as files.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use mapeq_tests::{PowerLaw, layers_of_links, power_law};

use crate::Outcome;

/// Shape of the network and the files to write.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Number of nodes
    #[arg(long, short)]
    nodes: usize,
    /// Mean degree
    #[arg(long, short = 'k', default_value_t = 20.0)]
    mean_degree: f64,
    /// Fraction of a node's links that leave its module
    #[arg(long, short, default_value_t = 0.4)]
    mixing: f64,
    /// Maximum degree [default: 20 times the mean, but at most a quarter of all nodes]
    #[arg(long)]
    max_degree: Option<usize>,
    /// Minimum number of nodes in a module [default: 20, but at most a fifth of all nodes]
    #[arg(long)]
    min_module_size: Option<usize>,
    /// Maximum number of nodes in a module [default: 1000, but at most a fifth of all nodes]
    #[arg(long)]
    max_module_size: Option<usize>,
    /// Seed of the random numbers
    #[arg(long, short, default_value_t = 1)]
    seed: u64,
    /// Assign each link to one of N layers at random and write a multilayer network (`*Intra`); the
    /// planted modules are the same in all layers
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    layers: Option<u32>,
    /// Also write the planted modules, to the output path with the extension `.clu`
    #[arg(long)]
    truth: bool,
    /// Link list to write. Directions are random, so it suits `mapeq cluster` with and without
    /// `--directed`
    output: PathBuf,
}

pub(crate) fn write(args: &Args) -> Outcome {
    let default = PowerLaw::new(args.nodes, args.mean_degree, args.mixing);
    let shape = PowerLaw {
        max_degree: args.max_degree.unwrap_or(default.max_degree),
        min_module_size: args.min_module_size.unwrap_or(default.min_module_size),
        max_module_size: args.max_module_size.unwrap_or(default.max_module_size),
        ..default
    };
    let planted = power_law(&shape, args.seed);
    let links = planted.links.iter().copied();
    match args.layers {
        None => save(&args.output, "", links.map(|(source, target)| [source, target]))?,
        Some(layers) => {
            let layers = layers_of_links(planted.links.len(), layers, args.seed);
            let rows = layers.into_iter().zip(links).map(|(layer, (source, target))| [layer, source, target]);
            save(&args.output, "*Intra\n", rows)?;
        }
    }
    if args.truth {
        let modules = planted.levels[0].labels().iter().zip(0..);
        save(&args.output.with_extension("clu"), "", modules.map(|(&module, node)| [node, module + 1]))?;
    }
    Ok(())
}

/// Writes a heading and rows of numbers. The file appears under its name once it is complete.
fn save<const N: usize>(path: &Path, heading: &str, rows: impl Iterator<Item = [u32; N]>) -> Outcome {
    let unfinished = path.with_extension("unfinished");
    let written = (|| {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&unfinished)?);
        file.write_all(heading.as_bytes())?;
        for row in rows {
            for (place, number) in row.iter().enumerate() {
                write!(file, "{}{number}", if place == 0 { "" } else { " " })?;
            }
            writeln!(file)?;
        }
        file.flush()?;
        std::fs::rename(&unfinished, path)
    })();
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}
