//! The parts of the report.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Bench, layers, overlap, paper_era, profile, quality, roofline, scaling, side_by_side, third_party, threads, trials,
    variants,
};

/// A part of the report, measured on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Section {
    /// mapeq, Infomap, networkit and igraph: codelength, time, memory
    SideBySide,
    /// Single trials of mapeq beside the best of ten of Infomap
    Quality,
    /// Ten trials that learn from each other beside the best of ten independent ones
    Trials,
    /// Options of flow and objective beside Infomap's
    Variants,
    /// State networks and networks of layers beside Infomap
    Layers,
    /// Two threads beside one
    Threads,
    /// The networks of the first papers: 10k nodes and 2.6M nodes
    PaperEra,
    /// Time and memory from small to large
    Scaling,
    /// The search beside the bare work on memory
    Roofline,
    /// Planted modules that overlap
    Overlap,
    /// Where the time goes
    Profile,
    /// An objective from outside of the workspace
    ThirdParty,
}

impl Section {
    /// In the order of the report.
    pub(crate) const ALL: [Self; 12] = [
        Self::SideBySide,
        Self::Quality,
        Self::Trials,
        Self::Variants,
        Self::Layers,
        Self::Threads,
        Self::PaperEra,
        Self::Scaling,
        Self::Roofline,
        Self::Overlap,
        Self::Profile,
        Self::ThirdParty,
    ];

    /// As typed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SideBySide => "side-by-side",
            Self::Quality => "quality",
            Self::Trials => "trials",
            Self::Variants => "variants",
            Self::Layers => "layers",
            Self::Threads => "threads",
            Self::PaperEra => "paper-era",
            Self::Scaling => "scaling",
            Self::Roofline => "roofline",
            Self::Overlap => "overlap",
            Self::Profile => "profile",
            Self::ThirdParty => "third-party",
        }
    }

    /// As a heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::SideBySide => "Side by side",
            Self::Quality => "Codelengths: single trials beside Infomap's best of ten",
            Self::Trials => "Ten trials",
            Self::Variants => "Options",
            Self::Layers => "States and layers",
            Self::Threads => "Threads",
            Self::PaperEra => "The networks of the first papers",
            Self::Scaling => "Cost against size",
            Self::Roofline => "Roofline",
            Self::Overlap => "Planted overlaps",
            Self::Profile => "Where the time goes",
            Self::ThirdParty => "An objective from elsewhere",
        }
    }

    /// Whether it measures other programs.
    pub(crate) fn has_peers(self) -> bool {
        matches!(self, Self::SideBySide | Self::Quality | Self::Variants | Self::Layers | Self::PaperEra)
    }

    /// The data of the section, as they are stored.
    pub(crate) fn measure(self, bench: &Bench) -> Result<Value, String> {
        match self {
            Self::SideBySide => stored(side_by_side::measure(bench)?),
            Self::Quality => stored(quality::measure(bench)?),
            Self::Trials => stored(trials::measure(bench)?),
            Self::Variants => stored(variants::measure(bench)?),
            Self::Layers => stored(layers::measure(bench)?),
            Self::Threads => stored(threads::measure(bench)?),
            Self::PaperEra => stored(paper_era::measure(bench)?),
            Self::Scaling => stored(scaling::measure(bench)?),
            Self::Roofline => stored(roofline::measure(bench)?),
            Self::Overlap => stored(overlap::measure(bench)?),
            Self::Profile => stored(profile::measure(bench)?),
            Self::ThirdParty => stored(third_party::measure(bench)?),
        }
    }

    /// The text of the section.
    pub(crate) fn render(self, data: &Value) -> Result<String, String> {
        let text = match self {
            Self::SideBySide => side_by_side::render(&rows(data)?),
            Self::Quality => quality::render(&rows(data)?),
            Self::Trials => trials::render(&read(data)?),
            Self::Variants => variants::render(&rows(data)?),
            Self::Layers => layers::render(&rows(data)?),
            Self::Threads => threads::render(&rows(data)?),
            Self::PaperEra => paper_era::render(&rows(data)?),
            Self::Scaling => scaling::render(&rows(data)?)?,
            Self::Roofline => roofline::render(&rows(data)?),
            Self::Overlap => overlap::render(&rows(data)?),
            Self::Profile => profile::render(&read(data)?),
            Self::ThirdParty => third_party::render(&rows(data)?),
        };
        Ok(text)
    }
}

fn stored(data: impl Serialize) -> Result<Value, String> {
    serde_json::to_value(data).map_err(|error| error.to_string())
}

fn read<T: DeserializeOwned>(data: &Value) -> Result<T, String> {
    T::deserialize(data).map_err(|error| format!("docs/benchmarks.json: {error}: measure the section again"))
}

fn rows<T: DeserializeOwned>(data: &Value) -> Result<Vec<T>, String> {
    read(data)
}
