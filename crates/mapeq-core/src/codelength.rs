/// Description length of one step of the random walk, in bits.
///
/// It has two parts (Rosvall & Bergstrom, PNAS 2008, doi:10.1073/pnas.0706851105). The *index* part
/// encodes entries of modules. The *module* part encodes visits of nodes and exits from modules. In
/// a tree, the index part is the codebook of the root, and the module part is the sum of all other
/// codebooks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Codelength {
    /// Length of the index codebook, in bits per step.
    pub index: f64,
    /// Length of the module codebooks, in bits per step.
    pub module: f64,
}

impl Codelength {
    /// Returns the total, in bits per step.
    pub fn total(self) -> f64 {
        self.index + self.module
    }
}
