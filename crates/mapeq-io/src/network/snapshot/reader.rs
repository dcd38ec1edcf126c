//! Reader of snapshots. Files are not trusted: they may be truncated, damaged or forged.

use std::hash::{BuildHasher, Hasher};
use std::path::Path;

use mapeq_core::{Csr, Direction, LinkValues, Network, NodeIds, NodeTable, StringTable};
use rustc_hash::FxBuildHasher;
use twox_hash::XxHash3_64;

use crate::error::{Fault, ReadError, count};
use crate::network::builder::network;
use crate::network::file::NetworkFile;
use crate::network::links::LinkBuffer;
use crate::network::options::ReadOptions;
use crate::network::snapshot::layout::{
    ALIGNMENT, BLOCK, ENCODING, Element, HEAD, MAGIC, MAX_METADATA, Metadata, Section, SectionKind, VERSION, gap,
    head_checksum,
};
use crate::scan::source::Source;

/// Size and direction of the network in a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotFacts {
    /// Number of nodes.
    pub nodes: u64,
    /// Number of links, each stored once.
    pub links: u64,
    /// Whether links have individual weights.
    pub weighted: bool,
    /// Whether links are directed or undirected.
    pub direction: Direction,
}

/// Returns the size and direction of the network in the snapshot at `path`, from its first bytes.
/// Returns `None` if the file is compressed or not a snapshot.
///
/// # Complexity
/// O(1).
///
/// # Errors
/// If the file cannot be read, or if the metadata of the snapshot are damaged.
pub fn snapshot_facts(path: &Path) -> Result<Option<SnapshotFacts>, ReadError> {
    let mut source = Source::open(path)?;
    if source.size().is_none() || !source.starts_with(&MAGIC)? {
        return Ok(None);
    }
    let mut reader = Reader { source, read: 0 };
    let metadata = reader.metadata()?;
    Ok(Some(SnapshotFacts {
        nodes: metadata.nodes,
        links: metadata.links,
        weighted: metadata.weight.is_none(),
        direction: direction(&metadata),
    }))
}

/// Reads the network in a source that begins like a snapshot.
pub(crate) fn read(source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    let mut reader = Reader { source, read: 0 };
    let metadata = reader.metadata()?;
    let network = reader.network(&metadata)?;
    match reader.source.fill(&mut [0]) {
        (0, None) => {}
        (_, Some(failure)) => return Err(reader.source.read_error(failure)),
        _ => return Err(reader.damaged("it has additional bytes at its end")),
    }
    let (network, notes) = apply_options(network, options).map_err(|fault| fault.in_file(reader.source.path()))?;
    Ok(NetworkFile { network, notes, directed_hint: None })
}

/// Applies the options to a network, and returns notes.
fn apply_options(network: Network, options: &ReadOptions) -> Result<(Network, Vec<String>), Fault> {
    if options.weight_threshold > 0.0 {
        let fault = Fault::new(
            "a snapshot holds sums of weights, but a weight threshold applies to rows: expected no threshold",
        );
        return Err(fault.hint("apply the threshold in `mapeq convert`"));
    }
    if options.string_ids && !matches!(network.nodes().ids, NodeIds::Strings(_)) {
        let fault = Fault::new("the ids in this snapshot are numbers: expected text");
        return Err(fault.hint("use --string-ids in `mapeq convert`"));
    }
    if network.direction() == Direction::Undirected && options.direction == Direction::Directed {
        let fault = Fault::new("the links in this snapshot are undirected: expected directed links");
        return Err(fault.hint("use --directed in `mapeq convert`"));
    }
    let mut notes = Vec::new();
    let self_links = if options.self_links { 0 } else { network.self_links() };
    if self_links > 0 {
        notes.push(format!("{} ignored", count(self_links as u64, "self-link")));
    }
    let merges =
        network.direction() != options.direction && network.links().iter().any(|(source, target, _)| source > target);
    let (nodes, mut rows, _) = network.into_parts();
    if self_links > 0 || merges {
        let mut links = LinkBuffer::default();
        for (source, target, weight) in rows.iter().filter(|link| options.self_links || link.0 != link.1) {
            links.push(source as u32, target as u32, weight);
        }
        drop(rows);
        rows = links.into_rows(nodes.len(), options.direction);
    }
    if merges {
        notes.push("opposite links of a directed snapshot merged".to_owned());
    }
    Ok((self::network(nodes, rows, options.direction)?, notes))
}

