//! Reading of networks, with the states of paths lumped on request.

use std::path::Path;

use mapeq_core::Direction;
use mapeq_flow::{LumpingCandidate, lump_states, lumped_network};
use mapeq_io::{NetworkFile, read_network, read_paths};

use crate::cli::args::{InputArgs, Lump};
use crate::cli::exit::Failure;
use crate::cli::output::table::count;
use crate::cli::report::{HeldOutFacts, LumpingFacts};

/// Reads a network. If the states of paths are lumped, the notes of the file describe the lumping.
pub(crate) fn read(input: &InputArgs, direction: Direction) -> Result<(NetworkFile, Option<LumpingFacts>), Failure> {
    let path = &input.network;
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

/// Returns the name of an input in messages.
pub(crate) fn source_name(path: &Path) -> &Path {
    if path == Path::new("-") { Path::new("<stdin>") } else { path }
}

impl From<&LumpingCandidate> for HeldOutFacts {
    fn from(candidate: &LumpingCandidate) -> Self {
        let LumpingCandidate { lumps, states, bits_per_step } = *candidate;
        Self { lumps: lumps.to_string(), states, bits_per_step }
    }
}

fn notes(facts: &LumpingFacts) -> impl Iterator<Item = String> {
    let extent = match facts.lumps.as_str() {
        "none" => "no states are similar".to_owned(),
        "all" => "one for each node".to_owned(),
        bits => format!("mergers up to {bits} bits"),
    };
    let lumped = format!("{} lumped to {}: {extent}", count(facts.states, "state"), facts.lumped_states);
    let tried = facts.held_out.iter().map(|tried| format!("{} {:.4}", tried.lumps, tried.bits_per_step));
    let tried = tried.collect::<Vec<_>>().join(", ");
    let held_out = (!tried.is_empty()).then(|| format!("bits per step of held-out paths, by bits of mergers: {tried}"));
    [lumped].into_iter().chain(held_out)
}
