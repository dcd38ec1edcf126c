//! Options of files that hold paths.

use std::num::NonZeroUsize;

use clap::Args;
use mapeq_flow::Lumps;

use super::headings::INPUT;
use super::parse::finite;

/// Options of files that hold paths.
#[derive(Debug, Args)]
pub(crate) struct PathArgs {
    /// The file holds paths (rows of nodes, last a weight): remember so many nodes, the one visited included
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(1..), help_heading = INPUT)]
    order: Option<u8>,

    /// Do not tell apart what is remembered where paths go on alike: lump states of a node as far as paths held out
    /// are described shorter, or where that costs no more than so many bits in all, or `all`
    #[arg(long, value_name = "BITS", num_args = 0..=1, require_equals = true, default_missing_value = HELD_OUT,
          value_parser = lump, requires = "order", help_heading = INPUT)]
    pub(crate) lump: Option<Lump>,

    /// Seed of what is held out
    #[arg(long, value_name = "N", default_value_t = 123, requires = "lump", help_heading = INPUT)]
    pub(crate) lump_seed: u64,
}

/// What `--lump` without a number means.
const HELD_OUT: &str = "held-out";

/// How far states are lumped; `None` if paths held out decide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lump(pub(crate) Option<Lumps>);

impl PathArgs {
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
