//! Writer of snapshots.

use std::hash::Hasher;
use std::io::{self, Write};

use mapeq_core::{Direction, LinkValues, Network, NodeIds};
use twox_hash::XxHash3_64;

use crate::network::snapshot::layout::{
    ALIGNMENT, BLOCK, ENCODING, Element, MAGIC, Metadata, Section, SectionKind, VERSION, gap, head_checksum,
};

/// Writes a network as a snapshot, from which [`read_network`](crate::read_network) reads the same
/// nodes, links and direction bit by bit.
///
/// # Complexity
/// O(nodes + links), in two passes. The first pass computes checksums.
///
/// # Errors
/// Those of `out`, and if the nodes are states, which snapshots do not support.
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
        let message = "snapshots do not support states: expected a name ending in .net";
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

/// Calls `section` with every array of the network, in file order.
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

/// An array of numbers of any type, as bytes.
trait Array {
    /// Returns the number of elements.
    fn len(&self) -> usize;

    /// Calls `block` with consecutive blocks of bytes.
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
