//! The sizes that the papers on the map equation tell times for, with mapeq and Infomap.

use super::Bench;
use super::network::Recipe;
use super::side_by_side::{Comparison, compare, render_one};
use super::tool::Tool;

const SMALL: Recipe = Recipe(10_000, 20, 40);
/// 29 million links.
const LARGE: Recipe = Recipe(2_600_000, 22, 40);

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Comparison>, String> {
    let recipes = if bench.full { vec![SMALL, LARGE] } else { vec![SMALL] };
    let networks = bench.networks(&recipes)?;
    networks.iter().map(|network| compare(bench, network, &[Tool::Mapeq, Tool::Infomap])).collect()
}

pub(crate) fn render(comparisons: &[Comparison]) -> String {
    let text = "Networks of the sizes that early papers on the map equation report: 10 thousand nodes with 100 thousand links, and 2.6
million nodes with 29 million links (measured with `--full`).\n";
    comparisons.iter().fold(text.to_owned(), |text, comparison| text + &render_one(comparison))
}
