//! The flow of modules, and their terms in the codelength.

use mapeq_core::plogp;
use smallvec::SmallVec;

/// Modules of a node.
pub(crate) type Modules = SmallVec<[u32; 4]>;

/// The flow of a module, per step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ModuleFlow {
    pub flow: f64,
    pub enter: f64,
    pub exit: f64,
    pub copies: i32,
}

impl ModuleFlow {
    /// With what a part adds to it, or without that if `sign` is −1.
    pub fn plus(self, part: Self, sign: f64) -> Self {
        let copies = self.copies + if sign > 0.0 { part.copies } else { -part.copies };
        if copies == 0 {
            // An emptied module is exactly empty: no rounding is left behind.
            return Self::default();
        }
        Self {
            flow: self.flow + sign * part.flow,
            enter: self.enter + sign * part.enter,
            exit: self.exit + sign * part.exit,
            copies,
        }
    }
}

/// The flow of a module, and its terms in the codelength.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Module {
    pub flow: ModuleFlow,
    /// h(p + x) − h(x) − h(e),
    pub term: f64,
    /// … and h(e) alone.
    pub enter_term: f64,
}

impl Module {
    pub fn new(flow: ModuleFlow) -> Self {
        let enter_term = plogp(flow.enter);
        Self { flow, term: plogp(flow.flow + flow.exit) - plogp(flow.exit) - enter_term, enter_term }
    }
}

/// What so many codewords for copies cost, and those for leaving and entering modules: where there is one, nobody leaves it.
pub(crate) fn charge(per_codeword: f64, copies: i32, modules: i32) -> f64 {
    per_codeword * f64::from(copies + if modules > 1 { modules } else { 0 })
}
