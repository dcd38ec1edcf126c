//! Network sizes for which papers on the map equation report run times, with mapeq and Infomap.

use super::Bench;
use super::network::Recipe;
use super::side_by_side::{Comparison, compare, render_one};
use super::tool::Tool;

const SMALL: Recipe = Recipe(10_000, 20, 40);
/// 29 million links.
const LARGE: Recipe = Recipe(2_600_000, 22, 40);

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Comparison>, String> {
    let networks = bench.networks(&[SMALL], &[LARGE])?;
    networks.iter().map(|network| compare(bench, network, &[Tool::Mapeq, Tool::Infomap])).collect()
}

pub(crate) fn render(comparisons: &[Comparison]) -> String {
    let text = "\
Network sizes from early papers on the map equation: 10 thousand nodes with 100 thousand links, and 2.6
million nodes with 29 million links (measured with `--full`). Columns as in the first section.\n";
    comparisons.iter().fold(text.to_owned(), |text, comparison| text + &render_one(comparison))
}
