//! Corrects the checksums of snapshots, so that mutated bytes reach the parser.

use std::hash::Hasher;

use twox_hash::XxHash3_64;

/// Length of the header before the metadata, in bytes.
const HEAD: usize = 24;

/// Size of an element by the kind of its section, in bytes.
const SIZES: [usize; 9] = [8, 4, 8, 8, 1, 8, 1, 8, 8];

/// Returns the bytes with corrected checksums, as far as they are a valid snapshot.
pub fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut sealed = bytes.to_vec();
    seal(&mut sealed);
    sealed
}

fn seal(bytes: &mut [u8]) -> Option<()> {
    let length = u32::from_le_bytes(*bytes.get(12..)?.first_chunk()?) as usize;
    let end = HEAD + length;
    bytes.get(HEAD..end)?;
    seal_sections(bytes, end);
    let signed = [&bytes[..16], &bytes[HEAD..end]].concat();
    bytes[16..24].copy_from_slice(&checksum(&signed));
    Some(())
}

/// Corrects the checksums of the sections. The metadata contain a direction, two numbers, three
/// optional numbers, and then kind, count and checksum of each section.
fn seal_sections(bytes: &mut [u8], end: usize) -> Option<()> {
    let mut place = HEAD + 17;
    for size in [8, 8, 4] {
        place += if *bytes.get(place)? == 0 { 1 } else { 1 + size };
    }
    place += 8;
    let mut start = end;
    while place + 20 <= end {
        let kind = u32::from_le_bytes(*bytes[place..].first_chunk()?) as usize;
        let count = u64::from_le_bytes(*bytes[place + 4..].first_chunk()?);
        start = start.checked_next_multiple_of(64)?;
        let section = usize::try_from(count).ok()?.checked_mul(*SIZES.get(kind)?)?;
        let sum = checksum(bytes.get(start..start.checked_add(section)?)?);
        bytes[place + 12..place + 20].copy_from_slice(&sum);
        (place, start) = (place + 20, start + section);
    }
    Some(())
}

fn checksum(bytes: &[u8]) -> [u8; 8] {
    let mut hasher = XxHash3_64::new();
    hasher.write(bytes);
    hasher.finish().to_le_bytes()
}
