//! Options for files of paths.

use std::num::NonZeroUsize;

use clap::Args;
use mapeq_flow::Lumps;

use super::headings::INPUT;
use super::parse::finite;

/// Options for files of paths.
#[derive(Debug, Args)]
#[command(next_help_heading = INPUT)]
pub(crate) struct PathArgs {
    /// Read paths (`n1 n2 … weight`) as a network of order K: states remember the last K nodes,
    /// including the current one
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(1..))]
    order: Option<u8>,

    /// Lump states with similar continuations. Without a value, held-out paths decide; BITS bounds
    /// the total loss; `all` lumps every state of a node
    #[arg(long, value_name = "BITS", num_args = 0..=1, require_equals = true, default_missing_value = HELD_OUT,
          value_parser = lump, requires = "order")]
    pub(crate) lump: Option<Lump>,

    /// Seed for the choice of held-out paths
    #[arg(long, value_name = "N", default_value_t = 123, requires = "lump")]
    pub(crate) lump_seed: u64,
}

/// Value of `--lump` if none is given.
const HELD_OUT: &str = "held-out";

/// Extent of lumping; `None` if held-out paths decide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lump(pub(crate) Option<Lumps>);

impl PathArgs {
    /// Returns the order of the network, if the file holds paths.
    pub(crate) fn order(&self) -> Option<NonZeroUsize> {
        self.order.and_then(|order| NonZeroUsize::new(usize::from(order)))
    }
}

fn lump(text: &str) -> Result<Lump, String> {
    let lumps = match text {
        HELD_OUT => None,
        "all" => Some(Lumps::All),
        bits => Some(Lumps::UpTo(finite(bits).map_err(|_| "expected a number of bits >= 0, or all".to_owned())?)),
    };
    Ok(Lump(lumps))
}
