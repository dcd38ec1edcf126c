//! Link lists rewritten for options that need more than links: weights, self-links, node weights,
//! features.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::Bench;
use super::network::Network;
use crate::repository::{read, write};

/// A network derived from a link list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// The unchanged link list.
    Links,
    /// Link weights multiplied by 1, 2 or 3, and self-links at every fifth node.
    Weighted,
    /// Nodes of weights 1, 2 and 3.
    NodeWeights,
    /// The flow of an undirected walk, for precomputed flow.
    Precomputed,
    /// Every node twice, as a node and as a feature; each link leads from the source node to the
    /// feature of its target.
    Bipartite,
}

/// Source, target and weight.
type Link = (u32, u32, f64);

impl Form {
    /// Returns the text that follows the options in tables. Stored rows are found by it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Links => "",
            Self::Weighted => ", weights and self-links",
            Self::NodeWeights => ", weights of nodes",
            Self::Precomputed => ", flow given",
            Self::Bipartite => ", nodes and features",
        }
    }

    /// Writes the network in this form and returns the path of the file.
    pub(crate) fn file(self, bench: &Bench, network: &Network) -> Result<PathBuf, String> {
        let text = match self {
            Self::Links => return Ok(network.path.clone()),
            Self::Weighted => weighted(&links(network)?),
            Self::NodeWeights => with_nodes(&links(network)?, |node, _| f64::from(1 + node % 3), |weight| weight),
            Self::Precomputed => {
                let links = links(network)?;
                let total: f64 = links.iter().map(|link| 2.0 * link.2).sum();
                with_nodes(&links, |_, strength| strength / total, |weight| weight / total)
            }
            Self::Bipartite => bipartite(&links(network)?),
        };
        let path = bench.networks_folder()?.join("form.net");
        write(&path, text)?;
        Ok(path)
    }
}

fn links(network: &Network) -> Result<Vec<Link>, String> {
    let link = |line: &str| {
        let mut fields = line.split(' ');
        let mut id = || fields.next()?.parse().ok();
        Some((id()?, id()?, fields.next().map_or(Some(1.0), |weight| weight.parse().ok())?))
    };
    let invalid = |line| format!("{}: `{line}` is not a link", network.path.display());
    read(&network.path)?.lines().map(|line| link(line).ok_or_else(|| invalid(line))).collect()
}

fn weighted(links: &[Link]) -> String {
    let mut text = String::new();
    for &(source, target, weight) in links {
        append(&mut text, source, target, weight * f64::from(1 + (source + target) % 3));
    }
    for node in strengths(links).into_keys().filter(|node| node.is_multiple_of(5)) {
        append(&mut text, node, node, 2.0);
    }
    text
}

/// Lists the nodes, weighted by `node_weight(id, strength)`, and the links in both directions.
fn with_nodes(links: &[Link], node_weight: impl Fn(u32, f64) -> f64, link_weight: impl Fn(f64) -> f64) -> String {
    let strengths = strengths(links);
    let mut text = format!("*Vertices {}\n", strengths.len());
    for (&node, &strength) in &strengths {
        writeln!(text, "{node} \"{node}\" {}", node_weight(node, strength)).expect("memory");
    }
    text += "*Arcs\n";
    for &(source, target, weight) in links {
        append(&mut text, source, target, link_weight(weight));
        append(&mut text, target, source, link_weight(weight));
    }
    text
}

fn bipartite(links: &[Link]) -> String {
    let first_feature = links.iter().map(|link| link.0.max(link.1) + 1).max().unwrap_or(0);
    // Infomap takes features for nodes if no feature has the first number.
    let min_target = links.iter().map(|link| link.1).min().unwrap_or(0);
    let mut text = format!("*Bipartite {first_feature}\n");
    for &(source, target, weight) in links {
        append(&mut text, source, first_feature + target - min_target, weight);
    }
    text
}

/// Returns the total link weight at every node; self-links count twice.
fn strengths(links: &[Link]) -> BTreeMap<u32, f64> {
    let mut strengths = BTreeMap::new();
    for &(source, target, weight) in links {
        *strengths.entry(source).or_insert(0.0) += weight;
        *strengths.entry(target).or_insert(0.0) += weight;
    }
    strengths
}

fn append(text: &mut String, source: u32, target: u32, weight: f64) {
    writeln!(text, "{source} {target} {weight}").expect("memory");
}