fn direction(metadata: &Metadata) -> Direction {
    if metadata.directed { Direction::Directed } else { Direction::Undirected }
}

struct Reader<'a> {
    source: Source<'a>,
    /// Number of bytes read.
    read: u64,
}

impl Reader<'_> {
    /// The error of a damaged snapshot.
    fn damaged(&mut self, how: &str) -> ReadError {
        let fault = Fault::new(format!("the snapshot is damaged: {how}"));
        self.source.error(fault.hint("write it again with `mapeq convert`"), None)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), ReadError> {
        let (filled, failure) = self.source.fill(bytes);
        self.read += filled as u64;
        match failure {
            Some(failure) => Err(self.source.read_error(failure)),
            None if filled < bytes.len() => Err(self.damaged("it is truncated")),
            None => Ok(()),
        }
    }

    fn metadata(&mut self) -> Result<Metadata, ReadError> {
        let mut head = [0; HEAD];
        self.fill(&mut head)?;
        let number = |place: usize| u32::from_le_bytes(*head[place..].first_chunk().expect("the head is longer"));
        let version = number(8);
        if version != VERSION {
            let fault = Fault::new(format!("a snapshot of format {version}: expected format {VERSION}"));
            return Err(self.source.error(fault.hint("write it again with `mapeq convert` of this version"), None));
        }
        let length = number(12) as usize;
        if length > MAX_METADATA {
            return Err(self.damaged("its header is invalid"));
        }
        let mut bytes = vec![0; length];
        self.fill(&mut bytes)?;
        if head_checksum(&head[..16], &bytes).to_le_bytes() != head[16..] {
            return Err(self.damaged("its header is invalid"));
        }
        let metadata = match bincode::serde::decode_from_slice::<Metadata, _>(&bytes, ENCODING) {
            Ok((metadata, used)) if used == length => metadata,
            _ => return Err(self.damaged("its metadata cannot be decoded")),
        };
        let Some(size) = size(&metadata, self.read) else {
            return Err(self.damaged("its sections do not match its metadata"));
        };
        match self.source.size() {
            Some(found) if found != size => Err(self.damaged(&format!("{found} bytes, expected {size}"))),
            _ => Ok(metadata),
        }
    }

    fn network(&mut self, metadata: &Metadata) -> Result<Network, ReadError> {
        let mut sections = metadata.sections.iter();
        let offsets = self.array::<usize>(sections.next())?;
        let targets = self.array::<u32>(sections.next())?;
        let values = match metadata.weight {
            Some(weight) => LinkValues::Same(weight),
            None => LinkValues::Each(self.array(sections.next())?.into()),
        };
        let mut sections = sections.peekable();
        let mut next = |kind| sections.next_if(|section| section.kind == kind);
        let ids = if let Some(first) = metadata.first_id {
            let len = metadata.nodes as usize;
            if first.checked_add(metadata.nodes).is_none() {
                return Err(self.damaged("an id is too large"));
            }
            NodeIds::Consecutive { first, len }
        } else if let Some(numbers) = next(SectionKind::Numbers) {
            let ids = self.array::<u64>(Some(numbers))?;
            if !ids.is_sorted_by(|a, b| a < b) {
                return Err(self.damaged("ids are not ascending"));
            }
            NodeIds::Numbers(ids.into())
        } else {
            let ids = self.strings(next(SectionKind::IdText), next(SectionKind::IdEnds))?;
            if has_repeated(&ids) {
                return Err(self.damaged("two nodes have the same id"));
            }
            NodeIds::Strings(ids)
        };
        let mut nodes = NodeTable { first_feature: metadata.first_feature, ..NodeTable::new(ids) };
        if let Some(text) = next(SectionKind::NameText) {
            nodes.names = Some(self.strings(Some(text), next(SectionKind::NameEnds))?);
        }
        if let Some(weights) = next(SectionKind::NodeWeights) {
            let weights = self.array::<f64>(Some(weights))?;
            if !weights.iter().all(|weight| *weight >= 0.0 && weight.is_finite()) {
                return Err(self.damaged("a node weight is invalid"));
            }
            nodes.weights = Some(weights.into());
        }
        if sections.next().is_some() {
            return Err(self.damaged("its sections are invalid"));
        }
        Csr::try_new(offsets.into(), targets.into(), values)
            .and_then(|links| Network::from_rows(nodes, links, direction(metadata)))
            .map_err(|rule| self.damaged(&format!("invalid network: {rule}")))
    }

    fn strings(&mut self, text: Option<&Section>, ends: Option<&Section>) -> Result<StringTable, ReadError> {
        let text = self.array::<u8>(text)?;
        let ends = self.array::<usize>(ends)?;
        let table = String::from_utf8(text).ok().and_then(|text| StringTable::from_parts(text, ends));
        table.ok_or_else(|| self.damaged("a text is split inside a character"))
    }

    /// Reads the numbers of a section. Allocates no more memory than the file can fill.
    fn array<T: Element>(&mut self, section: Option<&Section>) -> Result<Vec<T>, ReadError> {
        let Some(section) = section else { return Err(self.damaged("a section is missing")) };
        if section.kind.element_size() != T::SIZE as u64 {
            return Err(self.damaged("its sections are invalid"));
        }
        let mut zeros = [0; ALIGNMENT as usize];
        let zeros = &mut zeros[..gap(self.read)];
        self.fill(zeros)?;
        if zeros.iter().any(|&byte| byte != 0) {
            return Err(self.damaged("the gaps between its sections are not zero"));
        }
        let mut left = section.count as usize;
        let known = self.source.size().is_some();
        let mut elements = Vec::with_capacity(if known { left } else { 0 });
        let mut checksum = XxHash3_64::new();
        let mut bytes = vec![0; BLOCK.min(T::SIZE * left)];
        while left > 0 {
            let count = left.min(BLOCK / T::SIZE);
            let bytes = &mut bytes[..T::SIZE * count];
            self.fill(bytes)?;
            checksum.write(bytes);
            elements.extend(bytes.chunks_exact(T::SIZE).map(T::read));
            left -= count;
        }
        if checksum.finish() != section.checksum {
            return Err(self.damaged("a checksum is wrong"));
        }
        Ok(elements)
    }
}

