//! The sections of the report.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Bench, layers, overlap, paper_era, profile, quality, roofline, scaling, side_by_side, third_party, threads, trials,
    variants,
};

/// A section of the report, measured on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Section {
    /// Codelength, time and memory of mapeq, Infomap, networkit and igraph
    SideBySide,
    /// Codelengths of single trials of mapeq and of the best of ten by Infomap
    Quality,
    /// Ten trials that combine earlier results and ten independent ones
    Trials,
    /// Options of flow and objective, compared with Infomap
    Variants,
    /// State networks and multilayer networks, compared with Infomap
    Layers,
    /// One and two threads
    Threads,
    /// Network sizes of early papers: 10k and 2.6M nodes
    PaperEra,
    /// Time and memory as functions of network size
    Scaling,
    /// Search time relative to bare memory access
    Roofline,
    /// Recovery of planted overlapping modules
    Overlap,
    /// Run time by function and file
    Profile,
    /// Speed of an objective from another crate
    ThirdParty,
}

impl Section {
    /// All sections, in the order of the report.
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

    /// Returns the name on the command line.
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

    /// Returns the heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::SideBySide => "Comparison with other programs",
            Self::Quality => "Codelengths of single trials",
            Self::Trials => "Ten trials",
            Self::Variants => "Options of flow and objective",
            Self::Layers => "State networks and multilayer networks",
            Self::Threads => "Threads",
            Self::PaperEra => "Network sizes of early papers",
            Self::Scaling => "Scaling with network size",
            Self::Roofline => "Roofline",
            Self::Overlap => "Planted overlapping modules",
            Self::Profile => "Profile",
            Self::ThirdParty => "Third-party objective",
        }
    }

    /// Returns whether the section measures other programs.
    pub(crate) fn has_peers(self) -> bool {
        matches!(self, Self::SideBySide | Self::Quality | Self::Variants | Self::Layers | Self::PaperEra)
    }

    /// Measures the section and returns its data as stored.
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

    /// Returns the text of the section.
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
    T::deserialize(data).map_err(|error| format!("docs/benchmarks.json: {error} (measure the section again)"))
}

fn rows<T: DeserializeOwned>(data: &Value) -> Result<Vec<T>, String> {
    read(data)
}
