//! The same links in other forms, for options that are about these: weights, self-links, weights of nodes, features.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::Bench;
use super::network::Network;

/// What is made of a link list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// As it is.
    Links,
    /// Links of weights 1, 2 and 3 times their own, and self-links at every fifth node.
    Weighted,
    /// Nodes of weights 1, 2 and 3.
    NodeWeights,
    /// The flow of an undirected walk, written down.
    Precomputed,
    /// Every node twice, as a node and as a feature: a link leads from one's node to the other one's feature.
    Bipartite,
}

/// Source, target and weight.
type Link = (u32, u32, f64);

impl Form {
    /// For tables: after the name of the options.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Links => "",
            Self::Weighted => ", weights and self-links",
            Self::NodeWeights => ", weights of nodes",
            Self::Precomputed => ", flow given",
            Self::Bipartite => ", nodes and features",
        }
    }

    /// The file with the network in this form.
    pub(crate) fn file(self, bench: &Bench, network: &Network) -> Result<PathBuf, String> {
        let text = match self {
            Self::Links => return Ok(network.path.clone()),
            Self::Weighted => weighted(&links(network)?),
            Self::NodeWeights => with_nodes(&links(network)?, |node, _| f64::from(1 + node % 3), |weight| weight),
            Self::Precomputed => {
                let links = links(network)?;
                let both_ways: f64 = links.iter().map(|link| 2.0 * link.2).sum();
                with_nodes(&links, |_, strength| strength / both_ways, |weight| weight / both_ways)
            }
            Self::Bipartite => bipartite(&links(network)?),
        };
        let path = bench.networks_folder()?.join("form.net");
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(path)
    }
}

fn links(network: &Network) -> Result<Vec<Link>, String> {
    let path = network.path.display();
    let text = std::fs::read_to_string(&network.path).map_err(|error| format!("{path}: {error}"))?;
    let link = |line: &str| {
        let mut fields = line.split(' ');
        let mut id = || fields.next()?.parse().ok();
        Some((id()?, id()?, fields.next().map_or(Some(1.0), |weight| weight.parse().ok())?))
    };
    text.lines().map(|line| link(line).ok_or_else(|| format!("{path}: `{line}` is no link"))).collect()
}

fn weighted(links: &[Link]) -> String {
    let mut text = String::new();
    for &(source, target, weight) in links {
        line(&mut text, source, target, weight * f64::from(1 + (source + target) % 3));
    }
    for node in strengths(links).into_keys().filter(|node| node.is_multiple_of(5)) {
        line(&mut text, node, node, 2.0);
    }
    text
}

/// The nodes with what is known of them by their number and strength, then the links in both directions.
fn with_nodes(links: &[Link], of_node: impl Fn(u32, f64) -> f64, of_link: impl Fn(f64) -> f64) -> String {
    let strengths = strengths(links);
    let mut text = format!("*Vertices {}\n", strengths.len());
    for (&node, &strength) in &strengths {
        writeln!(text, "{node} \"{node}\" {}", of_node(node, strength)).expect("memory");
    }
    text += "*Arcs\n";
    for &(source, target, weight) in links {
        line(&mut text, source, target, of_link(weight));
        line(&mut text, target, source, of_link(weight));
    }
    text
}

fn bipartite(links: &[Link]) -> String {
    let first = links.iter().map(|link| link.0.max(link.1) + 1).max().unwrap_or(0);
    // Infomap takes features for nodes where none has the first number.
    let least = links.iter().map(|link| link.1).min().unwrap_or(0);
    let mut text = format!("*Bipartite {first}\n");
    links.iter().for_each(|&(source, target, weight)| line(&mut text, source, first + target - least, weight));
    text
}

/// The weights of the links at every node, of self-links twice.
fn strengths(links: &[Link]) -> BTreeMap<u32, f64> {
    let mut strengths = BTreeMap::new();
    for &(source, target, weight) in links {
        *strengths.entry(source).or_insert(0.0) += weight;
        *strengths.entry(target).or_insert(0.0) += weight;
    }
    strengths
}

fn line(text: &mut String, source: u32, target: u32, weight: f64) {
    writeln!(text, "{source} {target} {weight}").expect("memory");
}
