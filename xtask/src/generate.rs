//! Networks as files: `cargo xtask generate`.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use mapeq_tests::{PowerLaw, layers_of_links, power_law};

use crate::Outcome;

/// A network with power laws of degrees and sizes of modules.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Number of nodes
    #[arg(long, short)]
    nodes: usize,
    /// Mean number of links at a node
    #[arg(long, short = 'k', default_value_t = 20.0)]
    mean_degree: f64,
    /// Share of a node's links that leave its module
    #[arg(long, short, default_value_t = 0.4)]
    mixing: f64,
    /// Most links at a node [default: 20 times the mean]
    #[arg(long)]
    max_degree: Option<usize>,
    /// Fewest nodes in a module [default: 20]
    #[arg(long)]
    min_module_size: Option<usize>,
    /// Most nodes in a module [default: 1000]
    #[arg(long)]
    max_module_size: Option<usize>,
    /// Random numbers start from this
    #[arg(long, short, default_value_t = 1)]
    seed: u64,
    /// Each link in one of so many layers, at random: a network of layers (`*Intra`), with the planted modules in all of them
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    layers: Option<u32>,
    /// Write the planted modules as well, to the same path with `.clu` in place of its extension
    #[arg(long)]
    truth: bool,
    /// Link list to write. Links point either way at random: for `mapeq cluster` with or without `--directed`
    output: PathBuf,
}

pub(crate) fn write(args: &Args) -> Outcome {
    let usual = PowerLaw::new(args.nodes, args.mean_degree, args.mixing);
    let shape = PowerLaw {
        max_degree: args.max_degree.unwrap_or(usual.max_degree),
        min_module_size: args.min_module_size.unwrap_or(usual.min_module_size),
        max_module_size: args.max_module_size.unwrap_or(usual.max_module_size),
        ..usual
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

/// Writes numbers in lines below a heading. The file appears when it is whole.
fn save<const N: usize>(path: &std::path::Path, heading: &str, rows: impl Iterator<Item = [u32; N]>) -> Outcome {
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
