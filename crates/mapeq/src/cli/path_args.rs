//! What can be typed about paths, and networks read with it.

use std::num::NonZeroUsize;
use std::path::Path;

use clap::Args;
use mapeq_core::Direction;
use mapeq_flow::{LumpingCandidate, Lumps, lump_states, lumped_network};
use mapeq_io::{NetworkFile, read_network, read_paths};

use super::args::{INPUT, InputArgs, finite};
use super::exit::Failure;
use super::table::count;
use crate::report::{HeldOutFacts, LumpingFacts};

/// Options of files that hold paths.
#[derive(Debug, Args)]
pub(super) struct PathArgs {
    /// The file holds paths (rows of nodes, last a weight): remember so many nodes, the one visited included
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(1..), help_heading = INPUT)]
    order: Option<u8>,

    /// Do not tell apart what is remembered where paths go on alike: lump states of a node as far as paths held out
    /// are described shorter, or where that costs no more than so many bits in all, or `all`
    #[arg(long, value_name = "BITS", num_args = 0..=1, require_equals = true, default_missing_value = HELD_OUT,
          value_parser = lump, requires = "order", help_heading = INPUT)]
    lump: Option<Lump>,

    /// Seed of what is held out
    #[arg(long, value_name = "N", default_value_t = 123, requires = "lump", help_heading = INPUT)]
    lump_seed: u64,
}

/// What `--lump` without a number means.
const HELD_OUT: &str = "held-out";

/// How far states are lumped; `None` if paths held out decide.
#[derive(Clone, Copy, Debug)]
struct Lump(Option<Lumps>);

impl PathArgs {
    pub(super) fn order(&self) -> Option<NonZeroUsize> {
        self.order.and_then(|order| NonZeroUsize::new(usize::from(order)))
    }
}

/// Reads a network, and where states of paths are lumped, tells of it, also as a note.
pub(super) fn read(
    path: &Path,
    input: &InputArgs,
    direction: Direction,
) -> Result<(NetworkFile, Option<LumpingFacts>), Failure> {
    let options = input.read_options(direction);
    let (Some(order), Some(Lump(lumps))) = (input.paths.order(), input.paths.lump) else {
        return Ok((read_network(path, &options)?, None));
    };
    let paths = read_paths(path, &options)?;
    let mut file = paths.network_of_order(order.get(), &options, source_name(path))?;
    let states = paths.paths.states(order.get());
    let lumping = lump_states(&paths.paths, &states, lumps, input.paths.lump_seed);
    if order.get() > 1 {
        file.network = lumped_network(&file.network, &lumping.classes);
    }
    let facts = LumpingFacts {
        order: order.get(),
        states: states.len(),
        lumped_states: lumping.states,
        lumps: lumping.lumps.to_string(),
        held_out: lumping.candidates.iter().map(Into::into).collect(),
    };
    file.notes.extend(notes(&facts));
    Ok((file, Some(facts)))
}

/// What an input is called in messages.
pub(super) fn source_name(path: &Path) -> &Path {
    if path == Path::new("-") { Path::new("<stdin>") } else { path }
}

impl From<&LumpingCandidate> for HeldOutFacts {
    fn from(candidate: &LumpingCandidate) -> Self {
        let LumpingCandidate { lumps, states, bits_per_step } = *candidate;
        Self { lumps: lumps.to_string(), states, bits_per_step }
    }
}

fn notes(facts: &LumpingFacts) -> impl Iterator<Item = String> {
    let how = match facts.lumps.as_str() {
        "none" => "no states alike".to_owned(),
        "all" => "one for each node".to_owned(),
        bits => format!("mergers up to {bits} bits"),
    };
    let lumped = format!("{} lumped to {}: {how}", count(facts.states, "state"), facts.lumped_states);
    let tried = facts.held_out.iter().map(|tried| format!("{} {:.4}", tried.lumps, tried.bits_per_step));
    let tried = tried.collect::<Vec<_>>().join(", ");
    let held_out = (!tried.is_empty()).then(|| format!("bits per step of paths held out, by bits of mergers: {tried}"));
    [lumped].into_iter().chain(held_out)
}

fn lump(text: &str) -> Result<Lump, String> {
    let lumps = match text {
        HELD_OUT => None,
        "all" => Some(Lumps::All),
        bits => Some(Lumps::UpTo(finite(bits).map_err(|_| "expected a number of bits >= 0, or all".to_owned())?)),
    };
    Ok(Lump(lumps))
}
