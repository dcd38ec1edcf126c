//! Additive objectives whose modules can be nested.

use super::additive::AdditiveObjective;
use crate::levels::PreferredLevels;

/// An additive objective whose modules can be nested.
///
/// A module is named in its parent's codebook like a node, by a *codeword* that is used at the rate at which the
/// module is entered, and it has a *boundary*: what of its aggregate concerns the flow across its border. The
/// aggregate of a module that contains modules is the sum of its children's codewords and boundaries (with
/// [`AdditiveObjective::insert`], so that couplings between children leave the boundary).
///
/// ```text
/// value of a tree = Σ_modules term(module) + shared_term(Σ_top modules shared(module))
/// ```
///
/// and a module left undivided, with its units named directly by one codebook, adds the
/// [`undivided`](Self::undivided) cost of that codebook instead.
pub trait HierarchicalObjective: AdditiveObjective + Clone + Send {
    /// The aggregate that adds the module's codeword to its parent: its use, no boundary.
    fn codeword(&self, module: &Self::Module) -> Self::Module;

    /// The aggregate's boundary alone, with no use.
    fn boundary(&self, module: &Self::Module) -> Self::Module;

    /// The objective of dividing the inside of `module` into modules.
    fn inside(&self, module: &Self::Module) -> Self;

    /// Cost of one codebook that names all units directly, `whole` being the sum of the units.
    fn undivided(&self, whole: &Self::Module) -> f64;

    /// How often the codebook of `module` names something, per step: for nodes and modules that hold nodes, their visits.
    /// Needed for a preference of levels alone.
    fn use_rate(&self, module: &Self::Module) -> f64;

    /// The number of levels that is preferred, if one is: then trees pay for theirs, too. A flat partition pays nothing for it.
    #[inline(always)]
    fn preferred_levels(&self) -> Option<PreferredLevels> {
        None
    }

    /// A module as a unit one level up: its boundary and its codeword.
    fn as_unit(&self, module: &Self::Module) -> Self::Module {
        self.insert(&self.boundary(module), &self.codeword(module), 0.0)
    }
}
