//! How the walk chooses a module.

/// Which of the modules of a node a walk enters that comes from none of them. A walk that comes from one of them stays in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// Each with the same probability.
    #[default]
    Uniform,
    /// Each with the probability of its share of the node's visits.
    ByShare,
}

impl Entry {
    /// Probability of entering a copy with this share of a node in so many modules.
    #[inline(always)]
    pub(crate) fn entry(self, share: f64, modules: usize) -> f64 {
        match self {
            Self::Uniform => 1.0 / modules as f64,
            Self::ByShare => share,
        }
    }

    /// The share of a copy that the walk reaches at the rate `staying` without changing module, all copies at `all_staying`
    /// and the node at `inflow`, from wherever.
    ///
    /// Uniform: inflow · σ = staying + (inflow − all_staying) / modules. By share: inflow · σ = staying + (inflow −
    /// all_staying) · σ, so that σ = staying / all_staying.
    #[inline(always)]
    pub(crate) fn share(self, staying: f64, all_staying: f64, inflow: f64, modules: usize) -> f64 {
        let uniform = 1.0 / modules as f64;
        match self {
            Self::Uniform if inflow > 0.0 => {
                // Shares sum to 1 whatever the rounding.
                let entering = (inflow - all_staying).max(0.0);
                (staying + entering * uniform) / (all_staying + entering)
            }
            Self::ByShare if all_staying > 0.0 => staying / all_staying,
            _ => uniform,
        }
    }
}
