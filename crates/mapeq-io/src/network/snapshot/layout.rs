//! Networks in the form in which they are held in memory, so that a large one opens at once.
//!
//! ```text
//!  0  magic         8 bytes
//!  8  version       u32
//! 12  length        u32, of the metadata
//! 16  checksum      u64, of the metadata and what stands before this field
//! 24  metadata      direction, number of nodes and links, where features begin if there are any, which sections there
//!                   are, and a checksum of each
//!     sections      arrays of numbers; each begins at a multiple of 64
//! ```
//!
//! All numbers are little-endian, checksums are XXH3-64, gaps are zero. Sections, in this order, those in brackets only
//! where the network has them:
//!
//! ```text
//! offsets           u64, nodes + 1         where each row begins among the links
//! targets           u32, links             row by row, ascending
//! [weights]         f64, links             unless all links have the same weight
//! [numbers]         u64, nodes             ids, ascending, unless they are consecutive
//! [id text, ends]   u8 and u64, nodes      ids that are text: UTF-8 without gaps, and where each id ends
//! [name text, ends] u8 and u64, nodes      names
//! [node weights]    f64, nodes
//! ```

use std::hash::Hasher;

use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

/// What every snapshot begins with. Neither text nor what a transfer as text makes of it.
pub(crate) const MAGIC: [u8; 8] = *b"\x89MQB\r\n\x1a\n";

/// Version of the format.
pub(crate) const VERSION: u32 = 2;

/// Bytes before the metadata.
pub(crate) const HEAD: usize = 24;

/// Sections begin at multiples of this: a line of the caches, and more than any number needs.
pub(crate) const ALIGNMENT: u64 = 64;

/// The metadata are a few hundred bytes; a file that claims more is none of ours.
pub(crate) const MAX_METADATA: usize = 1 << 16;

/// Bytes converted at a time: they stay in the second-level cache.
pub(crate) const BLOCK: usize = 1 << 18;

/// How metadata are encoded.
pub(crate) const ENCODING: Configuration<LittleEndian, Fixint, Limit<MAX_METADATA>> =
    bincode::config::standard().with_fixed_int_encoding().with_limit::<MAX_METADATA>();

/// What a snapshot tells before its sections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) directed: bool,
    pub(crate) nodes: u64,
    pub(crate) links: u64,
    /// The weight of all links, if there is no section of weights.
    pub(crate) weight: Option<f64>,
    /// Of node 0, if ids are consecutive numbers.
    pub(crate) first_id: Option<u64>,
    /// Number of the first feature node, if nodes are of two kinds.
    pub(crate) first_feature: Option<u32>,
    pub(crate) sections: Vec<Section>,
}

/// One array.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Section {
    pub(crate) kind: SectionKind,
    /// Number of elements.
    pub(crate) count: u64,
    pub(crate) checksum: u64,
}

/// What an array holds. The order is that of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum SectionKind {
    Offsets,
    Targets,
    Weights,
    Numbers,
    IdText,
    IdEnds,
    NameText,
    NameEnds,
    NodeWeights,
}

impl SectionKind {
    /// Bytes of an element.
    pub(crate) fn element_size(self) -> u64 {
        match self {
            Self::IdText | Self::NameText => 1,
            Self::Targets => 4,
            Self::Offsets | Self::Weights | Self::Numbers | Self::IdEnds | Self::NameEnds | Self::NodeWeights => 8,
        }
    }
}

/// A number in a section. Offsets and ends are of type `usize` in memory and 64 bits wide in the file; where memory has
/// fewer, the reader knows beforehand that none of them needs more.
pub(crate) trait Element: Copy {
    const SIZE: usize;

    fn write(self, bytes: &mut [u8]);

    fn read(bytes: &[u8]) -> Self;
}

macro_rules! element {
    ($($type:ty as $stored:ty),*) => {$(
        impl Element for $type {
            const SIZE: usize = size_of::<$stored>();

            #[inline(always)]
            fn write(self, bytes: &mut [u8]) {
                bytes.copy_from_slice(&(self as $stored).to_le_bytes());
            }

            #[inline(always)]
            fn read(bytes: &[u8]) -> Self {
                <$stored>::from_le_bytes(bytes.try_into().expect("as many bytes as the number has")) as $type
            }
        }
    )*};
}

element!(u8 as u8, u32 as u32, u64 as u64, f64 as f64, usize as u64);

/// The checksum of what stands before it, and of the metadata behind it.
pub(crate) fn head_checksum(before: &[u8], metadata: &[u8]) -> u64 {
    let mut checksum = XxHash3_64::new();
    checksum.write(before);
    checksum.write(metadata);
    checksum.finish()
}

/// Number of zeros between `written` bytes and the next section.
pub(crate) fn gap(written: u64) -> usize {
    (written.next_multiple_of(ALIGNMENT) - written) as usize
}
