//! Additive objectives whose modules can be nested.

use super::additive::AdditiveObjective;
use crate::levels::PreferredLevels;

/// An additive objective whose modules can be nested.
///
/// - The *codebook* of a module has a *codeword* for each of its children. The *use rate* of a
///   codeword is the number of its uses per step: visits of a node, or entries of a child module.
/// - The *boundary* of a module is the part of its aggregate that describes the flow across its
///   border.
///
/// The aggregate of a module of modules is the sum of its children's codewords and boundaries.
/// [`AdditiveObjective::insert`] computes the sum, and removes the couplings between children from
/// the boundary.
///
/// ```text
/// value of a tree = Σ_modules term(module) + shared_term(Σ_top modules shared(module))
/// ```
///
/// A tree without top modules has one codebook for all units, and its value is the
/// [`undivided`](Self::undivided) cost of that codebook.
pub trait HierarchicalObjective: AdditiveObjective + Clone + Send {
    /// Returns the aggregate of the module's codeword: its use rate, without a boundary.
    fn codeword(&self, module: &Self::Module) -> Self::Module;

    /// Returns the boundary of the aggregate, without a use rate.
    fn boundary(&self, module: &Self::Module) -> Self::Module;

    /// Returns the objective for the division of `module` into submodules.
    fn inside(&self, module: &Self::Module) -> Self;

    /// Returns the cost of one codebook for all units; `whole` is the sum of the units.
    fn undivided(&self, whole: &Self::Module) -> f64;

    /// Returns the number of uses of the codebook of `module` per step, without exits.
    ///
    /// For nodes and modules of nodes, this is the visit rate. It is used only if there are
    /// [`preferred_levels`](Self::preferred_levels).
    fn use_rate(&self, module: &Self::Module) -> f64;

    /// Returns the preferred number of levels, or `None` if there is no penalty on levels.
    ///
    /// Flat partitions are never penalized.
    #[inline(always)]
    fn preferred_levels(&self) -> Option<PreferredLevels> {
        None
    }

    /// Returns the module as a unit one level up: its boundary and its codeword.
    fn as_unit(&self, module: &Self::Module) -> Self::Module {
        self.insert(&self.boundary(module), &self.codeword(module), 0.0)
    }
}