/// Returns the size of a snapshot with these metadata, of which `read` bytes are read. Returns
/// `None` if the sections do not fit the network.
fn size(metadata: &Metadata, read: u64) -> Option<u64> {
    // A network that does not fit in memory cannot be used.
    let (nodes, links) = (metadata.nodes, metadata.links);
    u32::try_from(nodes).ok()?;
    usize::try_from(links).ok()?;
    let mut expected = vec![(SectionKind::Offsets, nodes + 1), (SectionKind::Targets, links)];
    if metadata.weight.is_none() {
        expected.push((SectionKind::Weights, links));
    }
    let sections = &metadata.sections;
    if sections.len() < expected.len() || !sections.is_sorted_by(|a, b| a.kind < b.kind) {
        return None;
    }
    let begins =
        sections.iter().zip(&expected).all(|(section, &(kind, count))| section.kind == kind && section.count == count);
    let of_nodes = &sections[expected.len()..];
    let counts = of_nodes.iter().all(|section| match section.kind {
        SectionKind::Offsets | SectionKind::Targets | SectionKind::Weights => false,
        SectionKind::IdText | SectionKind::NameText => usize::try_from(section.count).is_ok(),
        _ => section.count == nodes,
    });
    if !(begins && counts) {
        return None;
    }
    sections.iter().try_fold(read, |end, section| {
        let bytes = section.count.checked_mul(section.kind.element_size())?;
        end.checked_next_multiple_of(ALIGNMENT)?.checked_add(bytes)
    })
}

/// Returns whether any two of the strings are equal, in O(n log n).
fn has_repeated(strings: &StringTable) -> bool {
    let mut hashes: Vec<(u64, u32)> =
        strings.iter().enumerate().map(|(place, string)| (FxBuildHasher.hash_one(string), place as u32)).collect();
    hashes.sort_unstable();
    let same_hash = hashes.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
    same_hash.into_iter().any(|group| {
        let mut group: Vec<&str> = group.iter().map(|&(_, place)| strings.at(place as usize)).collect();
        group.sort_unstable();
        group.windows(2).any(|pair| pair[0] == pair[1])
    })
}
