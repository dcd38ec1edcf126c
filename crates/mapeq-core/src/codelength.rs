/// Description length of one step of the random walk, in bits.
///
/// The sum of two parts (Rosvall & Bergstrom, PNAS 2008, doi:10.1073/pnas.0706851105): the *index*
/// part names the module that is entered, the *module* part names the nodes that are visited and the
/// exits from modules. In a hierarchy, the index part is the root's codebook and the module part is
/// everything below it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Codelength {
    /// Bits per step spent on the index codebook.
    pub index: f64,
    /// Bits per step spent on the module codebooks.
    pub module: f64,
}

impl Codelength {
    /// Bits per step in all.
    pub fn total(self) -> f64 {
        self.index + self.module
    }
}
