//! Index of modules that are worth joining without a link to them.

/// Number of classes of modules.
pub const UNLINKED_CLASSES: usize = 32;

/// Marks a class without a module.
const NONE: u32 = u32::MAX;

/// The module of the highest rank in each class.
///
/// Entries are not exact: if the best module of a class shrinks, it remains the entry until a module
/// of the class changes that has a higher rank. So an update takes constant time.
#[derive(Clone, Debug)]
pub(super) struct UnlinkedModules {
    best: [(u32, f64); UNLINKED_CLASSES],
}

impl UnlinkedModules {
    /// Creates an index without modules.
    pub fn new() -> Self {
        Self { best: [(NONE, 0.0); UNLINKED_CLASSES] }
    }

    /// Updates the entries for `module`, which has a class and a rank unless it is empty.
    pub fn update(&mut self, module: usize, class_and_rank: Option<(usize, f64)>) {
        let module = module as u32;
        for (class, entry) in self.best.iter_mut().enumerate() {
            let rank = class_and_rank.filter(|own| own.0 == class).map(|own| own.1);
            match rank {
                Some(rank) if entry.0 == module || entry.0 == NONE || rank > entry.1 => *entry = (module, rank),
                None if entry.0 == module => *entry = (NONE, 0.0),
                _ => {}
            }
        }
    }

    /// Returns the best module of every class that has one.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.best.iter().filter(|entry| entry.0 != NONE).map(|entry| entry.0 as usize)
    }
}
