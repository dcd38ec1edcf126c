//! The flow of modules, and their terms in the codelength.

use mapeq_core::plogp;
use smallvec::SmallVec;

/// Modules of one node, ascending.
pub(crate) type ModuleSet = SmallVec<[u32; 4]>;

/// Flow of a module, per step, and the number of its copies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ModuleFlow {
    pub flow: f64,
    pub enter: f64,
    pub exit: f64,
    pub copies: i32,
}

impl ModuleFlow {
    /// Adds `other` if `sign` is 1, and removes it if `sign` is −1.
    pub fn plus(self, other: Self, sign: f64) -> Self {
        let copies = self.copies + if sign > 0.0 { other.copies } else { -other.copies };
        if copies == 0 {
            // An emptied module is exactly empty: rounding errors are discarded.
            return Self::default();
        }
        Self {
            flow: self.flow + sign * other.flow,
            enter: self.enter + sign * other.enter,
            exit: self.exit + sign * other.exit,
            copies,
        }
    }
}

/// Flow of a module, and its terms in the codelength.
///
/// p, x and e are the visits, the exit flow and the enter flow of the module.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Module {
    pub flow: ModuleFlow,
    /// h(p + x) − h(x) − h(e).
    pub term: f64,
    /// h(e).
    pub enter_term: f64,
}

impl Module {
    pub fn new(flow: ModuleFlow) -> Self {
        let enter_term = plogp(flow.enter);
        Self { flow, term: plogp(flow.flow + flow.exit) - plogp(flow.exit) - enter_term, enter_term }
    }
}

/// Penalty for the codewords of `copies` copies and for those of entering and leaving `modules`
/// modules. A single module is never left.
pub(crate) fn codeword_penalty(per_codeword: f64, copies: i32, modules: i32) -> f64 {
    per_codeword * f64::from(copies + if modules > 1 { modules } else { 0 })
}
