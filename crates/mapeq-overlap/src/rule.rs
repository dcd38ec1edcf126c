//! The rule by which the walk chooses a module.

/// The rule for entering a node with several modules. It applies to walks that come from another
/// module: a walk in one of the node's modules stays in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// Enters each module with the same probability.
    #[default]
    Uniform,
    /// Enters each module with its share of the node's visits as the probability.
    ByShare,
}

impl Entry {
    /// Probability of entering a copy with share `share` of a node with `modules` modules.
    #[inline(always)]
    pub(crate) fn entry(self, share: f64, modules: usize) -> f64 {
        match self {
            Self::Uniform => 1.0 / modules as f64,
            Self::ByShare => share,
        }
    }

    /// Returns the share σ of a copy that the walk reaches at the rate `staying` without a change
    /// of module. The rate is `all_staying` for all copies together, and `inflow` for the node with
    /// changes of module.
    ///
    /// - Uniform: inflow · σ = staying + (inflow − all_staying) / modules.
    /// - By share: inflow · σ = staying + (inflow − all_staying) · σ, so σ = staying / all_staying.
    #[inline(always)]
    pub(crate) fn share(self, staying: f64, all_staying: f64, inflow: f64, modules: usize) -> f64 {
        let uniform = 1.0 / modules as f64;
        match self {
            Self::Uniform if inflow > 0.0 => {
                // In this form shares sum to 1 despite rounding.
                let entering = (inflow - all_staying).max(0.0);
                (staying + entering * uniform) / (all_staying + entering)
            }
            Self::ByShare if all_staying > 0.0 => staying / all_staying,
            _ => uniform,
        }
    }
}
