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
use std::io::{self, Write};

use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use mapeq_core::{Direction, LinkValues, Network, NodeIds};
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
pub(crate) const LONGEST_METADATA: usize = 1 << 16;

/// Bytes converted at a time: they stay in the second-level cache.
pub(crate) const BLOCK: usize = 1 << 18;

/// How metadata are encoded.
pub(crate) const ENCODING: Configuration<LittleEndian, Fixint, Limit<LONGEST_METADATA>> =
    bincode::config::standard().with_fixed_int_encoding().with_limit::<LONGEST_METADATA>();

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

/// Writes a network as a snapshot, which [`read_network`](crate::read_network) opens again: the same nodes, links and
/// direction, bit by bit. O(nodes + links), in two passes, the first of which computes checksums.
///
/// # Errors
/// Those of `out`, and if the nodes are states, for which a snapshot has no room.
///
/// ```
/// use mapeq_io::{ReadOptions, read_network_from, write_snapshot};
///
/// let network = read_network_from(&b"alice bob 2.5\n"[..], "friends.txt", &ReadOptions::default())?.network;
/// let mut snapshot = Vec::new();
/// write_snapshot(&mut snapshot, &network)?;
/// assert_eq!(read_network_from(&snapshot[..], "friends.mqb", &ReadOptions::default())?.network, network);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_snapshot(out: &mut impl Write, network: &Network) -> io::Result<()> {
    if network.nodes().states.is_some() {
        let message = "a snapshot has no room for states: expected a name ending in .net";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let mut sections = Vec::new();
    visit(network, |kind, array| {
        let mut checksum = XxHash3_64::new();
        array.blocks(&mut |bytes| {
            checksum.write(bytes);
            Ok(())
        })?;
        sections.push(Section { kind, count: array.len() as u64, checksum: checksum.finish() });
        Ok(())
    })?;
    let metadata = Metadata {
        directed: network.direction() == Direction::Directed,
        nodes: network.nodes().len() as u64,
        links: network.links().links() as u64,
        weight: match network.links().values() {
            LinkValues::Same(weight) => Some(*weight),
            _ => None,
        },
        first_id: match network.nodes().ids {
            NodeIds::Consecutive { first, .. } => Some(first),
            _ => None,
        },
        first_feature: network.nodes().first_feature,
        sections,
    };
    let metadata = bincode::serde::encode_to_vec(&metadata, ENCODING).map_err(io::Error::other)?;
    let mut head = MAGIC.to_vec();
    head.extend(VERSION.to_le_bytes());
    head.extend((metadata.len() as u32).to_le_bytes());
    head.extend(head_checksum(&head, &metadata).to_le_bytes());
    head.extend(metadata);
    out.write_all(&head)?;
    let mut written = head.len() as u64;
    visit(network, |_, array| {
        let gap = gap(written);
        out.write_all(&[0; ALIGNMENT as usize][..gap])?;
        written += gap as u64;
        array.blocks(&mut |bytes| {
            written += bytes.len() as u64;
            out.write_all(bytes)
        })
    })
}

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

/// Calls `section` with every array of the network, in the order of the file.
fn visit(network: &Network, mut section: impl FnMut(SectionKind, &dyn Array) -> io::Result<()>) -> io::Result<()> {
    let (nodes, links) = (network.nodes(), network.links());
    section(SectionKind::Offsets, &links.offsets())?;
    section(SectionKind::Targets, &links.targets())?;
    if let LinkValues::Each(weights) = links.values() {
        section(SectionKind::Weights, &&weights[..])?;
    }
    match &nodes.ids {
        NodeIds::Consecutive { .. } => {}
        NodeIds::Numbers(ids) => section(SectionKind::Numbers, &&ids[..])?,
        NodeIds::Strings(ids) => {
            section(SectionKind::IdText, &ids.text().as_bytes())?;
            section(SectionKind::IdEnds, &ids.ends())?;
        }
    }
    if let Some(names) = &nodes.names {
        section(SectionKind::NameText, &names.text().as_bytes())?;
        section(SectionKind::NameEnds, &names.ends())?;
    }
    if let Some(weights) = &nodes.weights {
        section(SectionKind::NodeWeights, &&weights[..])?;
    }
    Ok(())
}

/// The bytes of a section, of numbers of any type.
trait Array {
    /// Number of elements.
    fn len(&self) -> usize;

    /// Calls `block` with all bytes, some at a time.
    fn blocks(&self, block: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()>;
}

impl<T: Element> Array for &[T] {
    fn len(&self) -> usize {
        <[T]>::len(self)
    }

    fn blocks(&self, block: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut bytes = vec![0; BLOCK.min(T::SIZE * <[T]>::len(self))];
        for elements in self.chunks(BLOCK / T::SIZE) {
            let bytes = &mut bytes[..T::SIZE * elements.len()];
            for (bytes, element) in bytes.chunks_exact_mut(T::SIZE).zip(elements) {
                element.write(bytes);
            }
            block(bytes)?;
        }
        Ok(())
    }
}
