//! Layout of snapshots.
//!
//! ```text
//!  0  magic         8 bytes
//!  8  version       u32
//! 12  length        u32, of the metadata
//! 16  checksum      u64, of the fields before it and the metadata
//! 24  metadata      direction, numbers of nodes and links, first feature if any, and
//!                   sections with their checksums
//!     sections      arrays of numbers; each begins at a multiple of 64
//! ```
//!
//! All numbers are little-endian, checksums are XXH3-64, and gaps are filled with zeros. Sections
//! have this order, and sections in brackets are optional:
//!
//! ```text
//! offsets           u64, nodes + 1         start of each row among the links
//! targets           u32, links             row by row, ascending
//! [weights]         f64, links             unless all links have the same weight
//! [numbers]         u64, nodes             ids, ascending, unless they are consecutive
//! [id text, ends]   u8 and u64, nodes      text ids: UTF-8 without gaps, and the end of each id
//! [name text, ends] u8 and u64, nodes      names
//! [node weights]    f64, nodes
//! ```

use std::hash::Hasher;

use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

/// First bytes of every snapshot. They are not text, and a transfer in text mode damages them
/// detectably.
pub(crate) const MAGIC: [u8; 8] = *b"\x89MQB\r\n\x1a\n";

/// Version of the format.
pub(crate) const VERSION: u32 = 2;

/// Number of bytes before the metadata.
pub(crate) const HEAD: usize = 24;

/// Alignment of sections: a cache line, which suffices for any number.
pub(crate) const ALIGNMENT: u64 = 64;

/// Maximum length of the metadata, which take a few hundred bytes.
pub(crate) const MAX_METADATA: usize = 1 << 16;

/// Bytes converted at a time, which fit in the second-level cache.
pub(crate) const BLOCK: usize = 1 << 18;

/// Encoding of the metadata.
pub(crate) const ENCODING: Configuration<LittleEndian, Fixint, Limit<MAX_METADATA>> =
    bincode::config::standard().with_fixed_int_encoding().with_limit::<MAX_METADATA>();

/// Description of the network and its sections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) directed: bool,
    pub(crate) nodes: u64,
    pub(crate) links: u64,
    /// Weight of all links, if there is no section of weights.
    pub(crate) weight: Option<f64>,
    /// Id of node 0, if ids are consecutive numbers.
    pub(crate) first_id: Option<u64>,
    /// Index of the first feature, if the network is bipartite.
    pub(crate) first_feature: Option<u32>,
    pub(crate) sections: Vec<Section>,
}

/// An array of the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Section {
    pub(crate) kind: SectionKind,
    /// Number of elements.
    pub(crate) count: u64,
    pub(crate) checksum: u64,
}

/// Contents of an array, in file order.
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
    /// Returns the number of bytes per element.
    pub(crate) fn element_size(self) -> u64 {
        match self {
            Self::IdText | Self::NameText => 1,
            Self::Targets => 4,
            Self::Offsets | Self::Weights | Self::Numbers | Self::IdEnds | Self::NameEnds | Self::NodeWeights => 8,
        }
    }
}

/// A number in a section. Offsets and ends are `usize` in memory and take 64 bits in the file. If
/// `usize` is smaller, the reader first checks that all of them fit.
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
                <$stored>::from_le_bytes(bytes.try_into().expect("the size of the number")) as $type
            }
        }
    )*};
}

element!(u8 as u8, u32 as u32, u64 as u64, f64 as f64, usize as u64);

/// Returns the checksum of the fields before it and of the metadata.
pub(crate) fn head_checksum(before: &[u8], metadata: &[u8]) -> u64 {
    let mut checksum = XxHash3_64::new();
    checksum.write(before);
    checksum.write(metadata);
    checksum.finish()
}

/// Returns the number of zeros between `written` bytes and the next section.
pub(crate) fn gap(written: u64) -> usize {
    (written.next_multiple_of(ALIGNMENT) - written) as usize
}
